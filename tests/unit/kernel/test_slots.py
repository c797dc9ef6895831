"""Slots: one value per owner and extension."""

import pytest

from palaver import jid
from palaver.kernel.account import Account
from palaver.kernel.host import Host
from palaver.kernel.settings import HostSettings
from palaver.kernel.slots import Slot

HOST = Host("capulet.example", HostSettings())


def account(name: str) -> Account:
    return Account(jid.parse_bare(f"{name}@capulet.example"), HOST, None)


def test_each_owner_has_a_value_of_its_own() -> None:
    slot: Slot[int] = Slot("count")
    juliet, nurse = account("juliet"), account("nurse")
    slot.set(juliet, 1)
    slot.set(nurse, 2)
    slot.set(nurse, 3)
    assert (slot.of(juliet), slot.of(nurse)) == (1, 3)


def test_slots_of_one_name_are_two_slots() -> None:
    mine: Slot[int] = Slot("count")
    yours: Slot[str] = Slot("count")
    juliet = account("juliet")
    mine.set(juliet, 1)
    yours.set(juliet, "one")
    assert (mine.of(juliet), yours.of(juliet)) == (1, "one")


def test_a_value_that_was_never_set_is_missing() -> None:
    slot: Slot[int] = Slot("count")
    juliet = account("juliet")
    assert slot.get(juliet) is None
    with pytest.raises(KeyError):
        slot.of(juliet)
    slot.clear(juliet)
    slot.set(juliet, 1)
    slot.clear(juliet)
    assert slot.get(juliet) is None
    assert repr(slot) == "<slot count>"
