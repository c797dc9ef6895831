"""The blocking command: requests and errors, pushes, presence, and its tie to privacy lists."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house

from palaver.wire.element import Element

BLOCKING = "urn:xmpp:blocking"
JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def juliet(house: House) -> Client:
    client = await house.client(f"{JULIET}/balcony")
    await client.taken()
    return client


@pytest.fixture
async def romeo(house: House) -> Client:
    client = await house.client(f"{ROMEO}/orchard")
    await client.taken()
    return client


def asks(verb: str, *jids: str) -> str:
    items = "".join(f"<item jid='{jid}'/>" for jid in jids)
    return f"<iq type='set' id='q'><{verb} xmlns='{BLOCKING}'>{items}</{verb}></iq>"


def condition(answer: Element) -> str:
    error = answer.find("error", "jabber:client")
    return "" if error is None else next(iter(error)).name


async def blocklist(client: Client) -> list[str]:
    answer = await client.ask(f"<iq type='get' id='l'><blocklist xmlns='{BLOCKING}'/></iq>")
    found = answer.find("blocklist", BLOCKING)
    assert found is not None
    return [item.attrs["jid"] for item in found]


async def pushed(client: Client) -> list[str]:
    """Return the payloads of the pushes that came."""
    sets = [each for each in await client.taken() if each.get("type") == "set"]
    return [next(iter(each)).to_bytes().decode() for each in sets]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (asks("block"), "bad-request"),
        (asks("block", "@"), "jid-malformed"),
        (asks("unblock", "@"), "jid-malformed"),
        (f"<iq type='set' id='q'><block xmlns='{BLOCKING}'><item/></block></iq>", "bad-request"),
        (f"<iq type='set' id='q'><unblock xmlns='{BLOCKING}'><x/></unblock></iq>", "bad-request"),
        (asks("unblock"), ""),
        (asks("unblock", ROMEO), ""),
        (asks("block", JULIET), ""),
    ],
)
async def test_requests_are_checked(juliet: Client, request_: str, expected: str) -> None:
    assert condition(await juliet.ask(request_)) == expected


async def test_addresses_are_kept_in_normal_form_and_once(juliet: Client) -> None:
    await juliet.ask(asks("block", "ROMEO@Montague.example", ROMEO))
    await juliet.ask(asks("block", ROMEO, "iago@venice.example"))
    assert await blocklist(juliet) == [ROMEO, "iago@venice.example"]
    await juliet.ask(asks("unblock", "Romeo@montague.example"))
    assert await blocklist(juliet) == ["iago@venice.example"]


async def test_the_answer_comes_before_the_push(juliet: Client) -> None:
    await blocklist(juliet)
    juliet.send(asks("block", ROMEO))
    assert [each.get("type") for each in await juliet.taken()] == ["result", "set"]


async def test_sessions_that_asked_for_the_list_get_its_changes(
    house: House, juliet: Client
) -> None:
    chamber = await house.client(f"{JULIET}/chamber")
    await blocklist(chamber)
    await chamber.taken()
    for verb, jids in (("block", [ROMEO, "a@b"]), ("unblock", [ROMEO]), ("unblock", [])):
        await juliet.ask(asks(verb, *jids))
        items = "".join(f"<item jid='{jid}'/>" for jid in jids)
        end = f">{items}</{verb}>" if jids else "/>"
        assert await pushed(chamber) == [f"<{verb} xmlns='{BLOCKING}'{end}"]
        assert await pushed(juliet) == []


async def test_blocked_addresses_are_items_of_the_default_privacy_list(
    house: House, juliet: Client
) -> None:
    await juliet.ask(
        "<iq type='set' id='l'><query xmlns='jabber:iq:privacy'><list name='mine'>"
        "<item type='jid' value='a@b' action='deny' order='4'/>"
        "<item type='jid' value='c@d' action='deny' order='5'><message/></item>"
        "</list></query></iq>"
    )
    chamber = await house.client(f"{JULIET}/chamber")
    assert await blocklist(chamber) == []
    await chamber.taken()
    default = "<iq type='set' id='d'><query xmlns='jabber:iq:privacy'>{}</query></iq>"
    await juliet.ask(default.format("<default name='mine'/>"))
    assert await pushed(chamber) == [f"<block xmlns='{BLOCKING}'><item jid='a@b'/></block>"]
    await juliet.taken()
    await chamber.ask(asks("block", ROMEO))
    pushes = await pushed(juliet)
    assert pushes == ["<query xmlns='jabber:iq:privacy'><list name='mine'/></query>"]
    chamber.close()
    await juliet.ask(default.format("<default/>"))
    assert await blocklist(juliet) == []


async def test_contacts_see_one_leave_and_return(romeo: Client, juliet: Client) -> None:
    for subscriber, contact in ((romeo, juliet), (juliet, romeo)):
        subscriber.send(f"<presence type='subscribe' to='{contact.session.bare}'/>")
        await subscriber.house.settled()
        contact.send(f"<presence type='subscribed' to='{subscriber.session.bare}'/>")
        await subscriber.house.settled()
    juliet.send("<presence><show>chat</show></presence>")
    for blocked in (ROMEO, f"{ROMEO}/orchard", "montague.example"):
        await juliet.taken()
        await romeo.taken()
        await juliet.ask(asks("block", blocked))
        (gone,) = await romeo.taken()
        assert (gone.get("type"), gone.get("from")) == ("unavailable", f"{JULIET}/balcony")
        if not blocked.endswith("orchard"):  # presence goes to bare JIDs
            juliet.send("<presence><show>chat</show></presence>")
        assert await romeo.taken() == []
        await juliet.ask(asks("unblock", blocked))
        (back,) = await romeo.taken()
        assert (back.get("type"), back.text_of("show")) == (None, "chat")


async def test_a_stranger_is_not_told_of_a_block(romeo: Client, juliet: Client) -> None:
    await juliet.ask(asks("block", ROMEO))
    await juliet.ask(asks("unblock", ROMEO))
    assert await romeo.taken() == []


async def test_who_got_directed_presence_sees_one_leave(romeo: Client, juliet: Client) -> None:
    juliet.send(f"<presence to='{ROMEO}/orchard'/>")
    await romeo.taken()
    await juliet.ask(asks("block", ROMEO))
    (gone,) = await romeo.taken()
    assert (gone.get("type"), gone.get("from")) == ("unavailable", f"{JULIET}/balcony")


async def test_a_long_list_decides_as_quickly_as_a_short_one(romeo: Client, juliet: Client) -> None:
    others = [f"villain{number}@venice.example" for number in range(900)]
    assert condition(await juliet.ask(asks("block", *others, ROMEO))) == ""
    romeo.send(f"<message to='{JULIET}'><body>a</body></message>")
    (answer,) = await romeo.messages()
    assert condition(answer) == "service-unavailable"


async def test_what_was_blocked_stays_out_while_one_is_away(
    house: House, romeo: Client, juliet: Client
) -> None:
    await juliet.ask(asks("block", ROMEO))
    juliet.close()
    romeo.send(f"<message to='{JULIET}'><body>a</body></message>")
    (answer,) = await romeo.messages()
    assert condition(answer) == "service-unavailable"
    assert await (await house.client(f"{JULIET}/balcony")).bodies() == []


async def test_a_temporary_account_blocks_for_as_long_as_it_lasts(
    house: House, romeo: Client
) -> None:
    guest = await house.guest("guest@capulet.example/r")
    assert condition(await guest.ask(asks("block", ROMEO))) == ""
    romeo.send("<message to='guest@capulet.example/r'><body>a</body></message>")
    assert await guest.bodies() == []


async def test_hosts_advertise_the_command(house: House) -> None:
    assert BLOCKING in house.server.features(house.server.hosts["capulet.example"])
