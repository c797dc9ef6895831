"""Rooms under attack: who tries to stay, read, speak or rule where that is for others."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.muc.visiting import (
    EXTENSIONS,
    NURSE,
    ROOM,
    admin,
    enter,
    open_room,
    room_of,
    seen,
)

from palaver.ext.muc.names import ADMIN, MUC
from palaver.ext.muc.privileges import Affiliation, Role


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, *EXTENSIONS) as opened:
        yield opened


async def begin(client: Client, items: str) -> None:
    """Send a request about affiliations, and let the server begin to store them."""
    query = f"<query xmlns='{ADMIN}'>{items}</query>"
    client.send(f"<iq type='set' id='begun' to='{ROOM}'>{query}</iq>")
    await asyncio.sleep(0)


async def test_a_ban_removes_who_enters_while_it_is_stored(house: House) -> None:
    romeo = await open_room(house, persistentroom="1")
    nurse = await house.client(f"{NURSE}/x")
    await nurse.taken()
    await begin(romeo, f"<item jid='{NURSE}' affiliation='outcast'/>")
    nurse.send(f"<presence to='{ROOM}/Nurse'><x xmlns='{MUC}'/></presence>")
    assert seen(await nurse.taken())[-1] == "Nurse gone outcast none 110 301"
    assert list(room_of(house).occupants) == ["Romeo"]


async def test_the_ban_of_a_domain_removes_who_enters_while_it_is_stored(house: House) -> None:
    romeo = await open_room(house, persistentroom="1")
    nurse = await house.client(f"{NURSE}/x")
    await nurse.taken()
    await begin(romeo, "<item jid='capulet.example' affiliation='outcast'/>")
    nurse.send(f"<presence to='{ROOM}/Nurse'><x xmlns='{MUC}'/></presence>")
    assert seen(await nurse.taken())[-1] == "Nurse gone outcast none 110 301"


async def test_an_admin_is_no_moderator_by_entering_again_while_that_is_taken_away(
    house: House,
) -> None:
    romeo = await open_room(house, persistentroom="1")
    await admin(romeo, f"<item jid='{NURSE}' affiliation='admin'/>")
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    await begin(romeo, f"<item jid='{NURSE}' affiliation='none'/>")
    nurse.send(f"<presence to='{ROOM}/Nurse' type='unavailable'/>")
    nurse.send(f"<presence to='{ROOM}/Nurse'><x xmlns='{MUC}'/></presence>")
    await nurse.taken()
    assert room_of(house).affiliation(nurse.session.jid) is Affiliation.NONE
    assert room_of(house).occupants["Nurse"].role is Role.PARTICIPANT
