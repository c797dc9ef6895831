"""Feeds from a web server into nodes, on a schedule, and from nodes into files."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from tests.support.house import House, open_house
from tests.support.site import Site, answer, site
from tests.unit.ext.backup.test_backup import storage
from tests.unit.ext.pubsub.asking import done, form, heard, items

from palaver import jid
from palaver.ext.accounts import Accounts
from palaver.ext.feeds.extension import Feeds
from palaver.ext.feeds.store import table
from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.items import Item, Window
from palaver.ext.pubsub.names import NS_OWNER
from palaver.ext.pubsub.node import Node
from palaver.kernel.commands import Commands
from palaver.kernel.errors import CommandError
from palaver.wire import element
from palaver.wire.element import Element

HAMLET = "hamlet@montague.example"
ROMEO = "romeo@montague.example"
SERVICE = "pubsub.montague.example"
ATOM = "http://www.w3.org/2005/Atom"
BLOG = "urn:xmpp:microblog:0"
OPEN = "[extensions.feeds]\nminutes = 1\nseconds = 5\nnetworks = ['127.0.0.0/8']\n"
PICKED = (
    "accounts", "blocking", "caps", "client_caps", "disco", "feeds", "microblog", "presence",
    "privacy", "pubsub", "roster",
)  # fmt: skip


def rss(*items: str, title: str = "News") -> str:
    return f"<rss version='2.0'><channel><title>{title}</title>{''.join(items)}</channel></rss>"


def item(number: int, text: str = "Lo", more: str = "") -> str:
    day = f"<pubDate>Sat, {number:02} Aug 2026 12:00:00 GMT</pubDate>"
    name = f"<guid>https://example.org/{number}</guid><title>T{number}</title>"
    return f"<item>{name}<description>{text}</description>{day}{more}</item>"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, *PICKED, configuration=OPEN) as opened:
        yield opened


@pytest.fixture
async def there() -> AsyncIterator[Site]:
    async with site() as opened:
        yield opened


async def run(house: House, name: str, **arguments: object) -> Any:
    return await Commands(house.server.extensions.values()).run(name, arguments)


async def refused(house: House, name: str, **arguments: object) -> str:
    with pytest.raises(CommandError) as error:
        await run(house, name, **arguments)
    return str(error.value)


async def add(house: House, there: Site, path: str = "/feed", **more: object) -> int:
    given = {"url": there.url(path), "node": "news", "at": SERVICE, **more}
    return int((await run(house, "feed add", **given))["id"])


async def node_of(house: House, name: str = "news", at: str = SERVICE) -> Node:
    found = await house.server.extension(PubSub).engine.nodes.find(jid.parse_bare(at), name)
    assert found is not None
    return found


async def kept(house: House, name: str = "news", at: str = SERVICE) -> list[Item]:
    store = house.server.extension(PubSub).engine.items
    return await store.page(await node_of(house, name, at), Window(), 1_000)


async def entries(house: House, name: str = "news", at: str = SERVICE) -> list[Element]:
    return [element.parse(each.payload.encode()) for each in await kept(house, name, at)]


async def titles(house: House, name: str = "news", at: str = SERVICE) -> list[str | None]:
    return [each.text_of("title") for each in await entries(house, name, at)]


async def test_what_is_new_is_published_once_the_oldest_first(house: House, there: Site) -> None:
    romeo = await house.client(f"{ROMEO}/orchard")
    id_ = await add(house, there)
    await done(romeo, "set", f"<subscribe node='news' jid='{ROMEO}'/>", SERVICE)
    there.pages["/feed"] = answer(rss(item(3), item(1), item(2)))
    assert (await run(house, "feed fetch", id=id_))["published"] == 3
    assert await titles(house) == ["T1", "T2", "T3"]
    assert len(await heard(romeo)) == 3
    there.pages["/feed"] = answer(rss(item(4), item(3), item(2)))
    assert (await run(house, "feed fetch", id=id_))["published"] == 1
    assert await titles(house) == ["T1", "T2", "T3", "T4"]
    assert len(await heard(romeo)) == 1


async def test_an_entry_becomes_one_of_atom(house: House, there: Site) -> None:
    more = "<author>Mercutio</author><category>love</category>"
    html = "&lt;p>Lo &lt;b>and&lt;/b>&lt;script>x&lt;/script>&lt;/p>"
    there.pages["/feed"] = answer(rss(item(1, html, more)))
    await run(house, "feed fetch", id=await add(house, there))
    (entry,) = await entries(house)
    assert (entry.ns, entry.name) == (ATOM, "entry")
    assert entry.text_of("id") == "https://example.org/1"
    assert entry.text_of("updated") == "2026-08-01T12:00:00Z"
    author = entry.find("author")
    assert author is not None
    assert author.text_of("name") == "Mercutio"
    text, xhtml = entry.find_all("content")
    assert (text.get("type"), text.text) == ("text", "Lo and")
    assert b"<p>Lo <b>and</b></p>" in xhtml.to_bytes()
    assert b"script" not in entry.to_bytes()
    source = entry.find("source")
    assert source is not None
    assert source.text_of("title") == "News"


@pytest.mark.parametrize("payloads", [True, False])
async def test_subscribers_are_told_the_entry_or_its_id(
    house: House, there: Site, payloads: bool
) -> None:
    romeo = await house.client(f"{ROMEO}/orchard")
    id_ = await add(house, there, payloads=payloads)
    await done(romeo, "set", f"<subscribe node='news' jid='{ROMEO}'/>", SERVICE)
    there.pages["/feed"] = answer(rss(item(1)))
    await run(house, "feed fetch", id=id_)
    (message,) = await romeo.messages()
    assert (b"<title" in message.to_bytes()) is payloads


async def test_what_changed_is_published_again_and_what_went_stays(
    house: House, there: Site
) -> None:
    id_ = await add(house, there)
    there.pages["/feed"] = answer(rss(item(1), item(2)))
    await run(house, "feed fetch", id=id_)
    there.pages["/feed"] = answer(rss(item(2, "Behold")))
    assert (await run(house, "feed fetch", id=id_))["published"] == 1
    assert await titles(house) == ["T1", "T2"]
    assert (await run(house, "feed fetch", id=id_))["published"] == 0


async def test_what_the_owner_deletes_does_not_come_back(house: House, there: Site) -> None:
    hamlet = await house.client(f"{HAMLET}/denmark")
    id_ = await add(house, there, owner=HAMLET)
    there.pages["/feed"] = answer(rss(item(1), item(2)))
    await run(house, "feed fetch", id=id_)
    first = (await items(hamlet, "news", SERVICE))[0]
    await done(hamlet, "set", f"<retract node='news'><item id='{first}'/></retract>", SERVICE)
    await run(house, "feed fetch", id=id_)
    assert await titles(house) == ["T2"]


async def test_a_feed_that_is_added_again_tells_nothing_twice(house: House, there: Site) -> None:
    there.pages["/feed"] = answer(rss(item(1)))
    id_ = await add(house, there)
    await run(house, "feed fetch", id=id_)
    await run(house, "feed remove", id=id_)
    assert (await run(house, "feed fetch", id=await add(house, there)))["published"] == 0


async def test_a_node_keeps_as_many_as_it_is_configured_to(house: House, there: Site) -> None:
    id_ = await add(house, there, keep=2)
    there.pages["/feed"] = answer(rss(*(item(number) for number in range(1, 9))))
    assert (await run(house, "feed fetch", id=id_))["published"] == 2
    assert await titles(house) == ["T7", "T8"]
    assert (await run(house, "feed fetch", id=id_))["published"] == 0


async def test_entries_without_names_are_known_again(house: House, there: Site) -> None:
    id_ = await add(house, there)
    bare = "<item><title>Lo</title></item><item><description>Behold</description></item>"
    there.pages["/feed"] = answer(rss(bare, bare, "<item/>"))
    assert (await run(house, "feed fetch", id=id_))["published"] == 3
    assert (await run(house, "feed fetch", id=id_))["published"] == 0
    assert all((each.text_of("id") or "").startswith("urn:uuid:") for each in await entries(house))


async def test_broken_dates_and_names_do_no_harm(house: House, there: Site) -> None:
    id_ = await add(house, there)
    odd = "<item><guid>a b\t%00'; DROP TABLE feeds</guid><pubDate>soon</pubDate></item>"
    there.pages["/feed"] = answer(rss(odd))
    assert (await run(house, "feed fetch", id=id_))["published"] == 1
    assert (await run(house, "feed fetch", id=id_))["published"] == 0


async def test_a_large_entry_is_shortened(house: House, there: Site) -> None:
    id_ = await add(house, there)
    there.pages["/feed"] = answer(rss(item(1, "Ä" * 90_000)))
    assert (await run(house, "feed fetch", id=id_))["published"] == 1
    (entry,) = await entries(house)
    (content,) = entry.find_all("content")
    assert content.text == "Ä" * 500 + "…"


async def test_an_account_has_feeds_in_its_own_blog(house: House, there: Site) -> None:
    await house.account(HAMLET)
    there.pages["/feed"] = answer(rss(item(1)))
    id_ = await add(house, there, node=BLOG, at=HAMLET)
    await run(house, "feed fetch", id=id_)
    assert await titles(house, BLOG, HAMLET) == ["T1"]
    assert (await node_of(house, BLOG, HAMLET)).config.access_model == "presence"
    record = (await house.server.extension(Accounts).record(HAMLET))[1]
    await house.server.extension(Accounts).delete(record)
    assert await run(house, "feed list") == []


@pytest.mark.parametrize("name", ["Ünï", "a'; --", "x" * 512, "\N{SNOWMAN}", "a/b c", "news "])
async def test_nodes_may_have_any_name(house: House, there: Site, name: str) -> None:
    there.pages["/feed"] = answer(rss(item(1)))
    await run(house, "feed fetch", id=await add(house, there, node=name))
    assert await titles(house, name) == ["T1"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"node": ""},
        {"node": "Ä" * 300},
        {"url": "file:///etc/passwd"},
        {"url": "gopher://example.org"},
        {"minutes": 0},
        {"minutes": 10_081},
        {"at": "nobody@montague.example"},
        {"at": "elsewhere.example"},
        {"at": "@"},
        {"at": ""},
        {"at": HAMLET, "owner": ROMEO},
        {"owner": "@"},
        {"keep": 1_000_000_000},
    ],
)
async def test_what_cannot_be_is_refused(
    house: House, there: Site, arguments: dict[str, object]
) -> None:
    await house.account(HAMLET)
    given = {"url": there.url("/feed"), "node": "news", "at": SERVICE, **arguments}
    assert await refused(house, "feed add", **given)
    assert await run(house, "feed list") == []


async def test_a_feed_is_added_to_a_node_once(house: House, there: Site) -> None:
    await add(house, there)
    given = {"url": there.url("/feed"), "node": "news", "at": SERVICE}
    assert "already" in await refused(house, "feed add", **given)
    for name in ("show", "remove", "fetch"):
        assert "no feed 99" in await refused(house, f"feed {name}", id=99)


# -- the schedule ----------------------------------------------------------------------------------


async def let_be_due(house: House) -> None:
    async with house.server.database.begin() as connection:
        await connection.execute(update(table).values(next=0))


async def look(house: House) -> None:
    await house.server.extension(Feeds).look()


async def test_the_schedule_fetches_what_is_due(house: House, there: Site) -> None:
    there.pages["/feed"] = answer(rss(item(1)))
    await add(house, there)
    await look(house)
    assert await titles(house) == ["T1"]
    await look(house)
    assert len(there.asked) == 1
    await let_be_due(house)
    await look(house)
    assert len(there.asked) == 2


async def test_the_next_fetch_is_about_as_far_away_as_said(house: House, there: Site) -> None:
    there.pages["/feed"] = answer(rss(item(1)))
    id_ = await add(house, there, minutes=60)
    await look(house)
    source = await house.server.extension(Feeds)._sources.get(id_)
    assert source is not None
    assert 53 * 60 < (source.next - source.fetched) / 1_000_000 < 67 * 60


async def test_what_did_not_change_is_not_sent_again(house: House, there: Site) -> None:
    modified = "Sat, 21 Nov 2026 10:00:00 GMT"
    there.pages["/feed"] = answer(rss(item(1)), ETag='"7"', Last_Modified=modified)
    id_ = await add(house, there)
    await run(house, "feed fetch", id=id_)
    there.pages["/feed"] = answer("", "304 Not Modified")
    await run(house, "feed fetch", id=id_)
    assert there.asked[1]["if-none-match"] == '"7"'
    assert there.asked[1]["if-modified-since"] == modified
    assert (await run(house, "feed show", id=id_))["error"] == ""


async def test_who_fails_is_asked_less_and_less_often(house: House, there: Site) -> None:
    id_ = await add(house, there, minutes=60)
    waits = []
    for _ in range(6):
        await let_be_due(house)
        await look(house)
        source = await house.server.extension(Feeds)._sources.get(id_)
        assert source is not None
        waits.append((source.next / 1_000_000 - house.server.clock.now()) / 3600)
    assert [round(wait / 2**n) for n, wait in enumerate(waits[:4], 1)] == [1, 1, 1, 1]
    assert all(21 < wait < 27 for wait in waits[4:])
    (shown,) = await run(house, "feed list")
    assert shown["error"] == "the other side answered 404"
    there.pages["/feed"] = answer(rss(item(1)))
    await run(house, "feed fetch", id=id_)
    assert (await run(house, "feed show", id=id_))["failures"] == 0


async def test_who_wants_to_be_left_alone_is(house: House, there: Site) -> None:
    id_ = await add(house, there, minutes=1)
    there.pages["/feed"] = answer("", "429 Too Many", Retry_After="36000")
    await look(house)
    source = await house.server.extension(Feeds)._sources.get(id_)
    assert source is not None
    assert source.next / 1_000_000 - house.server.clock.now() > 30_000


async def test_feeds_survive_a_restart(tmp_path: Path, there: Site) -> None:
    there.pages["/feed"] = answer(rss(item(1)))
    async with open_house(tmp_path, *PICKED, configuration=OPEN) as house:
        await add(house, there)
        await look(house)
    async with open_house(tmp_path, *PICKED, configuration=OPEN) as house:
        await let_be_due(house)
        there.pages["/feed"] = answer(rss(item(1), item(2)))
        await look(house)
        assert await titles(house) == ["T1", "T2"]


async def test_one_feed_is_fetched_once_at_a_time(house: House, there: Site) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def late(writer: asyncio.StreamWriter) -> None:
        begun.set()
        await go_on.wait()
        writer.write(answer(rss(item(1))))

    there.pages["/feed"] = late
    id_ = await add(house, there)
    first = asyncio.create_task(run(house, "feed fetch", id=id_))
    await begun.wait()
    assert "being fetched" in await refused(house, "feed fetch", id=id_)
    go_on.set()
    assert (await first)["published"] == 1


async def test_a_feed_without_its_node_is_told_of(house: House, there: Site) -> None:
    hamlet = await house.client(f"{HAMLET}/denmark")
    id_ = await add(house, there, owner=HAMLET)
    await done(hamlet, "set", "<delete node='news'/>", SERVICE, NS_OWNER)
    assert "node is gone" in await refused(house, "feed fetch", id=id_)
    assert there.asked == []


# -- hostile feeds ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (answer("<!DOCTYPE a [<!ENTITY b 'c'>]><rss>&b;</rss>"), "entities"),
        (answer("<html/>", Content_Type="text/html"), "said to be text/html"),
        (answer(b"\x89PNG\r\n\x1a\n\xff", Content_Type="image/png"), "encoding"),
        (answer("<rss>" * 500), "within each other"),
        (answer(b"x" * 5_000_000), "larger than 4194304 bytes"),
        (answer("", "302 Found", Location="/feed"), "elsewhere more than"),
        (answer("", "302 Found", Location="http://[::1]:1/"), "not on the internet"),
        (answer("", "302 Found", Location="file:///etc/passwd"), "only http"),
        (answer("", "500 Oh"), "answered 500"),
        (answer(""), "not XML"),
        (b"nonsense", "not HTTP"),
    ],
)
async def test_hostile_feeds_are_refused_with_a_reason(
    house: House, there: Site, page: bytes, reason: str
) -> None:
    there.pages["/feed"] = page
    id_ = await add(house, there)
    told = await refused(house, "feed fetch", id=id_)
    assert reason in told
    assert (await run(house, "feed show", id=id_))["error"] in told
    assert await kept(house) == []


async def test_nobody_looks_into_the_own_network(tmp_path: Path, there: Site) -> None:
    there.pages["/feed"] = answer(rss(item(1)))
    async with open_house(tmp_path, *PICKED) as house:
        id_ = await add(house, there)
        assert "not on the internet" in await refused(house, "feed fetch", id=id_)
    assert there.asked == []


# -- a node as a document --------------------------------------------------------------------------


async def test_a_node_is_written_as_atom(house: House, there: Site, tmp_path: Path) -> None:
    there.pages["/feed"] = answer(rss(item(1, "&lt;b>Lo&lt;/b>"), item(2)))
    await run(house, "feed fetch", id=await add(house, there, title="What is new"))
    file = tmp_path / "news.xml"
    for _ in range(2):
        await run(house, "feed export", node="news", at=SERVICE, file=str(file))
    feed = element.parse(file.read_bytes().partition(b"\n")[2])
    assert (feed.ns, feed.name, feed.text_of("title")) == (ATOM, "feed", "What is new")
    assert feed.text_of("id") == f"xmpp:{SERVICE}?;node=news"
    found = list(feed.find_all("entry"))
    assert [each.text_of("title") for each in found] == ["T2", "T1"]
    for each in found:
        assert len(list(each.find_all("content"))) == 1
        assert each.find("author") is not None


async def test_a_comment_gets_what_atom_needs(house: House, tmp_path: Path) -> None:
    hamlet = await house.client(f"{HAMLET}/denmark")
    node, file = f"{BLOG}:comments/1", tmp_path / "comments.xml"
    payload = f"<entry xmlns='{ATOM}'><title>Lo</title></entry>"
    content = f"<publish node='{node}'><item id='c'>{payload}</item></publish>"
    await done(hamlet, "set", content, SERVICE)
    await run(house, "feed export", node=node, at=SERVICE, file=str(file))
    entry = element.parse(file.read_bytes().partition(b"\n")[2]).find("entry")
    assert entry is not None
    assert all(entry.text_of(name) for name in ("id", "updated", "title"))


async def test_a_closed_node_is_not_written_by_mistake(house: House, tmp_path: Path) -> None:
    hamlet = await house.client(f"{HAMLET}/denmark")
    closed = form("node_config", access_model="whitelist")
    await done(hamlet, "set", f"<create node='n'/><configure>{closed}</configure>", SERVICE)
    file = tmp_path / "n.xml"
    given = {"node": "n", "at": SERVICE, "file": str(file)}
    assert "--closed" in await refused(house, "feed export", **given)
    assert not file.exists()
    await run(house, "feed export", closed=True, **given)
    assert b"<feed" in file.read_bytes()
    assert await refused(house, "feed export", **{**given, "node": "x"})
    assert await refused(house, "feed export", closed=True, **{**given, "file": str(tmp_path)})


# -- every database --------------------------------------------------------------------------------


async def test_feeds_are_kept_on_every_database(
    migrated_url: str, tmp_path: Path, there: Site
) -> None:
    configuration = OPEN + storage(migrated_url)
    async with open_house(tmp_path, *PICKED, configuration=configuration) as house:
        there.pages["/feed"] = answer(rss(item(1), item(2, "你好 \N{SNOWMAN}")), ETag='"1"')
        id_ = await add(house, there, node="Ünï")
        await look(house)
        assert await titles(house, "Ünï") == ["T1", "T2"]
        shown = await run(house, "feed show", id=id_)
        assert (shown["error"], shown["entries seen"], shown["node"]) == ("", 2, "Ünï")
        await let_be_due(house)
        await look(house)
        assert there.asked[1]["if-none-match"] == '"1"'
        await run(house, "feed remove", id=id_)
        assert await run(house, "feed list") == []
