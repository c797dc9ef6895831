"""The tables of RFC 6121, Appendix A, written out a second time, row by row."""

import pytest

from palaver.ext.roster import states
from palaver.ext.roster.states import INBOUND, OUTBOUND, State

NAMES = {
    "None": State.NONE,
    "None + Pending Out": State.NONE_PENDING_OUT,
    "None + Pending In": State.NONE_PENDING_IN,
    "None + Pending Out+In": State.NONE_PENDING_OUT_IN,
    "To": State.TO,
    "To + Pending In": State.TO_PENDING_IN,
    "From": State.FROM,
    "From + Pending Out": State.FROM_PENDING_OUT,
    "Both": State.BOTH,
}

OUTBOUND_TABLES = """
A.2.1 subscribe
None                  | MUST     | None + Pending Out
None + Pending Out    | MUST     | no state change
None + Pending In     | MUST     | None + Pending Out+In
None + Pending Out+In | MUST     | no state change
To                    | MUST     | no state change
To + Pending In       | MUST     | no state change
From                  | MUST     | From + Pending Out
From + Pending Out    | MUST     | no state change
Both                  | MUST     | no state change
A.2.2 unsubscribe
None                  | MUST     | no state change
None + Pending Out    | MUST     | None
None + Pending In     | MUST     | no state change
None + Pending Out+In | MUST     | None + Pending In
To                    | MUST     | None
To + Pending In       | MUST     | None + Pending In
From                  | MUST     | no state change
From + Pending Out    | MUST     | From
Both                  | MUST     | From
A.2.3 subscribed
None                  | MUST NOT | no state change
None + Pending Out    | MUST NOT | no state change
None + Pending In     | MUST     | From
None + Pending Out+In | MUST     | From + Pending Out
To                    | MUST NOT | no state change
To + Pending In       | MUST     | Both
From                  | MUST NOT | no state change
From + Pending Out    | MUST NOT | no state change
Both                  | MUST NOT | no state change
A.2.4 unsubscribed
None                  | MUST NOT | no state change
None + Pending Out    | MUST NOT | no state change
None + Pending In     | MUST     | None
None + Pending Out+In | MUST     | None + Pending Out
To                    | MUST NOT | no state change
To + Pending In       | MUST     | To
From                  | MUST     | None
From + Pending Out    | MUST     | None + Pending Out
Both                  | MUST     | To
"""

INBOUND_TABLES = """
A.3.1 subscribe
None                  | MUST     | None + Pending In
None + Pending Out    | MUST     | None + Pending Out+In
None + Pending In     | MUST NOT | no state change
None + Pending Out+In | MUST NOT | no state change
To                    | MUST     | To + Pending In
To + Pending In       | MUST NOT | no state change
From                  | MUST NOT | no state change
From + Pending Out    | MUST NOT | no state change
Both                  | MUST NOT | no state change
A.3.2 unsubscribe
None                  | MUST NOT | no state change
None + Pending Out    | MUST NOT | no state change
None + Pending In     | MUST     | None
None + Pending Out+In | MUST     | None + Pending Out
To                    | MUST NOT | no state change
To + Pending In       | MUST     | To
From                  | MUST     | None
From + Pending Out    | MUST     | None + Pending Out
Both                  | MUST     | To
A.3.3 subscribed
None                  | MUST NOT | no state change
None + Pending Out    | MUST     | To
None + Pending In     | MUST NOT | no state change
None + Pending Out+In | MUST     | To + Pending In
To                    | MUST NOT | no state change
To + Pending In       | MUST NOT | no state change
From                  | MUST NOT | no state change
From + Pending Out    | MUST     | Both
Both                  | MUST NOT | no state change
A.3.4 unsubscribed
None                  | MUST NOT | no state change
None + Pending Out    | MUST     | None
None + Pending In     | MUST NOT | no state change
None + Pending Out+In | MUST     | None + Pending In
To                    | MUST     | None
To + Pending In       | MUST     | None + Pending In
From                  | MUST NOT | no state change
From + Pending Out    | MUST     | From
Both                  | MUST     | From
"""

