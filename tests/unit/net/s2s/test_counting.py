"""What each side of a stream between servers counts (XEP-0198)."""

import pytest

from palaver import jid
from palaver.net.s2s.counting import Handled, Unacknowledged
from palaver.wire.element import Element
from palaver.wire.errors import StreamError
from palaver.wire.stanza import Stanza


def message(number: int) -> Stanza:
    sender, to = jid.parse("juliet@capulet.example"), jid.parse("romeo@montague.example")
    return Stanza.make("message", sender, to, {"id": str(number)})


def sent(count: int) -> tuple[Unacknowledged, list[Stanza]]:
    unacknowledged, stanzas = Unacknowledged(), [message(number) for number in range(count)]
    for stanza in stanzas:
        unacknowledged.sent(stanza)
    return unacknowledged, stanzas


def test_what_is_acknowledged_is_kept_no_longer() -> None:
    unacknowledged, stanzas = sent(5)
    assert unacknowledged.acknowledge(2) == stanzas[:2]
    assert unacknowledged.acknowledge(2) == []
    assert unacknowledged.acknowledge(5) == stanzas[2:]
    assert unacknowledged.size == 0


@pytest.mark.parametrize("h", [4, 1 << 31])
def test_more_than_was_sent_cannot_be_acknowledged(h: int) -> None:
    unacknowledged, _ = sent(3)
    unacknowledged.acknowledge(1)
    with pytest.raises(StreamError) as caught:
        unacknowledged.acknowledge(h)
    detail = caught.value.detail  # XEP-0198 §6
    assert detail is not None
    assert (detail.ns, detail.name) == ("urn:xmpp:sm:3", "handled-count-too-high")
    assert (detail.get("h"), detail.get("send-count")) == (str(h), "3")


def test_less_than_before_cannot_be_acknowledged() -> None:
    unacknowledged, _ = sent(3)
    unacknowledged.acknowledge(2)
    with pytest.raises(StreamError):
        unacknowledged.acknowledge(1)


def test_the_counter_begins_again_after_its_last_number() -> None:
    unacknowledged, stanzas = sent(3)
    unacknowledged._acknowledged = (1 << 32) - 2
    assert unacknowledged.acknowledge(1) == stanzas


def test_many_stanzas_or_large_ones_are_to_be_acknowledged_at_once() -> None:
    few, _ = sent(63)
    assert not few.urgent
    few.sent(message(64))
    assert few.urgent
    few.acknowledge(1)
    assert not few.urgent
    body = Element("body", "jabber:client", None, "x" * 70_000)
    large, _ = sent(0)
    large.sent(message(1).with_child(body))
    assert large.urgent


def test_numbers_go_on_where_a_stream_is_resumed() -> None:
    unacknowledged, stanzas = sent(3)
    assert unacknowledged.acknowledge(2) == stanzas[:2]
    unacknowledged.begin_again()
    unacknowledged.sent(stanzas[2])
    assert unacknowledged.acknowledge(3) == [stanzas[2]]


def test_an_acknowledgement_is_due_once_something_was_sent() -> None:
    unacknowledged, _ = sent(1)
    assert unacknowledged.due
    unacknowledged.ask(1.0)
    assert not unacknowledged.due
    assert unacknowledged.asked == 1.0
    unacknowledged.acknowledge(1)
    assert unacknowledged.asked is None


def test_what_takes_longer_is_not_finished_nor_what_follows() -> None:
    handled = Handled()
    handled.number = 1
    done = handled.put_off()
    handled.number = 2
    assert handled.finished == 0
    done()
    assert handled.finished == 2


def test_the_end_of_all_that_takes_longer_is_told() -> None:
    handled, told = Handled(), []
    handled.when_finished(lambda: told.append("at once"))
    handled.number = 2
    first, second = handled.put_off(), handled.put_off()
    handled.when_finished(lambda: told.append("later"))
    first()
    assert told == ["at once"]
    second()
    assert told == ["at once", "later"]
