"""The roster in memory: what others ask it."""

from palaver import jid
from palaver.ext.roster.item import RosterItem
from palaver.ext.roster.roster import Roster
from palaver.ext.roster.states import State
from palaver.jid import BareJID

ROMEO = jid.parse_bare("romeo@montague.example")
NURSE = jid.parse_bare("nurse@capulet.example")
FAR = jid.parse_bare("paris@far.example")


def here(contact: BareJID) -> bool:
    return contact.domain != "far.example"


def test_it_answers_for_every_resource_of_a_contact() -> None:
    roster = Roster(here)
    roster.put(RosterItem(ROMEO, State.TO, listed=True, groups=("Lovers",), version=1))
    romeo = jid.parse("romeo@montague.example/orchard")
    assert roster.subscription_of(romeo) == "to"
    assert roster.groups_of(romeo) == ("Lovers",)
    assert romeo in roster
    assert [item.contact for item in roster.items] == [ROMEO]


def test_a_stranger_is_in_no_roster() -> None:
    roster = Roster(here)
    request = b"<presence type='subscribe'/>"
    roster.put(RosterItem(NURSE, State.NONE_PENDING_IN, request=request))
    for who in (ROMEO, NURSE):
        assert roster.subscription_of(who) == "none"
        assert roster.groups_of(who) == ()
        assert who not in roster
    assert roster.items == []
    assert [item.contact for item in roster.requests] == [NURSE]


def test_watchers_are_those_subscribed_and_sorted_by_where_they_are() -> None:
    roster = Roster(here)
    assert roster.watchers.here == ()
    roster.put(RosterItem(ROMEO, State.BOTH, listed=True, version=1))
    roster.put(RosterItem(NURSE, State.TO, listed=True, version=2))
    roster.put(RosterItem(FAR, State.FROM_PENDING_OUT, listed=True, version=3))
    assert roster.watchers.here == (ROMEO,)
    assert roster.watchers.elsewhere == (FAR,)
    roster.take_off(ROMEO, 4, 0)
    assert roster.watchers.here == ()


def test_changes_come_in_their_order_with_removals_between() -> None:
    roster = Roster(here)
    roster.put(RosterItem(ROMEO, listed=True, version=5))
    roster.put(RosterItem(NURSE, listed=True, version=2))
    roster.take_off(FAR, 3, 0)
    romeo, nurse = roster.item(ROMEO), roster.item(NURSE)
    assert roster.changes_since(0) == [nurse, FAR, romeo]
    assert roster.changes_since(2) == [FAR, romeo]
    assert roster.changes_since(5) == []
    assert roster.knows(5)
    assert not roster.knows(6)


def test_a_removal_is_still_known_when_the_removed_asks_to_subscribe() -> None:
    roster = Roster(here)
    roster.take_off(FAR, 3, 0)
    stranger = roster.item(FAR).moved(State.NONE_PENDING_IN, request=b"<presence/>")
    roster.put(stranger)
    assert roster.changes_since(2) == [FAR]
    assert roster.version == 3
    roster.take_off(FAR, 3, 0)
    assert roster.changes_since(2) == [FAR]


def test_what_was_forgotten_is_not_guessed() -> None:
    roster = Roster(here)
    roster.take_off(FAR, 3, 0)
    roster.take_off(ROMEO, 5, 3)
    assert not roster.knows(2)
    assert roster.knows(3)
    assert roster.changes_since(3) == [ROMEO]


def test_an_item_keeps_its_request_only_while_it_waits() -> None:
    item = RosterItem(ROMEO).moved(State.NONE_PENDING_IN, request=b"first")
    assert not item.listed
    assert item.moved(State.NONE_PENDING_IN).request == b"first"
    assert item.moved(State.FROM).request is None
    assert item.moved(State.FROM).listed
    assert item.moved(State.NONE).empty


def test_a_request_that_waits_does_not_change_how_an_item_looks() -> None:
    item = RosterItem(ROMEO, State.TO, listed=True, version=1)
    assert item.looks_like(item.moved(State.TO_PENDING_IN, request=b"x"))
    assert not item.looks_like(item.moved(State.NONE))
