"""Rooms under bad input: each the error that the specification has for it, and the room goes on."""

import pytest
from tests.support.house import House
from tests.unit.ext.muc.visiting import (
    JULIET,
    NURSE,
    ROOM,
    admin,
    configure,
    enter,
    open_room,
    owner,
    refusal,
    room_of,
    say,
    seen,
)

from palaver.ext.muc.names import MUC, USER

SERVICE = "conference.montague.example"


@pytest.mark.parametrize(
    ("nick", "condition"),
    [
        ("", "modify jid-malformed"),
        (" ", "modify jid-malformed"),
        ("\u200b", "modify jid-malformed"),  # a blank that nobody sees
        ("evil\u202etxt.exe", "modify jid-malformed"),  # written from right to left
        ("x" * 1024, "modify jid-malformed"),
        ("x" * 101, "modify not-acceptable"),
        ("Ｒｏｍｅｏ", "cancel conflict"),
        ("R\u043emeo", "cancel conflict"),  # a Cyrillic o
    ],
)
async def test_nicknames_that_mislead_are_refused(house: House, nick: str, condition: str) -> None:
    await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    await nurse.taken()
    nurse.send(f"<presence to='{ROOM}/{nick}'><x xmlns='{MUC}'/></presence>")
    (answer,) = await nurse.taken()
    assert refusal(answer) == condition
    assert list(room_of(house).occupants) == ["Romeo"]


@pytest.mark.parametrize("nick", ["Robert'); DROP TABLE rooms;--", "נורית", "乳母", "a/b@c", "👵"])
async def test_unusual_nicknames_are_as_good_as_others(house: House, nick: str) -> None:
    romeo = await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    escaped = nick.replace("'", "&apos;")
    await enter(nurse, escaped)
    assert seen(await romeo.taken()) == [f"{nick} none participant"]
    answer = await admin(romeo, f"<item nick='{escaped}' role='none'/>")
    assert answer.get("type") == "result"


async def test_a_look_alike_is_free_again_when_the_other_has_gone(house: House) -> None:
    romeo = await open_room(house, persistentroom="1")
    nurse = await house.client(f"{NURSE}/x")
    assert seen(await enter(nurse, "R\u043emeo")) == ["R\u043emeo cancel conflict"]
    romeo.send(f"<presence to='{ROOM}/Montague'/>")
    await romeo.taken()
    assert "R\u043emeo none participant 110 170" in seen(await enter(nurse, "R\u043emeo"))
    romeo.send(f"<presence to='{ROOM}/Romeo'/>")
    assert seen([each for each in await romeo.taken() if each.get("type") == "error"]) == [
        "Romeo cancel conflict"
    ]


@pytest.mark.parametrize("room", ["x' OR '1'='1", "drop table", "a" * 1024, "a&b", ""])
async def test_rooms_of_impossible_names_are_not_made(house: House, room: str) -> None:
    nurse = await house.client(f"{NURSE}/x")
    await nurse.taken()
    to = room.replace("&", "&amp;").replace("'", "&apos;")
    nurse.send(f"<presence to='{to}@{SERVICE}/Nurse'><x xmlns='{MUC}'/></presence>")
    (answer,) = await nurse.taken()
    assert refusal(answer) == "modify jid-malformed"


async def test_huge_requests_are_refused_whole(house: House) -> None:
    romeo = await open_room(house)
    items = "".join(f"<item jid='u{n}@x.example' affiliation='member'/>" for n in range(1_001))
    assert refusal(await admin(romeo, items)) == "modify bad-request"
    assert len(room_of(house).standings) == 1
    many = "|".join(f"u{n}@x.example" for n in range(1_001))
    assert refusal(await configure(romeo, roomadmins=many)) == "modify not-acceptable"
    assert refusal(await configure(romeo, roomname="x" * 2_001)) == "modify not-acceptable"
    assert refusal(await configure(romeo, roomsecret="x" * 1_001)) == "modify not-acceptable"
    assert refusal(await configure(romeo, maxusers="9" * 30)) == "modify not-acceptable"
    assert refusal(await owner(romeo, "<x xmlns='jabber:x:data'/>")) == "modify bad-request"
    assert refusal(await admin(romeo, "")) == "modify bad-request"
    assert len(room_of(house).standings) == 1


