"""What was sent to a client and not yet acknowledged by it (XEP-0198 §4), and what waits behind it.

An outbox either passes on what is written, or holds it back: while its session has no connection,
and after a resumption until the client has caught up. Of what is held back, only the last presence
of each sender stays, and messages that are in the account's log may be left there.
"""

import re
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import Final, NamedTuple, Protocol

from palaver.wire.element import Element
from palaver.wire.errors import StreamError

NS: Final = "urn:xmpp:sm:3"
_WRAP: Final = 1 << 32  # the counters are unsignedInt
_FEW: Final = 5  # stanzas that may be unacknowledged before that is asked for
_BACK: Final = 8  # stanzas among which the one to mark is: the last, nearly always
_ENTRY: Final = 200  # bytes of memory for a stanza beside those of the stanza
_TOO_MUCH: Final = 8  # times the limit, for what is held back in all
_SLICE: Final = 64 << 10  # bytes written at a time of what was held back
_ATTRIBUTE: Final = rb"""\s+([^\s=/>]+)\s*=\s*('[^']*'|"[^"]*")"""
_PRESENCE: Final = re.compile(rb"<presence((?:" + _ATTRIBUTE + rb")*)\s*/?>").match
_ATTRIBUTES: Final = re.compile(_ATTRIBUTE).findall


class Entry(NamedTuple):
    """A stanza as it is written.

    ``data``  None when it was left in the log
    ``row``   the id of its row in the account's log; None when it has none
    """

    data: bytes | None
    row: int | None


class Sink(Protocol):
    """Where stanzas go: the wire of a session."""

    @property
    def congested(self) -> bool:
        """Tell whether too much is waiting to be read by the peer."""

    def write(self, data: bytes) -> None:
        """Queue bytes."""


class Writer(Protocol):
    """The session, as far as its outbox is concerned."""

    def carry_by(self, write: Callable[[bytes], None]) -> None:
        """Write stanzas by another function from now on."""

    def open_gate(self) -> None:
        """Let go what a gate holds back."""


