"""Entering and leaving rooms."""

from pathlib import Path

from tests.support.house import House, open_house
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
    refusal,
    room_of,
    say,
    seen,
)


async def test_whoever_enters_first_makes_the_room_and_others_wait_for_its_configuration(
    house: House,
) -> None:
    romeo = await house.client(f"{ROMEO}/orchard")
    juliet = await house.client(f"{JULIET}/balcony")
    assert seen(await enter(romeo, "Romeo")) == ["Romeo owner moderator 110 170 201"]
    assert seen(await enter(juliet, "Juliet")) == ["Juliet cancel item-not-found"]
    assert (await configure(romeo)).get("type") == "result"
    assert seen(await enter(juliet, "Juliet")) == [
        "Romeo owner moderator",
        "Juliet none participant 110 170",
    ]


async def test_several_devices_have_one_nickname(house: House) -> None:
    await open_room(house)
    balcony = await house.client(f"{JULIET}/balcony")
    chamber = await house.client(f"{JULIET}/chamber")
    await enter(balcony, "Juliet")
    await enter(chamber, "Juliet")
    say(balcony, "Ay me!")
    assert await chamber.bodies() == ["Ay me!"]
    chamber.send(f"<presence to='{ROOM}/Juliet' type='unavailable'/>")
    assert seen(await chamber.taken()) == ["Juliet gone none none 110"]
    assert list(room_of(house).occupants) == ["Romeo", "Juliet"]
    nurse = await house.client(f"{NURSE}/x")
    assert seen(await enter(nurse, "Juliet")) == ["Juliet cancel conflict"]


async def test_a_temporary_room_ends_with_its_last_occupant(house: House) -> None:
    romeo = await open_room(house)
    say(romeo, "But soft!")
    romeo.send(f"<presence to='{ROOM}/Romeo' type='unavailable'/>")
    await romeo.taken()
    juliet = await house.client(f"{JULIET}/balcony")
    came = await enter(juliet, "Juliet")
    assert seen(came) == ["Juliet owner moderator 110 170 201"]
    assert not [each for each in came if each.text_of("body")]


async def test_what_belongs_to_a_persistent_room_survives_a_restart(tmp_path: Path) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        romeo = await open_room(house, persistentroom="1", roomname="Cave", changesubject="1")
        await admin(romeo, f"<item jid='{JULIET}' affiliation='member' nick='Juliet'/>")
        await admin(romeo, f"<item jid='{NURSE}' affiliation='outcast'/>")
        romeo.send(f"<message to='{ROOM}' type='groupchat'><subject>Light</subject></message>")
        say(romeo, "But soft!")
        await house.settled()
    async with open_house(tmp_path, *EXTENSIONS) as house:
        juliet = await house.client(f"{JULIET}/balcony")
        came = await enter(juliet, "Juliet")
        assert seen(came) == ["Juliet member participant 110 170"]
        assert [each.text_of("body") for each in came if each.text_of("body")] == ["But soft!"]
        assert came[-1].text_of("subject") == "Light"
        nurse = await house.client(f"{NURSE}/x")
        assert seen(await enter(nurse, "Nurse")) == ["Nurse auth forbidden"]
        assert seen(await enter(nurse, "Juliet")) == ["Juliet auth forbidden"]
        assert room_of(house).config.name == "Cave"


