"""The outbox against a model: whatever is sent, lost, acknowledged and resumed, nothing is lost."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from palaver.kernel.outbox import Outbox

_WRAP = 1 << 32


class Wire:
    congested = False

    def __init__(self, client: "Client") -> None:
        self.client = client
        self.up = True

    def write(self, data: bytes) -> None:
        if self.up:
            self.client.way.append(data)


@dataclass
class Session:
    write: Callable[[bytes], None] = lambda _: None

    def carry_by(self, write: Callable[[bytes], None]) -> None:
        self.write = write

    def open_gate(self) -> None:
        pass


@dataclass
class Client:
    """Gets what is on its way, when it comes, and counts it."""

    way: list[bytes] = field(default_factory=list)
    got: list[bytes] = field(default_factory=list)
    handled: int = 0


class Machine(RuleBasedStateMachine):
    """Messages are rows of a log or not; some are presence of one of three contacts."""

    @initialize(limit=st.sampled_from([0, 100, 10_000]), start=st.sampled_from([0, _WRAP - 5]))
    def begin(self, limit: int, start: int) -> None:
        self.client = Client(handled=start)
        self.session = Session()
        self.wire = Wire(self.client)
        self.outbox = Outbox(self.session, self.wire, limit)
        self.outbox.acknowledged = start
        self.log: dict[int, bytes] = {}
        self.written: list[bytes] = []
        self.number = 0

    def _write(self, data: bytes) -> None:
        self.written.append(data)
        self.session.write(data)

    @rule(kept=st.booleans())
    def message(self, kept: bool) -> None:
        self.number += 1
        data = f"<message from='r@x' id='{self.number}'/>".encode()
        self._write(data)
        if kept:
            self.log[self.number] = data
            self.outbox.mark(data, self.number)

    @rule(contact=st.sampled_from("abc"), kind=st.sampled_from(["", " type='unavailable'"]))
    def presence(self, contact: str, kind: str) -> None:
        self.number += 1
        self._write(f"<presence from='{contact}@x' to='j@x'{kind} id='{self.number}'/>".encode())

    @rule(count=st.integers(0, 20))
    def arrive(self, count: int) -> None:
        arrived, self.client.way[:] = self.client.way[:count], self.client.way[count:]
        self.client.got += arrived
        self.client.handled = (self.client.handled + len(arrived)) % _WRAP

    @precondition(lambda self: self.wire.up)
    @rule()
    def acknowledge(self) -> None:
        for row in self.outbox.acknowledge(self.client.handled):
            del self.log[row]

    @precondition(lambda self: self.wire.up)
    @rule()
    def lose_the_connection(self) -> None:
        self.wire.up = False
        self.client.way.clear()
        self.outbox.detach()

    @precondition(lambda self: not self.wire.up)
    @rule()
    def resume(self) -> None:
        for row in self.outbox.acknowledge(self.client.handled):
            del self.log[row]
        self.wire = Wire(self.client)
        self.outbox.attach(self.wire)
        self._pump()

    def _pump(self) -> None:
        while self.outbox.held:
            missing = self.outbox.missing(3)
            if missing:
                self.outbox.fill({row: self.log[row] for row in missing}, set())
            self.outbox.pump()

    @precondition(lambda self: not self.wire.up)
    @rule()
    def restart(self) -> None:
        """Become another outbox, with what is in the log left there."""
        old = self.outbox
        self.session = Session()
        self.outbox = Outbox(self.session, self.wire, old.limit)
        left = [e._replace(data=None) if e.row is not None else e for e in old.entries]
        held = [e._replace(data=None) if e.row is not None else e for e in old.held.values()]
        self.outbox.restore(old.acknowledged, left, held)

    @invariant()
    def sizes_are_those_of_what_is_in_memory(self) -> None:
        assert self.outbox.size == sum(len(e.data or b"") for e in self.outbox.entries)
        assert self.outbox.held_size == sum(len(e.data or b"") for e in self.outbox.held.values())
        missing = {e.row for e in self.outbox.all() if e.data is None}
        assert missing == self.outbox.spilled

    @invariant()
    def nothing_but_older_presence_is_lost_or_comes_twice_or_out_of_order(self) -> None:
        place = -1
        got = [*self.client.got, *self._still_to_come()]
        for data in got:
            index = self.written.index(data)
            assert index > place
            place = index
        missed = set(self.written) - set(got)
        assert all(data.startswith(b"<presence") for data in missed)
        for contact in (b"a", b"b", b"c"):
            shown = [d for d in self.written if d.startswith(b"<presence from='" + contact)]
            assert not shown or shown[-1] in got

    def _still_to_come(self) -> list[bytes]:
        """Return what the client will get in the end: after all that it has got already."""
        entries = [e.data or self.log[e.row or 0] for e in self.outbox.all()]
        known = (self.client.handled - self.outbox.acknowledged) % _WRAP
        return entries[known:]


def test_an_outbox_loses_nothing() -> None:
    run_state_machine_as_test(Machine)
