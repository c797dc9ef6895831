"""Sends what is for many to each of them, and finds out where one stanza will do (XEP-0033).

The service is the host itself. What clients of ours send is taken as if they had sent a stanza to
each recipient, so that all rules hold for each. Other servers may send to those who are here:
nothing is relayed.

A deliberate difference: unavailable presence with addresses goes to these alone, and only without
any to all who got presence through the service. A sender may go offline for some, or say goodbye
to many in several stanzas.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import Field

from palaver import jid
from palaver.ext.disco import NS_INFO
from palaver.ext.multicast.allowance import Allowance
from palaver.ext.multicast.directed import Directed
from palaver.ext.multicast.header import Header, read, read_lines
from palaver.jid import JID
from palaver.kernel import hooks
from palaver.kernel.answering import refusal_for
from palaver.kernel.extension import Extension, ExtensionConfig, Xep, on
from palaver.kernel.federation_routes import Pair
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.host import Host
from palaver.kernel.section import unit
from palaver.kernel.session import Session
from palaver.kernel.sharing import KEY, MOST, NS, RECIPIENTS
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_MINUTE: Final = 60.0
_PORTION: Final = 4_096  # bytes
_ADDRESSES: Final = unit("addresses")
_KINDS: Final = ("message", "presence")
_PRESENCE: Final = frozenset({"available", "unavailable"})


class MulticastConfig(ExtensionConfig):
    """Who may send one stanza to many, and to how many."""

    accounts: bool = Field(
        True, description="Whether accounts of a host may send one stanza to many addresses."
    )
    servers: bool = Field(
        True,
        description="Whether other servers may send one stanza to many who are here, which saves "
        "most of what they send.",
    )
    share: bool = Field(
        True,
        description="Whether one stanza goes out for many recipients of a domain whose server "
        "takes such.",
    )
    account_addresses: int = Field(
        50,
        ge=1,
        le=1_000,
        description="Addresses a stanza of an account may have; XEP-0033 wants 21 to 99.",
        json_schema_extra=_ADDRESSES,
    )
    server_addresses: int = Field(
        MOST,
        ge=1,
        le=1_000,
        description="Addresses a stanza of another server may have. Another Palaver goes back to "
        "one stanza for each where these are fewer than 99.",
        json_schema_extra=_ADDRESSES,
    )
    account_addresses_per_minute: int = Field(
        600,
        ge=1,
        description="Addresses an account may send to in a minute in this way; with more it is "
        "read from more slowly. Each counts once for every 4 KiB of the stanza.",
        json_schema_extra=_ADDRESSES,
    )
    server_addresses_per_second: int = Field(
        20_000,
        ge=1,
        description="Addresses another domain may send to in a second, likewise.",
        json_schema_extra=_ADDRESSES,
    )


class Multicast(Extension[MulticastConfig]):
    """Answers for the multicast service of each host, and shares what goes to other servers."""

    Config = MulticastConfig
    name: ClassVar = "multicast"
    implements: ClassVar = (Xep(33, "1.2.1", "except addresses that are URIs"),)
    features: ClassVar = (NS, RECIPIENTS)
    requires: ClassVar = ("disco",)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin without anybody having sent anything."""
        super().__init__(server, settings)
        config = self.config()
        self._directed = Directed()
        self._of_accounts = Allowance(config.account_addresses_per_minute, _MINUTE)
        self._of_servers = Allowance(config.server_addresses_per_second, 1.0)

    # -- from our accounts -------------------------------------------------------------------------

    @on(hooks.outgoing, phase=Phase.ROUTE, kind=_KINDS, payload=(NS, "addresses"), before=("*",))
    def send(self, stanza: Stanza, session: Session) -> Verdict:
        """Send what a client of ours sent to its host to all that it is for.

        Raises:
            StanzaError: it is not allowed to, or the addresses are wrong.
        """
        host = session.host
        if stanza.to != host.jid or stanza.type == "error":
            return None
        config = self.config(host.name)
        if not config.accounts:
            raise StanzaError("forbidden", "this service is not for accounts")
        _check_kind(stanza)
        header = self._read(stanza, config.account_addresses)
        self._slow_down(self._of_accounts, session.bare, cost(stanza, header.number))
        if stanza.kind == "presence":
            self._directed.note(stanza, header.recipients)
        for copy in header.copies(stanza):
            self._submit(copy, session)
        return STOP

    def _submit(self, copy: Stanza, session: Session) -> None:
        self.server.router.submit(copy.with_attributes(to=str(copy.to)), session)

    @on(hooks.session_closed)
    def close(self, session: Session) -> None:
        """Forget who got presence of a session; they hear of its end as of any directed one."""
        self._directed.forget(session.jid)

    # -- from elsewhere ----------------------------------------------------------------------------

    @on(hooks.host_message, kind=_KINDS, payload=(NS, "addresses"))
    def receive(self, stanza: Stanza, host: Host) -> Verdict:
        """Send what came from elsewhere to those of the host that it is for.

        Raises:
            StanzaError: it is not allowed, or the addresses are wrong.
        """
        if stanza.type == "error":
            return STOP
        config = self.config(host.name)
        if not config.servers:
            raise StanzaError("forbidden", "this service is not for other servers")
        _check_kind(stanza)
        copies = read_lines(stanza, config.server_addresses)
        if copies is None:
            header = self._read(stanza, config.server_addresses)
            self._check_here(header.recipients, host)
            if stanza.kind == "presence":
                self._directed.note(stanza, header.recipients)
            copies = header.copies(stanza)
        self._slow_down(self._of_servers, stanza.sender.domain, cost(stanza, len(copies)))
        self._route(copies)
        return STOP

    @on(hooks.host_message, kind="presence")
    def say_goodbye(self, stanza: Stanza, host: Host) -> Verdict:
        """Tell all who got presence through the service that it is over (§5.1)."""
        if stanza.type != "unavailable" or stanza.has("addresses", NS):
            return None
        copies = [
            stanza.addressed(stanza.sender, to) for to in self._directed.forget(stanza.sender)
        ]
        session = self.server.router.asking(stanza)
        if session is None:
            self._route(copies)
        else:
            for copy in copies:
                self._submit(copy, session)
        return STOP

    def _read(self, stanza: Stanza, most: int) -> Header:
        element = stanza.child("addresses", NS)
        assert element is not None
        if stanza.names.count(KEY) > 1:
            raise StanzaError("bad-request", "a stanza for many has one list of addresses")
        header = read(element, most)
        for to in header.recipients:
            if not to.local and to.domain in self.server.hosts:
                raise StanzaError("bad-request", "a multicast service is no recipient")
        return header

    def _check_here(self, recipients: Iterable[JID], host: Host) -> None:
        """Refuse to relay (§2.2)."""
        for to in recipients:
            service = self.server.services.get(to.domain)
            if to.domain != host.name and (service is None or service.host is not host):
                raise StanzaError("forbidden", "this service does not relay")

    def _route(self, copies: Iterable[Stanza]) -> None:
        router = self.server.router
        for copy in copies:
            try:
                router.route(copy)
            except Exception as error:
                router.refuse(copy, refusal_for(error, stanza=repr(copy)))

    def _slow_down(self, allowance: Allowance, key: str, addresses: int) -> None:
        loop, source = asyncio.get_running_loop(), self.server.router.source
        pause = allowance.take(key, addresses, loop.time())
        if pause and source is not None:
            loop.call_later(pause, source.wire.hold())

    # -- to other servers --------------------------------------------------------------------------

    @on(hooks.server_started)
    async def share(self) -> None:
        """Let one stanza go out for many from now on."""
        federation = self.server.federation
        if federation is not None and self.config().share:
            federation.share(asyncio.get_running_loop().call_soon, self._ask)
            self.server.router.returned = self._returned

    def _ask(self, pair: Pair) -> None:
        self.server.spawn(self._find_out(pair))

    async def _find_out(self, pair: Pair) -> None:
        """Ask a domain for its features (§2.1)."""
        ours = pair[0] in self.server.hosts or pair[0] in self.server.services
        asker = jid.parse_bare(pair[0] if ours else next(iter(self.server.hosts)))
        query, features = Element("query", NS_INFO), []
        try:
            info = await self.server.requests.ask("get", asker, jid.parse_bare(pair[1]), query)
            features = [each.get("var", "") for each in info or () if each.name == "feature"]
        except StanzaError:
            pass  # whoever does not answer takes what is plain
        federation = self.server.federation
        route = federation.routes.get(pair) if federation is not None else None
        if route is not None and federation is not None and federation.sharing is not None:
            federation.sharing.learnt(route, features)

    def _returned(self, error: Stanza) -> bool:
        """Take the error of a domain that did not take a stanza for many after all."""
        federation, to = self.server.federation, error.to
        if federation is None or federation.sharing is None or to is None:
            return False
        route = federation.routes.get((to.domain, error.sender.domain))
        return (
            error.sender.is_domain
            and route is not None
            and federation.sharing.returned(route, error)
        )


def cost(stanza: Stanza, addresses: int) -> int:
    """Return how many addresses a stanza counts for: one that is large makes much of little."""
    return addresses * (1 + len(stanza.inner) // _PORTION)


def _check_kind(stanza: Stanza) -> None:
    if stanza.kind == "presence" and stanza.type not in _PRESENCE:
        raise StanzaError("bad-request", "only availability goes to many")
