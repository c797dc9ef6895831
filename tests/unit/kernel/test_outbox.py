"""What an outbox holds back; `tests/property/test_outbox.py` has the rest."""

from collections.abc import Callable

import pytest

from palaver.kernel.outbox import Entry, Outbox


class Sink:
    congested = False

    def write(self, data: bytes) -> None:
        pass


class Session:
    def carry_by(self, write: Callable[[bytes], None]) -> None:
        pass

    def open_gate(self) -> None:
        pass


def detached(limit: int = 10_000) -> Outbox:
    outbox = Outbox(Session(), Sink(), limit)
    outbox.detach()
    return outbox


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("<presence from='a@x' to='j@x'/>", "<presence from='a@x' to='j@x' type='unavailable'/>"),
        ("<presence from='a@x'><show>dnd</show></presence>", "<presence from='a@x'/>"),
        ("<presence from='a@x' id=\"it's\"/>", "<presence from='a@x' id='a>b'\n/>"),
    ],
)
def test_only_the_last_presence_of_a_sender_is_held(older: str, newer: str) -> None:
    outbox = detached()
    for data in (older, "<presence from='b@x'/>", newer):
        outbox.hold(data.encode())
    held = [entry.data for entry in outbox.held.values()]
    assert held == [b"<presence from='b@x'/>", newer.encode()]


@pytest.mark.parametrize(
    "other",
    [
        "<presence from='a@x' type='subscribe'/>",
        "<presence from='a@x' id='>' type=\"error\"/>",
        "<presence from='a@x'\ntype = 'probe'/>",
        "<message from='a@x'/>",
        "<iq from='a@x' type='set'/>",
    ],
)
def test_what_shows_no_presence_stays(other: str) -> None:
    outbox = detached()
    for data in (other, "<presence from='a@x'/>", other):
        outbox.hold(data.encode())
    assert len(outbox.held) == 3


def test_far_too_much_is_told_once() -> None:
    outbox = detached(limit=100)
    told: list[str] = []
    outbox.overflow = lambda: told.append("overflow")
    for _ in range(20):
        outbox.hold(b"<iq/>" * 20)
    assert told == ["overflow"]


def test_a_row_is_found_behind_what_was_written_since() -> None:
    outbox = Outbox(Session(), Sink(), 100)
    message = b"<message/>"
    for data in (message, b"<iq/>", b"<iq/>"):
        outbox.write(data)
    assert outbox.mark(message, 7)
    assert outbox.entries[0] == Entry(message, 7)
    assert not outbox.mark(b"<message id='other'/>", 8)


def test_an_acknowledgement_is_asked_for_when_it_matters() -> None:
    outbox = Outbox(Session(), Sink(), 100)
    message = b"<message/>"
    outbox.write(b"<iq/>")
    assert not outbox.due
    outbox.write(message)
    outbox.mark(message, 1)
    assert outbox.due
    outbox.asked = 0.0
    assert not outbox.due
    outbox.acknowledge(2)
    assert not outbox.due
    for _ in range(5):
        outbox.write(b"<iq/>")
    assert outbox.due
