"""Retracted messages leave a tombstone in the archives of both sides (XEP-0424 §5)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.support.house import Client, House, open_house

from palaver.ext.archive.extension import Archive
from palaver.kernel.storage import LogFilter, Word
from palaver.store.log_table import log_table
from palaver.wire import element
from palaver.wire.element import Element

JULIET = "juliet@capulet.example"
NURSE = "nurse@capulet.example"
ROMEO = "romeo@montague.example"
RETRACT = "urn:xmpp:message-retract:1"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        for address in (JULIET, NURSE):
            await opened.account(address)
        await opened.server.extension(Archive).index()
        yield opened


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(f"{ROMEO}/orchard")


def say(text: str, id_: str, to: str = JULIET, more: str = "") -> str:
    return f"<message to='{to}' type='chat' id='{id_}'><body>{text}</body>{more}</message>"


def retract(target: str, id_: str = "r1", to: str = JULIET, more: str = "") -> str:
    fallback = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>"
    return (
        f"<message to='{to}' type='chat' id='{id_}'><retract id='{target}' xmlns='{RETRACT}'/>"
        f"{fallback}<body>/me retracted a message</body>{more}"
        "<store xmlns='urn:xmpp:hints'/></message>"
    )


async def archived(house: House, address: str) -> list[Element]:
    await house.settled()
    account = await house.account(address)
    query = (
        select(log_table.c.stanza)
        .where(log_table.c.account_id == account.id)
        .order_by(log_table.c.id)
    )
    async with house.server.database.connect() as connection:
        return [element.parse(bytes(data)) for data in await connection.scalars(query)]


async def told(house: House, address: str) -> list[str | None]:
    return [message.text_of("body") for message in await archived(house, address)]


async def test_the_content_goes_from_both_archives(house: House, romeo: Client) -> None:
    await house.client(f"{JULIET}/balcony")
    romeo.send(say("Have not saints lips?", "wrong-recipient-1", more="<x xmlns='urn:example:x'/>"))
    romeo.send(retract("wrong-recipient-1", "retract-message-1"))
    for address in (ROMEO, JULIET):
        original, retraction = await archived(house, address)
        (stone,) = original
        assert (stone.name, stone.ns, stone.get("id")) == (
            "retracted",
            RETRACT,
            "retract-message-1",
        )
        assert stone.get("stamp", "").endswith("Z")
        assert original.attrs == {
            "from": f"{ROMEO}/orchard", "to": JULIET, "type": "chat", "id": "wrong-recipient-1"
        }  # fmt: skip
        assert retraction.find("retract", RETRACT) is not None


async def test_the_words_go_from_the_index(house: House, romeo: Client) -> None:
    romeo.send(say("saints lips", "m1"))
    romeo.send(say("other lips", "m2"))
    which = LogFilter(words=(Word("lips"),))
    assert await house.server.log.count(romeo.account.id, which) == 2
    romeo.send(retract("m1"))
    await house.settled()
    assert await house.server.log.count(romeo.account.id, which) == 1


@pytest.mark.parametrize(
    ("sender", "to"),
    [(NURSE, JULIET), (JULIET, ROMEO), (ROMEO, NURSE)],
    ids=["of a stranger", "of the recipient", "sent to somebody else"],
)
async def test_a_retraction_of_somebody_else_or_elsewhere_changes_nothing(
    house: House, romeo: Client, sender: str, to: str
) -> None:
    romeo.send(say("lips", "m1"))
    await house.settled()
    client = romeo if sender == ROMEO else await house.client(f"{sender}/forger")
    client.send(retract("m1", to=to))
    for address in (ROMEO, JULIET):
        await house.server.log.catch_up((await house.account(address)).id)
    assert (await told(house, ROMEO))[0] == "lips"
    assert (await told(house, JULIET))[0] == "lips"


async def test_the_origin_id_is_known_as_well(house: House, romeo: Client) -> None:
    origin = "<origin-id xmlns='urn:xmpp:sid:0' id='o1'/>"
    romeo.send(say("lips", "m1", more=origin))
    romeo.send(retract("o1"))
    assert (await told(house, JULIET))[0] is None


async def test_the_newest_message_of_that_id_is_meant(house: House, romeo: Client) -> None:
    for text in ("one", "two"):
        romeo.send(say(text, "1"))
    romeo.send(retract("1"))
    romeo.send(say("three", "1"))
    assert await told(house, JULIET) == ["one", None, "/me retracted a message", "three"]


async def test_corrections_go_with_what_they_correct(house: House, romeo: Client) -> None:
    replace = "<replace id='m1' xmlns='urn:xmpp:message-correct:0'/>"
    romeo.send(say("lips", "m1"))
    romeo.send(say("better lips", "m2", more=replace))
    romeo.send(retract("m1"))
    assert (await told(house, JULIET))[:2] == [None, None]


async def test_a_resource_of_a_room_is_somebody_of_its_own(house: House, romeo: Client) -> None:
    mark = "<x xmlns='http://jabber.org/protocol/muc#user'/>"
    other = await house.client(f"{ROMEO}/other")
    romeo.send(say("lips", "m1", more=mark))
    other.send(retract("m1", more=mark))
    assert (await told(house, JULIET))[0] == "lips"
    romeo.send(retract("m1", "r2", more=mark))
    assert (await told(house, JULIET))[0] is None


async def test_what_waits_for_a_reader_is_retracted_too(house: House, romeo: Client) -> None:
    romeo.send(say("secret", "m1", more="<no-permanent-store xmlns='urn:xmpp:hints'/>"))
    romeo.send(say("archived", "m2"))
    romeo.send(retract("m1", "r1"))
    romeo.send(retract("m2", "r2"))
    await house.settled()
    juliet = await house.client(f"{JULIET}/balcony")
    assert (await juliet.bodies())[:2] == [None, None]


async def test_a_retraction_without_an_id_leaves_all_as_it_is(house: House, romeo: Client) -> None:
    romeo.send(say("lips", "m1"))
    romeo.send(retract("m1").replace(" id='r1'", ""))
    assert (await told(house, JULIET))[0] == "lips"


async def test_a_retraction_before_a_crash_is_carried_out_after_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:  # without an index, as if it had not come so far
        await house.account(JULIET)
        romeo = await house.client(f"{ROMEO}/orchard")
        romeo.send(say("lips", "m1"))
        romeo.send(retract("m1"))
        assert (await told(house, JULIET))[0] == "lips"
    async with open_house(tmp_path) as house:
        await house.server.extension(Archive).index()
        async with asyncio.timeout(20):
            while (await told(house, JULIET))[0] is not None:  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(0.01)


async def test_archives_without_a_search_have_tombstones_too(tmp_path: Path) -> None:
    off = '[hosts."montague.example".extensions.archive]\nsearch = false\n'
    async with open_house(tmp_path, configuration=off) as house:
        await house.server.extension(Archive).index()
        await house.account(JULIET)
        romeo = await house.client(f"{ROMEO}/orchard")
        romeo.send(say("lips", "m1"))
        romeo.send(say("other lips", "m2"))
        romeo.send(retract("m1"))
        assert (await told(house, JULIET))[0] is None
        assert (await told(house, ROMEO))[0] is None
        which = LogFilter(words=(Word("lips"),))
        juliet = await house.account(JULIET)
        assert await house.server.log.count(romeo.account.id, which) == 0
        assert await house.server.log.count(juliet.id, which) == 1
