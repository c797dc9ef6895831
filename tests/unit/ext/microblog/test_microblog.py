"""Microblogs, their comments and other social feeds (XEP-0277, XEP-0472)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.pubsub.asking import ask, done, form, heard, items, options, publish, refused

from palaver.ext.microblog.atom import is_date
from palaver.ext.pubsub.names import NS_EVENT, NS_OWNER
from palaver.wire.element import Element

EXTENSIONS = (
    "pubsub", "microblog", "client_caps", "caps", "disco", "roster", "presence", "privacy",
    "blocking",
)  # fmt: skip
ATOM = "http://www.w3.org/2005/Atom"
HAMLET = "hamlet@montague.example"
ROMEO = "romeo@montague.example"
SERVICE = "pubsub.montague.example"
BLOG = "urn:xmpp:microblog:0"
SOCIAL = "urn:xmpp:pubsub-social-feed:1"
GALLERY = "urn:xmpp:pubsub-social-feed:gallery:1"
COMMENTS = f"{BLOG}:comments/dd88c9bc58886fce0049ed050df0c5f2"
ID = "<id>tag:montague.example,2026:posts-1</id>"
TITLE = "<title>hanging out at the Café Napolitano</title>"
UPDATED = "<updated>2026-11-21T10:00:00Z</updated>"
OPEN = options(access_model="open")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, *EXTENSIONS) as opened:
        yield opened


@pytest.fixture
async def hamlet(house: House) -> Client:
    return await house.client(f"{HAMLET}/denmark")


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(f"{ROMEO}/orchard")


def entry(*parts: str, name: str = "entry") -> str:
    content = "".join(parts) or f"{ID}{TITLE}{UPDATED}"
    return f"<{name} xmlns='{ATOM}'>{content}</{name}>"


async def configuration(client: Client, node: str, to: str = "") -> dict[str, str]:
    found = await done(client, "get", f"<configure node='{node}'/>", to, NS_OWNER)
    assert found is not None
    fields = next(iter(found)).find_all("field")
    return {each.get("var", ""): each.text_of("value") or "" for each in fields}


async def metadata(client: Client, node: str, to: str) -> dict[str, str]:
    info = "http://jabber.org/protocol/disco#info"
    answer = await client.ask(
        f"<iq type='get' id='i' to='{to}'><query xmlns='{info}' node='{node}'/></iq>"
    )
    query = answer.find("query", info)
    assert query is not None
    (found,) = query.find_all("x", "jabber:x:data")
    return {each.get("var", ""): each.text_of("value") or "" for each in found}


async def features(client: Client, to: str) -> set[str]:
    info = "http://jabber.org/protocol/disco#info"
    answer = await client.ask(f"<iq type='get' id='i' to='{to}'><query xmlns='{info}'/></iq>")
    query = answer.find("query", info)
    assert query is not None
    return {each.get("var", "") for each in query.find_all("feature")}


async def test_account_and_service_tell_that_they_have_social_feeds(hamlet: Client) -> None:
    for where in (HAMLET, SERVICE):
        assert {BLOG, SOCIAL, GALLERY} <= await features(hamlet, where)


@pytest.mark.parametrize(
    ("node", "type_", "expected"),
    [
        (BLOG, "", {"type": BLOG, "deliver_payloads": "1"}),
        (COMMENTS, "", {"access_model": "open", "publish_model": "open"}),
        ("news", SOCIAL, {"type": SOCIAL, "deliver_payloads": "0"}),
        ("pictures", GALLERY, {"type": GALLERY, "deliver_payloads": "0"}),
    ],
)
@pytest.mark.parametrize("where", ["", SERVICE])
async def test_a_node_of_posts_begins_as_its_profile_says(
    hamlet: Client, node: str, type_: str, expected: dict[str, str], where: str
) -> None:
    chosen = form("node_config", type=type_) if type_ else ""
    await done(hamlet, "set", f"<create node='{node}'/><configure>{chosen}</configure>", where)
    found = await configuration(hamlet, node, where)
    common = {"notify_retract": "1", "persist_items": "1", "max_items": "max"}
    never = {"send_last_published_item": "never"}
    for name, value in {**common, **never, **expected}.items():
        assert found[f"pubsub#{name}"] == value, name


async def test_publish_options_choose_the_profile_by_its_type(hamlet: Client) -> None:
    await done(hamlet, "set", publish("news", "1", entry(), options(type=SOCIAL)))
    found = await configuration(hamlet, "news")
    assert (found["pubsub#max_items"], found["pubsub#deliver_payloads"]) == ("max", "0")
    await done(hamlet, "set", publish("news", "2", entry(), options(type=SOCIAL)))
    assert await items(hamlet, "news") == ["1", "2"]


async def test_the_type_of_a_node_is_in_its_metadata(hamlet: Client, romeo: Client) -> None:
    await done(hamlet, "set", publish(BLOG, "1", entry(), OPEN), SERVICE)
    assert (await metadata(romeo, BLOG, SERVICE))["pubsub#type"] == BLOG
    await done(hamlet, "set", publish("plain", "1", more=options(type="urn:x")), SERVICE)
    assert (await metadata(romeo, "plain", SERVICE))["pubsub#type"] == "urn:x"


async def test_what_readers_rely_on_is_not_configured_away(hamlet: Client) -> None:
    await done(hamlet, "set", publish(BLOG, "1", entry()))
    for field in ("notify_retract", "persist_items"):
        changed = form("node_config", **{field: "0"})
        wrong = f"<configure node='{BLOG}'>{changed}</configure>"
        assert await refused(hamlet, "set", wrong, "", NS_OWNER) == "modify not-acceptable"
        wrong = publish("other", "1", entry(), options(type=SOCIAL, **{field: "0"}))
        assert await refused(hamlet, "set", wrong) == "modify not-acceptable"
    fewer = form("node_config", max_items="7")
    await done(hamlet, "set", f"<configure node='{BLOG}'>{fewer}</configure>", "", NS_OWNER)


@pytest.mark.parametrize(
    "payload",
    [
        "<entry xmlns='urn:example:entry'/>",
        entry(name="feed"),
        entry(TITLE, UPDATED),
        entry(ID, UPDATED),
        entry(ID, TITLE),
        entry(ID, ID, TITLE, UPDATED),
        entry(ID, TITLE, TITLE, UPDATED),
        entry(ID, TITLE, "<updated>yesterday</updated>"),
        entry(ID, TITLE, "<updated>2026-02-30T10:00:00Z</updated>"),
        entry(ID, TITLE, UPDATED, "<published>21 Nov 2026</published>"),
        entry("<id>no address</id>", TITLE, UPDATED),
        entry(ID, TITLE, UPDATED, "<author><uri>xmpp:a@b</uri></author>"),
    ],
)
async def test_what_is_no_valid_entry_is_refused(hamlet: Client, payload: str) -> None:
    answer = await refused(hamlet, "set", publish(BLOG, "1", payload))
    assert answer == "modify bad-request invalid-payload"


async def test_a_post_without_an_entry_is_refused(hamlet: Client) -> None:
    for more in (options(type=SOCIAL), ""):
        answer = await refused(hamlet, "set", publish("news", "1", "", more))
        assert answer == "modify bad-request payload-required"


async def test_a_comment_has_at_least_a_title(hamlet: Client, romeo: Client) -> None:
    await done(hamlet, "set", f"<create node='{COMMENTS}'/>", SERVICE)
    comment = entry("<title>She is so pretty!</title>")
    await done(romeo, "set", publish(COMMENTS, "c", comment), SERVICE)
    answer = await refused(romeo, "set", publish(COMMENTS, "d", entry(ID)), SERVICE)
    assert answer == "modify bad-request invalid-payload"
    answer = await refused(romeo, "set", publish(COMMENTS, "d", "<b xmlns='a'/>"), SERVICE)
    assert answer == "modify bad-request invalid-payload"


async def test_a_gallery_has_pictures(hamlet: Client) -> None:
    chosen = form("node_config", type=GALLERY)
    await done(hamlet, "set", f"<create node='g'/><configure>{chosen}</configure>", SERVICE)
    for link in ("", "<link rel='enclosure' href='https://a.example/a.txt' type='text/plain'/>"):
        wrong = publish("g", "1", entry(ID, TITLE, UPDATED, link))
        assert await refused(hamlet, "set", wrong, SERVICE) == "modify bad-request invalid-payload"
    picture = "<link rel='enclosure' href='https://a.example/a.jpg' type='image/jpeg'/>"
    await done(hamlet, "set", publish("g", "1", entry(ID, TITLE, UPDATED, picture)), SERVICE)


async def test_the_blog_tells_of_itself_in_item_0(hamlet: Client) -> None:
    about = publish(BLOG, "0", entry(name="feed"), OPEN)
    await done(hamlet, "set", about)
    assert await items(hamlet, BLOG) == ["0"]


def alternates(found: Element) -> list[str | None]:
    links = (each for each in found.find_all("link") if each.get("rel") == "alternate")
    return [each.get("href") for each in links]


async def test_a_post_says_where_it_is(hamlet: Client) -> None:
    await done(hamlet, "set", publish(BLOG, "a b", entry()))
    own = "<link rel='alternate' href='xmpp:x@y?;node=z;item=w'/>"
    await done(hamlet, "set", publish(BLOG, "own", entry(ID, TITLE, UPDATED, own)))
    found = await done(hamlet, "get", f"<items node='{BLOG}'/>")
    assert found is not None
    posts = [next(iter(item)) for item in found]
    where = f"xmpp:{HAMLET}?;node=urn%3Axmpp%3Amicroblog%3A0;item=a%20b"
    assert [alternates(each) for each in posts] == [[where], ["xmpp:x@y?;node=z;item=w"]]


async def test_a_post_reaches_who_subscribed_by_plain_pubsub(hamlet: Client, romeo: Client) -> None:
    await done(hamlet, "set", publish(BLOG, "1", entry(), OPEN))
    await done(romeo, "set", f"<subscribe node='{BLOG}' jid='{ROMEO}'/>", HAMLET)
    assert await heard(romeo) == []
    await done(hamlet, "set", publish(BLOG, "2", entry()))
    (message,) = await romeo.messages()
    event = message.find("event", NS_EVENT)
    assert event is not None
    item = next(iter(next(iter(event))))
    assert item.get("publisher") == HAMLET
    assert next(iter(item)).text_of("title") == "hanging out at the Café Napolitano"
    await done(hamlet, "set", f"<retract node='{BLOG}'><item id='2'/></retract>")
    assert await heard(romeo) == [f"items {BLOG} -2"]


async def test_a_microblog_is_read_in_pages_by_who_may(hamlet: Client, romeo: Client) -> None:
    await done(hamlet, "set", publish(BLOG, "1", entry(), OPEN))
    for id_ in "2345":
        await done(hamlet, "set", publish(BLOG, id_, entry()))
    latest = "<set xmlns='http://jabber.org/protocol/rsm'><max>2</max><before/></set>"
    assert await items(romeo, BLOG, HAMLET, latest) == ["4", "5"]
    before = "<set xmlns='http://jabber.org/protocol/rsm'><max>2</max><before>4</before></set>"
    assert await items(romeo, BLOG, HAMLET, before) == ["2", "3"]


async def test_a_blog_for_contacts_is_closed_to_others(hamlet: Client, romeo: Client) -> None:
    await done(hamlet, "set", publish(BLOG, "1", entry()))
    answer = await refused(romeo, "get", f"<items node='{BLOG}'/>", HAMLET)
    assert answer == "auth not-authorized presence-subscription-required"


async def test_who_comments_puts_nothing_in_place_of_others(hamlet: Client, romeo: Client) -> None:
    await done(hamlet, "set", publish(COMMENTS, "1", entry()), SERVICE)
    answer = await ask(romeo, "set", publish(COMMENTS, "1", entry()), SERVICE)
    assert answer.get("type") == "error"


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("2026-11-21T10:00:00Z", True),
        ("2026-11-21t10:00:00.5z", True),
        ("2016-12-31T23:59:60Z", True),
        ("2026-11-21T10:00:00+01:00", True),
        ("2026-11-21T10:00:00", False),
        ("2026-13-21T10:00:00Z", False),
        ("2026-11-21T25:00:00Z", False),
        ("2026-11-21T10:00:00+99:00", False),
        ("２026-11-21T10:00:00Z", False),
        ("", False),
    ],
)
def test_dates_are_those_of_rfc_3339(text: str, valid: bool) -> None:
    assert is_date(text) is valid
