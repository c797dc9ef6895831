"""Push notifications: clients say where, and what nobody has acknowledged is told there.

A message is told of once: at once when no session with a connection has it, and else when none of
those has acknowledged it for a while. Who reads with one device is not notified on the others; a
client that says nobody looks at it (XEP-0352) does not count as reading.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection

from palaver import jid
from palaver.ext.accounts import Accounts
from palaver.ext.push import registrations as stored
from palaver.ext.push import wishes
from palaver.ext.push.notices import NS, PUBLISH_OPTIONS, PUBSUB, Notice
from palaver.ext.push.publishing import Publisher
from palaver.ext.push.registrations import Registration, registrations
from palaver.ext.push.watch import Watch, Watched, is_absent
from palaver.ext.push.worth import is_worth, notice_of
from palaver.ext.stanza_ids import taken_off
from palaver.jid import JID
from palaver.kernel import forms, hooks
from palaver.kernel.account import Account
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Progress,
    Request,
    Target,
    Xep,
    command,
    iq,
    on,
)
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.session import Session
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_OPTIONS_BYTES: Final = 4_096


class PushConfig(ExtensionConfig):
    """What push services are told, and when."""

    sender: bool = Field(
        False, description="Whether a notification says who sent the last message."
    )
    body: bool = Field(
        False,
        description="Whether a notification has the text of the last message. It passes through "
        "the push service, and often through that of a phone's maker.",
    )
    wait: float = Field(
        10.0,
        ge=0.1,
        le=600.0,
        description="Seconds a connected client has to acknowledge a message before other devices "
        "are told.",
    )
    registrations: int = Field(
        20, ge=1, le=1_000, description="Places that one account may have notified, at most."
    )


class ListArguments(BaseModel):
    """Says whose registrations to list."""

    model_config = ConfigDict(extra="forbid")

    jid: str = Field(description="Address of the account.")


class Push(Extension[PushConfig]):
    """Tells push services that something waits for a device."""

    Config = PushConfig
    name: ClassVar = "push"
    implements: ClassVar = (
        Xep(357, "0.4.1"),
        Xep(492, "0.2.0", "in bookmarks of either kind; `advanced` settings are the clients'"),
    )
    account_features: ClassVar = (NS,)
    requires: ClassVar = ("accounts", "private_storage", "roster", "stanza_ids")
    tables: ClassVar = (stored.table,)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with nothing to look at again."""
        super().__init__(server, settings)
        self._publisher = Publisher(server)
        self._watch = Watch(self._publish)

    # -- registrations -----------------------------------------------------------------------------

    @on(hooks.account_loading)
    def load(self, account: Account, connection: Connection) -> None:
        """Read the registrations of an account."""
        stored.load(account, connection)

    @iq("set", NS, "enable", to=Target.ACCOUNT)
    async def enable(self, request: Request) -> Answer:
        """Notify a service from now on (XEP-0357 §5).

        Raises:
            StanzaError: bad-request or jid-malformed, the request is wrong; not-acceptable, it
                names somebody's client, or what is no push service; not-allowed, the account is
                temporary; resource-constraint, there are too many.
        """
        account, session = _owner(request), request.session
        assert session is not None
        service, node = _service(request.payload), request.payload.get("node", "")
        if service.resource or service.domain in self.server.hosts:
            # Else anybody could let the server send requests to somebody's client.
            raise StanzaError("not-acceptable", "that is not the address of a push service")
        if len(node.encode()) > stored.NODE_BYTES:
            raise StanzaError("not-acceptable", "the name of the node is too long")
        known = registrations(account)
        most = self.config(account.host.name).registrations
        if (service, node) not in known and len(known) >= most:
            raise StanzaError("resource-constraint", f"an account may have {most} registrations")
        options = _options(request.payload)
        since = int(self.server.clock.now() * 1_000_000)
        new = Registration(service, node, session.jid.resource, options, since)
        await stored.add(self.server.database, account, new)
        return None

    @iq("set", NS, "disable", to=Target.ACCOUNT)
    async def disable(self, request: Request) -> Answer:
        """Notify a service, or a node of it, no more (§6)."""
        service, node = _service(request.payload), request.payload.get("node")
        await stored.remove(self.server.database, _owner(request), service, node)
        return None

    @on(hooks.incoming, phase=Phase.ROUTE, kind="message", payload=(PUBSUB, "pubsub"))
    def disabled_by_service(self, stanza: Stanza, account: Account) -> Verdict:
        """Take note that a service accepts no more notifications (§8)."""
        about = stanza.child("pubsub", PUBSUB)
        assert about is not None
        node = about.get("node", "")
        affiliation = about.find("affiliation", PUBSUB)
        if affiliation is None or affiliation.get("affiliation") != "none":
            return None
        if (stanza.sender, node) not in registrations(account):
            return None
        if affiliation.get("jid") in (str(account.jid), str(account.host.jid)):
            work = self._forget(account, stanza.sender, node)
            self.server.spawn(work)
            return STOP
        return None

    async def _forget(self, account: Account, service: JID, node: str) -> None:
        await stored.remove(self.server.database, account, service, node)

    @command("push list", ListArguments)
    async def list(self, arguments: ListArguments, _progress: Progress) -> list[dict[str, object]]:
        """List where an account's clients want to be notified."""
        address = self.server.extension(Accounts).address(arguments.jid)
        account = await self.server.accounts.get(address)
        if account is None:
            raise CommandError("not-found", f"There is no account {address}.")
        return [
            {
                "service": str(each.service),
                "node": each.node,
                "device": each.resource,
                "since": each.since // 1_000_000,
                "failures": each.failures,
            }
            for each in registrations(account).values()
        ]

    # -- what happens ------------------------------------------------------------------------------

    @on(hooks.delivered, kind="message", after=("archive", "stream_management"))
    def message(self, stanza: Stanza, account: Account, sessions: tuple[Session, ...]) -> None:
        """Tell of a message now, or look after a while whether somebody has acknowledged it."""
        places = registrations(account)
        if not places or not is_worth(stanza, account):
            return
        connected = [session for session in sessions if not is_absent(session)]
        attentive = [session for session in connected if session.gate is None]
        if any(session.outbox is None for session in attentive):
            return  # it is being read
        if attentive:
            self._look_again(stanza, account, places.values())
            return
        # Those that are there, though nobody looks at them, may be gone without anybody knowing.
        there = {session.jid.resource: session for session in connected}
        self._tell(stanza, account, [p for p in places.values() if p.resource not in there])
        uncertain = [
            place
            for place in places.values()
            if (own := there.get(place.resource)) is not None and own.outbox is not None
        ]
        self._look_again(stanza, account, uncertain)

    @on(hooks.incoming, phase=Phase.REWRITE, kind="presence")
    def presence(self, stanza: Stanza, account: Account) -> Verdict:
        """Look after a while whether somebody is there to see a request for a subscription."""
        places = registrations(account)
        if places and stanza.type == "subscribe" and account.record is not None:
            about = Notice(request=True, if_waiting=True)
            told = Watched(account, 0, stanza.sender.bare, tuple(places.values()), about)
            self._watch.add(self.config(account.host.name).wait, told)
        return None

    # -- telling -----------------------------------------------------------------------------------

    def tell_of(self, stanza: Stanza, account: Account, chat: JID) -> None:
        """Tell all places of an account of a message in a chat that none of its sessions got.

        Whether the account wants to hear of the chat is looked at once more.
        """
        places = tuple(registrations(account).values())
        if places:
            self._publish(Watched(account, 0, chat, places, self._notice(stanza, account)))

    def _tell(self, stanza: Stanza, account: Account, places: Iterable[Registration]) -> None:
        places = tuple(places)
        if places:
            notice = self._notice(stanza, account)
            self._publish(Watched(account, 0, stanza.sender, places, notice))

    def _notice(self, stanza: Stanza, account: Account) -> Notice:
        config = self.config(account.host.name)
        return notice_of(stanza, account, sender=config.sender, body=config.body)

    def _publish(self, about: Watched) -> None:
        about = about._replace(notice=replace(about.notice, at=self.server.log.new_id()))
        self.server.spawn(self._unless_unwanted(about))

    async def _unless_unwanted(self, about: Watched) -> None:
        account, notice = about.account, about.notice
        if not notice.request:
            wish = await wishes.wish(self.server, account, about.sender)
            if not notice.is_wanted(wish):
                return
        for place in about.places:
            if registrations(account).get(place.key) is place:
                self._publisher.notify(account, place, notice)

    def _look_again(self, stanza: Stanza, account: Account, places: Iterable[Registration]) -> None:
        row, _, _ = taken_off(stanza, account.jid)
        places = tuple(places)
        if row is None or not places:
            return
        notice = replace(self._notice(stanza, account), if_waiting=True)
        wait = self.config(account.host.name).wait
        self._watch.add(wait, Watched(account, row, stanza.sender, places, notice))


def _owner(request: Request) -> Account:
    account = request.account
    assert account is not None
    if account.temporary:
        raise StanzaError("not-allowed", "a temporary account has no notifications")
    return account


def _service(payload: Element) -> JID:
    text = payload.get("jid")
    if not text:
        raise StanzaError("bad-request", "the address of the push service is missing")
    try:
        service = jid.parse(text)
    except jid.JIDError as error:
        raise StanzaError("jid-malformed", str(error)) from error
    if len(service.encode()) > stored.SERVICE_BYTES:
        raise StanzaError("not-acceptable", "the address of the push service is too long")
    return service


def _options(payload: Element) -> str:
    """Return the form to publish with as XML, "" where there is none (§5)."""
    form = payload.find("x", forms.NS)
    if form is None:
        return ""
    if form.get("type") != "submit" or forms.form_type(form) != PUBLISH_OPTIONS:
        raise StanzaError("bad-request", f"the form is not one of {PUBLISH_OPTIONS}")
    data = form.to_bytes()
    if len(data) > _OPTIONS_BYTES:
        raise StanzaError("not-acceptable", f"the form has more than {_OPTIONS_BYTES} bytes")
    return data.decode()
