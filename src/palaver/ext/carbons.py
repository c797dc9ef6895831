"""Message carbons: what one device sends or receives, the user's other devices see (XEP-0280)."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final

from palaver.ext.copying import NS, is_copied
from palaver.ext.stanza_ids import stamped_for_sender
from palaver.jid import BareJID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Answer, Extension, Request, Target, Xep, iq, on
from palaver.kernel.host import Host
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.wire import escape
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_RULES: Final = "urn:xmpp:carbons:rules:0"
_ENABLED: Final[Slot[tuple[Session, ...]]] = Slot("sessions with carbons")
"""On accounts that have any such session; nothing else is looked at where it is not."""

_RECENT: Final[Slot[OrderedDict[tuple[str, str], None]]] = Slot("messages lately copied")
"""On the same accounts: id and recipient of messages sent, to tell which errors answer them."""

_MOST_RECENT: Final = 100
_OPEN: Final = b"<forwarded xmlns='urn:xmpp:forward:0'>"
_MESSAGE: Final = b"<message"


class Carbons(Extension):
    """Forwards copies to the sessions that want them."""

    name: ClassVar = "carbons"
    implements: ClassVar = (Xep(280, "1.0.1"),)
    features: ClassVar = (NS, _RULES)
    account_features: ClassVar = (NS, _RULES)

    # -- switching ---------------------------------------------------------------------------------

    @iq("set", NS, "enable", to=Target.ACCOUNT)
    def enable(self, request: Request) -> Answer:
        """Send copies to the session from now on (XEP-0280 §4)."""
        assert request.session is not None
        switch(request.session, on=True)
        return None

    @iq("set", NS, "disable", to=Target.ACCOUNT)
    def disable(self, request: Request) -> Answer:
        """Send no copies any more (XEP-0280 §5)."""
        assert request.session is not None
        switch(request.session, on=False)
        return None

    @on(hooks.bind_features)
    def offer(self, _host: Host) -> str | None:
        """Offer to begin with carbons (XEP-0386 §3.2)."""
        return NS

    @on(hooks.bind_requested)
    async def begin(self, session: Session, request: Element) -> Element | None:
        """Begin with carbons, if the client wants them; nothing is answered."""
        if request.find("enable", NS) is not None:
            switch(session, on=True)
        return None

    @on(hooks.session_closed)
    def close(self, session: Session) -> None:
        """Forget a session that ended."""
        if _ENABLED in session.account.slots:
            switch(session, on=False)

    @on(hooks.session_saving)
    def save(self, session: Session, known: dict[str, Any]) -> None:
        """Note before a restart that the session has carbons."""
        if session in (_ENABLED.get(session.account) or ()):
            known[self.name] = True
            switch(session, on=False)

    @on(hooks.session_restored)
    def restore(self, session: Session, known: Mapping[str, Any]) -> None:
        """Go on with carbons after a restart."""
        if known.get(self.name):
            switch(session, on=True)

    # -- copying -----------------------------------------------------------------------------------

    @on(hooks.delivered, kind="message")
    def copy_received(
        self, stanza: Stanza, account: Account, sessions: tuple[Session, ...]
    ) -> None:
        """Copy what arrived to those of the account that did not get it (§7)."""
        if _ENABLED not in account.slots:
            return
        answered = stanza.type == "error" and _answers(stanza, account)
        if is_copied(stanza, received=True, answered=answered):
            others = [each for each in _ENABLED.of(account) if each not in sessions]
            others = [each for each in others if each.jid != stanza.sender]
            _copy(stanza, account.jid, others, "received")

    @on(hooks.sent, kind="message", after=("archive",))
    def copy_sent(self, stanza: Stanza, session: Session) -> None:
        """Copy what a session sent to the others of its account (§8).

        The copies have the id that the message has in the account's archive (XEP-0313 §3.5).
        """
        account = session.account
        if _ENABLED not in account.slots or stanza.to is None:
            return
        if stanza.to.bare == account.jid or not is_copied(stanza, received=False):
            return  # who writes to oneself gets what was received
        _remember(stanza, account)
        others = [other for other in _ENABLED.of(account) if other is not session]
        if others:
            _copy(stamped_for_sender(stanza, account.jid), account.jid, others, "sent")

    @on(hooks.refused)
    def copy_refusal(self, stanza: Stanza, error: StanzaError) -> None:
        """Copy the error that a message gets from this server, after the message itself."""
        account = self.server.accounts.loaded(stanza.sender.bare)
        if account is not None and _ENABLED in account.slots and stanza.kind == "message":
            asyncio.get_running_loop().call_soon(_copy_refusal, stanza, error, account)


def switch(session: Session, *, on: bool) -> None:
    """Let a session get copies, or none."""
    account = session.account
    others = tuple(other for other in _ENABLED.get(account) or () if other is not session)
    if on:
        _ENABLED.set(account, (*others, session))
    elif others:
        _ENABLED.set(account, others)
    else:
        _ENABLED.clear(account)
        _RECENT.clear(account)


def _copy(stanza: Stanza, owner: BareJID, others: Iterable[Session], direction: str) -> None:
    original = stanza.to_bytes().replace(_MESSAGE, _MESSAGE + b" xmlns='jabber:client'", 1)
    type_ = f" type='{escape.attribute(stanza.type)}'" if "type" in stanza.attrs else ""
    content = b"".join(
        (
            f"{type_}><{direction} xmlns='{NS}'>".encode(),
            _OPEN,
            original,
            f"</forwarded></{direction}></message>".encode(),
        )
    )
    for session in others:
        head = f"<message from='{owner.xml}' to='{session.jid.xml}'".encode()
        session.write(head + content)


def _copy_refusal(stanza: Stanza, error: StanzaError, account: Account) -> None:
    answer = stanza.error(error)
    if _ENABLED in account.slots and _answers(answer, account):
        others = (other for other in _ENABLED.of(account) if other.jid != stanza.sender)
        _copy(answer, account.jid, others, "received")


def _remember(stanza: Stanza, account: Account) -> None:
    if stanza.id is None or stanza.to is None:
        return
    recent = _RECENT.get(account)
    if recent is None:
        recent = OrderedDict()
        _RECENT.set(account, recent)
    recent[stanza.id, str(stanza.to.bare)] = None
    if len(recent) > _MOST_RECENT:
        recent.popitem(last=False)


def _answers(stanza: Stanza, account: Account) -> bool:
    """Tell whether an error answers a message that was copied when it was sent."""
    recent = _RECENT.get(account)
    return recent is not None and (stanza.id, str(stanza.sender.bare)) in recent
