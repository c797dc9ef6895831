"""Messages, private ones, requests, invitations, voice, registration and the archive."""

from tests.support.house import House
from tests.unit.ext.muc.test_administering import three
from tests.unit.ext.muc.visiting import (
    JULIET,
    NURSE,
    ROMEO,
    ROOM,
    configure,
    enter,
    open_room,
    refusal,
    register,
    room_of,
    say,
    seen,
    voice,
)

from palaver.ext.muc.extension import Muc
from palaver.ext.muc.names import MUC, USER
from palaver.ext.muc.registering import NS as REGISTER
from palaver.jid import parse, parse_bare
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

MAM = "urn:xmpp:mam:2"


async def test_private_messages_are_for_one(house: House) -> None:
    romeo, juliet, nurse = await three(house)
    juliet.send(f"<message to='{ROOM}/Nurse' type='chat' id='p'><body>Sh!</body></message>")
    (came,) = await nurse.messages()
    assert came.get("from") == f"{ROOM}/Juliet"
    assert came.get("to") == f"{NURSE}/x"
    assert came.find("x", USER) is not None
    juliet.send(f"<message to='{ROOM}/Nurse' type='groupchat'><body>x</body></message>")
    juliet.send(f"<message to='{ROOM}/Nobody' type='chat'><body>x</body></message>")
    refusals = [refusal(each) for each in await juliet.messages()]
    assert refusals == ["modify bad-request", "cancel item-not-found"]
    await configure(romeo, allowpm="moderators")
    await juliet.taken()
    juliet.send(f"<message to='{ROOM}/Nurse' type='chat'><body>x</body></message>")
    assert refusal((await juliet.messages())[0]) == "auth forbidden"


async def test_requests_reach_an_occupant_and_come_back(house: House) -> None:
    _, juliet, nurse = await three(house)
    juliet.send(f"<iq type='get' id='v' to='{ROOM}/Nurse'><a xmlns='urn:x'/></iq>")
    (asked,) = await nurse.taken()
    assert asked.get("from") == f"{ROOM}/Juliet"
    nurse.send(
        f"<iq type='result' id='{asked.get('id')}' to='{ROOM}/Juliet'><b xmlns='urn:x'/></iq>"
    )
    (answer,) = await juliet.taken()
    assert (answer.get("from"), answer.get("id")) == (f"{ROOM}/Nurse", "v")


