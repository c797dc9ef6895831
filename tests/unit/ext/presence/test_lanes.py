"""Lanes: nothing overtakes a subscription stanza that waits for storage."""

import pytest

from palaver import jid
from palaver.ext.presence.lanes import Lanes, Passage
from palaver.ext.roster.states import SUBSCRIPTION_TYPES
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

ROMEO = jid.parse_bare("romeo@montague.example")
JULIET = jid.parse_bare("juliet@capulet.example")


def message(text: str) -> Stanza:
    return Stanza.make("message", ROMEO.with_resource("orchard"), JULIET, {"id": text})


def subscription(kind: str) -> Stanza:
    return Stanza.make("presence", ROMEO, JULIET, {"type": kind, "id": kind})


class Router:
    """Delivers as the router does: what has to wait is held, a subscription goes its passage."""

    def __init__(self) -> None:
        self.lanes = Lanes(self.route)
        self.delivered: list[str | None] = []
        self.arriving: list[tuple[Passage, Stanza]] = []

    def submit(self, stanza: Stanza) -> Passage:
        """Take a subscription stanza that its sender has begun to store."""
        return self.lanes.enter(ROMEO, JULIET)

    def stored(self, passage: Passage, *stanzas: Stanza) -> None:
        """Send it on, with what its sender has to say besides."""

        def go() -> None:
            for stanza in stanzas:
                self.route(stanza)

        passage.leave(go)

    def route(self, stanza: Stanza) -> None:
        if self.lanes.open and self.lanes.hold(stanza, JULIET):
            return
        if stanza.type in SUBSCRIPTION_TYPES:
            self.arriving.append((self.lanes.enter(ROMEO, JULIET), stanza))
        else:
            self.delivered.append(stanza.id)

    def arrived(self) -> None:
        """Take note that the recipient, too, has stored what came first."""
        passage, stanza = self.arriving.pop(0)
        self.delivered.append(stanza.id)
        passage.leave()


def test_a_message_waits_for_the_subscription_before_it() -> None:
    router = Router()
    passage = router.submit(subscription("subscribe"))
    router.route(message("1"))
    router.route(message("2"))
    router.stored(passage, subscription("subscribe"))
    assert router.delivered == []
    router.arrived()
    assert router.delivered == ["subscribe", "1", "2"]
    assert not router.lanes.open


def test_a_later_subscription_waits_for_the_messages_before_it() -> None:
    router = Router()
    first = router.submit(subscription("subscribe"))
    router.route(message("1"))
    second = router.submit(subscription("unsubscribe"))
    router.route(message("2"))
    router.stored(first, subscription("subscribe"))
    router.stored(second, subscription("unsubscribe"))
    assert router.delivered == []
    router.arrived()
    assert router.delivered == ["subscribe", "1"]
    router.arrived()
    assert router.delivered == ["subscribe", "1", "unsubscribe", "2"]
    assert not router.lanes.open


def test_subscriptions_from_elsewhere_keep_their_order_too() -> None:
    router = Router()
    for stanza in (subscription("subscribe"), message("1"), subscription("unsubscribe")):
        router.route(stanza)
    router.route(message("2"))
    router.arrived()
    assert router.delivered == ["subscribe", "1"]
    router.arrived()
    assert router.delivered == ["subscribe", "1", "unsubscribe", "2"]
    assert not router.lanes.open


def test_what_a_subscription_brings_along_comes_right_after_it() -> None:
    router = Router()
    passage = router.submit(subscription("subscribed"))
    router.route(message("2"))
    router.stored(passage, message("0"), subscription("subscribed"), message("1a"), message("1b"))
    assert router.delivered == ["0"]
    router.arrived()
    assert router.delivered == ["0", "subscribed", "1a", "1b", "2"]


def test_a_subscription_that_is_not_sent_on_holds_up_nothing_longer() -> None:
    router = Router()
    passage = router.submit(subscription("subscribe"))
    router.route(message("1"))
    passage.leave()
    assert router.delivered == ["1"]
    assert not router.lanes.open


def test_the_other_direction_does_not_wait() -> None:
    router = Router()
    router.submit(subscription("subscribe"))
    answer = Stanza.make("message", JULIET, ROMEO)
    assert not router.lanes.hold(answer, ROMEO)


def test_not_everything_is_held() -> None:
    router = Router()
    router.submit(subscription("subscribe"))
    for number in range(999):
        router.route(message(str(number)))
    with pytest.raises(StanzaError) as refused:
        router.route(message("more"))
    assert refused.value.condition == "resource-constraint"
