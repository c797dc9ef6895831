"""Nothing of a node gets to who has no access, by whatever way of reading (XEP-0060 §4.5, §15.3).

The same ways are taken to a node that is open to everybody, where each of them has to lead to
what is looked for: else a test that finds nothing would prove nothing.
"""

from collections.abc import Awaitable, Callable

import pytest
from tests.support.house import Client, House
from tests.unit.ext.pubsub.asking import done, form, publish
from tests.unit.ext.pubsub.caps import wanting
from tests.unit.ext.pubsub.conftest import HAMLET, SERVICE

from palaver.ext.disco import NS_INFO, NS_ITEMS
from palaver.ext.pubsub.names import NS, NS_OWNER

NODE = "urn:example:secrets"
STRANGER = "polonius@montague.example"
PAYLOAD = "<a xmlns='urn:example:a'>the secret</a>"
ITEM = "secret-item"
SECRETS = ("the secret", ITEM)
MODELS = ("presence", "roster", "authorize", "whitelist")
RSM = "http://jabber.org/protocol/rsm"

Read = Callable[[Client, str], Awaitable[str]]


def asked(kind: str, content: str) -> Read:
    """Return a way of reading: one request, and all that comes of it."""

    async def read(client: Client, place: str) -> str:
        address = client.session.jid.bare
        request = content.format(node=NODE, item=ITEM, jid=address)
        answer = await client.ask(f"<iq type='{kind}' id='q' to='{place}'>{request}</iq>")
        told = [answer]
        if answer.get("type") == "error":  # which has the request with it
            told = [child for child in answer if child.name == "error"]
        return b"".join(each.to_bytes() for each in (*told, *await client.taken())).decode()

    return read


def pubsub(content: str, namespace: str = NS) -> str:
    return f"<pubsub xmlns='{namespace}'>{content}</pubsub>"


def rsm(content: str) -> str:
    return f"<set xmlns='{RSM}'>{content}</set>"


ITEMS: dict[str, Read] = {
    "all items": asked("get", pubsub("<items node='{node}'/>")),
    "an item by its id": asked("get", pubsub("<items node='{node}'><item id='{item}'/></items>")),
    "the latest items": asked("get", pubsub("<items node='{node}' max_items='1'/>")),
    "a page": asked("get", pubsub("<items node='{node}'/>" + rsm("<max>5</max>"))),
    "the last page": asked("get", pubsub("<items node='{node}'/>" + rsm("<max>5</max><before/>"))),
    "the ids by discovery": asked("get", f"<query xmlns='{NS_ITEMS}' node='{{node}}'/>"),
    "the last item of a subscription": asked(
        "set", pubsub("<subscribe node='{node}' jid='{jid}'/>")
    ),
}
COUNT = asked("get", pubsub("<items node='{node}'/>" + rsm("<max>0</max>")))
FOR_OWNERS = [
    asked("get", pubsub(f"<{what} node='{{node}}'/>", NS_OWNER))
    for what in ("configure", "subscriptions", "affiliations")
]
BY_DISCOVERY = [
    asked("get", f"<query xmlns='{NS_ITEMS}'/>"),
    asked("get", f"<query xmlns='{NS_INFO}' node='{{node}}'/>"),
]


@pytest.fixture(params=["service", "account"])
def place(request: pytest.FixtureRequest) -> str:
    return SERVICE if request.param == "service" else HAMLET


@pytest.fixture
async def stranger(house: House) -> Client:
    return await house.client(f"{STRANGER}/arras")


async def fill(owner: Client, place: str, **fields: str) -> None:
    """Make a node with an item in it."""
    fields = {"title": "secret title", **fields}
    fields = {name: value for name, value in fields.items() if value}
    configured = f"<configure>{form('node_config', **fields)}</configure>"
    await done(owner, "set", f"<create node='{NODE}'/>{configured}", place)
    await done(owner, "set", publish(NODE, ITEM, PAYLOAD), place)


async def affiliate(owner: Client, place: str, affiliation: str) -> None:
    one = f"<affiliation jid='{STRANGER}' affiliation='{affiliation}'/>"
    content = f"<affiliations node='{NODE}'>{one}</affiliations>"
    await done(owner, "set", content, place, NS_OWNER)


