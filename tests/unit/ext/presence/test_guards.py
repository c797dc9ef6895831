"""Block lists hold for presence too, though broadcasts do not go through the router."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.support.rosters import befriend, connect, heard

BALCONY = "juliet@capulet.example/balcony"
ORCHARD = "romeo@montague.example/orchard"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, "roster", "presence", "privacy", "blocking") as opened:
        yield opened


async def block(client: Client, address: str) -> None:
    item = f"<item jid='{address}'/>"
    await client.ask(f"<iq type='set' id='b'><block xmlns='urn:xmpp:blocking'>{item}</block></iq>")


@pytest.fixture
async def blocking(juliet: Client, romeo: Client) -> tuple[Client, Client]:
    """Give two contacts, of whom the first has blocked the second."""
    await befriend(juliet, romeo)
    await block(juliet, "romeo@montague.example")
    await juliet.taken()
    await romeo.taken()
    return juliet, romeo


async def test_broadcasts_pass_neither_way(house: House, blocking: tuple[Client, Client]) -> None:
    juliet, romeo = blocking
    nurse = await connect(house, "nurse@capulet.example/hall")
    await befriend(nurse, juliet)
    for client in (juliet, romeo):
        client.send("<presence><show>away</show></presence>")
    assert await heard(juliet) == [f"available {BALCONY} away"]
    assert await heard(romeo) == [f"available {ORCHARD} away"]
    assert await heard(nurse) == [f"available {BALCONY} away"]


async def test_the_end_of_a_session_stays_hidden(blocking: tuple[Client, Client]) -> None:
    juliet, romeo = blocking
    juliet.close()
    assert await heard(romeo) == []


async def test_who_becomes_available_sees_nothing_blocked(
    house: House, blocking: tuple[Client, Client]
) -> None:
    await house.client("juliet@capulet.example/chamber")
    garden = await house.client("romeo@montague.example/garden")
    juliet, romeo = blocking
    assert await heard(garden) == [
        "available romeo@montague.example/garden",
        f"available {ORCHARD}",
    ]
    assert await heard(juliet) == ["available juliet@capulet.example/chamber"]
    assert await heard(romeo) == ["available romeo@montague.example/garden"]


async def test_probes_are_not_answered(blocking: tuple[Client, Client]) -> None:
    _, romeo = blocking
    romeo.send("<presence type='probe' to='juliet@capulet.example'/>")
    assert await heard(romeo) == []


async def test_requests_of_the_blocked_are_not_shown(
    house: House, juliet: Client, romeo: Client
) -> None:
    await block(juliet, "romeo@montague.example")
    await juliet.taken()
    romeo.send("<presence type='subscribe' to='juliet@capulet.example'/>")
    romeo.send("<presence type='unsubscribe' to='juliet@capulet.example'/>")
    assert await heard(juliet) == []
    assert len(await heard(romeo)) == 2
