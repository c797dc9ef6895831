"""Roster versions (RFC 6121 §2.6): what changed is pushed, in order, also after a restart."""

from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.support.rosters import connect, heard, listed, put, roster

from palaver.ext.roster import extension
from palaver.ext.roster.payload import version_text

JULIET = "juliet@capulet.example"


async def version(house: House) -> str:
    return version_text((await roster(house, JULIET)).version)


def contact(number: int, more: str = "") -> str:
    return f"<item jid='c{number}@x.example' {more}/>"


async def remove(client: Client, number: int) -> None:
    assert await put(client, contact(number, "subscription='remove'")) == "result"


async def test_the_latest_version_gets_an_empty_result_and_no_push(
    house: House, juliet: Client
) -> None:
    await put(juliet, contact(1))
    await juliet.taken()
    assert await listed(juliet, await version(house)) is None
    assert await heard(juliet) == []


async def test_an_empty_roster_has_a_version_too(house: House, juliet: Client) -> None:
    assert await listed(juliet, "") == []
    assert await listed(juliet, await version(house)) is None


async def test_an_earlier_version_gets_each_change_once_in_order(
    house: House, juliet: Client
) -> None:
    for number in range(4):
        await put(juliet, contact(number))
    known = await version(house)
    await put(juliet, contact(2, "name='First'"))
    await remove(juliet, 1)
    await put(juliet, contact(3))
    await put(juliet, contact(2, "name='Second'"))
    chamber = await house.client(f"{JULIET}/chamber", available=False)
    assert await listed(chamber, known) is None
    pushes = await chamber.taken()
    versions = [push.find("query", "jabber:iq:roster").get("ver", "") for push in pushes]  # type: ignore[union-attr]  # all are pushes
    chamber.wire.written = [push.to_bytes() for push in pushes]
    assert await heard(chamber) == [
        "push c1@x.example remove",
        "push c3@x.example none",
        "push c2@x.example none 'Second'",
    ]
    assert versions == sorted(set(versions), key=lambda text: int(text, 16))
    assert versions[-1] == await version(house)


async def test_who_caught_up_gets_pushes_from_then_on(house: House, juliet: Client) -> None:
    known = await version(house)
    await put(juliet, contact(1))
    chamber = await house.client(f"{JULIET}/chamber", available=False)
    await listed(chamber, known)
    await chamber.taken()
    await put(juliet, contact(2))
    assert await heard(chamber) == ["push c2@x.example none"]


@pytest.mark.parametrize("unknown", ["", "no-such-version", "ffffffffffffff"])
async def test_an_unknown_version_gets_the_whole_roster(juliet: Client, unknown: str) -> None:
    await put(juliet, contact(1))
    assert await listed(juliet, unknown) == ["c1@x.example none"]


async def test_much_change_gets_the_whole_roster(house: House, juliet: Client) -> None:
    known = await version(house)
    for number in range(30):
        await put(juliet, contact(number))
    whole = await listed(juliet, known)
    assert whole is not None
    assert len(whole) == 30


async def test_changes_are_known_after_a_restart(tmp_path: Path) -> None:
    async with open_house(tmp_path, "roster", "presence") as house:
        juliet = await connect(house, f"{JULIET}/balcony")
        await put(juliet, contact(1))
        await put(juliet, contact(2))
        known = await version(house)
        await remove(juliet, 1)
        latest = await version(house)
    async with open_house(tmp_path, "roster", "presence") as house:
        juliet = await house.client(f"{JULIET}/balcony", available=False)
        assert await version(house) == latest
        assert await listed(juliet, known) is None
        assert await heard(juliet) == ["push c1@x.example remove"]
        assert await listed(juliet, latest) is None
        assert await heard(juliet) == []


async def test_forgotten_removals_are_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extension, "_REMOVALS", 3)
    async with open_house(tmp_path, "roster", "presence") as house:
        juliet = await connect(house, f"{JULIET}/balcony")
        for number in range(6):
            await put(juliet, contact(number))
        before = await version(house)
        await remove(juliet, 0)
        after_first = await version(house)
        for number in range(1, 4):
            await remove(juliet, number)
        await put(juliet, contact(3))  # one removal less is remembered, none is forgotten less
        for _ in range(2):
            assert await listed(juliet, before) == [
                "c4@x.example none",
                "c5@x.example none",
                "c3@x.example none",
            ]
            assert await listed(juliet, after_first) is None
            await juliet.taken()
    async with open_house(tmp_path, "roster", "presence") as house:
        juliet = await house.client(f"{JULIET}/balcony", available=False)
        whole = await listed(juliet, before)
        assert whole is not None
        assert len(whole) == 3
        assert await listed(juliet, after_first) is None
        assert await heard(juliet) == [
            "push c1@x.example remove",
            "push c2@x.example remove",
            "push c3@x.example none",
        ]


async def test_a_removal_is_remembered_though_the_removed_asks_again(
    house: House, juliet: Client, romeo: Client
) -> None:
    await put(juliet, "<item jid='romeo@montague.example'/>")
    known = await version(house)
    await put(juliet, "<item jid='romeo@montague.example' subscription='remove'/>")
    romeo.send(f"<presence type='subscribe' to='{JULIET}'/>")
    await juliet.taken()
    for _ in range(2):
        assert await listed(juliet, known) is None
        assert await heard(juliet) == ["push romeo@montague.example remove"]
        juliet.send("<presence type='unsubscribed' to='romeo@montague.example'/>")
        assert await heard(juliet) == []