def found(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("way", ITEMS)
async def test_every_way_leads_to_the_items_of_an_open_node(
    hamlet: Client, stranger: Client, place: str, way: str
) -> None:
    await fill(hamlet, place, access_model="open")
    assert ITEM in await ITEMS[way](stranger, place)


async def test_strangers_are_told_what_an_open_node_is(
    hamlet: Client, stranger: Client, place: str
) -> None:
    await fill(hamlet, place, access_model="open")
    for read in BY_DISCOVERY:
        assert "secret title" in await read(stranger, place)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("way", ITEMS)
async def test_no_way_leads_to_the_items_of_a_closed_node(
    hamlet: Client, stranger: Client, place: str, model: str, way: str
) -> None:
    await fill(hamlet, place, access_model=model)
    assert found(await ITEMS[way](stranger, place)) == []


@pytest.mark.parametrize("affiliation", ["outcast", "publish-only"])
@pytest.mark.parametrize("way", ITEMS)
async def test_no_way_leads_there_for_who_may_never_read(
    hamlet: Client, stranger: Client, place: str, affiliation: str, way: str
) -> None:
    await fill(hamlet, place, access_model="open")
    await affiliate(hamlet, place, affiliation)
    await stranger.taken()
    assert found(await ITEMS[way](stranger, place)) == []


async def test_who_waits_for_approval_reads_nothing(
    hamlet: Client, stranger: Client, place: str
) -> None:
    await fill(hamlet, place, access_model="authorize")
    await done(stranger, "set", f"<subscribe node='{NODE}' jid='{STRANGER}'/>", place)
    for read in (*ITEMS.values(), COUNT):
        assert found(await read(stranger, place)) == []
    await done(hamlet, "set", publish(NODE, ITEM, PAYLOAD), place)
    assert await stranger.messages() == []


@pytest.mark.parametrize(("model", "count"), [("open", True), *((each, False) for each in MODELS)])
async def test_only_who_may_read_learns_how_many_items_there_are(
    hamlet: Client, stranger: Client, place: str, model: str, *, count: bool
) -> None:
    await fill(hamlet, place, access_model=model)
    assert ("<count>1</count>" in await COUNT(stranger, place)) is count


@pytest.mark.parametrize(
    ("model", "visible"),
    [("open", True), ("authorize", True), ("presence", False), ("roster", False),
     ("whitelist", False)],
)  # fmt: skip
async def test_only_who_may_subscribe_finds_a_node(
    hamlet: Client, stranger: Client, model: str, *, visible: bool
) -> None:
    await fill(hamlet, SERVICE, access_model=model)
    for read in BY_DISCOVERY:
        assert ("secret title" in await read(stranger, SERVICE)) is visible


@pytest.mark.parametrize("model", ["open", *MODELS])
async def test_strangers_learn_nothing_that_is_for_owners(
    hamlet: Client, stranger: Client, place: str, model: str
) -> None:
    await fill(hamlet, place, access_model=model)
    for read in FOR_OWNERS:
        assert "forbidden" in await read(stranger, place)
        told = await read(hamlet, place)
        assert "type='result'" in told


async def test_lists_of_ones_own_say_nothing_of_others(
    house: House, hamlet: Client, stranger: Client, place: str
) -> None:
    await fill(hamlet, place, access_model="open")
    romeo = await house.client("romeo@montague.example/orchard")
    await done(romeo, "set", f"<subscribe node='{NODE}' jid='{romeo.session.jid}'/>", place)
    for content in ("<subscriptions/>", "<affiliations/>"):
        for more in ("", f" node='{NODE}'"):
            listed = await done(stranger, "get", content.replace("/>", f"{more}/>"), place)
            assert listed is not None
            assert list(listed) == []


# -- what is told by itself ------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "hears"), [("open", 1), *((each, 0) for each in MODELS)])
@pytest.mark.parametrize("type_", ["headline", "normal"])
async def test_a_subscriber_hears_no_more_once_a_node_is_closed(
    hamlet: Client, stranger: Client, place: str, model: str, hears: int, type_: str
) -> None:
    await fill(hamlet, place, access_model="open", notification_type=type_)
    await done(stranger, "set", f"<subscribe node='{NODE}' jid='{STRANGER}'/>", place)
    if model == "authorize":  # where a subscription is the approval
        await affiliate(hamlet, place, "outcast")
    changed = f"<configure node='{NODE}'>{form('node_config', access_model=model)}</configure>"
    await done(hamlet, "set", changed, place, NS_OWNER)
    await stranger.taken()
    await done(hamlet, "set", publish(NODE, "another", PAYLOAD), place)
    assert len(await stranger.messages()) == hears
    assert ("the secret" in await ITEMS["all items"](stranger, place)) is bool(hears)


@pytest.mark.parametrize("model", ["open", *MODELS])
async def test_wanting_to_hear_is_not_enough(house: House, hamlet: Client, model: str) -> None:
    """Capabilities count only between contacts: `test_notifying` shows that they do."""
    await fill(hamlet, HAMLET, access_model=model)
    curious = await wanting(house, f"{STRANGER}/arras", NODE)
    await done(hamlet, "set", publish(NODE, ITEM, PAYLOAD))
    assert [each.to_bytes() for each in await curious.messages()] == []


async def test_a_subscriber_who_comes_online_hears_no_more_once_a_node_is_closed(
    hamlet: Client, stranger: Client, place: str
) -> None:
    await fill(hamlet, place, access_model="open", send_last_published_item="on_sub_and_presence")
    await done(stranger, "set", f"<subscribe node='{NODE}' jid='{STRANGER}'/>", place)
    changed = (
        f"<configure node='{NODE}'>{form('node_config', access_model='whitelist')}</configure>"
    )

    async def hears() -> int:
        stranger.send("<presence type='unavailable'/>")
        await stranger.taken()
        stranger.available()
        return len(await stranger.messages())

    assert await hears() == 1
    await done(hamlet, "set", changed, place, NS_OWNER)
    assert await hears() == 0
