"""slixmpp uses nodes: avatars, bookmarks, keys, and what contacts hear of (XEP-0060, XEP-0163)."""

from hashlib import sha1
from xml.etree.ElementTree import Element, SubElement, fromstring

from slixmpp.plugins.xep_0060.stanza import EventItem
from tests.interop.conftest import Arrive, Fresh
from tests.interop.person import Person, soon

PICTURE = b"\x89PNG\r\n\x1a\n" + b"no picture at all" * 100
DEVICES = "eu.siacs.conversations.axolotl.devicelist"


async def become_contacts(one: Person, other: Person) -> None:
    for asking, asked in ((one, other), (other, one)):
        asking.xmpp.send_presence_subscription(asked.xmpp.boundjid.bare)
        await asked.came("presence_subscribe")
        asked.xmpp.send_presence_subscription(asking.xmpp.boundjid.bare, ptype="subscribed")
        await asking.came("presence_subscribed")


async def with_nodes(person: Person, *interests: str) -> Person:
    """Let a person want to hear of nodes, and go online."""
    for plugin in ("xep_0060", "xep_0084", "xep_0115", "xep_0163", "xep_0402"):
        person.xmpp.register_plugin(plugin)
    for interest in interests:
        person.xmpp.plugin["xep_0163"].add_interest(interest)
    await soon(person.xmpp.plugin["xep_0115"].update_caps(broadcast=False))
    await person.online()
    return person


async def test_contacts_see_an_avatar_also_when_they_come_later(
    fresh: Fresh, arrive: Arrive
) -> None:
    names = fresh("romeo"), fresh("juliet")
    romeo, juliet = [await with_nodes(await arrive(name)) for name in names]
    await become_contacts(romeo, juliet)
    avatars = romeo.xmpp.plugin["xep_0084"]
    await soon(avatars.publish_avatar(PICTURE))
    id_ = sha1(PICTURE, usedforsecurity=False).hexdigest()
    about = {"id": id_, "type": "image/png", "bytes": str(len(PICTURE))}
    await soon(avatars.publish_avatar_metadata([about]))
    await juliet.quit()
    again = await with_nodes(await arrive(names[1]), "urn:xmpp:avatar:metadata")
    event = await again.came("pubsub_publish")
    items = event["pubsub_event"]["items"]
    assert items["node"] == "urn:xmpp:avatar:metadata"
    (item,) = items
    assert isinstance(item, EventItem)
    assert item["id"] == id_
    found = await soon(again.xmpp.plugin["xep_0084"].retrieve_avatar(names[0], id_))
    data = next(iter(found["pubsub"]["items"]))["avatar_data"]["value"]
    assert data == PICTURE


async def test_devices_and_bundles_are_found_by_anybody(fresh: Fresh, arrive: Arrive) -> None:
    names = fresh("romeo"), fresh("juliet")
    romeo = await with_nodes(await arrive(names[0]))
    listing = fromstring("<list xmlns='eu.siacs.conversations.axolotl'><device id='31415'/></list>")
    nodes = romeo.xmpp.plugin["xep_0060"]
    options = romeo.xmpp.plugin["xep_0004"].make_form(ftype="submit")
    form_type = "http://jabber.org/protocol/pubsub#publish-options"
    options.add_field(var="FORM_TYPE", ftype="hidden", value=form_type)
    options.add_field(var="pubsub#access_model", value="open")
    await soon(nodes.publish(names[0], DEVICES, id="current", payload=listing, options=options))
    await romeo.quit()
    stranger = await with_nodes(await arrive(names[1]))
    found = await soon(stranger.xmpp.plugin["xep_0060"].get_items(names[0], DEVICES))
    (item,) = found["pubsub"]["items"]
    assert item["payload"].find("{eu.siacs.conversations.axolotl}device").get("id") == "31415"


async def test_bookmarks_are_there_at_the_next_login(fresh: Fresh, arrive: Arrive) -> None:
    jid = fresh("romeo")
    romeo = await with_nodes(await arrive(jid))
    conference = Element("{urn:xmpp:bookmarks:1}conference", {"name": "Balcony", "autojoin": "1"})
    SubElement(conference, "{urn:xmpp:bookmarks:1}nick").text = "romeo"
    nodes = romeo.xmpp.plugin["xep_0060"]
    room = "balcony@rooms.example"
    await soon(nodes.publish(jid, "urn:xmpp:bookmarks:1", id=room, payload=conference))
    await romeo.quit()
    again = await with_nodes(await arrive(jid))
    found = await soon(again.xmpp.plugin["xep_0060"].get_items(jid, "urn:xmpp:bookmarks:1"))
    (item,) = found["pubsub"]["items"]
    assert item["id"] == room
    assert item["conference"]["name"] == "Balcony"


async def test_the_service_has_nodes_for_everybody(fresh: Fresh, arrive: Arrive) -> None:
    romeo = await with_nodes(await arrive(fresh("romeo")))
    juliet = await with_nodes(await arrive(fresh("juliet")))
    service, node = "pubsub.localhost", romeo.xmpp.boundjid.user
    await soon(romeo.xmpp.plugin["xep_0060"].create_node(service, node))
    await soon(juliet.xmpp.plugin["xep_0060"].subscribe(service, node))
    payload = fromstring("<entry xmlns='http://www.w3.org/2005/Atom'><title>Hi</title></entry>")
    await soon(romeo.xmpp.plugin["xep_0060"].publish(service, node, payload=payload))
    event = await juliet.came("pubsub_publish")
    assert event["from"] == service
    await soon(romeo.xmpp.plugin["xep_0060"].delete_node(service, node))


async def test_a_microblog_is_subscribed_to_and_read(fresh: Fresh, arrive: Arrive) -> None:
    jid = fresh("romeo")
    romeo = await with_nodes(await arrive(jid))
    juliet = await with_nodes(await arrive(fresh("juliet")))
    blog, atom = "urn:xmpp:microblog:0", "http://www.w3.org/2005/Atom"
    post = (
        f"<entry xmlns='{atom}'><title>Lo</title><id>tag:montague.lit,2026:1</id>"
        "<updated>2026-11-21T10:00:00Z</updated></entry>"
    )
    options = romeo.xmpp.plugin["xep_0004"].make_form(ftype="submit")
    form_type = "http://jabber.org/protocol/pubsub#publish-options"
    options.add_field(var="FORM_TYPE", ftype="hidden", value=form_type)
    options.add_field(var="pubsub#access_model", value="open")
    nodes = romeo.xmpp.plugin["xep_0060"]
    await soon(nodes.publish(jid, blog, id="1", payload=fromstring(post), options=options))
    await soon(juliet.xmpp.plugin["xep_0060"].subscribe(jid, blog))
    await soon(nodes.publish(jid, blog, id="2", payload=fromstring(post)))
    event = await juliet.came("pubsub_publish")
    (item,) = event["pubsub_event"]["items"]
    assert item["payload"].findtext(f"{{{atom}}}title") == "Lo"
    found = await soon(juliet.xmpp.plugin["xep_0060"].get_items(jid, blog))
    assert [each["id"] for each in found["pubsub"]["items"]] == ["1", "2"]
