"""Who hears of what is published: filters, contacts, subscriptions, last items (XEP-0163 §4)."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.ext.pubsub.asking import done, form, heard, options, publish
from tests.unit.ext.pubsub.caps import befriend, come, wanting
from tests.unit.ext.pubsub.conftest import EXTENSIONS, HAMLET, ROMEO, SERVICE

from palaver import jid
from palaver.ext.pubsub.items import Item, ItemStore
from palaver.ext.pubsub.names import NS, NS_OWNER
from palaver.ext.pubsub.node import Node

MOOD = "http://jabber.org/protocol/mood"


def retract(item: str) -> str:
    """Ask for an item of the node "n" to be deleted."""
    return f"<retract node='n'><item id='{item}'/></retract>"


def configure(**fields: str) -> str:
    """Ask for another configuration of the node "n"."""
    return f"<configure node='n'>{form('node_config', **fields)}</configure>"


async def test_own_devices_hear_what_they_want_to(house: House, hamlet: Client) -> None:
    phone = await wanting(house, f"{HAMLET}/phone", MOOD)
    tablet = await wanting(house, f"{HAMLET}/tablet", "urn:other")
    await done(hamlet, "set", publish(MOOD, "current"))
    assert await heard(phone) == [f"items {MOOD} current"]
    assert await heard(tablet) == []
    assert await heard(hamlet) == []
    await done(hamlet, "set", f"<retract node='{MOOD}'><item id='current'/></retract>")
    await done(hamlet, "set", f"<delete node='{MOOD}'/>", namespace=NS_OWNER)
    assert await heard(phone) == [f"items {MOOD} -current", f"delete {MOOD}"]


async def test_contacts_hear_of_what_they_may_see(house: House, hamlet: Client) -> None:
    await befriend(house, HAMLET, ROMEO)
    romeo = await wanting(house, f"{ROMEO}/orchard", MOOD, "urn:secret")
    stranger = await wanting(house, "yorick@montague.example/grave", MOOD)
    await done(hamlet, "set", publish(MOOD, "a"))
    await done(hamlet, "set", publish("urn:secret", "b", more=options(access_model="whitelist")))
    assert await heard(romeo) == [f"items {MOOD} a"]
    assert await heard(stranger) == []


async def test_who_is_blocked_hears_nothing(house: House, hamlet: Client) -> None:
    await befriend(house, HAMLET, ROMEO)
    romeo = await wanting(house, f"{ROMEO}/orchard", MOOD)
    block = f"<block xmlns='urn:xmpp:blocking'><item jid='{ROMEO}'/></block>"
    await hamlet.ask(f"<iq type='set' id='b'>{block}</iq>")
    await done(hamlet, "set", publish(MOOD, "a"))
    assert await heard(romeo) == []
    romeo.close()
    again = await wanting(house, f"{ROMEO}/orchard", MOOD)
    assert await heard(again) == []


async def test_who_comes_online_gets_the_last_item_once(house: House, hamlet: Client) -> None:
    await befriend(house, HAMLET, ROMEO)
    await done(hamlet, "set", publish(MOOD, "a", more=options(max_items="5")))
    await done(hamlet, "set", publish(MOOD, "b"))
    hamlet.close()
    romeo = await wanting(house, f"{ROMEO}/orchard", MOOD)
    assert await heard(romeo) == [f"items {MOOD} b"]
    await come(romeo, MOOD, show="away")
    assert await heard(romeo) == []
    await come(romeo, MOOD, "urn:more")
    assert await heard(romeo) == []
    romeo.send("<presence type='unavailable'/>")
    await come(romeo, MOOD)
    assert await heard(romeo) == [f"items {MOOD} b"]


@pytest.mark.parametrize("when", ["never", "on_sub"])
async def test_a_node_may_keep_its_last_item_to_itself(
    house: House, hamlet: Client, when: str
) -> None:
    await done(hamlet, "set", publish(MOOD, "a", more=options(send_last_published_item=when)))
    phone = await wanting(house, f"{HAMLET}/phone", MOOD)
    assert await heard(phone) == []


async def test_only_certain_groups_see_a_node_of_the_roster_model(
    house: House, hamlet: Client
) -> None:
    await befriend(house, HAMLET, ROMEO)
    romeo = await wanting(house, f"{ROMEO}/orchard", MOOD)
    more = options(access_model="roster", roster_groups_allowed="Friends")
    await done(hamlet, "set", publish(MOOD, "a", more=more))
    assert await heard(romeo) == []
    item = f"<item jid='{ROMEO}'><group>Friends</group></item>"
    await hamlet.ask(f"<iq type='set' id='r'><query xmlns='jabber:iq:roster'>{item}</query></iq>")
    await done(hamlet, "set", publish(MOOD, "b"))
    assert await heard(romeo) == [f"items {MOOD} b"]


async def test_who_subscribed_hears_without_asking_by_capabilities(
    house: House, hamlet: Client, romeo: Client
) -> None:
    await done(hamlet, "set", publish("n", "a", more=options(access_model="open")))
    told = await done(romeo, "set", f"<subscribe node='n' jid='{ROMEO}'/>", HAMLET)
    assert told is not None
    assert told.get("subscription") == "subscribed"
    assert await heard(romeo) == ["items n a"]
    await done(hamlet, "set", publish("n", "b"))
    assert await heard(romeo) == ["items n b"]
    await done(romeo, "set", f"<unsubscribe node='n' jid='{ROMEO}'/>", HAMLET)
    await done(hamlet, "set", publish("n", "c"))
    assert await heard(romeo) == []


async def test_who_subscribed_and_wants_to_hear_is_told_once(house: House, hamlet: Client) -> None:
    await befriend(house, HAMLET, ROMEO)
    romeo = await wanting(house, f"{ROMEO}/orchard", MOOD)
    await done(hamlet, "set", publish(MOOD, "a"))
    await done(romeo, "set", f"<subscribe node='{MOOD}' jid='{ROMEO}'/>", HAMLET)
    await heard(romeo)
    await done(hamlet, "set", publish(MOOD, "b"))
    assert await heard(romeo) == [f"items {MOOD} b"]


async def test_who_loses_sight_of_the_owner_hears_no_more(house: House, hamlet: Client) -> None:
    await befriend(house, HAMLET, ROMEO)
    romeo = await house.client(f"{ROMEO}/orchard")
    await done(hamlet, "set", publish("n", "a"))
    await done(romeo, "set", f"<subscribe node='n' jid='{ROMEO}'/>", HAMLET)
    await heard(romeo)
    hamlet.send(f"<presence to='{ROMEO}' type='unsubscribed'/>")
    await house.settled()
    assert await heard(romeo) == ["subscription n none"]
    await done(hamlet, "set", publish("n", "b"))
    assert await heard(romeo) == []


async def test_a_new_contact_gets_the_last_items(house: House, hamlet: Client) -> None:
    await done(hamlet, "set", publish(MOOD, "a"))
    romeo = await wanting(house, f"{ROMEO}/orchard", MOOD)
    assert await heard(romeo) == []
    for asking, asked in ((hamlet, romeo), (romeo, hamlet)):
        asking.send(f"<presence type='subscribe' to='{asked.session.bare}'/>")
        await house.settled()
        asked.send(f"<presence type='subscribed' to='{asking.session.bare}'/>")
        await house.settled()
    assert await heard(romeo) == [f"items {MOOD} a"]


async def test_nothing_that_is_told_is_archived_or_kept(house: House, hamlet: Client) -> None:
    phone = await wanting(house, f"{HAMLET}/phone", MOOD)
    await done(hamlet, "set", publish(MOOD, "a"))
    (message,) = await phone.messages()
    assert message.get("type") == "headline"
    assert await house.server.log.pending(hamlet.account.id) == []


async def test_a_change_of_the_configuration_is_told_where_that_is_wanted(
    house: House, hamlet: Client
) -> None:
    phone = await wanting(house, f"{HAMLET}/phone", MOOD)
    await done(hamlet, "set", publish(MOOD, "a"))
    await heard(phone)
    change = form("node_config", title="Moods", notify_config="1", deliver_payloads="0")
    configure = f"<configure node='{MOOD}'>{change}</configure>"
    await done(hamlet, "set", configure, namespace=NS_OWNER)
    assert await heard(phone) == [f"configuration {MOOD}"]


async def test_an_account_approves_who_reads_its_node(
    house: House, hamlet: Client, romeo: Client
) -> None:
    await done(hamlet, "set", publish("n", "a", more=options(access_model="authorize")))
    wish = f"<subscribe node='n' jid='{ROMEO}'/>"
    told = await done(romeo, "set", wish, HAMLET)
    assert told is not None
    assert told.get("subscription") == "pending"
    (request,) = await hamlet.messages()
    assert request.get("from") == HAMLET
    decision = form("subscribe_authorization", node="n", subscriber_jid=ROMEO, allow="1")
    romeo.send(f"<message to='{HAMLET}'>{decision}</message>")
    await house.settled()
    assert await heard(romeo) == []
    hamlet.send(f"<message to='{HAMLET}'>{decision}</message>")
    await house.settled()
    assert await heard(romeo) == ["subscription n subscribed", "items n a"]
    await done(hamlet, "set", publish("n", "b"))
    assert await heard(romeo) == ["items n b"]


async def test_owners_hear_of_subscribers_where_they_want_to(hamlet: Client, romeo: Client) -> None:
    more = options(access_model="open", notify_sub="1")
    await done(hamlet, "set", publish("n", "a", more=more))
    await done(romeo, "set", f"<subscribe node='n' jid='{ROMEO}'/>", HAMLET)
    await done(romeo, "set", f"<unsubscribe node='n' jid='{ROMEO}'/>", HAMLET)
    assert await heard(hamlet) == ["subscription n subscribed", "subscription n none"]


async def test_who_is_not_online_is_not_told_where_presence_decides(
    house: House, hamlet: Client
) -> None:
    romeo = await house.client(f"{ROMEO}/orchard", available=False)
    more = options(access_model="open", presence_based_delivery="1")
    await done(hamlet, "set", publish("n", "a", more=more))
    await done(romeo, "set", f"<subscribe node='n' jid='{ROMEO}/orchard'/>", HAMLET)
    await heard(romeo)
    await done(hamlet, "set", publish("n", "b"))
    assert await heard(romeo) == []
    romeo.available()
    await house.settled()
    await done(hamlet, "set", publish("n", "c"))
    assert await heard(romeo) == ["items n b", "items n c"]  # the last one, as it came


@pytest.mark.parametrize(
    ("wish", "namespace", "told"),
    [
        (publish("n", "c"), NS, ["items n c"]),
        (retract("a"), NS, ["items n -a", "items n b"]),
        (retract("b"), NS, ["items n -b", "items n a"]),
        (configure(title="n"), NS_OWNER, ["configuration n None", "items n b"]),
    ],
    ids=["published", "another-retracted", "the-last-retracted", "configured"],
)
async def test_what_is_the_last_item_no_more_is_not_sent_to_who_comes_online(
    house: House,
    hamlet: Client,
    monkeypatch: pytest.MonkeyPatch,
    wish: str,
    namespace: str,
    told: list[str],
) -> None:
    """What happens while it is read is told first, and then the item that is the last one then."""
    read = ItemStore.last_of

    async def read_late(self: ItemStore, nodes: Sequence[Node]) -> dict[int, Item]:
        found = await read(self, nodes)
        monkeypatch.setattr(ItemStore, "last_of", read)
        hamlet.send(f"<iq type='set' id='late'><pubsub xmlns='{namespace}'>{wish}</pubsub></iq>")
        await house.until(lambda: any(b"id='late'" in each for each in hamlet.wire.written))
        return found

    romeo = await house.client(f"{ROMEO}/orchard", available=False)
    more = options(access_model="open", max_items="5", notify_config="1", notify_retract="1")
    for item in "ab":
        await done(hamlet, "set", publish("n", item, more=more))
    await done(romeo, "set", f"<subscribe node='n' jid='{ROMEO}/orchard'/>", HAMLET)
    assert await heard(romeo) == ["items n b"]
    monkeypatch.setattr(ItemStore, "last_of", read_late)
    romeo.available()
    assert await heard(romeo) == told


async def test_normal_messages_wait_for_who_is_offline(house: House, hamlet: Client) -> None:
    romeo = await house.client(f"{ROMEO}/orchard")
    more = options(access_model="open", notification_type="normal")
    await done(hamlet, "set", publish("n", "a", more=more))
    await done(romeo, "set", f"<subscribe node='n' jid='{ROMEO}'/>", HAMLET)
    (last,) = await romeo.messages()
    assert last.get("type", "normal") == "normal"


async def test_who_published_is_told_where_answers_go_there(hamlet: Client, romeo: Client) -> None:
    more = options(access_model="open", publish_model="open", itemreply="publisher")
    await done(hamlet, "set", publish("n", "a", more=more))
    await done(romeo, "set", publish("n", "b"), HAMLET)
    found = await done(romeo, "get", "<items node='n'/>", HAMLET)
    assert found is not None
    assert [item.get("publisher") for item in found] == [ROMEO]


async def test_who_comes_online_brings_no_contacts_into_use(tmp_path: Path) -> None:
    strict, closed = "benvolio@montague.example", "tybalt@capulet.example"
    async with open_house(tmp_path, *EXTENSIONS) as house:
        for name in (HAMLET, strict, closed):
            await befriend(house, name, ROMEO)
            contact = await house.client(f"{name}/home")
            await done(contact, "set", publish(MOOD, contact.session.jid.local))
            if name == strict:
                block = f"<block xmlns='urn:xmpp:blocking'><item jid='{ROMEO}'/></block>"
                await contact.ask(f"<iq type='set' id='b'>{block}</iq>")
            if name == closed:
                whitelist = form("node_config", access_model="whitelist")
                configure = f"<configure node='{MOOD}'>{whitelist}</configure>"
                await done(contact, "set", configure, namespace=NS_OWNER)
    async with open_house(tmp_path, *EXTENSIONS) as house:
        romeo = await wanting(house, f"{ROMEO}/orchard", MOOD)
        assert await heard(romeo) == [f"items {MOOD} hamlet"]
        loaded = [house.server.accounts.loaded(jid.parse_bare(each)) for each in (HAMLET, closed)]
        assert loaded == [None, None]


async def test_who_sends_presence_hears_of_open_nodes_until_it_leaves(
    house: House, hamlet: Client
) -> None:
    romeo = await wanting(house, f"{ROMEO}/orchard", MOOD, "urn:closed")
    for node, model in ((MOOD, "open"), ("urn:closed", "presence")):
        await done(hamlet, "set", publish(node, "a", more=options(access_model=model)))
    assert await heard(romeo) == []
    romeo.send(f"<presence to='{HAMLET}'/>")
    assert await heard(romeo) == [f"items {MOOD} a"]
    romeo.send(f"<presence to='{HAMLET}'><show>away</show></presence>")
    for node in (MOOD, "urn:closed"):
        await done(hamlet, "set", publish(node, "b"))
    assert await heard(romeo) == [f"items {MOOD} b"]
    romeo.send(f"<presence to='{HAMLET}' type='unavailable'/>")
    await done(hamlet, "set", publish(MOOD, "c"))
    assert await heard(romeo) == []
    romeo.send(f"<presence to='{HAMLET}'/>")
    romeo.send("<presence type='unavailable'/>")
    await romeo.taken()
    await come(romeo, MOOD)
    await done(hamlet, "set", publish(MOOD, "d"))
    assert await heard(romeo) == []


async def test_a_contact_who_sends_presence_hears_once(house: House, hamlet: Client) -> None:
    await befriend(house, HAMLET, ROMEO)
    romeo = await wanting(house, f"{ROMEO}/orchard", MOOD)
    romeo.send(f"<presence to='{HAMLET}'/>")
    await done(hamlet, "set", publish(MOOD, "a", more=options(access_model="open")))
    assert await heard(romeo) == [f"items {MOOD} a"]


async def test_who_is_let_in_by_a_new_configuration_gets_the_last_item(
    house: House, hamlet: Client
) -> None:
    await befriend(house, HAMLET, ROMEO)
    romeo = await wanting(house, f"{ROMEO}/orchard", MOOD)
    await done(hamlet, "set", publish(MOOD, "a", more=options(access_model="whitelist")))

    async def configure(**fields: str) -> None:
        changed = f"<configure node='{MOOD}'>{form('node_config', **fields)}</configure>"
        await done(hamlet, "set", changed, namespace=NS_OWNER)

    await configure(title="Mood")
    assert await heard(romeo) == []
    await configure(access_model="presence")
    assert await heard(romeo) == [f"items {MOOD} a"]
    await configure(access_model="open")
    assert await heard(romeo) == []


async def test_who_loses_sight_of_an_owner_loses_subscriptions_at_the_service(
    house: House, hamlet: Client
) -> None:
    await befriend(house, HAMLET, ROMEO)
    romeo = await house.client(f"{ROMEO}/orchard")
    for model in ("presence", "open"):
        configured = f"<configure>{form('node_config', access_model=model)}</configure>"
        await done(hamlet, "set", f"<create node='{model}'/>{configured}", SERVICE)
        await done(romeo, "set", f"<subscribe node='{model}' jid='{ROMEO}'/>", SERVICE)
    await heard(romeo)
    hamlet.send(f"<presence type='unsubscribed' to='{ROMEO}'/>")
    assert await heard(romeo) == ["subscription presence none"]
    listed = await done(romeo, "get", "<subscriptions/>", SERVICE)
    assert listed is not None
    assert [each.get("node") for each in listed] == ["open"]
