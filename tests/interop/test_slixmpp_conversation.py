"""Two people with slixmpp: roster, subscriptions, presence, chat, offline messages."""

import pytest
from slixmpp import JID
from slixmpp.exceptions import IqError
from tests.interop.conftest import Arrive, Fresh
from tests.interop.person import Person, soon


async def subscribed(one: Person, other: Person) -> None:
    """Let ``one`` ask for the other's presence, and the other say yes."""
    one.xmpp.send_presence_subscription(other.xmpp.boundjid.bare)
    asked = await other.came("presence_subscribe")
    assert asked["from"] == one.xmpp.boundjid.bare
    other.xmpp.send_presence_subscription(one.xmpp.boundjid.bare, ptype="subscribed")
    assert (await one.came("presence_subscribed"))["from"] == other.xmpp.boundjid.bare


async def pushed(person: Person, jid: str) -> dict[str, object]:
    """Return the next roster push, which must be about ``jid``."""
    items = (await person.came("roster_update"))["roster"]["items"]
    assert set(items) == {JID(jid)}
    item: dict[str, object] = items[JID(jid)]
    return item


async def seen(person: Person, other: Person) -> str:
    """Return what the other's next presence shows, skipping one's own."""
    while True:
        presence = await person.came("presence_available")
        if presence["from"] == other.xmpp.boundjid:
            kind: str = presence["type"]
            return kind


async def test_the_roster_is_set_pushed_and_kept(fresh: Fresh, arrive: Arrive) -> None:
    jid, friend = fresh("romeo"), fresh("juliet")
    balcony = await arrive(f"{jid}/balcony")
    garden = await arrive(f"{jid}/garden")
    for each in (balcony, garden):
        await each.online()
        await each.came("roster_update")  # the roster itself, still empty
    await soon(balcony.xmpp.update_roster(friend, name="Juliet", groups=["Capulets", "Verona"]))
    for each in (balcony, garden):
        item = await pushed(each, friend)
        assert item["name"] == "Juliet"
        assert set(item["groups"]) == {"Capulets", "Verona"}
        assert item["subscription"] == "none"
    orchard = await arrive(f"{jid}/orchard")
    await soon(orchard.xmpp.get_roster())
    assert orchard.xmpp.client_roster[friend]["name"] == "Juliet"
    await soon(balcony.xmpp.del_roster_item(friend))
    for each in (balcony, garden):
        assert (await pushed(each, friend))["subscription"] == "remove"


async def test_two_people_subscribe_see_each_other_and_part(fresh: Fresh, arrive: Arrive) -> None:
    romeo, juliet = await arrive(fresh("romeo")), await arrive(fresh("juliet"))
    await romeo.online()
    await juliet.online()
    await subscribed(romeo, juliet)
    assert await seen(romeo, juliet) == "available"
    await subscribed(juliet, romeo)
    assert await seen(juliet, romeo) == "available"
    await soon(romeo.xmpp.get_roster())
    for one, other in ((romeo, juliet), (juliet, romeo)):
        assert one.xmpp.client_roster[other.xmpp.boundjid.bare]["subscription"] == "both"

    romeo.xmpp.send_presence(pshow="dnd", pstatus="wooing")
    changed = await juliet.came("presence_dnd")
    assert (changed["from"], changed["status"]) == (romeo.xmpp.boundjid, "wooing")

    gone = romeo.xmpp.boundjid
    await romeo.quit()
    assert (await juliet.came("presence_unavailable"))["from"] == gone

    await romeo.come_back()
    await romeo.online()
    juliet.xmpp.send_presence_subscription(gone.bare, ptype="unsubscribed")
    await romeo.came("presence_unsubscribed")
    assert (await romeo.came("presence_unavailable"))["from"] == juliet.xmpp.boundjid


async def test_they_chat(fresh: Fresh, arrive: Arrive) -> None:
    romeo, juliet = await arrive(fresh("romeo")), await arrive(fresh("juliet"))
    await romeo.online()
    await juliet.online()
    body = "It is my lady, O it is my love! <&> ❤"
    romeo.xmpp.send_message(juliet.xmpp.boundjid.bare, body, mtype="chat")
    heard = await juliet.came("message")
    assert (heard["body"], heard["type"], heard["from"]) == (body, "chat", romeo.xmpp.boundjid)
    juliet.xmpp.send_message(heard["from"], "Ay me!", mtype="chat")
    answer = await romeo.came("message")
    assert (answer["body"], answer["to"]) == ("Ay me!", romeo.xmpp.boundjid)


async def test_messages_wait_for_who_is_offline(fresh: Fresh, arrive: Arrive) -> None:
    romeo, absent = await arrive(fresh("romeo")), fresh("juliet")
    await romeo.online()
    words = [f"Good night, {count} times" for count in range(1000, 1010)]
    for word in words:
        romeo.xmpp.send_message(absent, word, mtype="chat")
    await soon(romeo.xmpp.plugin["xep_0199"].ping())
    juliet = await arrive(absent)
    await juliet.online()
    came = [await juliet.came("message") for _ in words]
    assert [each["body"] for each in came] == words
    assert all(each["delay"]["from"] == "localhost" for each in came)
    assert [each["delay"]["stamp"] for each in came] == sorted(
        each["delay"]["stamp"] for each in came
    )


async def test_a_message_to_nobody_comes_back(fresh: Fresh, arrive: Arrive) -> None:
    romeo = await arrive(fresh("romeo"))
    romeo.xmpp.send_message("rosaline@localhost", "Hello?", mtype="chat")
    assert (await romeo.came("message_error"))["error"]["condition"] == "service-unavailable"


async def test_blocking_keeps_somebody_away(fresh: Fresh, arrive: Arrive) -> None:
    romeo, juliet = await arrive(fresh("romeo")), await arrive(fresh("juliet"))
    await romeo.online()
    await juliet.online()
    blocking = juliet.xmpp.plugin["xep_0191"]
    await soon(blocking.get_blocked())
    unwanted = JID(romeo.xmpp.boundjid.bare)
    await soon(blocking.block(unwanted))
    assert await juliet.came("blocked")
    assert await soon(blocking.get_blocked_jids()) == {unwanted}

    romeo.xmpp.send_message(juliet.xmpp.boundjid.bare, "Juliet?", mtype="chat")
    assert (await romeo.came("message_error"))["error"]["condition"] == "service-unavailable"
    with pytest.raises(IqError, match="service-unavailable"):
        await soon(romeo.xmpp.plugin["xep_0199"].ping(juliet.xmpp.boundjid))

    await soon(blocking.unblock(unwanted))
    romeo.xmpp.send_message(juliet.xmpp.boundjid.bare, "Juliet!", mtype="chat")
    assert (await juliet.came("message"))["body"] == "Juliet!"
    assert juliet.nothing_came("message")
