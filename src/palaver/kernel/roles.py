"""Who may do what: the one place that decides who administers a host, or the server."""

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING

from palaver.jid import JID

if TYPE_CHECKING:
    from palaver.kernel.host import Host
    from palaver.kernel.server import Server


def administers_server(server: "Server", jid: JID) -> bool:
    """Tell whether an address administers everything.

    Those listed in ``[server] admins`` do. Where there is a single host, its administrators do as
    well: there is nothing else to administer.
    """
    if jid.bare in server.settings.server.admins:
        return True
    return len(server.hosts) == 1 and _has_role(server, jid)


def administers(server: "Server", jid: JID, host: "Host") -> bool:
    """Tell whether an address administers a host.

    Those who administer the server do, and the host's accounts with the role ``admin``.
    """
    if jid.bare in server.settings.server.admins:
        return True
    return jid.domain == host.name and _has_role(server, jid)


def _has_role(server: "Server", jid: JID) -> bool:
    account = server.accounts.loaded(jid.bare)  # whoever has a session is loaded
    record = account.record if account is not None else None
    return (
        record is not None and record.role == "admin" and not record.is_disabled(server.clock.now())
    )


def _everybody(_server: "Server", _jid: JID, _host: "Host") -> bool:
    return True


def _member(server: "Server", jid: JID, host: "Host") -> bool:
    account = server.accounts.loaded(jid.bare)
    return account is not None and account.host is host and not account.temporary


def _server_administrator(server: "Server", jid: JID, _host: "Host") -> bool:
    return administers_server(server, jid)


class Access(Enum):
    """Who may use something of a host."""

    EVERYBODY = "everybody"
    """whoever can reach the host, from anywhere"""
    MEMBERS = "members"
    """accounts of the host"""
    ADMINISTRATORS = "administrators"
    """who administers the host"""
    SERVER_ADMINISTRATORS = "server administrators"
    """who administers the server with all its hosts"""

    def allows(self, server: "Server", jid: JID, host: "Host") -> bool:
        """Tell whether an address may use it."""
        return _RULES[self](server, jid, host)


_RULES: dict[Access, Callable[["Server", JID, "Host"], bool]] = {
    Access.EVERYBODY: _everybody,
    Access.MEMBERS: _member,
    Access.ADMINISTRATORS: administers,
    Access.SERVER_ADMINISTRATORS: _server_administrator,
}