async def test_an_error_that_answers_a_request_goes_back_to_who_asked(house: House) -> None:
    _, juliet, nurse = await three(house)
    juliet.send(f"<iq type='get' id='v' to='{ROOM}/Nurse'><a xmlns='urn:x'/></iq>")
    (asked,) = await nurse.taken()
    error = (
        "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    )
    nurse.send(f"<iq type='error' id='{asked.get('id')}' to='{ROOM}/Juliet'>{error}</iq>")
    assert refusal((await juliet.taken())[0]) == "cancel item-not-found"
    assert "Nurse" in room_of(house).occupants


async def test_who_cannot_be_reached_any_more_leaves(house: House) -> None:
    romeo, juliet, _ = await three(house)
    far = parse("tybalt@far.example/x")
    presence = Stanza.make("presence", far, parse(f"{ROOM}/Tybalt"), None, Element("x", MUC))
    house.server.router.route(presence)  # nobody federates here: nothing reaches him
    assert "Tybalt" not in room_of(house).occupants
    say(juliet, "Who was that?")
    assert await romeo.bodies() == ["Who was that?"]


async def test_a_ping_of_oneself_tells_whether_one_is_there(house: House) -> None:
    _, juliet, _ = await three(house)
    ping = f"<iq type='get' id='1' to='{ROOM}/Juliet'><ping xmlns='urn:xmpp:ping'/></iq>"
    assert (await juliet.ask(ping)).get("type") == "result"
    other = await house.client(f"{JULIET}/chamber")
    assert refusal(await other.ask(ping)) == "cancel not-acceptable"


async def test_what_came_back_removes_who_is_not_there(house: House) -> None:
    romeo, juliet, nurse = await three(house)
    error = "<error type='cancel'><{} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    nurse.send(f"<message type='error' to='{ROOM}'>{error.format('not-allowed')}</message>")
    assert await juliet.taken() == []
    nurse.send(f"<message type='error' to='{ROOM}'>{error.format('gone')}</message>")
    assert seen(await juliet.taken()) == ["Nurse gone none none 333"]
    assert "Nurse" not in room_of(house).occupants
    assert romeo.session.jid in room_of(house).attendants


async def test_invitations_and_refusals_pass_through_the_room(house: House) -> None:
    romeo = await open_room(house, membersonly="1", passwordprotectedroom="1", roomsecret="s")
    juliet = await house.client(f"{JULIET}/balcony")
    invite = f"<x xmlns='{USER}'><invite to='%s'><reason>Come</reason></invite></x>"
    romeo.send(f"<message to='{ROOM}'>{invite % JULIET}</message>")
    (came,) = await juliet.messages()
    room = came.find("x", USER)
    assert room is not None
    assert room.text_of("password") == "s"
    assert came.get("from") == ROOM
    assert JULIET in room_of(house).standings
    romeo.send(f"<message to='{ROOM}' id='n'>{invite % 'nobody@capulet.example'}</message>")
    assert refusal((await romeo.messages())[0]) == "cancel item-not-found"
    decline = f"<x xmlns='{USER}'><decline to='{ROMEO}'/></x>"
    juliet.send(f"<message to='{ROOM}'>{decline}</message>")
    (told,) = await romeo.messages()
    assert f"from='{JULIET}'".encode() in told.to_bytes()
    await enter(juliet, "Juliet", "<password>s</password>")
    juliet.send(f"<message to='{ROOM}'>{invite % NURSE}</message>")
    assert refusal((await juliet.messages())[0]) == "auth forbidden"


async def test_a_visitor_asks_for_voice(house: House) -> None:
    romeo, juliet, _ = await three(house, moderatedroom="1")
    juliet.send(f"<message to='{ROOM}'>{voice()}</message>")
    (asked,) = await romeo.messages()
    assert b"Juliet" in asked.to_bytes()
    allowed = voice(jid=f"{JULIET}/balcony", request_allow="1")
    juliet.send(f"<message to='{ROOM}'>{allowed}</message>")
    assert refusal((await juliet.messages())[0]) == "auth forbidden"
    romeo.send(f"<message to='{ROOM}'>{allowed}</message>")
    assert seen(await juliet.taken()) == ["Juliet none participant 110"]


async def test_a_registered_nickname_is_nobody_elses(house: House) -> None:
    _, juliet, nurse = await three(house)
    assert await register(nurse, "Juliet") == "cancel conflict"
    assert await register(juliet, "Rose") == "result"
    assert "Juliet member participant" in seen(await nurse.taken())
    assert await register(nurse, "Rose") == "cancel conflict"
    nurse.send(f"<presence to='{ROOM}/Rose'/>")
    assert seen(await nurse.taken()) == ["Rose cancel conflict"]
    node = "<query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/>"
    answer = await juliet.ask(f"<iq type='get' id='n' to='{ROOM}'>{node}</iq>")
    assert b"name='Rose'" in answer.to_bytes()
    leave = f"<query xmlns='{REGISTER}'><remove/></query>"
    await juliet.ask(f"<iq type='set' id='l' to='{ROOM}'>{leave}</iq>")
    assert await register(nurse, "Rose") == "result"


async def test_the_archive_has_each_message_once_for_those_who_may_enter(house: House) -> None:
    romeo, juliet, nurse = await three(house)
    say(juliet, "one", f"<x xmlns='{USER}'><item jid='forged@x'/></x>")
    say(nurse, "two")
    juliet.send(f"<message to='{ROOM}' type='groupchat'><a xmlns='urn:x'/></message>")
    juliet.send(f"<message to='{ROOM}/Nurse' type='chat'><body>private</body></message>")
    for each in (romeo, juliet, nurse):
        await each.taken()
    query = f"<iq type='set' id='m' to='{ROOM}'><query xmlns='{MAM}'/></iq>"
    assert (await juliet.ask(query)).get("type") == "result"
    came = await juliet.messages()
    assert [b"forged" in each.to_bytes() for each in came] == [False, False]
    assert [each.get("from") for each in came] == [ROOM, ROOM]
    assert [f"{NURSE}/x".encode() in each.to_bytes() for each in came] == [False, False]
    await romeo.ask(query)
    told = await romeo.messages()
    assert [f"{NURSE}/x".encode() in each.to_bytes() for each in told] == [False, True]
    await configure(romeo, membersonly="1")
    assert refusal(await nurse.ask(query)) == "auth forbidden"


async def test_a_deleted_account_leaves_its_rooms(house: House) -> None:
    romeo, juliet, _ = await three(house, persistentroom="1", roomadmins=JULIET)
    await house.server.extension(Muc).leave(romeo.account)
    room = room_of(house)
    assert parse_bare(ROMEO) not in room.standings
    assert [str(each) for each in room.affiliated(room.affiliation(juliet.session.jid))] == [JULIET]
    assert room.creator == ROOM
