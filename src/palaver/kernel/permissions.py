"""Who may run which command on what, and which rights accounts have: by their roles.

Commands by chat, and later over HTTP, all pass here. Those of the shell do not: it is the owner of
the machine who gives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel
from pydantic.config import JsonDict

from palaver import jid as addresses
from palaver.jid import JID, JIDError
from palaver.kernel.account import Account
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Command
from palaver.kernel.host import Host
from palaver.kernel.role_settings import BUILT_IN, Right, RoleSettings
from palaver.kernel.roles import Access, administers, administers_server
from palaver.kernel.storage import Role

if TYPE_CHECKING:
    from palaver.kernel.server import Server

GRANTS: Final[JsonDict] = {"grants": True}
"""Marks the parameter of a command that names a role to be given to somebody.

Any other value of the mark is for a parameter in which roles may be among other things.
"""

_SUBJECTS: Final = ("host", "jid")
_ADDRESSES: Final = (*_SUBJECTS, "contact")
_ORDINARY: Final = ("member", "restricted")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who runs a command by chat, and of which host."""

    server: "Server"
    jid: JID
    host: Host


def roles(server: "Server", host: Host) -> list[Role]:
    """Return the names of the roles that accounts of a host can have."""
    return list(dict.fromkeys([*BUILT_IN, *server.settings.roles, *host.settings.roles]))


def settings_of(server: "Server", host: Host, role: Role) -> RoleSettings:
    """Return what accounts of a role may do; one that is not configured any more is restricted."""
    found = host.settings.roles.get(role) or server.settings.roles.get(role)
    return found or BUILT_IN.get(role, BUILT_IN["restricted"])


def has_right(server: "Server", account: Account, right: Right) -> bool:
    """Tell whether an account may do something; temporary ones are members."""
    role = account.record.role if account.record is not None else "member"
    return right in settings_of(server, account.host, role).rights


def may_run(server: "Server", sender: JID, host: Host, name: str, access: Access) -> bool:
    """Tell whether somebody may run a command of a host, whose name roles call it by."""
    if sender.bare in server.settings.server.admins:
        return True
    account = server.accounts.loaded(sender.bare)
    record = account.record if account is not None else None
    if record is not None and sender.domain == host.name:
        settings = settings_of(server, host, record.role)
        if _matches(settings.without, name):
            return False
        if _matches(settings.commands, name):
            return not record.is_disabled(server.clock.now())
    return access.allows(server, sender, host)


def may_run_command(caller: Caller, command: Command) -> bool:
    """Tell whether somebody may run a command of the shell for any account or host at all."""
    server = caller.server
    if touches_files(command):
        return False
    if not may_run(server, caller.jid, caller.host, command.name, command.access):
        return False
    if administers_server(server, caller.jid) or len(server.hosts) == 1:
        return True
    return any(name in command.parameters.model_fields for name in _SUBJECTS)


def touches_files(command: Command) -> bool:
    """Tell whether a command reads or writes files of the server's machine: the shell's alone."""
    marks = (field.json_schema_extra for field in command.parameters.model_fields.values())
    return any(isinstance(mark, dict) and "path" in mark for mark in marks)


async def check(caller: Caller, command: Command, arguments: BaseModel) -> BaseModel:
    """Check that somebody may run a command with these arguments; return those to run it with.

    What concerns all hosts is narrowed to the caller's own.

    Raises:
        CommandError: forbidden.
    """
    if not may_run_command(caller, command):
        raise CommandError("forbidden", f"You may not run `{command.name}`.")
    if administers_server(caller.server, caller.jid):
        return arguments
    arguments = _narrowed(caller, arguments)
    for name in _ADDRESSES:
        text = getattr(arguments, name, None)
        if text:
            await _check_address(caller, str(text))
    for name, field in type(arguments).model_fields.items():
        if isinstance(field.json_schema_extra, dict) and field.json_schema_extra.get("grants"):
            _check_grant(caller, getattr(arguments, name))
    return arguments


def _narrowed(caller: Caller, arguments: BaseModel) -> BaseModel:
    """Fill in the host of the caller where none is named."""
    present = [name for name in _SUBJECTS if name in type(arguments).model_fields]
    if not present or any(getattr(arguments, name) for name in present):
        return arguments
    return arguments.model_copy(update={present[0]: caller.host.name})


async def _check_address(caller: Caller, text: str) -> None:
    try:
        jid = addresses.parse(text)
    except JIDError as error:
        raise CommandError("bad-jid", f"{text!r} is not an address: {error}.") from None
    if jid.domain != caller.host.name:
        raise CommandError("forbidden", f"You may do that on {caller.host.name} only.")
    record = await caller.server.store.find(jid.domain, jid.local) if jid.local else None
    role = "member" if record is None else record.role
    if not may_touch(caller.server, caller.jid, caller.host, jid, role):
        raise CommandError("forbidden", f"{jid.bare} has as much to say as you, or more.")


def may_touch(server: "Server", sender: JID, host: Host, target: JID, role: Role) -> bool:
    """Tell whether somebody may change an account that has a role, or what it has.

    Those who administer a host may not where somebody administers the server; who only got some
    commands may for ordinary accounts, and for their own.
    """
    if administers_server(server, sender):
        return True
    if target.bare in server.settings.server.admins:
        return False
    if administers(server, sender, host):
        return True
    return target.bare == sender.bare or role in _ORDINARY


def _check_grant(caller: Caller, role: Role) -> None:
    """Let nobody give others more than they have themselves."""
    if not administers(caller.server, caller.jid, caller.host) and role not in _ORDINARY:
        raise CommandError("forbidden", "You may not give anybody more than you have to say.")


def _matches(patterns: Sequence[str], name: str) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
