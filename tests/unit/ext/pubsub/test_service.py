"""The service of a host: creation, subscriptions, owners' use cases (XEP-0060 §5, §6, §8)."""

from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.pubsub.asking import (
    ask,
    done,
    form,
    heard,
    items,
    publish,
    refused,
)
from tests.unit.ext.pubsub.conftest import EXTENSIONS, HAMLET, ROMEO, SERVICE

from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.names import NS, NS_OWNER
from palaver.kernel import forms
from palaver.kernel.clock import SystemClock
from palaver.wire.element import Element

YORICK = "yorick@montague.example"


class Later(SystemClock):
    """A clock that is two seconds fast."""

    def now(self) -> float:
        return super().now() + 2


async def create(client: Client, node: str, **fields: str) -> None:
    configure = f"<configure>{form('node_config', **fields)}</configure>" if fields else ""
    await done(client, "set", f"<create node='{node}'/>{configure}", SERVICE)


async def own(client: Client, kind: str, content: str) -> Element | None:
    return await done(client, kind, content, SERVICE, NS_OWNER)


async def affiliate(client: Client, node: str, **who: str) -> None:
    changes = "".join(
        f"<affiliation jid='{name}@montague.example' affiliation='{what.replace('_', '-')}'/>"
        for name, what in who.items()
    )
    await own(client, "set", f"<affiliations node='{node}'>{changes}</affiliations>")


async def subscribe(client: Client, node: str) -> str | None:
    told = await done(
        client, "set", f"<subscribe node='{node}' jid='{client.session.bare}'/>", SERVICE
    )
    assert told is not None
    return told.get("subscription")


# -- nodes -----------------------------------------------------------------------------------------


async def test_an_account_creates_a_node_and_others_subscribe(
    hamlet: Client, romeo: Client
) -> None:
    await create(hamlet, "n", title="Musings")
    assert await refused(romeo, "set", "<create node='n'/>", SERVICE) == "cancel conflict"
    assert await subscribe(romeo, "n") == "subscribed"
    await done(hamlet, "set", publish("n", "a"), SERVICE)
    await done(hamlet, "set", publish("n", "b"), SERVICE)
    assert await heard(romeo) == ["items n a", "items n b"]
    assert await items(romeo, "n", SERVICE) == ["a", "b"]
    assert await refused(romeo, "set", publish("n", "c"), SERVICE) == "auth forbidden"


async def test_a_node_without_a_name_gets_one(hamlet: Client) -> None:
    told = await done(hamlet, "set", "<create/>", SERVICE)
    assert told is not None
    assert await items(hamlet, told.get("node", ""), SERVICE) == []


@pytest.mark.parametrize(("who", "may"), [("everybody", True), ("administrators", False)])
async def test_the_policy_says_who_may_create(tmp_path: Path, who: str, may: bool) -> None:
    policy = f'[extensions.pubsub]\ncreate = "{who}"\nnodes = 2\n'
    async with open_house(tmp_path, *EXTENSIONS, configuration=policy) as house:
        client = await house.client(f"{HAMLET}/denmark")
        if not may:
            assert await refused(client, "set", "<create node='n'/>", SERVICE) == "auth forbidden"
            assert await refused(client, "set", publish("n"), SERVICE) == "cancel item-not-found"
            return
        for node in "ab":
            await create(client, node)
        assert await refused(client, "set", "<create/>", SERVICE) == "wait policy-violation"


async def test_a_guest_neither_creates_nor_publishes_nor_subscribes(house: House) -> None:
    guest = await house.guest("guest@montague.example/x")
    assert await refused(guest, "set", "<create/>", SERVICE) == "auth forbidden"
    assert await refused(guest, "set", publish("n")) == "cancel not-allowed"
    await create(await house.client(f"{HAMLET}/denmark"), "n")
    wish = "<subscribe node='n' jid='guest@montague.example'/>"
    assert await refused(guest, "set", wish, SERVICE) == "cancel forbidden"


