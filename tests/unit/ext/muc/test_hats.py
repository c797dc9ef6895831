"""Hats last, within bounds (XEP-0317)."""

import pytest
from tests.support.house import Client, House
from tests.unit.ext.muc.visiting import NURSE, ROOM, enter, open_room, refusal, room_of

from palaver.ext.muc.extension import Muc
from palaver.jid import parse_bare
from palaver.wire.element import Element

HAT = {"uri": "urn:x:sun", "title": "The <sun>'s"}


async def command(client: Client, word: str, **fields: str) -> Element:
    written = "".join(
        Element("field", "jabber:x:data", {"var": f"hats#{name}"})
        .add(Element("value", "jabber:x:data", None, value))
        .to_bytes()
        .decode()
        for name, value in fields.items()
    )
    form = f"<x xmlns='jabber:x:data' type='submit'>{written}</x>"
    node = f"node='urn:xmpp:hats:commands:{word}'"
    content = f"<command xmlns='http://jabber.org/protocol/commands' {node}>{form}</command>"
    return await client.ask(f"<iq type='set' id='h' to='{ROOM}'>{content}</iq>")


async def test_hats_are_there_when_the_room_is_read_again(house: House) -> None:
    romeo = await open_room(house)
    await command(romeo, "create", **HAT)
    await command(romeo, "create", uri="urn:x:moon", title="The moon", hue="12.5")
    for uri in ("urn:x:sun", "urn:x:moon"):
        assert (await command(romeo, "assign", uri=uri, jid=f"{NURSE}/x")).get("type") == "result"
    room = room_of(house)
    engine = house.server.extension(Muc).engine
    again = await engine.store.find(room.jid, room.host)
    assert again is not None
    assert again.hats.all == room.hats.all
    who = parse_bare(NURSE)
    assert again.hats.xml_of(who) == room.hats.xml_of(who)
    await command(romeo, "destroy", uri="urn:x:sun")
    again = await engine.store.find(room.jid, room.host)
    assert again is not None
    assert [each.uri for each in again.hats.of(who)] == ["urn:x:moon"]


async def test_who_enters_with_a_hat_is_seen_with_it(house: House) -> None:
    romeo = await open_room(house)
    await command(romeo, "create", **HAT)
    await command(romeo, "assign", uri=HAT["uri"], jid=NURSE)
    await romeo.taken()
    nurse = await house.client(f"{NURSE}/x")
    await enter(nurse, "Nurse")
    (presence,) = await romeo.taken()
    hats = presence.find("hats", "urn:xmpp:hats:0")
    assert hats is not None
    assert [dict(hat.attrs) for hat in hats] == [HAT]
    nurse.send(f"<presence to='{ROOM}/Nurse' type='unavailable'/>")
    (presence,) = await romeo.taken()
    assert presence.find("hats", "urn:xmpp:hats:0") is None


@pytest.mark.parametrize(
    ("word", "fields"),
    [
        ("create", {"uri": "no uri", "title": "x"}),
        ("create", {"uri": "urn:x:" + "é" * 300, "title": "x"}),
        ("create", {"uri": "urn:x", "title": " "}),
        ("create", {"uri": "urn:x", "title": "x" * 201}),
        ("create", {"uri": "urn:x", "title": "x", "hue": "-1"}),
        ("create", {"uri": "urn:x", "title": "x", "hue": "nan"}),
        ("create", {"title": "x"}),
        ("assign", {"uri": "urn:x"}),
        ("assign", {"uri": "urn:x", "jid": "capulet.example"}),
        ("assign", {"uri": "urn:x", "jid": "@"}),
    ],
)
async def test_forms_that_make_no_sense_are_refused(
    house: House, word: str, fields: dict[str, str]
) -> None:
    romeo = await open_room(house)
    assert refusal(await command(romeo, word, **fields)) == "modify bad-request"
    assert not room_of(house).hats.all


async def test_a_room_has_so_many_hats_and_an_address_wears_so_many(house: House) -> None:
    romeo = await open_room(house)
    for number in range(100):
        await command(romeo, "create", uri=f"urn:x:{number}", title="The same")
    refused = await command(romeo, "create", uri="urn:x:100", title="x")
    assert refusal(refused) == "wait resource-constraint"
    for number in range(20):
        await command(romeo, "assign", uri=f"urn:x:{number}", jid=NURSE)
    refused = await command(romeo, "assign", uri="urn:x:20", jid=NURSE)
    assert refusal(refused) == "wait resource-constraint"
    await command(romeo, "assign", uri="urn:x:19", jid=NURSE)  # which it wears already
    assert len(room_of(house).hats.worn[parse_bare(NURSE)]) == 20
