"""Directed presence, and who must hear of its end (RFC 6121 §4.6)."""

from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.support.rosters import befriend, connect, heard

ROMEO = "romeo@montague.example/orchard"
JULIET = "juliet@capulet.example/balcony"


@pytest.mark.parametrize("to", ["juliet@capulet.example", JULIET])
async def test_it_reaches_a_stranger_and_ends_with_the_session(
    juliet: Client, romeo: Client, to: str
) -> None:
    romeo.send(f"<presence to='{to}'><show>chat</show></presence>")
    assert await heard(juliet) == [f"available {ROMEO} chat"]
    romeo.send("<presence><show>away</show></presence>")
    assert await heard(juliet) == []
    romeo.close()
    assert await heard(juliet) == [f"unavailable {ROMEO}"]


async def test_it_ends_with_unavailable_presence_and_its_status(
    juliet: Client, romeo: Client
) -> None:
    romeo.send(f"<presence to='{JULIET}'/>")
    romeo.send("<presence type='unavailable'><status>gone</status></presence>")
    assert await heard(juliet) == [f"available {ROMEO}", f"unavailable {ROMEO} gone"]
    romeo.close()
    assert await heard(juliet) == []


async def test_a_session_that_is_not_available_may_send_it(house: House, juliet: Client) -> None:
    romeo = await house.client(ROMEO, available=False)
    romeo.send(f"<presence to='{JULIET}'/>")
    romeo.close()
    assert await heard(juliet) == [f"available {ROMEO}", f"unavailable {ROMEO}"]


async def test_directed_unavailable_presence_ends_it(juliet: Client, romeo: Client) -> None:
    romeo.send(f"<presence to='{JULIET}'/>")
    romeo.send(f"<presence to='{JULIET}' type='unavailable'/>")
    romeo.close()
    assert await heard(juliet) == [f"available {ROMEO}", f"unavailable {ROMEO}"]


async def test_an_error_ends_it(juliet: Client, romeo: Client) -> None:
    romeo.send(f"<presence to='{JULIET}'/>")
    juliet.send(f"<presence to='{ROMEO}' type='error'/>")
    await juliet.taken()
    await romeo.taken()
    romeo.close()
    assert await heard(juliet) == []


async def test_subscribers_hear_of_the_end_once(juliet: Client, romeo: Client) -> None:
    await befriend(juliet, romeo)
    romeo.send(f"<presence to='{JULIET}'><show>chat</show></presence>")
    romeo.close()
    assert await heard(juliet) == [f"available {ROMEO} chat", f"unavailable {ROMEO}"]


async def test_presence_for_oneself_is_not_remembered(house: House, juliet: Client) -> None:
    chamber = await connect(house, "juliet@capulet.example/chamber")
    await juliet.taken()
    juliet.send("<presence to='juliet@capulet.example/chamber'><show>chat</show></presence>")
    juliet.close()
    assert await heard(chamber) == [f"available {JULIET} chat", f"unavailable {JULIET}"]


async def test_presence_for_nobody_is_ignored(juliet: Client) -> None:
    for to in ("nobody@capulet.example", "nobody@capulet.example/x", "capulet.example"):
        juliet.send(f"<presence to='{to}'/>")
    juliet.send("<presence to='romeo@montague.example/nowhere'/>")
    assert await heard(juliet) == []


async def test_not_everybody_is_remembered(tmp_path: Path) -> None:
    limit = "[extensions.presence]\ndirected = 10\n"
    async with open_house(tmp_path, "roster", "presence", configuration=limit) as house:
        romeo = await connect(house, ROMEO)
        for number in range(11):
            romeo.send(f"<presence to='c{number}@capulet.example'/>")
        romeo.send("<presence to='c0@capulet.example'/>")
        assert await heard(romeo) == ["presence error c10@capulet.example resource-constraint"]
