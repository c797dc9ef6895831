"""The last messages of a room, at hand for who enters (XEP-0045 §7.2.13, §7.2.14)."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from palaver import jid
from palaver.ext.delay import delay
from palaver.ext.muc.names import DELAY
from palaver.ext.stanza_ids import stamp
from palaver.jid import BareJID
from palaver.kernel.storage import LogEntry, timestamp_of
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_CLOSING: Final = b"</message>"
_FROM: Final = b"<message from='"
_DELAYS: Final = frozenset({DELAY, "jabber:x:delay x"})
_DIGITS: Final = 10
_KEPT_BYTES: Final = 1 << 20  # of one room's history


class Past(NamedTuple):
    """A message that was said.

    ``at``      when, in microseconds since 1970
    ``before``, ``after``  the stanza on both sides of the attribute ``to``
    """

    at: int
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the history somebody wants (§7.2.14); None where it does not matter.

    ``characters``  of all stanzas, counted in bytes, which are never fewer
    ``stanzas``     how many
    ``since``       not older than this, in microseconds since 1970
    """

    characters: int | None = None
    stanzas: int | None = None
    since: int = 0


class History:
    """The last messages with a body, up to a number and a size."""

    __slots__ = ("_bytes", "_past")

    def __init__(self) -> None:
        self._past: deque[Past] = deque()
        self._bytes = 0

    def add(self, past: Past, most: int) -> None:
        """Take a message; at most so many are kept."""
        self._past.append(past)
        self._bytes += len(past.after)
        while self._past and (len(self._past) > most or self._bytes > _KEPT_BYTES):
            self._bytes -= len(self._past.popleft().after)

    def fill(self, rows: Iterable[LogEntry], room: BareJID, most: int) -> None:
        """Take what the log has, when a room comes into use."""
        for row in rows:
            if b"<body" in row.stanza:
                self.add(_past(row, room), most)

    def drop(self, end: bytes) -> None:
        """Forget the messages that end so: with what the room adds to each."""
        kept = [past for past in self._past if not past.after.endswith(end)]
        if len(kept) < len(self._past):
            self._past = deque(kept)
            self._bytes = sum(len(past.after) for past in kept)

    def clear(self) -> None:
        """Forget all."""
        self._past.clear()
        self._bytes = 0

    def wanted(self, room: BareJID, most: int, limits: Limits) -> list[Past]:
        """Return what is to be sent, oldest first: with the time at which it was said."""
        if limits.stanzas is not None:
            most = min(most, limits.stanzas)
        found: list[Past] = []
        size = 0
        for past in reversed(self._past):
            if len(found) >= most or past.at < limits.since:
                break
            late = delay(room, past.at).to_bytes()
            after = b"".join((past.after.removesuffix(_CLOSING), late, _CLOSING))
            size += len(past.before) + len(after)
            if limits.characters is not None and size > limits.characters:
                break
            found.append(Past(past.at, past.before, after))
        found.reverse()
        return found


def _past(row: LogEntry, room: BareJID) -> Past:
    end = row.stanza.index(b"'", len(_FROM)) + 1
    after = row.stanza[end:].removesuffix(_CLOSING)
    whole = b"".join((after, stamp(room, row.id), _CLOSING))
    return Past(timestamp_of(row.id), row.stanza[:end], whole)


def limits_of(request: Element | None, now: int) -> Limits:
    """Read the ``<history/>`` of who enters; ``now`` is in microseconds since 1970.

    Raises:
        StanzaError: bad-request, a number or a time is none.
    """
    if request is None:
        return Limits()
    seconds, since = _number(request.get("seconds")), 0
    if seconds is not None:
        since = max(0, now - seconds * 1_000_000)
    moment = request.get("since")
    if moment is not None:
        since = max(since, _moment(moment))
    characters, stanzas = request.get("maxchars"), request.get("maxstanzas")
    return Limits(_number(characters), _number(stanzas), since)


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    text = text.strip()
    if not (text.isascii() and text.isdecimal()):
        raise StanzaError("bad-request", "the limits of the history are numbers")
    return int(text[:_DIGITS])


def _moment(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise StanzaError("bad-request", "that is no date and time of XEP-0082") from error
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return int(aware.timestamp() * 1_000_000)


def without_delays_of(room: BareJID, stanza: Stanza) -> Stanza:
    """Take out what passes a message off as history of the room; other delays pass (§7.9)."""
    if _DELAYS.isdisjoint(stanza.names):
        return stanza
    return stanza.without(lambda key, child: key in _DELAYS and _is_of(room, child.get("from", "")))


def _is_of(room: BareJID, address: str) -> bool:
    try:
        return jid.parse(address).bare in (room, room.domain)
    except jid.JIDError:
        return False
