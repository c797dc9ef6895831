"""Rooms under attack: who tries to stay, read, speak or rule where that is for others."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.muc.visiting import (
    EXTENSIONS,
    NURSE,
    ROMEO,
    ROOM,
    admin,
    configure,
    enter,
    form,
    open_room,
    owner,
    refusal,
    register,
    room_of,
    say,
    seen,
    voice,
)

from palaver.ext.muc.extension import Muc
from palaver.ext.muc.names import ADMIN, MUC, OWNER, USER
from palaver.ext.muc.privileges import Affiliation, Role
from palaver.ext.muc.room import Standing
from palaver.jid import parse_bare


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


async def test_who_does_not_know_the_password_is_no_member_by_asking(house: House) -> None:
    romeo = await open_room(house, passwordprotectedroom="1", roomsecret="x")
    say(romeo, "Not for everybody")
    nurse = await house.client(f"{NURSE}/x")
    assert await register(nurse, "Nurse") == "cancel not-allowed"
    archive = f"<iq type='set' id='q' to='{ROOM}'><query xmlns='urn:xmpp:mam:2'/></iq>"
    assert refusal(await nurse.ask(archive)) == "auth forbidden"
    await enter(nurse, "Nurse", "<password>x</password>")
    assert await register(nurse, "Nurse") == "result"


@pytest.mark.parametrize("option", ["muc#roomconfig_moderatedroom", "x-muc#roomconfig_media"])
async def test_nobody_gets_the_rights_of_members_by_registering(house: House, option: str) -> None:
    romeo = await open_room(house)
    value = "members" if option.endswith("media") else "1"
    assert (await owner(romeo, form({option: value}))).get("type") == "result"
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    assert await register(nurse, "Nurse") == "cancel not-allowed"
    assert room_of(house).affiliation(nurse.session.jid) is Affiliation.NONE
    await admin(romeo, f"<item jid='{NURSE}' affiliation='member'/>")
    assert await register(nurse, "Nurse") == "result"


async def test_whoever_is_banned_meanwhile_configures_nothing(house: House) -> None:
    romeo = await open_room(house, persistentroom="1")
    await admin(romeo, f"<item jid='{NURSE}' affiliation='owner'/>")
    nurse = await house.client(f"{NURSE}/x")
    await begin(romeo, f"<item jid='{NURSE}' affiliation='outcast'/>")
    assert refusal(await configure(nurse, roomowners=NURSE)) == "auth forbidden"
    assert room_of(house).affiliation(nurse.session.jid) is Affiliation.OUTCAST


async def test_nothing_is_changed_in_a_room_that_ended_meanwhile(house: House) -> None:
    romeo = await open_room(house, persistentroom="1")
    await begin(romeo, f"<item jid='{NURSE}' affiliation='member'/>")
    romeo.send(f"<iq type='set' id='d' to='{ROOM}'><query xmlns='{OWNER}'><destroy/></query></iq>")
    refused = await admin(romeo, f"<item jid='{NURSE}' affiliation='owner'/>")
    assert refusal(refused) == "cancel item-not-found"


async def invite(client: Client, *who: str) -> list[str]:
    """Invite people; return the errors."""
    invitations = "".join(f"<invite to='{each}'/>" for each in who)
    content = f"<x xmlns='{USER}'>{invitations}</x>"
    client.send(f"<message to='{ROOM}' id='i'>{content}</message>")
    return [refusal(each) for each in await client.messages() if each.get("type") == "error"]


async def test_members_make_no_domain_a_member(house: House) -> None:
    romeo = await open_room(house, membersonly="1", allowinvites="1")
    await admin(romeo, f"<item jid='{NURSE}' affiliation='member'/>")
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    assert await invite(nurse, "evil.example") == ["modify not-acceptable"]
    assert refusal(await configure(romeo, roomowners=f"{ROMEO}|evil.example")) == (
        "modify not-acceptable"
    )
    assert refusal(await configure(romeo, roomadmins="evil.example")) == "modify not-acceptable"
    assert set(room_of(house).standings) == {ROMEO, NURSE}


async def test_members_lift_no_ban_of_a_domain(house: House) -> None:
    romeo = await open_room(house, membersonly="1", allowinvites="1")
    await admin(romeo, "<item jid='capulet.example' affiliation='outcast'/>")
    await admin(romeo, "<item jid='benvolio@montague.example' affiliation='member'/>")
    benvolio = await house.client("benvolio@montague.example/x")
    nurse = await house.client(f"{NURSE}/x")
    await enter(benvolio, "Benvolio")
    assert await invite(benvolio, NURSE) == []
    assert seen(await enter(nurse, "Nurse")) == ["Nurse auth forbidden"]
    assert await invite(romeo, NURSE) == []
    assert "Nurse member participant 110 170" in seen(await enter(nurse, "Nurse"))


async def test_nobody_puts_out_by_a_private_message_who_blocks_it(house: House) -> None:
    romeo = await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    block = f"<block xmlns='urn:xmpp:blocking'><item jid='{ROOM}/Romeo'/></block>"
    assert (await nurse.ask(f"<iq type='set' id='b'>{block}</iq>")).get("type") == "result"
    romeo.send(f"<message to='{ROOM}/Nurse' type='chat'><body>Psst</body></message>")
    await romeo.taken()
    assert await nurse.messages() == []
    assert "Nurse" in room_of(house).occupants


async def test_rooms_that_one_account_makes_at_once_are_as_many_as_one_after_the_other(
    tmp_path: Path,
) -> None:
    few = "[extensions.muc]\nrooms = 3\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=few) as house:
        nurse = await house.client(f"{NURSE}/x")
        for number in range(8):
            to = f"{number}@conference.montague.example/Nurse"
            nurse.send(f"<presence to='{to}'><x xmlns='{MUC}'/></presence>")
        await nurse.taken()
        assert len(house.server.extension(Muc).engine.rooms.all()) == 3


async def test_no_room_is_left_over_where_nobody_could_enter(house: House) -> None:
    nurse = await house.client(f"{NURSE}/x")
    history = "<history maxstanzas='many'/>"
    assert seen(await enter(nurse, "Nurse", history)) == ["Nurse modify bad-request"]
    assert house.server.extension(Muc).engine.rooms.all() == []


async def test_one_person_does_not_fill_a_room(tmp_path: Path) -> None:
    few = "[extensions.muc]\nsessions = 2\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=few) as house:
        romeo = await open_room(house)
        nurses = [await house.client(f"{NURSE}/{number}") for number in range(3)]
        told = [seen(await enter(each, each.session.jid.resource))[-1] for each in nurses]
        assert told[2] == "2 wait resource-constraint"
        assert (await configure(romeo, maxusers="3")).get("type") == "result"
        told = seen(await enter(nurses[2], "2"))
        assert told == ["2 wait service-unavailable"]
        assert seen(await enter(nurses[2], "1"))[-1] == "1 none participant 110 170"


async def test_a_password_cannot_be_guessed_in_many_attempts(tmp_path: Path) -> None:
    few = "[extensions.muc]\nentries = 3\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=few) as house:
        await open_room(house, passwordprotectedroom="1", roomsecret="4")
        nurse = await house.client(f"{NURSE}/x")
        tried = [
            seen(await enter(nurse, "Nurse", f"<password>{number}</password>"))[-1]
            for number in range(5)
        ]
        refused = ["Nurse auth not-authorized"] * 3 + ["Nurse wait resource-constraint"] * 2
        assert tried == refused


async def decline(client: Client, inviter: str) -> list[str]:
    """Decline an invitation; return the errors."""
    content = f"<x xmlns='{USER}'><decline to='{inviter}'/></x>"
    client.send(f"<message to='{ROOM}' id='i'>{content}</message>")
    return [refusal(each) for each in await client.messages()]


async def test_nobody_learns_by_declining_who_is_in_a_room(house: House) -> None:
    romeo = await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    for who in (ROMEO, "tybalt@capulet.example"):
        assert await decline(nurse, who) == ["cancel item-not-found"]
    assert await romeo.messages() == []
    assert await invite(romeo, NURSE) == []
    await nurse.messages()
    assert await decline(nurse, ROMEO) == []
    assert await decline(nurse, ROMEO) == ["cancel item-not-found"]
    assert len(await romeo.messages()) == 1


async def test_visitors_ask_for_voice_so_often(house: House) -> None:
    romeo = await open_room(house, moderatedroom="1")
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    for _ in range(5):
        nurse.send(f"<message to='{ROOM}'>{voice()}</message>")
    refused = [each for each in await nurse.messages() if each.get("type") == "error"]
    assert [refusal(each) for each in refused] == ["wait resource-constraint"] * 2
    assert len(await romeo.messages()) == 3


async def test_nobody_looks_like_who_reserved_a_nickname_and_is_away(house: House) -> None:
    romeo = await open_room(house, persistentroom="1")
    assert await register(romeo, "Romeo") == "result"
    romeo.close()
    nurse = await house.client(f"{NURSE}/x")
    for nick in ("R\u043emeo", "Romeo "):
        assert seen(await enter(nurse, nick)) == [f"{nick} cancel conflict"]
    assert await register(nurse, "R\u043emeo") == "cancel conflict"
    romeo = await house.client(f"{ROMEO}/orchard")
    assert "Romeo owner moderator 110 170" in seen(await enter(romeo, "Romeo"))


@pytest.mark.parametrize("nick", ["Romeo ", " Romeo", "Romeo\u00a0", "Romeo\u2800", "R\u043emeo"])
async def test_nobody_is_taken_for_another_by_what_cannot_be_seen(house: House, nick: str) -> None:
    await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, nick)
    assert list(room_of(house).occupants) == ["Romeo"]


async def test_a_request_reserves_no_nickname_twice(house: House) -> None:
    romeo = await open_room(house)
    items = "".join(
        f"<item jid='{who}' nick='Fool' affiliation='member'/>" for who in (NURSE, "a@b")
    )
    assert refusal(await admin(romeo, items)) == "cancel conflict"
    long = f"<item jid='{NURSE}' nick='{'x' * 101}' affiliation='member'/>"
    assert refusal(await admin(romeo, long)) == "modify not-acceptable"
    assert set(room_of(house).standings) == {ROMEO}


async def asked(house: House, request: str, answer: str) -> str:
    """Let an occupant ask another something; return the answer as it arrives."""
    romeo = await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    await romeo.taken()
    nurse.send(f"<iq type='get' id='v' to='{ROOM}/Romeo'>{request}</iq>")
    (question,) = await romeo.taken()
    id_, to = question.get("id"), question.get("from")
    romeo.send(answer.format(f"id='{id_}' to='{to}'"))
    (came,) = await nurse.taken()
    return came.to_bytes().decode()


async def test_an_error_does_not_tell_a_real_address(house: House) -> None:
    stanzas = "urn:ietf:params:xml:ns:xmpp-stanzas"
    gone = f"<gone xmlns='{stanzas}'>xmpp:{ROMEO}</gone>"
    error = f"<iq type='error' {{}}><error type='cancel' by='{ROMEO}/x'>{gone}</error></iq>"
    came = await asked(house, "<query xmlns='jabber:iq:version'/>", error)
    assert "<gone" in came
    assert ROMEO not in came


async def test_service_discovery_does_not_tell_a_real_address(house: House) -> None:
    items = "http://jabber.org/protocol/disco#items"
    item = f"<item jid='{ROMEO}/orchard' node='n' name='Run'/><item jid='elsewhere.example'/>"
    answer = f"<iq type='result' {{}}><query xmlns='{items}' node='c'>{item}</query></iq>"
    came = await asked(house, f"<query xmlns='{items}' node='c'/>", answer)
    assert f"jid='{ROOM}/Romeo'" in came
    assert "jid='elsewhere.example'" in came
    assert ROMEO not in came


async def test_nobody_passes_off_a_message_as_history_of_the_room(house: House) -> None:
    romeo = await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    await romeo.taken()
    for address in (ROOM.upper(), f"{ROOM}/Romeo", "CONFERENCE.montague.example"):
        stamp = "stamp='2020-01-01T00:00:00Z'"
        say(nurse, "Before", f"<delay xmlns='urn:xmpp:delay' from='{address}' {stamp}/>")
    say(nurse, "Before", f"<x xmlns='jabber:x:delay' from='{ROOM}' stamp='20200101T00:00:00'/>")
    delay = f"<delay xmlns='urn:xmpp:delay' from='{ROOM}' stamp='2020-01-01T00:00:00Z'/>"
    nurse.send(f"<message to='{ROOM}/Romeo' type='chat'><body>Psst</body>{delay}</message>")
    came = await romeo.messages()
    assert len(came) == 5
    assert not any("delay" in (child.ns or child.name) for message in came for child in message)


async def test_whose_voice_is_taken_has_none_under_another_nickname(house: House) -> None:
    romeo = await open_room(house)
    nurses = [await house.client(f"{NURSE}/{number}") for number in range(2)]
    for nurse in nurses:
        await enter(nurse, f"Nurse {nurse.session.jid.resource}")
    await admin(romeo, "<item nick='Nurse 0' role='visitor'/>")
    await romeo.taken()
    for nurse in nurses:
        say(nurse, "Peter!")
        assert [refusal(each) for each in await nurse.messages()] == ["auth forbidden"]
    assert await romeo.messages() == []


async def test_whose_voice_is_taken_has_none_by_entering_again_meanwhile(house: House) -> None:
    romeo = await open_room(house)
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    await begin(romeo, "<item nick='Nurse' role='visitor'/>")
    nurse.send(f"<presence to='{ROOM}/Nurse' type='unavailable'/>")
    nurse.send(f"<presence to='{ROOM}/Nurse'><x xmlns='{MUC}'/></presence>")
    await nurse.taken()
    assert room_of(house).occupants["Nurse"].role is Role.VISITOR


async def test_a_moderator_takes_voice_but_no_moderators_role(house: House) -> None:
    romeo = await open_room(house)
    clients = [await house.client(f"{who}/x") for who in (NURSE, "tybalt@capulet.example")]
    nurse = await house.client(f"{NURSE}/y")
    for client, nick in zip([*clients, nurse], ("Nurse", "Tybalt", "Angelica"), strict=True):
        await enter(client, nick)
    for nick in ("Tybalt", "Nurse"):
        await admin(romeo, f"<item nick='{nick}' role='moderator'/>")
    answer = await admin(clients[1], "<item nick='Angelica' role='visitor'/>")
    assert answer.get("type") == "result"
    roles = {nick: each.role for nick, each in room_of(house).occupants.items()}
    assert (roles["Nurse"], roles["Angelica"]) == (Role.MODERATOR, Role.VISITOR)


async def test_one_request_asks_for_each_list_once(house: House) -> None:
    romeo = await open_room(house)
    for each in ("affiliation='owner'", "role='moderator'"):
        refused = await admin(romeo, f"<item {each}/>" * 2, "get")
        assert refusal(refused) == "modify bad-request"
    answer = await admin(romeo, "<item affiliation='owner'/><item role='moderator'/>", "get")
    assert answer.get("type") == "result"


async def test_long_lists_are_not_asked_for_without_a_bound(house: House) -> None:
    romeo = await open_room(house)
    room = room_of(house)
    for number in range(1_100):
        room.put(parse_bare(f"u{number}@x.example"), Standing(Affiliation.MEMBER))
    query = f"<query xmlns='{ADMIN}'><item affiliation='{{}}'/></query>"
    for _ in range(21):
        request = query.format("member")
        romeo.send(f"<iq type='get' id='l' to='{ROOM}'>{request}</iq>")
    answers = [each for each in await romeo.taken() if each.name == "iq"]
    assert [each.get("type") for each in answers].count("result") == 20
    assert refusal(answers[-1]) == "wait resource-constraint"
    answer = await admin(romeo, "<item affiliation='owner'/>", "get")
    assert answer.get("type") == "result"
