"""The archive's rows: both sides of a message, one row a log, the id that the recipient sees."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select
from tests.support.house import Client, House, open_house

from palaver.kernel.storage import parse_stanza_id
from palaver.store.log_table import log_table
from palaver.wire import element
from palaver.wire.element import Element

JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"
ENABLED = "[extensions.archive]\nenabled = true\n"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    names = ("archive", "offline", "stanza_ids")
    async with open_house(tmp_path, *names, configuration=ENABLED) as opened:
        await opened.account(JULIET)
        yield opened


@pytest.fixture
async def romeo(house: House) -> Client:
    client = await house.client(f"{ROMEO}/orchard")
    await house.settled()
    return client


async def rows(house: House, address: str) -> Sequence[Row[Any]]:
    await house.settled()
    account = await house.account(address)
    query = select(log_table).where(log_table.c.account_id == account.id).order_by(log_table.c.id)
    async with house.server.database.connect() as connection:
        return (await connection.execute(query)).all()


def row_id(message: Element) -> int:
    found = message.find("stanza-id", "urn:xmpp:sid:0")
    assert found is not None
    return parse_stanza_id(found.attrs["id"])


def condition(answer: Element) -> str:
    error = answer.find("error", "jabber:client")
    assert error is not None
    return next(iter(error)).name


async def test_sender_and_recipient_have_a_row_each(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    romeo.send(
        f"<message to='{JULIET}/balcony' type='chat'><body>Lady</body>"
        "<origin-id xmlns='urn:xmpp:sid:0' id='mine'/></message>"
    )
    (received,) = await juliet.messages()
    (theirs,) = await rows(house, JULIET)
    (mine,) = await rows(house, ROMEO)
    assert theirs.id == row_id(received)
    assert (theirs.outgoing, mine.outgoing) == (False, True)
    assert (theirs.peer, theirs.peer_resource) == (ROMEO, "orchard")
    assert (mine.peer, mine.peer_resource) == (JULIET, "balcony")
    assert (theirs.archived, theirs.pending) == (mine.archived, mine.pending) == (True, False)
    assert theirs.origin_id == mine.origin_id == "mine"
    assert theirs.stanza == mine.stanza
    kept = element.parse(theirs.stanza)
    assert [child.name for child in kept] == ["body", "origin-id"]


async def test_a_message_that_waits_has_one_row_which_stays(house: House, romeo: Client) -> None:
    romeo.send(f"<message to='{JULIET}'><body>Lady</body></message>")
    (waiting,) = await rows(house, JULIET)
    assert (waiting.pending, waiting.archived) == (True, True)
    assert b"stanza-id" not in waiting.stanza
    juliet = await house.client(f"{JULIET}/balcony")
    (received,) = await juliet.messages()
    (archived,) = await rows(house, JULIET)
    assert (archived.pending, archived.archived) == (False, True)
    assert archived.id == waiting.id == row_id(received)
    assert archived.stanza == waiting.stanza


async def test_what_is_only_kept_until_it_is_delivered_leaves_no_row(
    house: House, romeo: Client
) -> None:
    hint = "<no-permanent-store xmlns='urn:xmpp:hints'/>"
    romeo.send(f"<message to='{JULIET}'><body>psst</body>{hint}</message>")
    (waiting,) = await rows(house, JULIET)
    assert (waiting.pending, waiting.archived) == (True, False)
    await (await house.client(f"{JULIET}/balcony")).messages()
    assert await rows(house, JULIET) == []
    assert await rows(house, ROMEO) == []


@pytest.mark.parametrize(
    ("type_", "content", "archived"),
    [
        ("normal", "<body>a</body>", True),
        ("chat", "<enc xmlns='urn:example:e'/><store xmlns='urn:xmpp:hints'/>", True),
        ("chat", "<enc xmlns='urn:example:e'/>", False),
        ("chat", "<body>a</body><no-store xmlns='urn:xmpp:hints'/>", False),
        ("chat", "<composing xmlns='http://jabber.org/protocol/chatstates'/>", False),
        ("headline", "<body>a</body>", False),
        ("groupchat", "<body>a</body>", False),
    ],
)
async def test_type_and_content_decide(
    house: House, romeo: Client, type_: str, content: str, archived: bool
) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    romeo.send(f"<message to='{JULIET}/balcony' type='{type_}'>{content}</message>")
    (received,) = await juliet.messages()
    assert (received.find("stanza-id", "urn:xmpp:sid:0") is not None) is archived
    assert len(await rows(house, JULIET)) == len(await rows(house, ROMEO)) == archived


@pytest.mark.parametrize("to", ["", f"to='{ROMEO}'", f"to='{ROMEO}/orchard'"])
async def test_a_message_to_oneself_has_one_row(house: House, romeo: Client, to: str) -> None:
    romeo.send(f"<message {to} type='chat'><body>note</body></message>")
    (received,) = await romeo.messages()
    (row,) = await rows(house, ROMEO)
    assert row.id == row_id(received)
    assert not row.outgoing


async def test_a_row_is_the_archives_only_with_a_stamp_of_ours(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    forged = f"<stanza-id xmlns='urn:xmpp:sid:0' by='{JULIET}' id='0000000000000123'/>"
    romeo.send(f"<message to='{JULIET}' type='headline'><body>a</body>{forged}</message>")
    romeo.send(f"<message to='{JULIET}' type='chat'><body>b</body>{forged}</message>")
    first, second = await juliet.messages()
    assert first.find("stanza-id", "urn:xmpp:sid:0") is None
    (row,) = await rows(house, JULIET)
    assert row.id == row_id(second) != 0x123


async def test_a_refused_message_is_not_in_the_recipients_archive(
    house: House, romeo: Client
) -> None:
    romeo.send(f"<message to='{JULIET}/gone' type='normal'><body>a</body></message>")
    (answer,) = await romeo.messages()
    assert condition(answer) == "service-unavailable"
    assert await rows(house, JULIET) == []


async def test_the_archive_is_on_by_default(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        assert "archive" in house.server.extensions
