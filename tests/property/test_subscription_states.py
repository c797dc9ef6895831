"""Whatever two users send each other, both rosters tell the same story (RFC 6121 §A)."""

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from palaver.ext.roster import states
from palaver.ext.roster.states import State

KINDS = sorted(states.SUBSCRIPTION_TYPES)
DIALOGUES = st.lists(st.tuples(st.booleans(), st.sampled_from(KINDS)), max_size=40)


class Side:
    """One account as it sees the other."""

    def __init__(self) -> None:
        self.state = State.NONE
        self.approved = False
        self.inbox: deque[str] = deque()
        self.consents = 0

    def send(self, kind: str, other: "Side") -> None:
        step = states.outbound(kind, self.state, self.approved)
        self.consents += kind == "subscribed"
        self.state, self.approved = step.state, step.approved
        if step.route:
            other.inbox.append(kind)

    def take(self, other: "Side") -> None:
        kind = self.inbox.popleft()
        step = states.inbound(kind, self.state, self.approved)
        self.state = step.state
        if step.approve:
            other.inbox.append("subscribed")


def settle(one: Side, other: Side) -> None:
    for _ in range(100):
        if not one.inbox and not other.inbox:
            return
        for side, peer in ((one, other), (other, one)):
            if side.inbox:
                side.take(peer)
    raise AssertionError("the two never come to rest")


def agree(one: Side, other: Side) -> bool:
    return (
        one.state.sees == other.state.is_seen
        and one.state.is_seen == other.state.sees
        and one.state.pending_out == other.state.pending_in
        and one.state.pending_in == other.state.pending_out
    )


@given(DIALOGUES)
def test_both_sides_agree_after_each_stanza(dialogue: list[tuple[bool, str]]) -> None:
    one, other = Side(), Side()
    for by_one, kind in dialogue:
        if by_one:
            one.send(kind, other)
        else:
            other.send(kind, one)
        settle(one, other)
        assert agree(one, other), (one.state, other.state)


@given(DIALOGUES, st.lists(st.booleans(), max_size=80))
def test_nobody_is_shown_without_having_agreed(
    dialogue: list[tuple[bool, str]], deliveries: list[bool]
) -> None:
    """Also when stanzas cross each other on their way."""
    one, other = Side(), Side()
    pace = iter(deliveries)
    for by_one, kind in dialogue:
        if by_one:
            one.send(kind, other)
        else:
            other.send(kind, one)
        for side, peer in ((one, other), (other, one)):
            if side.inbox and next(pace, True):
                side.take(peer)
        for side in (one, other):
            assert side.consents or not side.state.is_seen
    settle(one, other)


@given(DIALOGUES)
def test_a_refusal_ends_it_whatever_came_before(dialogue: list[tuple[bool, str]]) -> None:
    one, other = Side(), Side()
    for by_one, kind in dialogue:
        if by_one:
            one.send(kind, other)
        else:
            other.send(kind, one)
    settle(one, other)
    for kind in ("unsubscribed", "unsubscribe"):
        one.send(kind, other)
    settle(one, other)
    assert not one.state.is_seen
    assert not one.state.sees
    assert not one.approved
