"""Copies for a user's other devices (XEP-0280)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house

from palaver.ext.carbons import switch
from palaver.wire.element import Element

JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"
NS = "urn:xmpp:carbons:2"
ENABLE = f"<iq type='set' id='e'><enable xmlns='{NS}'/></iq>"
DISABLE = f"<iq type='set' id='d'><disable xmlns='{NS}'/></iq>"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def juliet(house: House) -> Client:
    client = await house.client(f"{JULIET}/balcony")
    await client.taken()
    return client


@pytest.fixture
async def garden(house: House) -> Client:
    return await house.client(f"{ROMEO}/garden")


@pytest.fixture
async def home(house: House) -> Client:
    return await house.client(f"{ROMEO}/home")


def say(to: str, text: str = "Hi", type_: str = "chat", more: str = "") -> str:
    return f"<message to='{to}' type='{type_}' id='m'><body>{text}</body>{more}</message>"


async def enabled(*clients: Client) -> None:
    for client in clients:
        assert (await client.ask(ENABLE)).get("type") == "result"
        await client.taken()


async def copies(client: Client) -> list[tuple[str, Element]]:
    """Return the direction and the original of each copy that came."""
    found = []
    for wrapper in await client.messages():
        assert wrapper.get("from") == client.session.bare
        assert wrapper.get("to") == client.session.jid
        [copy] = list(wrapper)
        assert copy.ns == NS
        forwarded = copy.find("forwarded", "urn:xmpp:forward:0")
        assert forwarded is not None
        [original] = list(forwarded)
        assert original.key == "jabber:client message"
        assert wrapper.get("type") == original.get("type")
        found.append((copy.name, original))
    return found


async def test_what_one_device_gets_the_others_see(
    juliet: Client, garden: Client, home: Client
) -> None:
    await enabled(home)
    juliet.send(say(f"{ROMEO}/garden"))
    assert await garden.bodies() == ["Hi"]
    [(direction, original)] = await copies(home)
    assert (direction, original.get("from"), original.get("to")) == (
        "received", f"{JULIET}/balcony", f"{ROMEO}/garden"
    )  # fmt: skip
    assert original.text_of("body") == "Hi"


async def test_what_one_device_sends_the_others_see(
    juliet: Client, garden: Client, home: Client
) -> None:
    await enabled(garden, home)
    home.send(say(f"{JULIET}/balcony"))
    assert await home.bodies() == []
    [(direction, original)] = await copies(garden)
    assert (direction, original.get("from"), original.get("to")) == (
        "sent", f"{ROMEO}/home", f"{JULIET}/balcony"
    )  # fmt: skip
    assert await juliet.bodies() == ["Hi"]


@pytest.mark.parametrize("online", [True, False])
async def test_a_copy_of_what_was_sent_has_its_id_in_the_archive_of_its_sender(
    house: House, juliet: Client, garden: Client, home: Client, online: bool
) -> None:
    await enabled(garden)
    if not online:
        juliet.close()
    home.send(say(JULIET))
    [(_, original)] = await copies(garden)
    ids = [each for each in original if each.name == "stanza-id"]
    assert [each.get("by") for each in ids] == [ROMEO]
    garden.send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'/></iq>")
    results = [each.find("result", "urn:xmpp:mam:2") for each in await garden.messages()]
    assert [each and each.get("id") for each in results] == [ids[0].get("id")]
    if online:  # it says nothing of the sender's archive to the recipient (XEP-0313 §3.5)
        [message] = await juliet.messages()
        assert [each.get("by") for each in message if each.name == "stanza-id"] == [JULIET]


async def test_who_gets_the_message_itself_gets_no_copy(
    juliet: Client, garden: Client, home: Client
) -> None:
    await enabled(garden, home)
    juliet.send(say(ROMEO))
    assert await garden.bodies() == ["Hi"]
    assert await home.bodies() == ["Hi"]


async def test_a_device_with_negative_priority_gets_a_copy(
    juliet: Client, garden: Client, home: Client
) -> None:
    await enabled(home)
    home.available(-1)
    juliet.send(say(ROMEO))
    assert await garden.bodies() == ["Hi"]
    assert [direction for direction, _ in await copies(home)] == ["received"]


async def test_without_enabling_or_after_disabling_there_are_no_copies(
    juliet: Client, garden: Client, home: Client
) -> None:
    juliet.send(say(f"{ROMEO}/garden"))
    assert await copies(home) == []
    await enabled(home, home)
    for _ in range(2):
        assert (await home.ask(DISABLE)).get("type") == "result"
    juliet.send(say(f"{ROMEO}/garden"))
    assert await copies(home) == []


async def test_private_messages_are_not_copied(
    juliet: Client, garden: Client, home: Client
) -> None:
    await enabled(garden, home)
    private = f"<private xmlns='{NS}'/><no-copy xmlns='urn:xmpp:hints'/>"
    juliet.send(say(f"{ROMEO}/garden", more=private))
    home.send(say(JULIET, more=private))
    assert await home.messages() == []
    assert await garden.bodies() == ["Hi"]


async def test_a_note_to_oneself_is_seen_once(garden: Client, home: Client) -> None:
    await enabled(garden, home)
    garden.send(say(ROMEO))
    assert await home.bodies() == ["Hi"]
    garden.send(say(f"{ROMEO}/home"))
    assert await home.bodies() == ["Hi"]
    assert "Hi" in await garden.bodies()


async def test_a_refused_message_is_copied_with_its_error(garden: Client, home: Client) -> None:
    await enabled(garden, home)
    garden.send(say("nobody@capulet.example"))
    [(first, sent), (second, error)] = await copies(home)
    assert (first, second) == ("sent", "received")
    assert (sent.get("type"), error.get("type")) == ("chat", "error")
    assert error.get("to") == f"{ROMEO}/garden"


async def test_an_error_for_something_not_copied_is_not_copied(
    juliet: Client, garden: Client, home: Client
) -> None:
    await enabled(garden, home)
    juliet.send(f"<message to='{ROMEO}/garden' type='error' id='other'><body>x</body></message>")
    assert await home.messages() == []


async def test_a_copy_of_a_copy_is_not_made(juliet: Client, garden: Client, home: Client) -> None:
    await enabled(home)
    forged = f"<received xmlns='{NS}'><forwarded xmlns='urn:xmpp:forward:0'/></received>"
    juliet.send(say(f"{ROMEO}/garden", more=forged))
    assert await home.messages() == []


async def test_others_cannot_switch_it(juliet: Client, garden: Client) -> None:
    answer = await juliet.ask(ENABLE.replace("<iq", f"<iq to='{ROMEO}'"))
    assert answer.get("type") == "error"


async def test_nothing_is_left_of_a_session_that_ended(garden: Client, home: Client) -> None:
    await enabled(garden, home)
    slots = len(garden.account.slots)
    home.close()
    switch(garden.session, on=False)
    assert len(garden.account.slots) < slots
