"""How often participants may speak and enter, and who may post links and files."""

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
    enter,
    form,
    open_room,
    owner,
    refusal,
    say,
    seen,
)

from palaver.wire.element import Element

LINK = "see https://romeo.example/"
OOB = "<x xmlns='jabber:x:oob'><url>https://romeo.example/</url></x>"
SFS = "<file-sharing xmlns='urn:xmpp:sfs:0'/>"
SIMS = (
    "<reference xmlns='urn:xmpp:reference:0' type='data'>"
    "<media-sharing xmlns='urn:xmpp:sims:1'/></reference>"
)
XHTML = (
    "<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>"
    "<a href='https://romeo.example/'>here</a></body></html>"
)


async def set_option(client: Client, name: str, value: str | int) -> None:
    answer = await owner(client, form({f"x-muc#roomconfig_{name}": str(value)}))
    assert answer.get("type") == "result", answer
    await client.taken()


async def inside(house: House, name: str, value: str | int) -> tuple[Client, Client]:
    """Let Romeo own a room with an option, and Juliet be in it."""
    romeo, juliet = await open_room(house), await house.client(f"{JULIET}/balcony")
    await set_option(romeo, name, value)
    await enter(juliet, "Juliet")
    await romeo.taken()
    return romeo, juliet


async def outcome(client: Client) -> str:
    """Tell what became of a message: its text, or how it was refused."""
    (came,) = await client.messages()
    return refusal(came) if came.get("type") == "error" else came.text_of("body") or ""


async def test_in_a_slow_room_a_participant_waits_between_messages(house: House) -> None:
    romeo, juliet = await inside(house, "slowmode", 30)
    say(juliet, "Ay me!")
    assert await outcome(juliet) == "Ay me!"
    say(juliet, "O Romeo")
    (refused,) = await juliet.messages()
    assert refusal(refused) == "wait policy-violation"
    error = refused.find("error", "jabber:client")
    assert error is not None
    text = error.text_of("text", "urn:ietf:params:xml:ns:xmpp-stanzas") or ""
    assert text.endswith("seconds")
    assert await romeo.bodies() == ["Ay me!"]


async def test_who_leaves_a_slow_room_waits_all_the_same(house: House) -> None:
    _, juliet = await inside(house, "slowmode", 30)
    say(juliet, "Ay me!")
    juliet.send(f"<presence to='{ROOM}/Juliet' type='unavailable'/>")
    await enter(juliet, "Capulet")
    say(juliet, "O Romeo")
    assert await outcome(juliet) == "wait policy-violation"


async def test_moderators_and_what_says_nothing_are_not_slowed_down(house: House) -> None:
    romeo, juliet = await inside(house, "slowmode", 30)
    for text in ("But soft!", "what light"):
        say(romeo, text)
        assert await outcome(romeo) == text
    await juliet.taken()
    state = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
    for _ in range(2):
        juliet.send(f"<message to='{ROOM}' type='groupchat'>{state}</message>")
    assert [each.get("type") for each in await juliet.messages()] == ["groupchat"] * 2


@pytest.mark.parametrize("more", [OOB, SFS, SIMS, XHTML, f"<subject>{LINK}</subject>"])
async def test_files_and_links_are_for_those_whom_the_room_lets_post_them(
    house: House, more: str
) -> None:
    romeo, juliet = await inside(house, "media", "members")
    say(juliet, "Ay me!", more)
    assert await outcome(juliet) == "auth forbidden"
    assert await romeo.messages() == []
    await admin(romeo, f"<item jid='{JULIET}' affiliation='member'/>")
    await juliet.taken()
    say(juliet, "Ay me!", more)
    assert await outcome(juliet) == "Ay me!"


@pytest.mark.parametrize("text", [LINK, "WWW.romeo.example", "aesgcm://romeo.example/a#b"])
async def test_a_link_in_the_text_is_one(house: House, text: str) -> None:
    romeo, juliet = await inside(house, "media", "moderators")
    await admin(romeo, f"<item jid='{JULIET}' affiliation='member'/>")
    await juliet.taken()
    say(juliet, text)
    assert await outcome(juliet) == "auth forbidden"
    say(romeo, text)
    assert text in await juliet.bodies()


async def test_an_address_of_a_namespace_is_no_link(house: House) -> None:
    _, juliet = await inside(house, "media", "moderators")
    say(juliet, "Ay me!", "<active xmlns='http://jabber.org/protocol/chatstates'/>")
    assert await outcome(juliet) == "Ay me!"


async def test_strangers_enter_no_faster_than_the_room_lets_them(house: House) -> None:
    romeo = await open_room(house)
    await admin(romeo, f"<item jid='{NURSE}' affiliation='member'/>")
    await set_option(romeo, "entries", 1)
    juliet, nurse = await house.client(f"{JULIET}/x"), await house.client(f"{NURSE}/x")
    tybalt = await house.client("tybalt@capulet.example/x")
    assert seen(await enter(juliet, "Juliet"))[-1] == "Juliet none participant 110 170"
    came: list[Element] = await enter(tybalt, "Tybalt")
    assert seen(came) == ["Tybalt wait resource-constraint"]
    assert seen(await enter(nurse, "Nurse"))[-1] == "Nurse member participant 110 170"


async def test_one_address_enters_a_room_only_so_often(tmp_path: Path) -> None:
    configuration = "[extensions.muc]\nentries = 2\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=configuration) as house:
        romeo = await open_room(house, f"{ROMEO}/orchard")
        assert seen(await enter(romeo, "Romeo")) == ["Romeo owner moderator 110 170"]
        assert seen(await enter(romeo, "Romeo")) == ["Romeo wait resource-constraint"]
        juliet = await house.client(f"{JULIET}/balcony")
        assert seen(await enter(juliet, "Juliet"))[-1] == "Juliet none participant 110 170"