Row = tuple[str, State, bool, State]


def rows(tables: str) -> list[Row]:
    found = []
    kind = ""
    for line in tables.strip().splitlines():
        if "|" not in line:
            kind = line.split()[1]
            continue
        existing, passes, new = (cell.strip() for cell in line.split("|"))
        state = NAMES[existing]
        after = state if new == "no state change" else NAMES[new]
        found.append((kind, state, passes == "MUST", after))
    return found


def test_the_tables_have_every_type_and_every_state() -> None:
    for written, table in ((OUTBOUND_TABLES, OUTBOUND), (INBOUND_TABLES, INBOUND)):
        assert len(rows(written)) == 4 * 9
        assert set(table) == states.SUBSCRIPTION_TYPES
        assert all(set(chart) == set(State) for chart in table.values())


@pytest.mark.parametrize(("kind", "state", "routed", "new"), rows(OUTBOUND_TABLES))
def test_outbound(kind: str, state: State, routed: bool, new: State) -> None:
    step = states.outbound(kind, state, approved=False)
    assert (step.route, step.state) == (routed, new)


@pytest.mark.parametrize(("kind", "state", "delivered", "new"), rows(INBOUND_TABLES))
def test_inbound(kind: str, state: State, delivered: bool, new: State) -> None:
    step = states.inbound(kind, state, approved=False)
    assert (step.deliver, step.state) == (delivered, new)


@pytest.mark.parametrize("state", State)
def test_a_request_of_somebody_subscribed_is_answered_at_once(state: State) -> None:
    subscribed = state in (State.FROM, State.FROM_PENDING_OUT, State.BOTH)
    assert states.inbound("subscribe", state, approved=False).approve is subscribed


@pytest.mark.parametrize("kind", ["subscribed", "unsubscribe", "unsubscribed"])
@pytest.mark.parametrize("state", State)
def test_nothing_but_a_request_is_answered(kind: str, state: State) -> None:
    assert not states.inbound(kind, state, approved=True).approve


PREAPPROVABLE = [State.NONE, State.NONE_PENDING_OUT, State.TO]


@pytest.mark.parametrize("state", State)
def test_an_approval_without_a_request_is_one_in_advance(state: State) -> None:
    assert states.outbound("subscribed", state, approved=False).approved is (state in PREAPPROVABLE)


@pytest.mark.parametrize(
    ("state", "new"),
    [
        (State.NONE, State.FROM),
        (State.NONE_PENDING_OUT, State.FROM_PENDING_OUT),
        (State.TO, State.BOTH),
    ],
)
def test_a_request_approved_in_advance_is_granted_without_asking(state: State, new: State) -> None:
    assert states.inbound("subscribe", state, approved=True) == (new, False, True)


@pytest.mark.parametrize("state", State)
def test_a_refusal_takes_back_an_approval_in_advance(state: State) -> None:
    assert not states.outbound("unsubscribed", state, approved=True).approved


@pytest.mark.parametrize("kind", ["subscribe", "unsubscribe", "subscribed"])
@pytest.mark.parametrize("state", State)
def test_nothing_else_takes_it_back(kind: str, state: State) -> None:
    assert states.outbound(kind, state, approved=True).approved


@pytest.mark.parametrize("state", State)
def test_a_state_is_read_as_it_was_written(state: State) -> None:
    read = states.read(
        state.subscription, pending_out=state.pending_out, pending_in=state.pending_in
    )
    assert read is state


def test_stored_values_that_contradict_themselves_are_put_right() -> None:
    assert states.read("both", pending_out=True, pending_in=True) is State.BOTH
    assert states.read("to", pending_out=True, pending_in=True) is State.TO_PENDING_IN
    assert states.read("from", pending_out=True, pending_in=True) is State.FROM_PENDING_OUT