async def test_the_configuration_is_a_form_and_what_is_left_out_stays(hamlet: Client) -> None:
    await create(hamlet, "n", title="Musings", max_items="5")
    change = f"<configure node='n'>{form('node_config', description='Of a prince')}</configure>"
    await own(hamlet, "set", change)
    told = await own(hamlet, "get", "<configure node='n'/>")
    assert told is not None
    (x,) = told
    values = forms.values(x)
    assert values["pubsub#title"] == ["Musings"]
    assert values["pubsub#description"] == ["Of a prince"]
    assert values["pubsub#max_items"] == ["5"]
    assert values["FORM_TYPE"] == [f"{NS}#node_config"]
    cancel = "<configure node='n'><x xmlns='jabber:x:data' type='cancel'/></configure>"
    await own(hamlet, "set", cancel)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"access_model": "nonsense"}, "modify not-acceptable unsupported-access-model"),
        ({"node_type": "collection"}, "cancel feature-not-implemented unsupported"),
        ({"itemreply": "somebody"}, "modify not-acceptable"),
        ({"max_items": "-1"}, "modify not-acceptable"),
        ({"max_items": "0"}, "modify not-acceptable"),
        ({"max_items": "999999999"}, "modify not-acceptable"),
        ({"persist_items": "perhaps"}, "modify not-acceptable"),
        ({"title": "x" * 2_001}, "modify not-acceptable"),
        ({"contact": "@"}, "modify not-acceptable"),
    ],
)
async def test_a_wrong_configuration_is_refused(
    hamlet: Client, fields: dict[str, str], error: str
) -> None:
    await create(hamlet, "n")
    configure = f"<configure node='n'>{form('node_config', **fields)}</configure>"
    assert await refused(hamlet, "set", configure, SERVICE, NS_OWNER) == error
    both = f"<create node='m'/><configure>{form('node_config', **fields)}</configure>"
    assert await refused(hamlet, "set", both, SERVICE) == error
    assert await refused(hamlet, "get", "<items node='m'/>", SERVICE) == "cancel item-not-found"


async def test_fewer_items_may_be_kept_from_now_on(hamlet: Client) -> None:
    await create(hamlet, "n")
    for id_ in "abcd":
        await done(hamlet, "set", publish("n", id_), SERVICE)
    configure = f"<configure node='n'>{form('node_config', max_items='2')}</configure>"
    await own(hamlet, "set", configure)
    assert await items(hamlet, "n", SERVICE) == ["c", "d"]