async def test_invitations_are_few_at_once_and_in_an_hour(house: House) -> None:
    romeo = await open_room(house)
    await house.account(NURSE)

    async def invite(count: int) -> list[str]:
        invitations = f"<invite to='{NURSE}'/>" * count
        content = f"<x xmlns='{USER}'>{invitations}</x>"
        romeo.send(f"<message to='{ROOM}' id='i'>{content}</message>")
        return [refusal(each) for each in await romeo.messages()]

    assert await invite(21) == ["modify bad-request"]
    for _ in range(10):
        assert await invite(20) == []
    assert await invite(1) == ["wait resource-constraint"]


async def test_who_gives_affiliations_lets_rooms_write_to_few_people_in_an_hour(
    house: House,
) -> None:
    romeo, nurse = await open_room(house, membersonly="1"), await house.client(f"{NURSE}/x")
    await nurse.taken()
    people = (*(f"{number}@capulet.example" for number in range(199)), NURSE)
    await admin(romeo, "".join(f"<item jid='{who}' affiliation='member'/>" for who in people))
    assert len(await nurse.messages()) == 1
    for affiliation in ("none", "member"):
        await admin(romeo, f"<item jid='{NURSE}' affiliation='{affiliation}'/>")
    assert await nurse.messages() == []
    assert NURSE in room_of(house).standings
    await romeo.taken()
    romeo.send(f"<message to='{ROOM}'><x xmlns='{USER}'><invite to='{JULIET}'/></x></message>")
    assert [refusal(each) for each in await romeo.messages()] == ["wait resource-constraint"]


async def test_what_outsiders_send_reaches_nobody(house: House) -> None:
    romeo = await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    await romeo.taken()
    await nurse.taken()
    say(nurse, "Hello")
    nurse.send(f"<message to='{ROOM}/Romeo' type='chat'><body>Psst</body></message>")
    nurse.send(f"<message to='{ROOM}' type='groupchat'><subject>Mine</subject></message>")
    nurse.send(f"<message to='{ROOM}'><x xmlns='{USER}'><invite to='{JULIET}'/></x></message>")
    nurse.send(f"<iq type='get' id='v' to='{ROOM}/Romeo'><query xmlns='jabber:iq:version'/></iq>")
    refused = [refusal(each) for each in await nurse.taken()]
    assert refused == [*["modify not-acceptable"] * 4, "cancel not-acceptable"]
    for request in ("<item nick='Romeo' role='none'/>", "<item jid='a@b.c' affiliation='owner'/>"):
        assert refusal(await admin(nurse, request)) == "auth forbidden"
    assert refusal(await owner(nurse, "<destroy/>")) == "auth forbidden"
    assert await romeo.taken() == []


async def test_what_only_a_room_says_is_taken_out(house: House) -> None:
    romeo = await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    forged = f"<x xmlns='{USER}'><item affiliation='owner' role='moderator'/></x>"
    forged += "<occupant-id xmlns='urn:xmpp:occupant-id:0' id='romeo'/>"
    forged += "<hats xmlns='urn:xmpp:hats:0'><hat uri='urn:x' title='Host'/></hats>"
    await enter(nurse, "Nurse", content=forged)
    (presence,) = await romeo.taken()
    assert seen([presence]) == ["Nurse none participant"]
    assert presence.find("hats", "urn:xmpp:hats:0") is None
    say(nurse, "Hello", forged + f"<stanza-id xmlns='urn:xmpp:sid:0' by='{ROOM}' id='1'/>")
    (message,) = await romeo.messages()
    assert message.find("x", USER) is None
    assert message.find("hats", "urn:xmpp:hats:0") is None
    assert b"id='romeo'" not in message.to_bytes().replace(b'"', b"'")
    assert sum(each.name == "stanza-id" for each in message) == 1


async def test_a_storm_of_presence_makes_nobody_more(house: House) -> None:
    romeo = await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    await romeo.taken()
    for number in range(300):
        nurse.send(f"<presence to='{ROOM}/Nurse'><status>{number}</status></presence>")
    last = (await romeo.taken())[-1]
    assert last.text_of("status") == "299"
    for _ in range(50):
        nurse.send(f"<presence to='{ROOM}/Nurse' type='unavailable'/>")
        nurse.send(f"<presence to='{ROOM}/Nurse'><x xmlns='{MUC}'/></presence>")
    await nurse.taken()
    room = room_of(house)
    assert (len(room.occupants), len(room.attendants)) == (2, 2)


async def test_other_kinds_of_presence_let_nobody_in(house: House) -> None:
    await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    for kind in ("probe", "subscribe", "subscribed", "unsubscribe", "unavailable", "error"):
        nurse.send(f"<presence to='{ROOM}/Nurse' type='{kind}'><x xmlns='{MUC}'/></presence>")
    await nurse.taken()
    assert list(room_of(house).occupants) == ["Romeo"]
