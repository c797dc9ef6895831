"""Privacy lists as data: which item decides, and how the block list maps to the default list."""

from typing import Any

import pytest

from palaver.ext.privacy.rules import NO_RULES, Item, Kind, PrivacyList, Rules
from palaver.jid import JID, parse


class Contacts:
    """Juliet is a friend with a subscription of each kind named."""

    def __init__(self, subscription: str = "none", groups: tuple[str, ...] = ()) -> None:
        self.subscription = subscription
        self.groups = groups

    def subscription_of(self, jid: JID) -> str:
        return self.subscription

    def groups_of(self, jid: JID) -> tuple[str, ...]:
        return self.groups


STRANGERS = Contacts()
JULIET = parse("juliet@capulet.example/balcony")


def deny(order: int, type_: Any = "", value: str = "", kinds: Kind = Kind.ALL) -> Item:
    return Item(order, False, type_, value, kinds)


def allow(order: int, type_: Any = "", value: str = "", kinds: Kind = Kind.ALL) -> Item:
    return Item(order, True, type_, value, kinds)


@pytest.mark.parametrize(
    ("value", "peer", "matches"),
    [
        ("juliet@capulet.example/balcony", "juliet@capulet.example/balcony", True),
        ("juliet@capulet.example/balcony", "juliet@capulet.example/chamber", False),
        ("juliet@capulet.example/balcony", "juliet@capulet.example", False),
        ("juliet@capulet.example", "juliet@capulet.example", True),
        ("juliet@capulet.example", "juliet@capulet.example/balcony", True),
        ("juliet@capulet.example", "nurse@capulet.example", False),
        ("capulet.example/balcony", "capulet.example/balcony", True),
        ("capulet.example/balcony", "capulet.example/chamber", False),
        ("capulet.example", "capulet.example", True),
        ("capulet.example", "juliet@capulet.example/balcony", True),
        ("capulet.example", "capulet.example/balcony", True),
        ("capulet.example", "juliet@house.capulet.example", False),
    ],
)
def test_a_jid_matches_itself_its_resources_and_its_domains_users(
    value: str, peer: str, matches: bool
) -> None:
    denying = PrivacyList([deny(1, "jid", value)])
    assert denying.allows(Kind.MESSAGE, parse(peer), STRANGERS) is not matches


@pytest.mark.parametrize(
    ("items", "allowed"),
    [
        ([], True),
        ([deny(1)], False),
        ([allow(1, "jid", "juliet@capulet.example"), deny(2)], True),
        ([deny(2), allow(1, "jid", "juliet@capulet.example")], True),
        ([deny(1), allow(2, "jid", "juliet@capulet.example")], False),
        ([deny(1, "jid", "capulet.example"), allow(2, "jid", str(JULIET))], False),
        ([allow(1, "jid", str(JULIET)), deny(2, "jid", "capulet.example")], True),
        ([deny(1, "jid", "tybalt@capulet.example")], True),
        ([allow(0, "subscription", "both"), deny(5, "jid", str(JULIET)), allow(6)], False),
        ([deny(0, "subscription", "none"), allow(5, "jid", str(JULIET))], False),
        ([deny(1, "jid", str(JULIET)), allow(2, "jid", str(JULIET))], False),
    ],
)
def test_the_first_item_that_matches_decides(items: list[Item], allowed: bool) -> None:
    assert PrivacyList(items).allows(Kind.IQ, JULIET, STRANGERS) is allowed


@pytest.mark.parametrize("rule", ["none", "to", "from", "both"])
@pytest.mark.parametrize("actual", ["none", "to", "from", "both"])
def test_subscriptions_match_exactly(rule: str, actual: str) -> None:
    denying = PrivacyList([deny(1, "subscription", rule)])
    assert denying.allows(Kind.MESSAGE, JULIET, Contacts(actual)) is (rule != actual)


def test_groups_match_those_that_a_contact_is_in() -> None:
    denying = PrivacyList([deny(1, "group", "Enemies")])
    assert not denying.allows(Kind.MESSAGE, JULIET, Contacts(groups=("Kin", "Enemies")))
    assert denying.allows(Kind.MESSAGE, JULIET, Contacts(groups=("enemies",)))


@pytest.mark.parametrize("about", list(Kind.ALL)[:4])
@pytest.mark.parametrize("kind", list(Kind.ALL))
def test_an_item_may_be_about_some_kinds_only(about: Kind, kind: Kind) -> None:
    for item in (deny(1, "jid", str(JULIET), about), deny(1, kinds=about)):
        assert PrivacyList([item]).allows(kind, JULIET, STRANGERS) is (kind != about)


def test_the_active_list_applies_instead_of_the_default() -> None:
    rules = NO_RULES.with_list("a", [deny(1)]).with_list("b", [allow(1)]).with_default("a")
    assert rules.applied(None) is rules.lists["a"]
    assert rules.applied("b") is rules.lists["b"]
    assert NO_RULES.applied(None) is None


def values(rules: Rules) -> list[tuple[int, str]]:
    applied = rules.applied(None)
    return [(item.order, item.value) for item in applied.items] if applied else []


def test_blocking_makes_a_default_list() -> None:
    rules = NO_RULES.blocking(["romeo@montague.example", "iago@venice.example"])
    assert rules.blocked == ["romeo@montague.example", "iago@venice.example"]
    assert rules.default is not None
    assert not rules.unblocking(None)


def test_blocked_addresses_come_first_in_the_default_list() -> None:
    rules = NO_RULES.with_list("d", [allow(7, "jid", "a@b"), deny(9)]).with_default("d")
    rules = rules.blocking(["x@y"]).blocking(["a@b", "x@y"])
    assert rules.default == "d"
    assert values(rules) == [(1, "a@b"), (2, "x@y"), (3, "a@b"), (4, "")]
    assert rules.blocked == ["a@b", "x@y"]


def test_unblocking_leaves_other_items_alone() -> None:
    about_messages = deny(3, "jid", "x@y", Kind.MESSAGE)
    items = [deny(1, "jid", "x@y"), deny(2, "jid", "z@y"), about_messages, deny(4)]
    rules = NO_RULES.with_list("d", items).with_default("d")
    assert values(rules.unblocking(["x@y"])) == [(1, "z@y"), (2, "x@y"), (3, "")]
    assert values(rules.unblocking(None)) == [(1, "x@y"), (2, "")]


def test_unblocking_whom_nobody_blocked_changes_nothing() -> None:
    rules = NO_RULES.blocking(["x@y"])
    assert rules.unblocking(["z@y"]) is rules
    assert NO_RULES.unblocking(None) is NO_RULES


def test_blocking_does_not_touch_a_list_that_is_not_the_default() -> None:
    rules = NO_RULES.with_list("blocklist", [allow(1)]).blocking(["x@y"])
    assert rules.lists["blocklist"].items == (allow(1),)
    assert rules.blocked == ["x@y"]
