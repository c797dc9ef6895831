"""Roles that were given last beyond a visit (XEP-0045 §5.1)."""

from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.muc.visiting import (
    EXTENSIONS,
    JULIET,
    NURSE,
    ROMEO,
    ROOM,
    admin,
    configure,
    enter,
    open_room,
    register,
    room_of,
    say,
    seen,
    voice,
)

from palaver.ext.muc.privileges import Role
from palaver.jid import parse_bare


async def role_again(client: Client, nick: str = "Juliet") -> str:
    """Leave, enter again, and return with what role."""
    client.send(f"<presence to='{ROOM}/any' type='unavailable'/>")
    own = [each for each in seen(await enter(client, nick)) if "110" in each.split()]
    return own[0].split()[2]


async def room_with_juliet(house: House, **fields: str) -> tuple[Client, Client]:
    romeo = await open_room(house, **fields)
    juliet = await house.client(f"{JULIET}/balcony")
    await enter(juliet, "Juliet")
    return romeo, juliet


async def give(by: Client, role: str, nick: str = "Juliet") -> None:
    answer = await admin(by, f"<item nick='{nick}' role='{role}'/>")
    assert answer.get("type") == "result"


async def affiliate(by: Client, affiliation: str, who: str = JULIET) -> None:
    answer = await admin(by, f"<item jid='{who}' affiliation='{affiliation}'/>")
    assert answer.get("type") == "result"


@pytest.mark.parametrize("moderated", ["0", "1"])
@pytest.mark.parametrize("role", ["visitor", "participant", "moderator"])
async def test_whoever_was_given_a_role_comes_back_with_it(
    house: House, moderated: str, role: str
) -> None:
    romeo, juliet = await room_with_juliet(house, moderatedroom=moderated)
    await give(romeo, role)
    assert await role_again(juliet) == role
    assert await role_again(juliet, "Another") == role


async def test_who_has_no_voice_gets_it_neither_by_a_device_nor_by_a_nickname_nor_by_a_kick(
    house: House,
) -> None:
    romeo, juliet = await room_with_juliet(house)
    await give(romeo, "visitor")
    phone = await house.client(f"{JULIET}/phone")
    await enter(phone, "Phone")
    say(phone, "Hear me")
    assert [each.get("type") for each in await phone.messages()] == ["error"]
    for nick in ("Juliet", "Phone"):
        await give(romeo, "none", nick)
    assert await role_again(juliet) == "visitor"


async def test_who_has_no_voice_gets_it_not_by_registering(house: House) -> None:
    romeo, juliet = await room_with_juliet(house)
    await give(romeo, "visitor")
    assert await register(juliet, "Jule") == "cancel not-allowed"


async def test_who_is_put_out_loses_what_was_given(house: House) -> None:
    romeo, juliet = await room_with_juliet(house, moderatedroom="1")
    await give(romeo, "moderator")
    await give(romeo, "none")
    assert await role_again(juliet) == "visitor"


async def test_voice_that_was_asked_for_is_kept(house: House) -> None:
    romeo, juliet = await room_with_juliet(house, moderatedroom="1")
    await romeo.taken()
    allowed = voice(roomnick="Juliet", request_allow="1")
    for client, form in ((juliet, voice()), (romeo, allowed)):
        client.send(f"<message to='{ROOM}'>{form}</message>")
        await house.settled()
    assert await role_again(juliet) == "participant"


async def test_what_is_kept_follows_the_affiliation_of_who_is_away(house: House) -> None:
    romeo, juliet = await room_with_juliet(house, moderatedroom="1")
    leave = f"<presence to='{ROOM}/any' type='unavailable'/>"
    await give(romeo, "participant")
    juliet.send(leave)
    await affiliate(romeo, "outcast")
    await affiliate(romeo, "none")
    assert await role_again(juliet) == "visitor"
    await give(romeo, "moderator")
    juliet.send(leave)
    await affiliate(romeo, "member")
    assert await role_again(juliet) == "moderator"
    await affiliate(romeo, "admin")
    juliet.send(leave)
    await affiliate(romeo, "member")
    assert await role_again(juliet) == "participant"
    await give(romeo, "visitor")
    juliet.send(leave)
    await affiliate(romeo, "outcast", "capulet.example")
    assert room_of(house).roles.of(juliet.session.jid) is Role.VISITOR  # still a member
    await affiliate(romeo, "none")
    assert len(room_of(house).roles) == 0


async def test_all_may_speak_where_moderation_ends(house: House) -> None:
    romeo, juliet = await room_with_juliet(house, moderatedroom="1")
    await affiliate(romeo, "member")
    await give(romeo, "visitor")
    assert await role_again(juliet) == "visitor"
    juliet.send(f"<presence to='{ROOM}/any' type='unavailable'/>")
    await configure(romeo, moderatedroom="0")
    assert await role_again(juliet) == "participant"


async def test_roles_outlast_the_server(tmp_path: Path) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        romeo, _ = await room_with_juliet(house, persistentroom="1", moderatedroom="1")
        await give(romeo, "participant")
        await enter(await house.client(f"{NURSE}/x"), "Nurse")
        await give(romeo, "moderator", "Nurse")
        await give(romeo, "visitor", "Nurse")
    async with open_house(tmp_path, *EXTENSIONS) as house:
        assert await role_again(await house.client(f"{JULIET}/balcony")) == "participant"
        assert await role_again(await house.client(f"{NURSE}/x"), "Nurse") == "visitor"
        assert await role_again(await house.client(f"{ROMEO}/x"), "Romeo") == "moderator"
        assert len(room_of(house).roles) == 1


async def test_a_room_keeps_as_many_roles_as_affiliations(tmp_path: Path) -> None:
    few = "[extensions.muc]\naffiliations = 1\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=few) as house:
        romeo, juliet = await room_with_juliet(house, moderatedroom="1")
        nurse = await house.client(f"{NURSE}/x")
        await enter(nurse, "Nurse")
        for nick in ("Juliet", "Nurse"):
            await give(romeo, "participant", nick)
        assert "participant" in seen(await nurse.taken())[0]
        assert await role_again(nurse, "Nurse") == "visitor"
        await give(romeo, "moderator")
        assert await role_again(juliet) == "moderator"


async def test_roles_of_guests_are_not_stored(tmp_path: Path) -> None:
    configuration = '[extensions.muc]\ncreate = "everybody"\n'
    async with open_house(tmp_path, *EXTENSIONS, configuration=configuration) as house:
        romeo = await open_room(house, persistentroom="1")
        guest = await house.guest("x7@capulet.example/x")
        await enter(guest, "Guest")
        await give(romeo, "visitor", "Guest")
        assert await role_again(guest, "Guest") == "visitor"
    async with open_house(tmp_path, *EXTENSIONS) as house:
        await enter(await house.client(f"{ROMEO}/x"), "Romeo")
        assert room_of(house).roles.of(parse_bare("x7@capulet.example")) is None
