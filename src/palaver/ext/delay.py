"""Delayed delivery: tells when a stanza was received that is delivered late (XEP-0203)."""

from datetime import UTC, datetime
from typing import Final

from palaver.jid import JID
from palaver.wire.element import Element

NS: Final = "urn:xmpp:delay"


def delay(by: JID, since: int, reason: str = "") -> Element:
    """Return the element that says who held a stanza, since when, and why (XEP-0203 §2).

    ``since`` is in microseconds since 1970 UTC; the stamp is written to the millisecond.
    """
    return Element("delay", NS, {"from": by, "stamp": timestamp(since)}, reason or None)


def timestamp(at: int) -> str:
    """Write a moment, in microseconds since 1970 UTC, as XEP-0082 §3.2 has it."""
    moment = datetime.fromtimestamp(at // 1_000_000, UTC).replace(microsecond=at % 1_000_000)
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
