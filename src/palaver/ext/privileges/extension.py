"""Privileged components (XEP-0356): what they may do, and what is refused to all others."""

import secrets
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final, cast

import structlog

from palaver.ext.forwarding import FORWARD, address, only, packed, unpacked
from palaver.ext.privileges.granted import NS, OLD, Granted, advertisement
from palaver.ext.privileges.watching import Watching
from palaver.ext.roster.extension import Rosters
from palaver.ext.roster.payload import NS as ROSTER
from palaver.jid import JID, BareJID, FullJID
from palaver.kernel import hooks
from palaver.kernel.account import Account, Outcome
from palaver.kernel.answering import refusal_for
from palaver.kernel.components import Component, Link
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    iq,
    on,
)
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.host import Host
from palaver.kernel.session import Session, Wire
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_BOTH: Final = ("get", "set")
_ELSEWHERE: Final = (Target.CONTACT, Target.NOBODY, Target.NOBODYS_RESOURCE, Target.HOST)


class Privileges(Extension):
    """Lets components read rosters, watch presence, and send in the name of users."""

    name: ClassVar = "privileges"
    implements: ClassVar = (Xep(356, "0.4.1"),)
    requires: ClassVar = ("roster", "presence")

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        super().__init__(server, settings)
        self._granted = Granted(server)
        self._watching = Watching(server, self._granted)

    @on(hooks.component_connected)
    def advertise(self, component: Component, link: Link) -> None:
        """Tell a component what it may do, by host, and the presence it may have."""
        granted = dict(self._granted.to(component))
        for name, settings in granted.items():
            host = self.server.hosts[name].jid
            for namespace in (NS, OLD):
                told = advertisement(settings, namespace)
                id_ = {"id": secrets.token_hex(8)}
                link.carry(Stanza.make("message", host, component.address, id_, told))
            log.info("privileges granted", component=component.address, host=name, **dict(settings))
        if any(settings.presence != "none" for settings in granted.values()):
            self.server.spawn(self._watching.catch_up(component, link))

    def _check(self, allowed: bool, what: str, sender: JID, host: Host) -> None:
        """Refuse what the administrator has not granted, and log it."""
        if not allowed:
            log.warning("privilege refused", component=sender, host=host.name, privilege=what)
            raise StanzaError("forbidden", f"the administrator has not granted this: {what}")

    # -- rosters -----------------------------------------------------------------------------------

    @on(hooks.incoming, phase=Phase.ROUTE, kind="iq", payload=(ROSTER, "query"))
    def roster(self, stanza: Stanza, account: Account) -> Verdict:
        """Read or change the roster of a user as the user would (§4.3)."""
        component = self._granted.component(stanza.sender)
        if component is None or stanza.type not in _BOTH or (stanza.to and stanza.to.resource):
            return None
        host = account.host
        access = self._granted.privileges(component, host.name).roster
        self._check(access in (stanza.type, "both"), f"roster {stanza.type}", stanza.sender, host)
        self.server.router.answering.ask(stanza, Target.ACCOUNT, host, account, None)
        return STOP

    @on(hooks.roster_pushed)
    def push(self, account: Account, contact: BareJID) -> None:
        """Tell components of a change in a roster (§4.4)."""
        for component, settings in self._granted.on(account.host.name):
            if settings.pushes and component.links:
                attrs = {"type": "set", "id": f"push-{secrets.token_hex(8)}"}
                payload = Rosters.pushed(account, contact)
                push = Stanza.make("iq", account.jid, component.address, attrs, payload)
                component.take(push)

    # -- messages ----------------------------------------------------------------------------------

    @on(hooks.host_message, kind="message", payload=(NS, "privilege"))
    def message(self, stanza: Stanza, host: Host) -> Verdict:
        """Send a message in the name of a host or of one of its users (§5)."""
        return self._message(stanza, host, NS)

    @on(hooks.host_message, kind="message", payload=(OLD, "privilege"))
    def old_message(self, stanza: Stanza, host: Host) -> Verdict:
        """Do so for components that speak the version before."""
        return self._message(stanza, host, OLD)

    def _message(self, stanza: Stanza, host: Host, namespace: str) -> Verdict:
        if stanza.type == "error":
            return STOP
        component = self._granted.component(stanza.sender)
        allowed = component is not None and (
            self._granted.privileges(component, host.name).message == "outgoing"
        )
        self._check(allowed, "message outgoing", stanza.sender, host)
        forwarded = only(stanza.child("privilege", namespace), "forwarded", FORWARD)
        element = forwarded.find("message", ns.CLIENT)
        if element is None:
            raise StanzaError("bad-request", f"a message of {ns.CLIENT} belongs here")
        sender, to = address(element, "from"), address(element, "to")
        if not isinstance(sender, BareJID) or sender.domain != host.name:
            self._check(False, f"message from {sender}", stanza.sender, host)
        assert sender is not None
        self._send_on(stanza, unpacked(element, sender, to), host)
        return STOP

    def _send_on(self, stanza: Stanza, inner: Stanza, host: Host) -> None:
        if inner.sender == host.jid:
            if inner.to is None:
                raise StanzaError("bad-request", "the message needs an address it is for")
            self.server.router.route(inner)
            return
        done = self.server.router.put_off()
        wire = self._wire()

        def send(outcome: Outcome) -> None:
            try:
                if isinstance(outcome, StanzaError):
                    raise outcome
                self._check(
                    outcome is not None, f"message from {inner.sender}", stanza.sender, host
                )
                self.server.router.submit_for(inner, self._as(cast("Account", outcome), wire))
            except Exception as error:
                self.server.router.refuse(stanza, refusal_for(error, stanza=repr(stanza)))
            finally:
                done()

        self.server.accounts.when_loaded(inner.sender.bare, send)

    def _wire(self) -> Wire:
        source = self.server.router.source
        assert source is not None  # components' stanzas come from their connections
        return source.wire

    def _as(self, account: Account, wire: Wire) -> Session:
        """Return what stands for the user, so that all that concerns the user's stanzas is done.

        Its address has no resource, and it is none of the account's sessions.
        """
        jid = cast("FullJID", account.jid)
        now = self.server.clock.now()
        return Session(jid, account, wire, lang=None, mechanism="", since=now)

    # -- requests ----------------------------------------------------------------------------------

    @on(hooks.incoming, phase=Phase.GUARD, kind="iq", payload=(NS, "privileged_iq"))
    def check(self, stanza: Stanza, account: Account) -> Verdict:
        """Let no such request through to a client (§6.3)."""
        assert stanza.to is not None
        if stanza.to.resource and stanza.type in _BOTH:
            self._check(False, "iq to a client", stanza.sender, account.host)
        return None

    @iq(_BOTH, NS, "privileged_iq", to=_ELSEWHERE)
    async def request(self, request: Request) -> Answer:
        """Send a request in the name of a user, and bring the answer (§6.3)."""
        account, host, sender = request.account, request.host, request.sender
        component = self._granted.component(sender)
        self._check(component is not None and account is not None, "iq", sender, host)
        assert component is not None
        assert account is not None
        stanza = self._encapsulated(request, account, component)
        wire = component.links[0] if component.links else self._wire()
        session = self._as(account, wire)
        for guard in host.dispatch.outgoing.guards("iq", stanza.names):
            if guard(stanza, session) is STOP:
                raise StanzaError("not-acceptable", "the user's own rules are against it")
        assert stanza.payload is not None
        assert stanza.to is not None
        answer = await self.server.requests.exchange(
            stanza.type, account.jid, stanza.to, stanza.payload
        )
        return Element("privilege", NS, None, packed(answer, id=stanza.id or ""))

    def _encapsulated(self, request: Request, account: Account, component: Component) -> Stanza:
        """Return the user's request, checked as §6.3 says."""
        host, sender, type_ = request.host, request.sender, request.stanza.type
        found = list(request.payload)
        right = len(found) == 1 and (found[0].name, found[0].ns) == ("iq", ns.CLIENT)
        self._check(right, f"iq that is not in {ns.CLIENT}", sender, host)
        inner = found[0]
        own = address(inner, "from")
        self._check(own in (None, account.jid), f"iq from {own}", sender, host)
        self._check(inner.get("type") == type_, f"iq {inner.get('type')} in {type_}", sender, host)
        payloads = list(inner)
        if len(payloads) != 1:
            raise StanzaError("bad-request", "a request has one payload")
        namespace = payloads[0].ns
        access = self._granted.privileges(component, host.name).iq.get(namespace, "none")
        self._check(access in (type_, "both"), f"iq {type_} {namespace}", sender, host)
        return unpacked(inner, account.jid, address(inner, "to") or account.jid)

    # -- presence ----------------------------------------------------------------------------------

    @on(hooks.presence_broadcast)
    def told(self, stanza: Stanza, session: Session) -> None:
        """Pass on what a user's client broadcast (§7.1)."""
        self._watching.told(stanza, session)

    @on(hooks.contact_presence)
    def came(self, stanza: Stanza, account: Account) -> None:
        """Pass on what a contact's client said (§7.4)."""
        self._watching.came(stanza, account)
