"""Bookmarks are the same whichever way clients write and read them (XEP-0402, 0411, 0048)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.moving.test_xep_0227 import data, load
from tests.unit.ext.pubsub.caps import wanting

from palaver.ext.bookmarks import LIST, NS
from palaver.ext.pubsub.extension import PubSub
from palaver.jid import parse_bare
from palaver.wire.element import Element

JULIET = "juliet@capulet.example"
PUBSUB = "http://jabber.org/protocol/pubsub"
VERONA = "verona@rooms.example"
MANTUA = "mantua@rooms.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def juliet(house: House) -> Client:
    return await house.client(f"{JULIET}/balcony")


async def ask(client: Client, type_: str, payload: str) -> Element:
    return await client.ask(f"<iq type='{type_}' id='i'>{payload}</iq>")


async def publish(client: Client, node: str, id_: str, payload: str) -> Element:
    item = f"<publish node='{node}'><item id='{id_}'>{payload}</item></publish>"
    return await ask(client, "set", f"<pubsub xmlns='{PUBSUB}'>{item}</pubsub>")


async def retract(client: Client, room: str) -> None:
    item = f"<retract node='{NS}'><item id='{room}'/></retract>"
    await ask(client, "set", f"<pubsub xmlns='{PUBSUB}'>{item}</pubsub>")


async def keep(client: Client, *conferences: str) -> Element:
    inner = f"<storage xmlns='{LIST}'>{''.join(conferences)}</storage>"
    return await ask(client, "set", f"<query xmlns='jabber:iq:private'>{inner}</query>")


async def items(client: Client, node: str) -> dict[str, Element]:
    answer = await ask(client, "get", f"<pubsub xmlns='{PUBSUB}'><items node='{node}'/></pubsub>")
    found = answer.find("pubsub", PUBSUB)
    listed = None if found is None else found.find("items")
    return {each.get("id", ""): next(iter(each)) for each in listed or ()}


async def in_storage(client: Client) -> dict[str | None, Element]:
    asked = f"<query xmlns='jabber:iq:private'><storage xmlns='{LIST}'/></query>"
    query = (await ask(client, "get", asked)).find("query", "jabber:iq:private")
    storage = None if query is None else query.find("storage", LIST)
    return {each.get("jid"): each for each in storage or ()}


async def in_list(client: Client) -> dict[str | None, Element]:
    found = (await items(client, LIST)).get("current")
    return {each.get("jid"): each for each in found or ()}


def conference(room: str, more: str = "name='N' autojoin='1'") -> str:
    return f"<conference jid='{room}' {more}><nick>J</nick></conference>"


BOOKMARK = (
    f"<conference xmlns='{NS}' name='N' autojoin='true'><nick>J</nick>"
    "<extensions><mute xmlns='urn:example'/></extensions></conference>"
)


async def test_what_is_published_anew_is_in_both_lists(juliet: Client) -> None:
    await publish(juliet, NS, VERONA, BOOKMARK)
    for found in (await in_storage(juliet), await in_list(juliet)):
        (bookmark,) = found.values()
        assert bookmark.attrs == {"jid": VERONA, "name": "N", "autojoin": "true"}
        assert bookmark.text_of("nick") == "J"
    await retract(juliet, VERONA)
    assert (await in_storage(juliet), await in_list(juliet)) == ({}, {})


async def test_what_is_put_into_private_storage_is_in_both_nodes(juliet: Client) -> None:
    await keep(juliet, conference(VERONA), conference(MANTUA))
    new = await items(juliet, NS)
    assert new.keys() == {VERONA, MANTUA}
    assert new[VERONA].attrs == {"name": "N", "autojoin": "true"}
    assert new[VERONA].text_of("nick") == "J"
    assert (await in_list(juliet)).keys() == {VERONA, MANTUA}
    await keep(juliet, conference(MANTUA))
    assert (await items(juliet, NS)).keys() == {MANTUA}
    assert (await in_list(juliet)).keys() == {MANTUA}
    await keep(juliet)
    assert await items(juliet, NS) == {}
    assert await in_list(juliet) == {}


async def test_what_is_published_as_a_list_is_everywhere(juliet: Client) -> None:
    payload = f"<storage xmlns='{LIST}'>{conference(VERONA)}</storage>"
    await publish(juliet, LIST, "current", payload)
    assert (await items(juliet, NS)).keys() == {VERONA}
    assert (await in_storage(juliet)).keys() == {VERONA}


async def test_what_lists_cannot_say_stays(juliet: Client) -> None:
    await keep(juliet, conference(VERONA))
    await publish(juliet, NS, VERONA, BOOKMARK)
    url = "<url url='https://capulet.example/' name='House'/>"
    await keep(juliet, conference(VERONA, "name='Other'"), url, "<conference jid='@'/>")
    bookmark = (await items(juliet, NS))[VERONA]
    assert bookmark.attrs == {"name": "Other"}
    assert b"mute" in bookmark.to_bytes()
    await publish(juliet, NS, MANTUA, BOOKMARK)
    kept = await in_storage(juliet)
    assert kept.keys() == {VERONA, MANTUA, None, "@"}
    assert kept[None].name == "url"


async def test_only_what_changed_is_told(house: House, juliet: Client) -> None:
    await keep(juliet, conference(VERONA), conference(MANTUA))
    phone = await wanting(house, f"{JULIET}/phone", NS, LIST)
    await phone.messages()
    await keep(juliet, conference(VERONA), conference(MANTUA, "name='M'"))
    told = [each.to_bytes().decode() for each in await phone.messages()]
    assert len([each for each in told if f"node='{NS}'" in each]) == 1
    assert len([each for each in told if f"node='{LIST}'" in each]) == 1
    await keep(juliet, conference(VERONA), conference(MANTUA, "name='M'"))
    assert await phone.messages() == []


async def test_nobody_else_reads_what_is_converted(house: House, juliet: Client) -> None:
    payload = f"<storage xmlns='{LIST}'>{conference(VERONA)}</storage>"
    await publish(juliet, LIST, "current", payload)  # with the default access model
    await publish(juliet, NS, MANTUA, BOOKMARK)
    await keep(juliet, conference(VERONA))
    for name in (NS, LIST):
        node = await house.server.extension(PubSub).engine.nodes.find(parse_bare(JULIET), name)
        assert node is not None
        assert node.config.access_model == "whitelist"


@pytest.mark.parametrize(
    ("id_", "payload"),
    [
        ("@", BOOKMARK),
        (VERONA, "<other xmlns='urn:example'/>"),
        (VERONA, f"<conference xmlns='{NS}' autojoin='maybe'/>"),
        (VERONA, f"<conference xmlns='{NS}'><nick/><nick/></conference>"),
        (VERONA, f"<conference xmlns='{NS}'><extensions/><extensions/></conference>"),
    ],
    ids=["no room", "not a bookmark", "autojoin", "two nicks", "two extensions"],
)
async def test_a_broken_bookmark_is_refused(juliet: Client, id_: str, payload: str) -> None:
    answer = await publish(juliet, NS, id_, payload)
    assert answer.get("type") == "error"
    assert await in_storage(juliet) == {}


async def test_a_list_that_is_too_long_is_refused(juliet: Client) -> None:
    many = [f"<conference jid='r{number}@rooms.example'/>" for number in range(1_001)]
    answer = await keep(juliet, *many)
    assert answer.get("type") == "error"
    assert await items(juliet, NS) == {}
    assert await in_storage(juliet) == {}


@pytest.mark.parametrize("way", ["private storage", "list"])
async def test_bookmarks_that_move_in_add_to_each_other(
    house: House, tmp_path: Path, way: str
) -> None:
    storage = f"<storage xmlns='{LIST}'>{conference(VERONA)}</storage>"
    nodes = f"<items node='{NS}'><item id='{MANTUA}'>{BOOKMARK}</item></items>"
    old = f"<query xmlns='jabber:iq:private'>{storage}</query>"
    if way == "list":
        nodes += f"<items node='{LIST}'><item id='current'>{storage}</item></items>"
        old = ""
    text = f"{old}<pubsub xmlns='{PUBSUB}'>{nodes}</pubsub>"
    text = data(f"<user name='juliet' password='x'>{text}</user>")
    report = await load(house, tmp_path / "x.xml", text)
    assert report["problems"] == []
    juliet = await house.client(f"{JULIET}/balcony")
    both = {VERONA, MANTUA}
    assert (await items(juliet, NS)).keys() == both
    assert (await in_storage(juliet)).keys() == both
    assert (await in_list(juliet)).keys() == both