class Outbox:
    """The stanzas for one session, in order.

    ``acknowledged``  how many the client has acknowledged, modulo 2^32
    ``entries``       those sent and not acknowledged
    ``held``          those to send after them; a presence is under its sender
    ``size``          bytes in memory of those sent
    ``held_size``     bytes in memory of those held
    ``limit``         bytes of both above which what is held back and in the log is left there
    ``asked``         when an acknowledgement was asked for that has not come; None when none is
    ``overflow``      called once when far too much is held back
    ``spilled``       the rows of what was left in the log
    ``urgent``        whether something was sent that the log gives up when it is acknowledged
    """

    __slots__ = (
        "_again", "_keys", "_session", "_sink", "acknowledged", "asked", "entries", "held",
        "held_size", "limit", "overflow", "size", "spilled", "urgent",
    )  # fmt: skip

    def __init__(self, session: Writer, sink: Sink, limit: int) -> None:
        """Take what is written to the session from now on."""
        self._session = session
        self._sink: Sink | None = sink
        self._keys = 0
        self._again = 0
        self.acknowledged = 0
        self.entries: deque[Entry] = deque()
        self.held: dict[bytes | int, Entry] = {}
        self.size = 0
        self.held_size = 0
        self.limit = limit
        self.asked: float | None = None
        self.overflow: Callable[[], None] | None = None
        self.spilled: set[int] = set()
        self.urgent = False
        session.carry_by(self.write)

    @property
    def sent(self) -> int:
        """How many stanzas were sent, modulo 2^32."""
        return (self.acknowledged + len(self.entries)) % _WRAP

    @property
    def detached(self) -> bool:
        """Tell whether there is no connection."""
        return self._sink is None

    @property
    def due(self) -> bool:
        """Tell whether an acknowledgement should be asked for with what is written now."""
        return self.asked is None and (self.urgent or len(self.entries) >= _FEW)

    def all(self) -> list[Entry]:
        """Return everything the client has not acknowledged, in order."""
        return [*self.entries, *self.held.values()]

    # -- writing -----------------------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """Send one stanza."""
        self.entries.append(Entry(data, None))
        self.size += len(data)
        self._sink.write(data)  # type: ignore[union-attr]  # `hold` is in its place without one

    def hold(self, data: bytes) -> None:
        """Hold one stanza back."""
        key = _sender_of_presence(data)
        if key is None:
            self._keys += 1
            self.held[self._keys] = Entry(data, None)
        else:
            older = self.held.pop(key, None)
            self.held[key] = Entry(data, None)
            self.held_size -= len(older.data or b"") if older is not None else 0
        self.held_size += len(data)
        if self.held_size - self._again + _ENTRY * len(self.held) > _TOO_MUCH * self.limit:
            overflow, self.overflow = self.overflow, None
            if overflow is not None:
                overflow()

    def mark(self, data: bytes, row: int) -> bool:
        """Note that a stanza just written, with these very bytes, is a row of the log.

        Return whether it is here.
        """
        if self.held:
            return self._mark_held(data, row)
        entries = self.entries
        for place in range(-1, -min(len(entries), _BACK) - 1, -1):
            if entries[place].data is data:
                entries[place] = Entry(data, row)
                self.urgent = True
                return True
        return False

    def _mark_held(self, data: bytes, row: int) -> bool:
        for key in islice(reversed(self.held), _BACK):
            if self.held[key].data is data:
                self.held[key] = Entry(data, row)
                if self.size + self.held_size > self.limit:
                    self.held[key] = Entry(None, row)
                    self.held_size -= len(data)
                    self.spilled.add(row)
                return True
        return False

    # -- acknowledgement ---------------------------------------------------------------------------

    def acknowledge(self, h: int) -> list[int]:
        """Forget what the client says it has handled; return the rows among it.

        Raises:
            StreamError: it acknowledges what was never sent, or takes back (XEP-0198 §6).
        """
        count = (h - self.acknowledged) % _WRAP
        if not 0 <= h < _WRAP or count > len(self.entries):
            raise self._too_high(h)
        self.acknowledged = h
        self.asked = None
        take = self.entries.popleft
        rows = []
        for _ in range(count):
            data, row = take()
            if data is not None:
                self.size -= len(data)
            if row is not None:
                rows.append(row)
                self.spilled.discard(row)
        if not self.entries:
            self.urgent = False
        return rows

    def _too_high(self, h: int) -> StreamError:
        text = f"You acknowledged {h} stanzas, but I only sent you {self.sent} so far."
        counts = {"h": str(h), "send-count": str(self.sent)}
        return StreamError(
            "undefined-condition", text, Element("handled-count-too-high", NS, counts)
        )

    # -- without a connection, and with another ----------------------------------------------------

    def detach(self) -> None:
        """Hold back what is written from now on: the connection is lost."""
        self._sink = None
        self.asked = None
        self._session.carry_by(self.hold)
        self._session.open_gate()
        if self.size + self.held_size > self.limit:
            self._spill()

    def _spill(self) -> None:
        """Leave in the log what is there of what was sent."""
        for place, (data, row) in enumerate(self.entries):
            if data is not None and row is not None:
                self.entries[place] = Entry(None, row)
                self.size -= len(data)
                self.spilled.add(row)

    def attach(self, sink: Sink) -> None:
        """Be about to send everything again, on another connection; `pump` does it."""
        again = list(self.entries)
        self.entries.clear()
        held, self.held = self.held, {}
        for entry in again:
            self._keys += 1
            self.held[self._keys] = entry
        self.held |= held
        self._again = self.size
        self.held_size += self.size
        self.size = 0
        self._sink = sink
        self.asked = None
        self.urgent = False
        self._session.carry_by(self.hold if self.held else self.write)

    def restore(self, acknowledged: int, entries: list[Entry], held: list[Entry]) -> None:
        """Be as another outbox was that had no connection."""
        self.detach()
        self.acknowledged = acknowledged
        self.entries.extend(entries)
        self.held.update(enumerate(held, 1))
        self._keys = len(held)
        self.size = sum(len(data or b"") for data, _ in entries)
        self.held_size = sum(len(data or b"") for data, _ in held)
        self.spilled.update(row for data, row in (*entries, *held) if data is None and row)

    def pump(self) -> bool:
        """Send some of what is held back; tell whether more of it could be sent at once.

        The first that is left in the log stops it: `fill` in those first.
        """
        sink, held = self._sink, self.held
        if sink is None:
            return False
        written = 0
        while held:
            key = next(iter(held))
            data, row = held[key]
            if data is None:
                return False
            if written >= _SLICE:
                return True
            self.entries.append(held.pop(key))
            self.urgent |= row is not None
            written += len(data)
            self.held_size -= len(data)
            self.size += len(data)
            sink.write(data)
        self._again = 0
        self._session.carry_by(self.write)
        return False

    def missing(self, most: int) -> list[int]:
        """Return the rows, at most so many, that are needed from the log to go on."""
        found: list[int] = []
        for data, row in self.held.values():
            if len(found) >= most or (data is not None and not found):
                break
            if data is None and row is not None:
                found.append(row)
        return found

    def fill(self, rows: dict[int, bytes], gone: set[int]) -> None:
        """Put in what was left in the log; what is ``gone`` from there is dropped."""
        for key, (data, row) in list(self.held.items()):
            if data is not None or row is None:
                continue
            if row in rows:
                self.held[key] = Entry(rows[row], row)
                self.held_size += len(rows[row])
                self.spilled.discard(row)
            elif row in gone:
                del self.held[key]
                self.spilled.discard(row)


def _sender_of_presence(data: bytes) -> bytes | None:
    """Return who shows presence by this stanza; None for anything else."""
    tag = _PRESENCE(data)
    if tag is None:
        return None
    attributes = dict(_ATTRIBUTES(tag[1]))
    if attributes.get(b"type", b"'unavailable'")[1:-1] != b"unavailable":
        return None
    return attributes.get(b"from")
