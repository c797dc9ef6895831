"""Streams between servers that broke, and may be resumed (XEP-0198 §5)."""

from palaver import jid
from palaver.net.s2s.counting import Counted, Handled, Unacknowledged
from palaver.net.s2s.resumables import RESUMABLE, Broken, Resumables
from palaver.stream.s2s.dialback import Pair
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

PAIR = Pair("capulet.example", "montague.example")
MALLORY = Pair("mallory.example", "montague.example")


def counted(token: str, size: int = 0) -> Counted:
    """Give a stream on which so many bytes were not acknowledged."""
    sent = Unacknowledged()
    if size:
        sender, to = jid.parse("juliet@capulet.example"), jid.parse("romeo@montague.example")
        body = Element("body", "jabber:client", None, "x" * size)
        sent.sent(Stanza.make("message", sender, to, {}, body))
    return Counted(sent, Handled(), token)


def test_a_stream_is_resumed_by_whom_it_belongs_to_once_and_in_time() -> None:
    resumables, found = Resumables(), counted("token")
    resumables.keep(PAIR, found, 100.0)
    assert resumables.take("token", {MALLORY}, 101.0) is None
    assert resumables.take("other", {PAIR}, 101.0) is None
    assert resumables.take("token", {PAIR}, 101.0 + RESUMABLE) is None
    assert resumables.take("token", {PAIR}, 101.0) is found
    assert resumables.take("token", {PAIR}, 101.0) is None


def test_what_cannot_be_resumed_any_more_is_not_kept() -> None:
    resumables = Resumables()
    for number in range(3):
        resumables.keep(PAIR, counted(str(number)), number * RESUMABLE / 2 + number)
    assert len(resumables) == 2


def test_of_very_many_streams_that_broke_the_last_are_kept() -> None:
    broken = Broken()
    pairs = [Pair("capulet.example", f"{number}.example") for number in range(1_001)]
    for pair in [*pairs[:2], *pairs]:
        broken.keep(pair, counted("token"))
    assert list(broken) == pairs[1:]


def test_whoever_lets_very_many_streams_break_makes_nobody_else_forget_theirs() -> None:
    resumables = Resumables()
    resumables.keep(PAIR, counted("ours"), 0.0)
    for number in range(2_000):
        pair = Pair(f"{number}.{MALLORY.sender}", MALLORY.target)
        resumables.keep(pair, counted(f"theirs{number}"), 1.0)
    assert len(resumables) == 1_000
    assert resumables.take("theirs0", {Pair("0.mallory.example", MALLORY.target)}, 2.0) is None
    assert resumables.take("ours", {PAIR}, 2.0) is not None


def test_what_streams_that_broke_hold_is_bounded_in_bytes() -> None:
    resumables = Resumables()
    resumables.keep(PAIR, counted("ours", 1_000_000), 0.0)
    for number in range(100):
        resumables.keep(MALLORY, counted(f"theirs{number}", 1_000_000), 1.0)
    assert len(resumables) == 67
    assert resumables.take("ours", {PAIR}, 2.0) is not None
    assert resumables.take("theirs99", {MALLORY}, 2.0) is not None
    assert resumables.take("theirs0", {MALLORY}, 2.0) is None
    for number in range(100):  # what was given up or taken makes room
        resumables.keep(PAIR, counted(f"more{number}", 1_000), 3.0)
    assert len(resumables) == 67 - 2 + 100


def test_whose_stream_had_stanzas_of_a_pair_is_known_until_that_one_goes_on() -> None:
    broken, room = Broken(), Pair("conference.capulet.example", PAIR.target)
    sent = counted("token")
    for pair in (PAIR, room):
        to = jid.parse(f"romeo@{pair.target}")
        sent.sent.sent(Stanza.make("message", jid.parse(f"juliet@{pair.sender}"), to))
    quiet = Pair(PAIR.sender, "rooms.montague.example")  # what is for it may come again
    broken.keep(PAIR, sent, {PAIR, quiet})
    assert broken.carrying(room) == broken.carrying(quiet) == PAIR
    assert broken.carrying(PAIR) is None  # it goes on with its own
    assert broken.carrying(Pair(room.sender, "verona.example")) is None
    assert broken.take(PAIR) is sent
    assert broken.carrying(room) is None