async def test_a_node_that_keeps_nothing_only_tells(hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n", persist_items="0")
    await subscribe(romeo, "n")
    await done(hamlet, "set", publish("n", "a"), SERVICE)
    assert await heard(romeo) == ["items n a"]
    unsupported = "cancel feature-not-implemented unsupported"
    assert await refused(hamlet, "get", "<items node='n'/>", SERVICE) == unsupported
    retract = "<retract node='n'><item id='a'/></retract>"
    assert await refused(hamlet, "set", retract, SERVICE) == unsupported
    purge = "<purge node='n'/>"
    assert await refused(hamlet, "set", purge, SERVICE, NS_OWNER) == unsupported


async def test_a_node_of_bare_events_has_no_items(hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n", persist_items="0", deliver_payloads="0")
    await subscribe(romeo, "n")
    await done(hamlet, "set", "<publish node='n'/>", SERVICE)
    assert await heard(romeo) == ["items n"]
    answer = await refused(hamlet, "set", publish("n", "a"), SERVICE)
    assert answer == "modify bad-request item-forbidden"


async def test_payloads_may_be_kept_but_not_told(hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n", deliver_payloads="0")
    await subscribe(romeo, "n")
    await done(hamlet, "set", publish("n", "a"), SERVICE)
    (message,) = await romeo.messages()
    assert "Lo" not in message.to_bytes().decode()
    found = await done(romeo, "get", "<items node='n'/>", SERVICE)
    assert found is not None
    assert "Lo" in found.to_bytes().decode()


async def test_subscribers_hear_of_the_end_of_items_and_nodes(
    hamlet: Client, romeo: Client
) -> None:
    await create(hamlet, "n")
    await done(hamlet, "set", publish("n", "a"), SERVICE)
    assert await subscribe(romeo, "n") == "subscribed"
    await done(hamlet, "set", "<retract node='n'><item id='a'/></retract>", SERVICE)
    await own(hamlet, "set", "<purge node='n'/>")
    await own(hamlet, "set", "<delete node='n'><redirect uri='xmpp:x'/></delete>")
    assert await heard(romeo) == ["items n a", "items n -a", "purge n", "delete n None"]
    assert await refused(hamlet, "get", "<items node='n'/>", SERVICE) == "cancel item-not-found"


async def test_the_defaults_can_be_asked_for(hamlet: Client) -> None:
    told = await own(hamlet, "get", "<default/>")
    assert told is not None
    assert forms.values(next(iter(told)))["pubsub#access_model"] == ["open"]
    own_default = await done(hamlet, "get", "<default/>", HAMLET, NS_OWNER)
    assert own_default is not None
    assert forms.values(next(iter(own_default)))["pubsub#access_model"] == ["presence"]
    options = await done(hamlet, "get", "<default/>", SERVICE)
    assert options is not None
    assert forms.values(next(iter(options)))["pubsub#deliver"] == ["1"]


async def test_items_expire(house: House, hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n", item_expire="1")
    await subscribe(romeo, "n")
    await done(hamlet, "set", publish("n", "a"), SERVICE)
    extension = house.server.extension(PubSub)
    await extension.expire()
    assert await items(hamlet, "n", SERVICE) == ["a"]
    house.server.clock = Later()
    await extension.expire()
    assert await items(hamlet, "n", SERVICE) == []
    assert await heard(romeo) == ["items n a", "items n -a"]


# -- subscriptions ---------------------------------------------------------------------------------


async def test_subscribing_again_tells_how_things_are(hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n")
    both = [await subscribe(romeo, "n"), await subscribe(romeo, "n")]
    assert both == ["subscribed", "subscribed"]
    listed = await done(romeo, "get", "<subscriptions/>", SERVICE)
    assert listed is not None
    (one,) = listed
    assert (one.get("node"), one.get("jid")) == ("n", ROMEO)
    assert one.get("subid")


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (f"<subscribe node='n' jid='{YORICK}'/>", "modify bad-request invalid-jid"),
        ("<subscribe node='n'/>", "modify bad-request invalid-jid"),
        (f"<subscribe jid='{ROMEO}'/>", "modify bad-request nodeid-required"),
        (f"<subscribe node='no' jid='{ROMEO}'/>", "cancel item-not-found"),
        (f"<unsubscribe node='n' jid='{ROMEO}'/>", "cancel unexpected-request not-subscribed"),
        (f"<unsubscribe node='n' jid='{YORICK}'/>", "auth forbidden"),
        (f"<unsubscribe node='no' jid='{ROMEO}'/>", "cancel item-not-found"),
        (f"<options node='n' jid='{ROMEO}'/>", "modify unexpected-request not-subscribed"),
        (f"<options node='n' jid='{YORICK}'/>", "auth forbidden"),
        ("<options node='n'/>", "modify bad-request jid-required"),
        (f"<options node='no' jid='{ROMEO}'/>", "cancel item-not-found"),
        ("<publish node='n'/>", "auth forbidden"),
        ("<nonsense/>", "cancel feature-not-implemented"),
        ("", "modify bad-request"),
    ],
)
async def test_a_wrong_request_of_a_subscriber_is_refused(
    hamlet: Client, romeo: Client, content: str, error: str
) -> None:
    await create(hamlet, "n")
    assert await refused(romeo, "set", content, SERVICE) == error


async def test_a_subscription_has_options(house: House, hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n")
    chosen = form("subscribe_options", deliver="0")
    both = f"<subscribe node='n' jid='{ROMEO}'/><options>{chosen}</options>"
    await done(romeo, "set", both, SERVICE)
    await done(hamlet, "set", publish("n", "a"), SERVICE)
    assert await heard(romeo) == []
    told = await done(romeo, "get", f"<options node='n' jid='{ROMEO}'/>", SERVICE)
    assert told is not None
    assert forms.values(next(iter(told)))["pubsub#deliver"] == ["0"]

    async def choose(**fields: str) -> None:
        x = form("subscribe_options", **fields)
        await done(romeo, "set", f"<options node='n' jid='{ROMEO}'>{x}</options>", SERVICE)

    await choose(**{"deliver": "1", "show-values": "dnd"})
    await done(hamlet, "set", publish("n", "b"), SERVICE)
    assert await heard(romeo) == []
    romeo.send("<presence><show>dnd</show></presence>")
    await done(hamlet, "set", publish("n", "c"), SERVICE)
    assert await heard(romeo) == ["items n c"]
    for wrong in ({"show-values": "asleep"}, {"deliver": "maybe"}):
        x = form("subscribe_options", **wrong)
        content = f"<options node='n' jid='{ROMEO}'>{x}</options>"
        answer = await refused(romeo, "set", content, SERVICE)
        assert answer == "modify bad-request invalid-options"
    wrong_id = f"<options node='n' jid='{ROMEO}' subid='x'/>"
    assert await refused(romeo, "get", wrong_id, SERVICE) == "modify not-acceptable invalid-subid"


async def test_an_owner_approves_subscriptions(hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n", access_model="authorize")
    assert await subscribe(romeo, "n") == "pending"
    again = f"<subscribe node='n' jid='{ROMEO}'/>"
    pending = "auth not-authorized pending-subscription"
    assert await refused(romeo, "set", again, SERVICE) == pending
    read = "<items node='n'/>"
    assert await refused(romeo, "get", read, SERVICE) == "auth not-authorized not-subscribed"
    await done(hamlet, "set", publish("n", "a"), SERVICE)
    (request,) = await hamlet.messages()
    x = request.find("x", "jabber:x:data")
    assert x is not None
    subid = forms.values(x)["pubsub#subid"][0]
    answer = form("subscribe_authorization", subid=subid, node="n", subscriber_jid=ROMEO, allow="1")
    romeo.send(f"<message to='{SERVICE}'>{answer}</message>")
    (refusal,) = await romeo.messages()
    assert refusal.get("type") == "error"
    hamlet.send(f"<message to='{SERVICE}' id='{request.get('id')}'>{answer}</message>")
    assert await heard(romeo) == ["subscription n subscribed", "items n a"]
    assert await items(romeo, "n", SERVICE) == ["a"]


async def test_an_owner_denies_a_subscription(hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n", access_model="authorize")
    await subscribe(romeo, "n")
    answer = form("subscribe_authorization", node="n", subscriber_jid=ROMEO, allow="0")
    hamlet.send(f"<message to='{SERVICE}'>{answer.replace('submit', 'cancel')}</message>")
    assert await heard(romeo) == []
    hamlet.send(f"<message to='{SERVICE}'>{answer}</message>")
    assert await heard(romeo) == ["subscription n none"]
    assert await subscribe(romeo, "n") == "pending"


async def test_too_many_subscriptions_are_refused(tmp_path: Path) -> None:
    policy = "[extensions.pubsub]\nsubscriptions = 1\nsubscribers = 2\n"
    async with open_house(tmp_path, *EXTENSIONS, configuration=policy) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        romeo = await house.client(f"{ROMEO}/orchard")
        await create(hamlet, "n")
        await subscribe(romeo, "n")
        more = f"<subscribe node='n' jid='{ROMEO}/orchard'/>"
        too_many = "wait policy-violation too-many-subscriptions"
        assert await refused(romeo, "set", more, SERVICE) == too_many
        await subscribe(hamlet, "n")
        yorick = await house.client(f"{YORICK}/grave")
        assert (
            await refused(yorick, "set", f"<subscribe node='n' jid='{YORICK}'/>", SERVICE)
            == too_many
        )


async def test_owners_manage_subscriptions(hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n")
    one = f"<subscription jid='{ROMEO}' subscription='subscribed'/>"
    await own(hamlet, "set", f"<subscriptions node='n'>{one}</subscriptions>")
    listed = await own(hamlet, "get", "<subscriptions node='n'/>")
    assert listed is not None
    assert [(x.get("jid"), x.get("subscription")) for x in listed] == [(ROMEO, "subscribed")]
    none = f"<subscription jid='{ROMEO}' subscription='none'/>"
    wrong = f"<subscription jid='{YORICK}' subscription='nonsense'/>"
    answer = await ask(
        hamlet, "set", f"<subscriptions node='n'>{none}{wrong}</subscriptions>", SERVICE, NS_OWNER
    )
    pubsub = answer.find("pubsub", NS_OWNER)
    assert pubsub is not None
    (returned,) = next(iter(pubsub))
    assert (returned.get("jid"), returned.get("subscription")) == (YORICK, "none")
    assert await heard(romeo) == ["subscription n subscribed", "subscription n none"]
    get = "<subscriptions node='n'/>"
    assert await refused(romeo, "get", get, SERVICE, NS_OWNER) == "auth forbidden"


async def test_no_one_subscribes_where_that_is_turned_off(hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n", subscribe="0")
    answer = await refused(romeo, "set", f"<subscribe node='n' jid='{ROMEO}'/>", SERVICE)
    assert answer == "cancel feature-not-implemented unsupported"


# -- affiliations ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("affiliation", "subscribes", "reads", "publishes", "purges"),
    [
        ("owner", True, True, True, True),
        ("publisher", True, True, True, False),
        ("publish_only", False, False, True, False),
        ("member", True, True, False, False),
        ("none", False, False, False, False),
        ("outcast", False, False, False, False),
    ],
)
async def test_affiliations_allow_what_the_table_says(
    hamlet: Client,
    romeo: Client,
    affiliation: str,
    subscribes: bool,
    reads: bool,
    publishes: bool,
    purges: bool,
) -> None:
    await create(hamlet, "n", access_model="whitelist")
    await affiliate(hamlet, "n", romeo=affiliation)

    async def works(kind: str, content: str, namespace: str = NS) -> bool:
        answer = await ask(romeo, kind, content, SERVICE, namespace)
        return answer.get("type") == "result"

    assert await works("set", f"<subscribe node='n' jid='{ROMEO}'/>") is subscribes
    assert await works("get", "<items node='n'/>") is reads
    assert await works("set", publish("n", "mine")) is publishes
    assert await works("set", "<retract node='n'><item id='mine'/></retract>") is publishes
    assert await works("set", "<purge node='n'/>", NS_OWNER) is purges
    assert await works("get", "<configure node='n'/>", NS_OWNER) is purges


async def test_who_only_publishes_does_not_touch_what_others_published(
    hamlet: Client, romeo: Client
) -> None:
    await create(hamlet, "n")
    await affiliate(hamlet, "n", romeo="publish_only")
    await done(hamlet, "set", publish("n", "a"), SERVICE)
    assert await refused(romeo, "set", publish("n", "a"), SERVICE) == "auth forbidden"
    retract = "<retract node='n'><item id='a'/></retract>"
    assert await refused(romeo, "set", retract, SERVICE) == "auth forbidden"


async def test_an_outcast_loses_its_subscription(hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n")
    await subscribe(romeo, "n")
    await affiliate(hamlet, "n", romeo="outcast")
    assert await heard(romeo) == ["subscription n none"]
    again = f"<subscribe node='n' jid='{ROMEO}'/>"
    assert await refused(romeo, "set", again, SERVICE) == "auth forbidden"


async def test_a_node_keeps_an_owner(hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n")
    resign = (
        f"<affiliations node='n'><affiliation jid='{HAMLET}' affiliation='none'/>"
        f"<affiliation jid='{ROMEO}' affiliation='publisher'/></affiliations>"
    )
    answer = await ask(hamlet, "set", resign, SERVICE, NS_OWNER)
    pubsub = answer.find("pubsub", NS_OWNER)
    assert pubsub is not None
    (kept,) = next(iter(pubsub))
    assert (kept.get("jid"), kept.get("affiliation")) == (HAMLET, "owner")
    listed = await own(hamlet, "get", "<affiliations node='n'/>")
    assert listed is not None
    found = {x.get("jid"): x.get("affiliation") for x in listed}
    assert found == {HAMLET: "owner", ROMEO: "publisher"}
    mine = await done(romeo, "get", "<affiliations/>", SERVICE)
    assert mine is not None
    assert [(x.get("node"), x.get("affiliation")) for x in mine] == [("n", "publisher")]
    twice = f"<affiliation jid='{ROMEO}' affiliation='none'/>" * 2
    content = f"<affiliations node='n'>{twice}</affiliations>"
    assert await refused(hamlet, "set", content, SERVICE, NS_OWNER) == "modify bad-request"


@pytest.mark.parametrize("model", ["open", "subscribers", "publishers"])
async def test_the_publish_model_says_who_else_publishes(
    hamlet: Client, romeo: Client, model: str
) -> None:
    await create(hamlet, "n", publish_model=model)

    async def publishes() -> bool:
        answer = await ask(romeo, "set", publish("n"), SERVICE)
        return answer.get("type") == "result"

    assert await publishes() is (model == "open")
    await subscribe(romeo, "n")
    assert await publishes() is (model != "publishers")


# -- discovery -------------------------------------------------------------------------------------


async def discover(client: Client, kind: str, to: str, node: str = "") -> Element:
    named = f" node='{node}'" if node else ""
    namespace = f"http://jabber.org/protocol/disco#{kind}"
    answer = await client.ask(
        f"<iq type='get' id='d' to='{to}'><query xmlns='{namespace}'{named}/></iq>"
    )
    query = answer.find("query", namespace)
    assert query is not None
    if answer.get("type") == "error":
        return answer
    return query


async def test_the_service_is_found_and_tells_its_nodes_and_items(
    hamlet: Client, romeo: Client
) -> None:
    host = await discover(romeo, "items", "montague.example")
    assert SERVICE in [item.get("jid") for item in host]
    info = await discover(romeo, "info", SERVICE)
    identity = info.find("identity")
    assert identity is not None
    assert (identity.get("category"), identity.get("type")) == ("pubsub", "service")
    await create(hamlet, "open", title="Musings", type="urn:example:entry")
    await create(hamlet, "closed", access_model="whitelist")
    await done(hamlet, "set", publish("open", "a"), SERVICE)
    nodes = await discover(romeo, "items", SERVICE)
    assert [(item.get("node"), item.get("name")) for item in nodes] == [("open", "Musings")]
    assert [x.get("node") for x in await discover(hamlet, "items", SERVICE)] == ["closed", "open"]
    found = await discover(romeo, "items", SERVICE, "open")
    assert [item.get("name") for item in found] == ["a"]
    about = await discover(romeo, "info", SERVICE, "open")
    x = about.find("x", "jabber:x:data")
    assert x is not None
    values = forms.values(x)
    assert values["FORM_TYPE"] == [f"{NS}#meta-data"]
    assert values["pubsub#type"] == ["urn:example:entry"]
    assert values["pubsub#owner"] == [HAMLET]
    hidden = await discover(romeo, "info", SERVICE, "closed")
    assert hidden.get("type") == "error"


async def test_nobody_else_is_at_the_service(romeo: Client) -> None:
    ping = f"<iq type='get' id='p' to='x@{SERVICE}'><ping xmlns='urn:xmpp:ping'/></iq>"
    assert (await romeo.ask(ping)).get("type") == "error"
    romeo.send(f"<message to='{SERVICE}'><body>Hello</body></message>")
    (answer,) = await romeo.messages()
    assert answer.get("type") == "error"


async def test_an_account_that_goes_leaves_nothing(house: House, hamlet: Client) -> None:
    romeo = await house.client(f"{ROMEO}/orchard")
    await create(hamlet, "n")
    await create(romeo, "other")
    await subscribe(romeo, "n")
    await subscribe(hamlet, "other")
    await affiliate(hamlet, "n", romeo="publisher")
    await done(romeo, "set", publish("own", "a"))
    await house.server.extension(PubSub).leave(romeo.account)
    for what in ("subscriptions", "affiliations"):
        left = await own(hamlet, "get", f"<{what} node='n'/>")
        assert left is not None
        assert ROMEO not in left.to_bytes().decode()
    assert await heard(hamlet) == ["delete other"]
    assert await refused(romeo, "get", "<items node='own'/>") == "cancel item-not-found"
