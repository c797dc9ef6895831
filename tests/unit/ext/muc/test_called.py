"""Nicknames are found in what is said, however many there are."""

import pytest

from palaver.ext.muc.called import Called


def called(*nicks: str) -> Called:
    """Return these nicknames."""
    found = Called()
    for nick in nicks:
        found.add(nick)
    return found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Where is third witch?", ["Third Witch"]),
        ("third, witch", []),
        ("thirdwitch", []),
        ("O'NEILL: third  witch", ["O'Neill"]),
        ("the witch of the wood at the end of the road, that is who", ["The witch of the wood at "
         "the end of the road"]),
        ("the witch of the wood at the end of a road", []),
        ("👵 ab", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_nickname_is_found_as_words_of_its_own(text: str, found: list[str]) -> None:
    nicks = "Third Witch", "O'Neill", "The witch of the wood at the end of the road", "👵", "ab"
    assert called(*nicks).among(text) == found


def test_a_nickname_that_is_reserved_no_more_is_not_found() -> None:
    nicks = called("a b c", "a-b-c", "a b")
    nicks.remove("a-b-c")
    nicks.remove("a-b-c")
    nicks.remove("never")
    assert nicks.among("a b c, a-b-c") == ["a b c", "a b"]
    nicks.remove("a b c")
    nicks.remove("a b")
    assert not nicks.begins_in("a b c")


def test_of_many_nicknames_that_begin_alike_few_are_looked_for() -> None:
    marks = "-._+~=#%^:;,!?|"
    nicks = called(*(f"a{x}{y}{z}b" for x in marks for y in marks for z in marks))
    assert len(nicks.among("a b " * 5_000 + "a-._b")) <= 100
