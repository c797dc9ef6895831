"""What ends by itself: leases, subscriptions of who is offline or gone, items of publishers."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.pubsub.asking import ask, done, form, heard, items, options, publish, refused
from tests.unit.ext.pubsub.conftest import EXTENSIONS, HAMLET, ROMEO, SERVICE

from palaver.ext.pubsub.extension import PubSub
from palaver.ext.pubsub.names import NS
from palaver.kernel import forms
from palaver.kernel.clock import SystemClock

PHONE = f"{ROMEO}/orchard"


class Later(SystemClock):
    """Two hours from now."""

    def now(self) -> float:
        return super().now() + 7_200


def in_hours(hours: float) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


async def create(client: Client, node: str, **fields: str) -> None:
    configured = f"<configure>{form('node_config', **fields)}</configure>"
    await done(client, "set", f"<create node='{node}'/>{configured}", SERVICE)


def subscribing(node: str, address: str, **fields: str) -> str:
    written = f"<options>{form('subscribe_options', **fields)}</options>" if fields else ""
    return f"<subscribe node='{node}' jid='{address}'/>{written}"


async def subscribed(client: Client) -> list[str | None]:
    """Return the nodes that a client is subscribed to."""
    found = await done(client, "get", "<subscriptions/>", SERVICE)
    assert found is not None
    return [each.get("node") for each in found]


async def come_back(client: Client) -> None:
    client.send("<presence type='unavailable'/>")
    await client.house.settled()
    client.available()
    await client.house.settled()


# -- leases (XEP-0060 §12.18) ----------------------------------------------------------------------


async def test_a_lease_ends_and_its_holder_hears_of_it(
    house: House, hamlet: Client, romeo: Client
) -> None:
    await create(hamlet, "n")
    until = in_hours(1)
    answer = await ask(romeo, "set", subscribing("n", ROMEO, expire=until), SERVICE)
    told = answer.find("pubsub", NS)
    assert told is not None
    result = told.find("options", NS)
    assert result is not None
    x = next(iter(result))
    assert x.get("type") == "result"
    assert forms.values(x)["pubsub#expire"] == [until.replace("Z", ".000Z")]
    extension = house.server.extension(PubSub)
    await extension.expire()
    assert await subscribed(romeo) == ["n"]
    house.server.clock = Later()
    await extension.expire()
    assert await subscribed(romeo) == []
    assert await heard(romeo) == ["subscription n none"]


async def test_a_lease_is_renewed(house: House, hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n")
    await done(romeo, "set", subscribing("n", ROMEO, expire=in_hours(1)), SERVICE)
    renewed = form("subscribe_options", expire=in_hours(3))
    await done(romeo, "set", f"<options node='n' jid='{ROMEO}'>{renewed}</options>", SERVICE)
    house.server.clock = Later()
    await house.server.extension(PubSub).expire()
    assert await subscribed(romeo) == ["n"]


@pytest.mark.parametrize("expire", ["2001-01-01T00:00:00Z", "tomorrow", "2999-01-01T00:00:00"])
async def test_a_lease_that_means_nothing_is_refused(
    hamlet: Client, romeo: Client, expire: str
) -> None:
    await create(hamlet, "n")
    wrong = subscribing("n", ROMEO, expire=expire)
    assert await refused(romeo, "set", wrong, SERVICE) == "modify bad-request invalid-options"
    assert await subscribed(romeo) == []


# -- temporary subscriptions (XEP-0060 §12.5) ------------------------------------------------------


@pytest.mark.parametrize("address", [ROMEO, f"{ROMEO}/orchard"])
async def test_a_temporary_subscription_ends_as_its_holder_goes_offline(
    hamlet: Client, romeo: Client, address: str
) -> None:
    await create(hamlet, "n")
    await create(hamlet, "lasting")
    await done(romeo, "set", subscribing("n", address, expire="presence"), SERVICE)
    await done(romeo, "set", subscribing("lasting", address), SERVICE)
    assert await subscribed(romeo) == ["lasting", "n"]
    await come_back(romeo)
    assert await subscribed(romeo) == ["lasting"]


async def test_a_temporary_subscription_lasts_while_another_device_is_online(
    house: House, hamlet: Client, romeo: Client
) -> None:
    other = await house.client(f"{ROMEO}/balcony")
    await create(hamlet, "n")
    await done(romeo, "set", subscribing("n", ROMEO, expire="presence"), SERVICE)
    other.close()
    await house.settled()
    assert await subscribed(romeo) == ["n"]


async def test_a_node_can_make_all_subscriptions_temporary(hamlet: Client, romeo: Client) -> None:
    await create(hamlet, "n", tempsub="1")
    await done(romeo, "set", subscribing("n", ROMEO), SERVICE)
    await come_back(romeo)
    assert await subscribed(romeo) == []


async def test_temporary_subscriptions_do_not_outlive_the_server(tmp_path: Path) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        romeo = await house.client(f"{ROMEO}/orchard")
        await create(hamlet, "n")
        await done(romeo, "set", subscribing("n", ROMEO, expire="presence"), SERVICE)
        del house.server.extensions["pubsub"]  # as if it were killed: nothing ends in order
    async with open_house(tmp_path, *EXTENSIONS) as house:
        await house.server.extension(PubSub).expire()
        romeo = await house.client(f"{ROMEO}/orchard", available=False)
        assert await subscribed(romeo) == []


# -- those who are no more (XEP-0060 §12.4) --------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "left"), [("gone", []), ("item-not-found", []), ("service-unavailable", ["n"])]
)
async def test_who_is_gone_loses_the_subscription(
    hamlet: Client, romeo: Client, condition: str, left: list[str]
) -> None:
    await create(hamlet, "n")
    await done(romeo, "set", subscribing("n", PHONE), SERVICE)
    await done(hamlet, "set", publish("n", "a"), SERVICE)
    (message,) = await romeo.messages()
    error = (
        f"<error type='cancel'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    )
    romeo.send(f"<message type='error' to='{SERVICE}' id='unknown'>{error}</message>")
    await romeo.house.settled()
    assert await subscribed(romeo) == ["n"]
    romeo.send(f"<message type='error' to='{SERVICE}' id='{message.get('id')}'>{error}</message>")
    await romeo.house.settled()
    assert await subscribed(romeo) == left


async def test_nobody_ends_the_subscription_of_another(
    house: House, hamlet: Client, romeo: Client
) -> None:
    yorick = await house.client("yorick@capulet.example/grave")
    await create(hamlet, "n")
    await done(romeo, "set", subscribing("n", PHONE), SERVICE)
    await done(hamlet, "set", publish("n", "a"), SERVICE)
    (message,) = await romeo.messages()
    gone = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    yorick.send(f"<message type='error' to='{SERVICE}' id='{message.get('id')}'>{gone}</message>")
    await house.settled()
    assert await subscribed(romeo) == ["n"]


async def test_who_is_gone_loses_the_subscription_to_an_account(
    hamlet: Client, romeo: Client
) -> None:
    await done(hamlet, "set", publish("n", "a", more=options(access_model="open")))
    await done(romeo, "set", f"<subscribe node='n' jid='{PHONE}'/>", HAMLET)
    (message,) = await romeo.messages()
    gone = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
    romeo.send(f"<message type='error' to='{HAMLET}' id='{message.get('id')}'>{gone}</message>")
    await romeo.house.settled()
    found = await done(romeo, "get", "<subscriptions/>", HAMLET)
    assert found is not None
    assert list(found) == []


# -- items of who goes offline (pubsub#purge_offline) ----------------------------------------------


async def test_items_of_an_account_go_with_its_last_device(
    house: House, hamlet: Client, romeo: Client
) -> None:
    other = await house.client(f"{HAMLET}/england")
    more = options(access_model="open", purge_offline="1", max_items="9")
    await done(hamlet, "set", publish("n", "a", more=more))
    await done(romeo, "set", f"<subscribe node='n' jid='{ROMEO}'/>", HAMLET)
    await heard(romeo)
    hamlet.close()
    await house.settled()
    assert await items(romeo, "n", HAMLET) == ["a"]
    other.close()
    await house.settled()
    assert await items(romeo, "n", HAMLET) == []
    assert await heard(romeo) == ["purge n"]


async def test_items_at_the_service_go_with_who_published_them(
    house: House, hamlet: Client, romeo: Client
) -> None:
    await create(hamlet, "n", purge_offline="1", publish_model="open")
    await done(romeo, "set", publish("n", "a"), SERVICE)
    await done(hamlet, "set", publish("n", "b"), SERVICE)
    romeo.send("<presence type='unavailable'/>")
    await house.settled()
    assert await items(hamlet, "n", SERVICE) == ["b"]


async def test_nodes_that_are_emptied_are_known_after_a_restart(tmp_path: Path) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        hamlet = await house.client(f"{HAMLET}/denmark")
        await create(hamlet, "n", purge_offline="1", publish_model="open")
    async with open_house(tmp_path, *EXTENSIONS) as house:
        await house.server.extension(PubSub).start()
        romeo = await house.client(f"{ROMEO}/orchard")
        await done(romeo, "set", publish("n", "a"), SERVICE)
        romeo.close()
        await house.settled()
        hamlet = await house.client(f"{HAMLET}/denmark")
        assert await items(hamlet, "n", SERVICE) == []


# -- last items for subscribers who come online ----------------------------------------------------


async def test_a_subscriber_who_comes_online_gets_the_last_item(
    hamlet: Client, romeo: Client
) -> None:
    await create(hamlet, "n", send_last_published_item="on_sub_and_presence")
    await create(hamlet, "quiet")
    for node in ("n", "quiet"):
        await done(romeo, "set", subscribing(node, ROMEO), SERVICE)
        await done(hamlet, "set", publish(node, "a"), SERVICE)
    await heard(romeo)
    await come_back(romeo)
    assert await heard(romeo) == ["items n a"]
