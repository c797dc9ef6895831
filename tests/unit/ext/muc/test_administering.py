"""Roles, affiliations, configuration, and the end of a room."""

from tests.support.house import Client, House
from tests.unit.ext.muc.visiting import (
    JULIET,
    NURSE,
    ROMEO,
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

from palaver.ext.muc.names import ADMIN, USER
from palaver.wire.element import Element


async def three(house: House, **fields: str) -> tuple[Client, Client, Client]:
    """Open a room with an owner and two others."""
    romeo = await open_room(house, **fields)
    juliet = await house.client(f"{JULIET}/balcony")
    nurse = await house.client(f"{NURSE}/x")
    await enter(juliet, "Juliet")
    await enter(nurse, "Nurse")
    for each in (romeo, juliet):
        await each.taken()
    return romeo, juliet, nurse


def listed(answer: Element) -> list[str]:
    """Return whom a list names, with affiliation and role."""
    query = answer.find("query", ADMIN)
    assert query is not None, refusal(answer)
    return [
        " ".join(filter(None, (i.get("jid"), i.get("nick"), i.get("affiliation"), i.get("role"))))
        for i in query
    ]


async def test_a_moderator_kicks(house: House) -> None:
    romeo, juliet, nurse = await three(house)
    assert refusal(await admin(juliet, "<item nick='Nurse' role='none'/>")) == "auth forbidden"
    kick = "<item nick='Nurse' role='none'><reason>Out</reason></item>"
    assert (await admin(romeo, kick)).get("type") == "result"
    (told,) = await nurse.taken()
    assert seen([told]) == ["Nurse gone none none 110 307"]
    item = next(iter(told.find_all("x", USER))).find("item")
    assert item is not None
    assert item.text_of("reason") == "Out"
    assert seen(await juliet.taken()) == ["Nurse gone none none 307"]
    assert refusal(await admin(romeo, kick)) == "cancel item-not-found"
    assert refusal(await admin(nurse, "<item role='moderator'/>", "get")) == "auth forbidden"


async def test_voice_is_given_and_taken(house: House) -> None:
    romeo, juliet, _ = await three(house, moderatedroom="1")
    say(juliet, "Ay me!")
    assert refusal((await juliet.messages())[0]) == "auth forbidden"
    await admin(romeo, "<item nick='Juliet' role='participant'/>")
    assert seen(await juliet.taken()) == ["Juliet none participant 110"]
    say(juliet, "Ay me!")
    assert await juliet.bodies() == ["Ay me!"]
    voices = await admin(romeo, "<item role='participant'/>", "get")
    assert listed(voices) == [f"{JULIET}/balcony Juliet none participant"]
    await admin(romeo, "<item nick='Juliet' role='visitor'/>")
    assert seen(await juliet.taken()) == ["Juliet none visitor 110"]


async def test_a_moderator_gets_to_see_addresses(house: House) -> None:
    romeo, juliet, _ = await three(house)
    await admin(romeo, "<item nick='Juliet' role='moderator'/>")
    came = await juliet.taken()
    assert seen(came)[0] == "Juliet none moderator 110"
    assert any(f"{NURSE}/x".encode() in each.to_bytes() for each in came)


async def test_a_ban_removes_and_lasts(house: House) -> None:
    romeo, juliet, nurse = await three(house)
    await admin(romeo, f"<item jid='{NURSE}' affiliation='outcast'><reason>No</reason></item>")
    assert seen(await nurse.taken()) == ["Nurse gone outcast none 110 301"]
    assert seen(await juliet.taken()) == ["Nurse gone outcast none 301"]
    assert seen(await enter(nurse, "Nurse")) == ["Nurse auth forbidden"]
    outcasts = await admin(romeo, "<item affiliation='outcast'/>", "get")
    assert listed(outcasts) == [f"{NURSE} outcast"]
    own = f"<item jid='{ROMEO}' affiliation='outcast'/>"
    assert refusal(await admin(romeo, own)) == "cancel conflict"
    await admin(romeo, f"<item jid='{NURSE}' affiliation='none'/>")
    assert "Nurse none participant 110 170" in seen(await enter(nurse, "Nurse"))
    await admin(romeo, "<item jid='capulet.example' affiliation='outcast'/>")
    assert list(room_of(house).occupants) == ["Romeo"]


async def test_nothing_is_changed_when_one_change_is_refused(house: House) -> None:
    romeo, juliet, _ = await three(house)
    await admin(romeo, f"<item jid='{JULIET}' affiliation='admin'/>")
    both = f"<item jid='{NURSE}' affiliation='outcast'/><item jid='{ROMEO}' affiliation='none'/>"
    assert refusal(await admin(juliet, both)) == "cancel not-allowed"
    assert "Nurse" in room_of(house).occupants


async def test_the_last_owner_stays(house: House) -> None:
    romeo, juliet, _ = await three(house)
    down = f"<item jid='{ROMEO}' affiliation='admin'/>"
    assert refusal(await admin(romeo, down)) == "cancel conflict"
    await admin(romeo, f"<item jid='{JULIET}' affiliation='owner'/>")
    assert (await admin(romeo, down)).get("type") == "result"
    assert refusal(await configure(romeo, roomname="x")) == "auth forbidden"
    assert (await configure(juliet, roomname="x")).get("type") == "result"


async def test_a_room_that_becomes_one_for_members_is_left_by_others(house: House) -> None:
    romeo, juliet, nurse = await three(house)
    await admin(romeo, f"<item jid='{JULIET}' affiliation='member'/>")
    for each in (juliet, nurse):
        await each.taken()
    await configure(romeo, membersonly="1")
    assert seen(await nurse.taken()) == ["Nurse gone none none 110 322"]
    assert seen(await enter(nurse, "Nurse")) == ["Nurse auth registration-required"]
    await admin(romeo, f"<item jid='{JULIET}' affiliation='none'/>")
    assert "Juliet gone none none 110 321" in seen(await juliet.taken())


async def test_the_form_lists_owners_and_admins(house: House) -> None:
    romeo, juliet, _ = await three(house)
    await configure(romeo, roomowners=ROMEO, roomadmins=f"{JULIET}|{NURSE}")
    assert seen(await juliet.taken())[:1] == ["Juliet admin moderator 110"]
    await configure(romeo, roomadmins=JULIET)
    members = await admin(romeo, "<item affiliation='member'/>", "get")
    assert listed(members) == [f"{NURSE} member"]
    form = await owner(romeo, "", "get")
    assert JULIET.encode() in form.to_bytes()
    assert refusal(await configure(romeo, roomowners="")) == "cancel conflict"


async def test_a_wrong_configuration_is_refused(house: House) -> None:
    romeo = await open_room(house)
    assert refusal(await configure(romeo, passwordprotectedroom="1")) == "modify not-acceptable"
    assert refusal(await configure(romeo, maxusers="99999999")) == "modify not-acceptable"
    assert refusal(await configure(romeo, whois="nobody")) == "modify not-acceptable"


async def test_a_destroyed_room_is_gone(house: House) -> None:
    romeo, juliet, _ = await three(house, persistentroom="1")
    end = "<destroy jid='heath@x'><reason>Macbeth</reason></destroy>"
    assert refusal(await owner(juliet, end)) == "auth forbidden"
    assert (await owner(romeo, end)).get("type") == "result"
    (told,) = await juliet.taken()
    assert seen([told]) == ["Juliet gone none none 110"]
    assert b"heath@x" in told.to_bytes()
    say(juliet, "?")
    assert refusal((await juliet.messages())[0]) == "cancel item-not-found"


async def test_a_first_configuration_that_is_cancelled_ends_the_room(house: House) -> None:
    romeo = await house.client(f"{ROMEO}/orchard")
    await enter(romeo, "Romeo")
    await owner(romeo, "<x xmlns='jabber:x:data' type='cancel'/>")
    assert seen(await romeo.taken()) == ["Romeo gone owner none 110"]
    romeo.send(
        f"<iq type='get' id='1' to='{ROOM}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
    )
    assert refusal((await romeo.taken())[0]) == "cancel item-not-found"
