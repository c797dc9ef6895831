"""slixmpp shows avatars and nicknames, by nodes and by vCards (XEP-0084, XEP-0153, XEP-0172)."""

import base64
from hashlib import sha1
from typing import Any

from tests.interop.conftest import Arrive, Fresh
from tests.interop.person import Person, soon
from tests.interop.test_slixmpp_nodes import become_contacts

METADATA = "urn:xmpp:avatar:metadata"
NICK = "http://jabber.org/protocol/nick"
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC"
)
ID = sha1(PICTURE, usedforsecurity=False).hexdigest()


async def with_profile(person: Person, *interests: str, vcard_avatars: bool = False) -> Person:
    """Let a person know nodes for profiles, want to hear of some, and go online."""
    for plugin in ("xep_0060", "xep_0084", "xep_0115", "xep_0163", "xep_0172", "xep_0292"):
        person.xmpp.register_plugin(plugin)
    if vcard_avatars:
        person.xmpp.register_plugin("xep_0153")
    for interest in interests:
        person.xmpp.plugin["xep_0163"].add_interest(interest)
    await soon(person.xmpp.plugin["xep_0115"].update_caps(broadcast=False))
    await person.online()
    return person


async def hash_shown_to(person: Person, by: str) -> str:
    """Wait until a presence of somebody says that there is an avatar, and return its hash."""
    while True:
        presence = await person.came("presence_available")
        if presence["from"].bare == by:
            told = presence.xml.findtext("{vcard-temp:x:update}x/{vcard-temp:x:update}photo")
            if told:
                return str(told)


async def told_of(person: Person, node: str) -> Any:
    """Wait until a person hears of a node, and return the item."""
    while True:
        event = await person.came("pubsub_publish")
        if event["pubsub_event"]["items"]["node"] == node:
            return next(iter(event["pubsub_event"]["items"]))


async def test_an_avatar_of_nodes_is_seen_in_presence_and_vcard_at_later_logins(
    fresh: Fresh, arrive: Arrive
) -> None:
    names = fresh("romeo"), fresh("juliet")
    romeo, juliet = [await with_profile(await arrive(name)) for name in names]
    await become_contacts(romeo, juliet)
    avatars = romeo.xmpp.plugin["xep_0084"]
    await soon(avatars.publish_avatar(PICTURE))
    about = {"id": ID, "type": "image/png", "bytes": str(len(PICTURE)), "height": "1", "width": "1"}
    await soon(avatars.publish_avatar_metadata([about]))
    assert await hash_shown_to(juliet, names[0]) == ID
    await romeo.quit()
    await juliet.quit()
    juliet = await with_profile(await arrive(names[1]))
    found = await soon(juliet.xmpp.plugin["xep_0054"].get_vcard(names[0]))
    assert found["vcard_temp"]["PHOTO"]["BINVAL"] == PICTURE
    assert found["vcard_temp"]["PHOTO"]["TYPE"] == "image/png"
    await with_profile(await arrive(names[0]))
    assert await hash_shown_to(juliet, names[0]) == ID


async def test_an_avatar_of_a_vcard_is_heard_of_and_fetched_from_nodes(
    fresh: Fresh, arrive: Arrive
) -> None:
    names = fresh("romeo"), fresh("juliet")
    romeo, juliet = [await with_profile(await arrive(name)) for name in names]
    await become_contacts(romeo, juliet)
    vcards = juliet.xmpp.plugin["xep_0054"]
    card = vcards.make_vcard()
    card["FN"] = "Juliet Capulet"
    await soon(vcards.publish_vcard(card))
    await juliet.quit()
    juliet = await with_profile(await arrive(names[1]), vcard_avatars=True)
    await soon(juliet.xmpp.plugin["xep_0153"].set_avatar(avatar=PICTURE, mtype="image/png"))
    await romeo.quit()
    romeo = await with_profile(await arrive(names[0]), METADATA)
    assert (await told_of(romeo, METADATA))["id"] == ID
    found = await soon(romeo.xmpp.plugin["xep_0084"].retrieve_avatar(names[1], ID))
    assert next(iter(found["pubsub"]["items"]))["avatar_data"]["value"] == PICTURE
    nodes = romeo.xmpp.plugin["xep_0060"]
    (item,) = (await soon(nodes.get_items(names[1], "urn:xmpp:vcard4")))["pubsub"]["items"]
    assert item["vcard"]["full_name"] == "Juliet Capulet"


async def test_a_nickname_is_heard_of_at_once_and_at_later_logins(
    fresh: Fresh, arrive: Arrive
) -> None:
    names = fresh("romeo"), fresh("juliet")
    romeo = await with_profile(await arrive(names[0]), NICK)
    juliet = await with_profile(await arrive(names[1]), NICK)
    await become_contacts(romeo, juliet)
    await soon(juliet.xmpp.plugin["xep_0172"].publish_nick("jule"))
    assert (await told_of(romeo, NICK))["nick"]["nick"] == "jule"
    await soon(romeo.xmpp.plugin["xep_0172"].publish_nick("Rom"))
    assert (await told_of(juliet, NICK))["nick"]["nick"] == "jule"  # her own comes to her as well
    assert (await told_of(juliet, NICK))["nick"]["nick"] == "Rom"
    await romeo.quit()
    romeo = await with_profile(await arrive(names[0]), NICK)
    heard = {(await told_of(romeo, NICK))["nick"]["nick"] for _ in range(2)}
    assert heard == {"jule", "Rom"}
