"""Delayed delivery: tells when a stanza was received that is delivered late (XEP-0203)."""

from datetime import UTC, datetime
from typing import ClassVar, Final

from palaver import jid
from palaver.jid import JID, BareJID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, Xep, on
from palaver.kernel.hooks import Phase
from palaver.kernel.session import Session
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

NS: Final = "urn:xmpp:delay"

_KEY: Final = f"{NS} delay"


class Delay(Extension):
    """Makes the delays that we tell of trustworthy: nobody else tells them in our name."""

    name: ClassVar = "delay"
    implements: ClassVar = (Xep(203, "2.0"),)

    @on(hooks.outgoing, phase=Phase.REWRITE, kind=("message", "presence"), payload=(NS, "delay"))
    def strip_outgoing(self, stanza: Stanza, _session: Session) -> Stanza | None:
        """Take out what our users forged (XEP-0203 §5)."""
        return self._stripped(stanza)

    @on(hooks.incoming, phase=Phase.REWRITE, kind="message", payload=(NS, "delay"))
    def strip_incoming(self, stanza: Stanza, _account: Account) -> Stanza | None:
        """Take out what others forged (XEP-0203 §5)."""
        return self._stripped(stanza)

    def _stripped(self, stanza: Stanza) -> Stanza | None:
        author = stanza.sender.bare
        stripped = stanza.without(
            lambda key, child: key == _KEY and self._forged(child.get("from"), author)
        )
        return stripped if stripped.names != stanza.names else None

    def _forged(self, by: str | None, author: BareJID) -> bool:
        """Tell whether a delay is told in the name of a host or an account of ours.

        Of their own delays users may tell: their clients send what was written without a network.
        """
        if by is None:
            return False
        try:
            address = jid.parse(by)
        except jid.JIDError:
            return False
        return address.domain in self.server.hosts and address.bare != author


def delay(by: JID, since: int, reason: str = "") -> Element:
    """Return the element that says who held a stanza, since when, and why (XEP-0203 §2).

    ``since`` is in microseconds since 1970 UTC; the stamp is written to the millisecond.
    """
    return Element("delay", NS, {"from": by, "stamp": timestamp(since)}, reason or None)


def timestamp(at: int) -> str:
    """Write a moment, in microseconds since 1970 UTC, as XEP-0082 §3.2 has it."""
    moment = datetime.fromtimestamp(at // 1_000_000, UTC).replace(microsecond=at % 1_000_000)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
