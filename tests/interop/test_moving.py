"""Accounts move here from a real Prosody and a real ejabberd, and find everything again."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from tests.interop.neighbours import (
    HOST,
    Ejabberd,
    Neighbour,
    Prosody,
    in_unicode,
    with_schema,
)
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.config import HostOptions, ServerOptions
from tests.support.databases import DatabaseServers
from tests.support.server import Server

PASSWORD = "a rose by any other name"
JULIET = f"juliet@{HOST}"
ROMEO = f"romeo@{HOST}"
TYBALT = f"tybalt@{HOST}"
NOTES = "<exodus xmlns='exodus:prefs'><nick>J\u00fcl&lt;</nick></exodus>"
CARD = "<vCard xmlns='vcard-temp'><FN>Juliet \U0001f339</FN></vCard>"

PUBSUB = "http://jabber.org/protocol/pubsub"
NODE = "http://jabber.org/protocol/mood"
BOOKMARKS = "urn:xmpp:bookmarks:1"
ROOMS = ("verona@rooms.example", "mantua@rooms.example")

StartServer = Callable[..., Server]


async def live(there: Neighbour) -> None:
    """Let Juliet use her account: all that she has came there by the protocol."""
    for name in ("juliet", "romeo", "tybalt"):
        there.register(name, PASSWORD)
    async with there.client("juliet", PASSWORD) as juliet, there.client("romeo", PASSWORD) as romeo:
        for each in (juliet, romeo):
            await each.iq("get", "<query xmlns='jabber:iq:roster'/>")
            await each.send("<presence/>")
            await each.barrier()
        await juliet.iq(
            "set",
            f"<query xmlns='jabber:iq:roster'><item jid='{ROMEO}' name='My \"love\"'>"
            "<group>Friends</group><group>V\u00e9rona</group></item></query>",
        )
        await subscribe(juliet, romeo, ROMEO, JULIET)
        await subscribe(romeo, juliet, JULIET, ROMEO)
        await say(juliet, romeo, ROMEO, "1", "Who's there? \U0001f339 & <why>")
        await say(romeo, juliet, JULIET, "2", "'Tis I\nRomeo")
        assert (await juliet.iq("set", f"<query xmlns='jabber:iq:private'>{NOTES}</query>")).get(
            "type"
        ) == "result"
        assert (await juliet.iq("set", CARD)).get("type") == "result"
        mood = "<mood xmlns='http://jabber.org/protocol/mood'><happy/></mood>"
        publish = f"<publish node='{NODE}'><item id='current'>{mood}</item></publish>"
        done = await juliet.iq("set", f"<pubsub xmlns='{PUBSUB}'>{publish}</pubsub>")
        assert done.get("type") == "result"
        for request in bookmarks():
            answer = await juliet.iq("set", request)
            assert answer.get("type") == "result", [each.text for each in answer.iter()]
        blocked = f"<block xmlns='urn:xmpp:blocking'><item jid='{TYBALT}'/></block>"
        assert (await juliet.iq("set", blocked)).get("type") == "result"
    async with there.client("romeo", PASSWORD) as romeo:
        await romeo.send(
            f"<message type='chat' id='3' to='{JULIET}'><body>Good night</body></message>"
        )
        await romeo.barrier()


def bookmarks() -> Iterator[str]:
    """Iterate over the requests that make a node for bookmarks, and keep some (XEP-0402)."""
    options = {
        "FORM_TYPE": f"{PUBSUB}#node_config",
        "pubsub#access_model": "whitelist",
        "pubsub#persist_items": "true",
        "pubsub#max_items": "10",
    }
    fields = "".join(
        f"<field var='{var}'><value>{value}</value></field>" for var, value in options.items()
    )
    yield (
        f"<pubsub xmlns='{PUBSUB}'><create node='{BOOKMARKS}'/><configure>"
        f"<x xmlns='jabber:x:data' type='submit'>{fields}</x></configure></pubsub>"
    )
    for room in ROOMS:
        yield (
            f"<pubsub xmlns='{PUBSUB}'><publish node='{BOOKMARKS}'><item id='{room}'>"
            f"<conference xmlns='{BOOKMARKS}' name='A &amp; B' autojoin='true'><nick>J</nick>"
            "</conference></item></publish></pubsub>"
        )


async def check_nodes(juliet: Client) -> None:
    """See that nodes came with their items, and that only those may read who could."""
    items = await juliet.iq("get", f"<pubsub xmlns='{PUBSUB}'><items node='{NODE}'/></pubsub>")
    (item,) = items.iter(f"{{{PUBSUB}}}item")
    assert item.get("id") == "current"
    assert [each.tag for each in item.iter(f"{{{NODE}}}happy")] == [f"{{{NODE}}}happy"]
    found = await juliet.iq("get", f"<pubsub xmlns='{PUBSUB}'><items node='{BOOKMARKS}'/></pubsub>")
    assert [each.get("id") for each in found.iter(f"{{{PUBSUB}}}item")] == list(ROOMS)
    conference = next(found.iter(f"{{{BOOKMARKS}}}conference"))
    assert conference.attrib == {"name": "A & B", "autojoin": "true"}
    for node, model in ((NODE, "presence"), (BOOKMARKS, "whitelist")):
        asked = f"<pubsub xmlns='{PUBSUB}#owner'><configure node='{node}'/></pubsub>"
        form = await juliet.iq("get", asked)
        (field,) = (
            each
            for each in form.iter("{jabber:x:data}field")
            if each.get("var") == "pubsub#access_model"
        )
        assert field.findtext("{jabber:x:data}value") == model


async def subscribe(one: Client, other: Client, to: str, from_: str) -> None:
    await one.send(f"<presence type='subscribe' to='{to}'/>")
    await other.expect(lambda found: found.get("type") == "subscribe")
    await other.send(f"<presence type='subscribed' to='{from_}'/>")
    await one.expect(lambda found: found.get("type") == "subscribed")


async def say(one: Client, other: Client, to: str, id_: str, text: str) -> None:
    body = text.replace("&", "&amp;").replace("<", "&lt;")
    await one.send(f"<message type='chat' id='{id_}' to='{to}'><body>{body}</body></message>")
    await other.expect(lambda found: found.get("id") == id_)


def texts(found: list[Element]) -> list[str | None]:
    return [each.text for message in found for each in message.iter("{jabber:client}body")]


async def check(here: Server, *command: str, whole: bool = True) -> None:
    """Import, and see that Juliet finds everything after logging in with her old password."""
    report = json.loads(here.command("import", *command, "--json").stdout)
    assert report["created"] == 3, report
    assert report["problems"] == [], report
    # There are no keys for stronger mechanisms than those of the old server.
    async with here.client(f"{JULIET}/here", PASSWORD, mechanism="SCRAM-SHA-1") as juliet:
        query = await juliet.iq("get", "<query xmlns='jabber:iq:roster'/>")
        (item,) = query.iter("{jabber:iq:roster}item")
        assert item.attrib == {"jid": ROMEO, "name": 'My "love"', "subscription": "both"}
        assert {group.text for group in item} == {"Friends", "V\u00e9rona"}
        await juliet.iq("set", "<query xmlns='urn:xmpp:mam:2'/>")
        archived = [
            each for each in juliet.inbox if each.find("{urn:xmpp:mam:2}result") is not None
        ]
        said = ["Who's there? \U0001f339 & <why>", "'Tis I\nRomeo", "Good night"]
        assert texts(archived) == (said if whole else [])
        juliet.inbox.clear()
        await juliet.send("<presence/>")
        waiting = await juliet.expect(lambda found: found.tag.endswith("message"))
        assert texts([waiting]) == ["Good night"]
        kept = await juliet.iq(
            "get", "<query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'/></query>"
        )
        assert [each.text for each in kept.iter("{exodus:prefs}nick")] == ["J\u00fcl<"]
        card = await juliet.iq("get", "<vCard xmlns='vcard-temp'/>")
        assert [each.text for each in card.iter("{vcard-temp}FN")] == ["Juliet \U0001f339"]
        if whole:
            await check_nodes(juliet)
        blocked = await juliet.iq("get", "<blocklist xmlns='urn:xmpp:blocking'/>")
        assert [each.get("jid") for each in blocked.iter("{urn:xmpp:blocking}item")] == [TYBALT]
    assert here.errors() == []


@pytest.fixture
def here(start_server: StartServer) -> Server:
    return start_server(ServerOptions(hosts={HOST: HostOptions()}))


@pytest.mark.parametrize(
    ("storage", "authentication", "cards"),
    [
        ("internal", "internal_hashed", "vcard_legacy"),
        ("sql", "internal_hashed", "vcard_legacy"),
        ("internal", "internal_plain", "vcard"),
    ],
)
async def test_an_account_moves_from_prosody(
    here: Server,
    authority: Authority,
    tmp_path: Path,
    storage: str,
    authentication: str,
    cards: str,
) -> None:
    prosody = Prosody(tmp_path, authority, storage, authentication, cards)
    with prosody.running():
        await live(prosody)
    source = tmp_path / ("data" if storage == "internal" else "prosody.sqlite")
    await check(here, "prosody", str(source))


@pytest.mark.parametrize("engine", ["postgresql", "mysql"])
async def test_an_account_moves_from_prosody_on_a_database_server(
    here: Server,
    authority: Authority,
    tmp_path: Path,
    database_servers: DatabaseServers,
    engine: str,
) -> None:
    with database_servers.server(engine).fresh() as url:
        prosody = Prosody(tmp_path, authority, "sql", "internal_hashed", url=in_unicode(url))
        with prosody.running():
            await live(prosody)
        await check(here, "prosody", url)


@pytest.mark.parametrize("new_schema", [False, True], ids=["old schema", "new schema"])
async def test_an_account_moves_from_ejabberds_database(
    here: Server, authority: Authority, tmp_path: Path, new_schema: bool
) -> None:
    ejabberd = Ejabberd(tmp_path, authority, new_schema=new_schema)
    with ejabberd.running():
        await live(ejabberd)
    file = str(tmp_path / "ejabberd.sqlite")
    host = () if new_schema else ("--host", HOST)
    await check(here, "ejabberd", file, *host)


@pytest.mark.parametrize(
    ("engine", "new_schema"), [("postgresql", False), ("mysql", False), ("postgresql", True)]
)
async def test_an_account_moves_from_ejabberd_on_a_database_server(
    here: Server,
    authority: Authority,
    tmp_path: Path,
    database_servers: DatabaseServers,
    engine: str,
    new_schema: bool,
) -> None:
    with database_servers.server(engine).fresh() as url:
        database = with_schema(url, new=new_schema)
        ejabberd = Ejabberd(tmp_path, authority, new_schema=new_schema, url=database)
        with ejabberd.running():
            await live(ejabberd)
        await check(here, "ejabberd", database, *(() if new_schema else ("--host", HOST)))


async def test_an_account_moves_by_ejabberds_export(
    here: Server, authority: Authority, tmp_path: Path
) -> None:
    ejabberd = Ejabberd(tmp_path, authority, new_schema=False)
    export = tmp_path / "export"
    export.mkdir()
    with ejabberd.running():
        await live(ejabberd)
        ejabberd.api("export_piefxis", dir=str(export))
    main = min(export.iterdir(), key=lambda each: len(each.name))
    await check(here, "xep0227", str(main), whole=False)  # ejabberd leaves out archive and nodes