async def test_who_is_in_the_way_of_entering_says_so(house: House) -> None:
    await open_room(
        house, passwordprotectedroom="1", roomsecret="x", maxusers="2", persistentroom="1"
    )
    juliet = await house.client(f"{JULIET}/balcony")
    nurse = await house.client(f"{NURSE}/x")
    assert seen(await enter(juliet, "Juliet")) == ["Juliet auth not-authorized"]
    juliet.send(f"<presence to='{ROOM}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
    assert refusal((await juliet.taken())[0]) == "modify jid-malformed"
    assert len(await enter(juliet, "Juliet", "<password>x</password>")) == 3
    full = await enter(nurse, "Nurse", "<password>x</password>")
    assert seen(full) == ["Nurse wait service-unavailable"]
    nurse.send(f"<presence to='{ROOM}/Nurse'/>")
    assert seen(await nurse.taken()) == ["Nurse gone none none 110 307 333"]


async def test_another_nickname_is_told_to_all(house: House) -> None:
    romeo = await open_room(house)
    juliet = await house.client(f"{JULIET}/balcony")
    await enter(juliet, "Juliet")
    await romeo.taken()
    juliet.send(f"<presence to='{ROOM}/Rose'/>")
    assert seen(await romeo.taken()) == [
        "Juliet gone none participant 303",
        "Rose none participant",
    ]
    assert seen(await juliet.taken()) == [
        "Juliet gone none participant 110 303",
        "Rose none participant 110",
    ]
    juliet.send(f"<presence to='{ROOM}/Romeo'/>")
    assert seen(await juliet.taken()) == ["Romeo cancel conflict"]


async def test_addresses_are_for_moderators_unless_all_may_see_them(house: House) -> None:
    romeo = await open_room(house)
    juliet = await house.client(f"{JULIET}/balcony")
    nurse = await house.client(f"{NURSE}/x")
    await enter(juliet, "Juliet")
    await romeo.taken()
    first = (await enter(nurse, "Nurse"))[:2]
    assert not [each for each in first if b"jid=" in each.to_bytes()]
    assert f"{NURSE}/x".encode() in (await romeo.taken())[0].to_bytes()
    await configure(romeo, whois="anyone")
    assert b"172" in (await nurse.taken())[-1].to_bytes()
    assert f"{ROMEO}/orchard".encode() in (await enter(nurse, "Nurse"))[0].to_bytes()


async def test_who_is_gone_without_a_word_leaves_the_room(house: House) -> None:
    romeo = await open_room(house)
    juliet = await house.client(f"{JULIET}/balcony")
    await enter(juliet, "Juliet")
    await romeo.taken()
    juliet.close()
    assert seen(await romeo.taken()) == ["Juliet gone none none"]


async def test_history_is_as_much_as_is_wanted(house: House) -> None:
    romeo = await open_room(house)
    for number in range(5):
        say(romeo, f"{number}")
    await house.settled()
    juliet = await house.client(f"{JULIET}/balcony")

    async def history(limits: str) -> list[str | None]:
        came = await enter(juliet, "Juliet", f"<history {limits}/>")
        return [each.text_of("body") for each in came if each.text_of("body") is not None]

    assert await history("maxstanzas='2'") == ["3", "4"]
    assert await history("maxchars='0'") == []
    assert await history("seconds='60'") == ["0", "1", "2", "3", "4"]
    assert await history("since='2100-01-01T00:00:00Z'") == []


async def test_presence_that_all_must_carry_is_small(house: House) -> None:
    await open_room(house)
    juliet = await house.client(f"{JULIET}/balcony")
    much = f"<status>{'x' * 20_000}</status>"
    assert seen(await enter(juliet, "Juliet", content=much)) == ["Juliet modify policy-violation"]


async def test_a_new_room_can_be_open_at_once(tmp_path: Path) -> None:
    more = "[extensions.muc]\nlock_seconds = 0\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=more) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        juliet = await house.client(f"{JULIET}/balcony")
        assert seen(await enter(romeo, "Romeo")) == ["Romeo owner moderator 110 170 201"]
        assert len(seen(await enter(juliet, "Juliet"))) == 2


async def test_who_may_create_rooms_is_configured(tmp_path: Path) -> None:
    more = '[extensions.muc]\ncreate = "administrators"\n'
    async with open_house(tmp_path, *EXTENSIONS, configuration=more) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        assert seen(await enter(romeo, "Romeo")) == ["Romeo cancel not-allowed"]


async def test_one_address_creates_only_so_many_rooms(tmp_path: Path) -> None:
    async with open_house(
        tmp_path, *EXTENSIONS, configuration="[extensions.muc]\nrooms = 1\n"
    ) as house:
        romeo = await open_room(house)
        romeo.send(
            "<presence to='other@conference.montague.example/R'>"
            "<x xmlns='http://jabber.org/protocol/muc'/></presence>"
        )
        assert refusal((await romeo.taken())[0]) == "wait resource-constraint"
