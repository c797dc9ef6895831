"""The subscription states and both state charts of RFC 6121, Appendix A, as tables.

Each row reads as in the RFC: the state a contact is in, whether the stanza goes on, and the state
that follows. Pre-approval (§3.4) is kept beside the state and handled below the tables.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final, NamedTuple

SUBSCRIPTION_TYPES: Final = frozenset({"subscribe", "subscribed", "unsubscribe", "unsubscribed"})


class State(Enum):
    """The nine states a contact can be in, from the user's side (RFC 6121 §A.1).

    ``subscription`` is the attribute of that name in the roster, ``pending_out`` what ``ask`` says;
    ``pending_in`` (the contact's request waits for an answer) is known only to the server.
    """

    NONE = ("none", False, False)
    NONE_PENDING_OUT = ("none", True, False)
    NONE_PENDING_IN = ("none", False, True)
    NONE_PENDING_OUT_IN = ("none", True, True)
    TO = ("to", False, False)
    TO_PENDING_IN = ("to", False, True)
    FROM = ("from", False, False)
    FROM_PENDING_OUT = ("from", True, False)
    BOTH = ("both", False, False)

    def __init__(self, subscription: str, pending_out: bool, pending_in: bool) -> None:
        self.subscription = subscription
        self.pending_out = pending_out
        self.pending_in = pending_in
        self.sees = subscription in ("to", "both")
        """The user is subscribed to the contact's presence."""
        self.is_seen = subscription in ("from", "both")
        """The contact is subscribed to the user's presence."""

    def joined(self, other: "State") -> "State":
        """Return the state in which everything is subscribed that is so in either."""
        return read(
            subscription_of(sees=self.sees or other.sees, is_seen=self.is_seen or other.is_seen),
            pending_out=self.pending_out,
            pending_in=self.pending_in,
        )


class Row(NamedTuple):
    """One row of a table: whether the stanza is routed or delivered, and the new state."""

    passes: bool
    state: State


def _table(*rows: tuple[State, bool, State]) -> Mapping[State, Row]:
    return {state: Row(passes, new) for state, passes, new in rows}


_YES: Final = True
_NO: Final = False
_N = State.NONE
_N_OUT = State.NONE_PENDING_OUT
_N_IN = State.NONE_PENDING_IN
_N_OUT_IN = State.NONE_PENDING_OUT_IN
_TO = State.TO
_TO_IN = State.TO_PENDING_IN
_FROM = State.FROM
_FROM_OUT = State.FROM_PENDING_OUT
_BOTH = State.BOTH

OUTBOUND: Final[Mapping[str, Mapping[State, Row]]] = {
    # §A.2.1          existing   route  new
    "subscribe": _table(
        (_N, _YES, _N_OUT),
        (_N_OUT, _YES, _N_OUT),
        (_N_IN, _YES, _N_OUT_IN),
        (_N_OUT_IN, _YES, _N_OUT_IN),
        (_TO, _YES, _TO),
        (_TO_IN, _YES, _TO_IN),
        (_FROM, _YES, _FROM_OUT),
        (_FROM_OUT, _YES, _FROM_OUT),
        (_BOTH, _YES, _BOTH),
    ),
    # §A.2.2
    "unsubscribe": _table(
        (_N, _YES, _N),
        (_N_OUT, _YES, _N),
        (_N_IN, _YES, _N_IN),
        (_N_OUT_IN, _YES, _N_IN),
        (_TO, _YES, _N),
        (_TO_IN, _YES, _N_IN),
        (_FROM, _YES, _FROM),
        (_FROM_OUT, _YES, _FROM),
        (_BOTH, _YES, _FROM),
    ),
    # §A.2.3
    "subscribed": _table(
        (_N, _NO, _N),
        (_N_OUT, _NO, _N_OUT),
        (_N_IN, _YES, _FROM),
        (_N_OUT_IN, _YES, _FROM_OUT),
        (_TO, _NO, _TO),
        (_TO_IN, _YES, _BOTH),
        (_FROM, _NO, _FROM),
        (_FROM_OUT, _NO, _FROM_OUT),
        (_BOTH, _NO, _BOTH),
    ),
    # §A.2.4
    "unsubscribed": _table(
        (_N, _NO, _N),
        (_N_OUT, _NO, _N_OUT),
        (_N_IN, _YES, _N),
        (_N_OUT_IN, _YES, _N_OUT),
        (_TO, _NO, _TO),
        (_TO_IN, _YES, _TO),
        (_FROM, _YES, _N),
        (_FROM_OUT, _YES, _N_OUT),
        (_BOTH, _YES, _TO),
    ),
}
"""What the user's own stanzas do (RFC 6121 §A.2); ``passes``: it is routed to the contact."""

INBOUND: Final[Mapping[str, Mapping[State, Row]]] = {
    # §A.3.1          existing   deliver  new
    "subscribe": _table(
        (_N, _YES, _N_IN),
        (_N_OUT, _YES, _N_OUT_IN),
        (_N_IN, _NO, _N_IN),
        (_N_OUT_IN, _NO, _N_OUT_IN),
        (_TO, _YES, _TO_IN),
        (_TO_IN, _NO, _TO_IN),
        (_FROM, _NO, _FROM),
        (_FROM_OUT, _NO, _FROM_OUT),
        (_BOTH, _NO, _BOTH),
    ),
    # §A.3.2
    "unsubscribe": _table(
        (_N, _NO, _N),
        (_N_OUT, _NO, _N_OUT),
        (_N_IN, _YES, _N),
        (_N_OUT_IN, _YES, _N_OUT),
        (_TO, _NO, _TO),
        (_TO_IN, _YES, _TO),
        (_FROM, _YES, _N),
        (_FROM_OUT, _YES, _N_OUT),
        (_BOTH, _YES, _TO),
    ),
    # §A.3.3
    "subscribed": _table(
        (_N, _NO, _N),
        (_N_OUT, _YES, _TO),
        (_N_IN, _NO, _N_IN),
        (_N_OUT_IN, _YES, _TO_IN),
        (_TO, _NO, _TO),
        (_TO_IN, _NO, _TO_IN),
        (_FROM, _NO, _FROM),
        (_FROM_OUT, _YES, _BOTH),
        (_BOTH, _NO, _BOTH),
    ),
    # §A.3.4
    "unsubscribed": _table(
        (_N, _NO, _N),
        (_N_OUT, _YES, _N),
        (_N_IN, _NO, _N_IN),
        (_N_OUT_IN, _YES, _N_IN),
        (_TO, _YES, _N),
        (_TO_IN, _YES, _N_IN),
        (_FROM, _NO, _FROM),
        (_FROM_OUT, _YES, _FROM),
        (_BOTH, _YES, _FROM),
    ),
}
"""What the contact's stanzas do (RFC 6121 §A.3); ``passes``: it is delivered to the user."""


class Sent(NamedTuple):
    """What follows from a subscription stanza that the user sent.

    ``state``, ``approved``  what the contact is from now on
    ``route``                the stanza goes to the contact
    """

    state: State
    approved: bool
    route: bool


class Received(NamedTuple):
    """What follows from a subscription stanza that the contact sent.

    ``state``    what the contact is from now on
    ``deliver``  the stanza is shown to the user
    ``approve``  the server answers ``subscribed`` on the user's behalf
    """

    state: State
    deliver: bool
    approve: bool


def outbound(kind: str, state: State, approved: bool) -> Sent:
    """Follow a stanza of the user through the charts and the rules of pre-approval.

    ``subscribed`` to a contact who has not asked is a pre-approval (RFC 6121 §3.4.2);
    ``unsubscribed`` takes it back (§3.4.2, §3.2.2).
    """
    passes, new = OUTBOUND[kind][state]
    if kind == "subscribed" and not passes and not state.is_seen:
        approved = True
    elif kind == "unsubscribed":
        approved = False
    return Sent(new, approved, passes)


def inbound(kind: str, state: State, approved: bool) -> Received:
    """Follow a stanza of the contact through the charts and the rules of pre-approval.

    A request of a contact who is subscribed already, or pre-approved, is answered for the user
    without asking again (RFC 6121 §3.1.3 rule 2).
    """
    passes, new = INBOUND[kind][state]
    if kind != "subscribe":
        return Received(new, passes, approve=False)
    if state.is_seen:
        return Received(new, deliver=False, approve=True)
    if approved:
        return Received(OUTBOUND["subscribed"][new].state, deliver=False, approve=True)
    return Received(new, passes, approve=False)


def subscription_of(*, sees: bool, is_seen: bool) -> str:
    """Return the name of a subscription."""
    return ("both" if is_seen else "to") if sees else ("from" if is_seen else "none")


_BY_VALUE: Final = {state.value: state for state in State}


def read(subscription: str, *, pending_out: bool, pending_in: bool) -> State:
    """Return the state of stored values; what contradicts itself is put right."""
    pending_out = pending_out and subscription not in ("to", "both")
    pending_in = pending_in and subscription not in ("from", "both")
    return _BY_VALUE[subscription, pending_out, pending_in]
