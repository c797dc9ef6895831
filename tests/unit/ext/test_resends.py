"""Messages that are sent again, since their sender does not know that they arrived."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house

from palaver.ext import resends
from palaver.ext.resends import Remembered

EXTENSIONS = ("archive", "offline", "resends", "stanza_ids")
ENABLED = "[extensions.archive]\nenabled = true\n"
JULIET = "juliet@capulet.example"
NURSE = "nurse@capulet.example"
ROMEO = "romeo@montague.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, *EXTENSIONS, configuration=ENABLED) as opened:
        await opened.account(JULIET)
        yield opened


def say(text: str, origin: str, to: str = JULIET) -> str:
    id_ = f"<origin-id xmlns='urn:xmpp:sid:0' id='{origin}'/>"
    return f"<message to='{to}' type='chat' id='m'><body>{text}</body>{id_}</message>"


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(f"{ROMEO}/orchard")


async def test_a_resend_reaches_its_recipient_once(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    for _ in range(3):
        romeo.send(say("once", "o1"))
    romeo.send(say("twice", "o2"))
    assert await juliet.bodies() == ["once", "twice"]


async def test_a_resend_from_another_session_is_recognised(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    romeo.send(say("once", "o1"))
    romeo.close()
    (await house.client(f"{ROMEO}/street")).send(say("once", "o1"))
    assert await juliet.bodies() == ["once"]


async def test_the_same_id_of_another_sender_or_to_another_recipient_is_no_resend(
    house: House, romeo: Client
) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    nurse = await house.client(f"{NURSE}/kitchen")
    romeo.send(say("of romeo", "o1"))
    nurse.send(say("of nurse", "o1"))
    romeo.send(say("for nurse", "o1", NURSE))
    assert await juliet.bodies() == ["of romeo", "of nurse"]
    assert await nurse.bodies() == ["for nurse"]


async def test_ids_that_begin_alike_are_different(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    ids = ["a", "a&quot;b", "a&quot;c", "a&amp;b", "a b", "a c", "é", "è"]
    for origin in ids:
        romeo.send(say(origin, origin))
    assert len(await juliet.bodies()) == len(ids)


async def test_a_resend_of_what_waits_is_kept_once(house: House, romeo: Client) -> None:
    for _ in range(2):
        romeo.send(say("later", "o1"))
    assert await (await house.client(f"{JULIET}/balcony")).bodies() == ["later"]


async def test_what_was_refused_may_be_sent_again(house: House, romeo: Client) -> None:
    romeo.send(say("too early", "o1", f"{NURSE}/kitchen").replace("'chat'", "'normal'"))
    assert [m.get("type") for m in await romeo.messages()] == ["error"]
    nurse = await house.client(f"{NURSE}/kitchen")
    romeo.send(say("again", "o1", f"{NURSE}/kitchen").replace("'chat'", "'normal'"))
    assert await nurse.bodies() == ["again"]


async def rows(house: House, address: str) -> int:
    """Count the rows of an account with an origin-id."""
    await house.settled()
    account = await house.account(address)
    await house.server.log.flush()
    found = await house.server.database.read(
        lambda connection: house.server.log.origins(connection, account.id, 100)
    )
    return len(found)


async def test_after_a_restart_resends_are_recognised_by_the_recipients_log(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path, *EXTENSIONS, configuration=ENABLED) as house:
        await house.account(JULIET)
        (await house.client(f"{ROMEO}/orchard")).send(say("later", "o1"))
        await house.settled()
    async with open_house(tmp_path, *EXTENSIONS, configuration=ENABLED) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        romeo.send(say("later", "o1"))
        juliet = await house.client(f"{JULIET}/balcony")
        assert await juliet.bodies() == ["later"]
        romeo.send(say("later", "o1"))
        assert await juliet.bodies() == []
        assert (await rows(house, ROMEO), await rows(house, JULIET)) == (1, 1)


async def test_what_may_not_have_left_for_another_server_is_sent_again_after_a_restart(
    tmp_path: Path,
) -> None:
    """It is in the archive of its sender, who has not heard that it was taken."""
    taken: list[str | None] = []
    for _ in range(2):
        async with open_house(tmp_path, *EXTENSIONS, configuration=ENABLED) as house:
            house.server.router.remote = lambda stanza: taken.append(stanza.id)
            romeo = await house.client(f"{ROMEO}/orchard")
            romeo.send(say("abroad", "o1", "angelica@padua.example"))
            await house.settled()
    assert taken == ["m", "m"]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resends, "_GENERATION", 10)
    seen = Remembered()
    for number in range(100):
        seen.add(number)
    assert all(number in seen for number in range(90, 100))
    assert not any(number in seen for number in range(79))
