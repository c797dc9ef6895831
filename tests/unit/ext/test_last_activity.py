"""Last activity: since when users are away, who may know, and what is kept (XEP-0012)."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from tests.support.databases import CONCURRENT
from tests.support.house import Client, House, open_house

from palaver.ext.last_activity import Departure, LastActivity, table
from palaver.kernel.storage import now
from palaver.store.accounts_table import accounts
from palaver.wire.element import Element

JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"
EXTENSIONS = ("last_activity", "roster", "presence")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, *EXTENSIONS) as opened:
        yield opened


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(f"{ROMEO}/orchard")


async def befriend(client: Client, contact: Client) -> None:
    """Let ``client`` be subscribed to the presence of ``contact``."""
    client.send(f"<presence type='subscribe' to='{contact.account.jid}'/>")
    await client.taken()
    contact.send(f"<presence type='subscribed' to='{client.account.jid}'/>")
    await contact.taken()


async def ask(client: Client, to: str = "") -> Element:
    address = f" to='{to}'" if to else ""
    return await client.ask(f"<iq type='get' id='l'{address}><query xmlns='jabber:iq:last'/></iq>")


def told(answer: Element) -> tuple[int, str]:
    """Return the seconds and the status."""
    assert answer.get("type") == "result"
    query = answer.find("query", "jabber:iq:last")
    assert query is not None
    return int(query.get("seconds", "")), query.text


def condition(answer: Element) -> str:
    error = answer.find("error", "jabber:client")
    assert error is not None
    return next(iter(error)).name


async def test_a_subscriber_learns_when_a_user_left_and_with_which_status(
    house: House, romeo: Client
) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    await befriend(romeo, juliet)
    assert told(await ask(romeo, JULIET)) == (0, "")
    juliet.send(
        "<presence type='unavailable'><status xml:lang='it'>A casa</status>"
        "<status>Heading Home</status></presence>"
    )
    # Whoever is connected is not away.
    assert told(await ask(romeo, JULIET)) == (0, "")
    juliet.close()
    seconds, status = told(await ask(romeo, JULIET))
    assert seconds < 10
    assert status == "Heading Home"


async def test_a_status_counts_only_when_the_user_left_with_it(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    await befriend(romeo, juliet)
    juliet.send("<presence type='unavailable'><status>Lunch</status></presence>")
    juliet.send("<presence><status>Back</status></presence>")
    await juliet.taken()
    juliet.close()
    assert told(await ask(romeo, JULIET))[1] == ""


async def test_the_last_session_to_end_counts(house: House, romeo: Client) -> None:
    balcony = await house.client(f"{JULIET}/balcony")
    chamber = await house.client(f"{JULIET}/chamber")
    await befriend(romeo, balcony)
    balcony.send("<presence type='unavailable'><status>First</status></presence>")
    balcony.close()
    assert told(await ask(romeo, JULIET)) == (0, "")
    chamber.send("<presence type='unavailable'><status>Second</status></presence>")
    chamber.close()
    assert told(await ask(romeo, JULIET))[1] == "Second"


async def test_a_stranger_learns_nothing(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    for to in (JULIET, f"{JULIET}/balcony", f"{JULIET}/nowhere"):
        assert condition(await ask(romeo, to)) == "forbidden"
    # A subscription of Romeo's by Juliet says nothing about Juliet.
    await befriend(juliet, romeo)
    assert condition(await ask(romeo, JULIET)) == "forbidden"
    came = await juliet.taken()
    assert not [each for each in came if each.name == "iq" and each.get("type") == "get"]


async def test_a_subscribers_question_to_a_full_jid_is_left_to_the_client(
    house: House, romeo: Client
) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    await befriend(romeo, juliet)
    await juliet.taken()
    romeo.send(f"<iq type='get' id='l2' to='{JULIET}/balcony'><query xmlns='jabber:iq:last'/></iq>")
    (question,) = await juliet.taken()
    assert question.get("from") == f"{ROMEO}/orchard"
    assert question.find("query", "jabber:iq:last") is not None


@pytest.mark.parametrize("to", ["", ROMEO])
async def test_one_who_asks_is_here(romeo: Client, to: str) -> None:
    assert told(await ask(romeo, to)) == (0, "")


async def test_a_host_tells_how_long_it_has_been_running(house: House, romeo: Client) -> None:
    assert told(await ask(romeo, "montague.example"))[0] < 60
    house.server.started -= 123_456
    seconds, status = told(await ask(romeo, "montague.example"))
    assert 123_456 <= seconds < 123_516
    assert status == ""


async def test_it_outlives_the_server(tmp_path: Path) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        juliet = await house.client(f"{JULIET}/balcony")
        await befriend(romeo, juliet)
        juliet.send("<presence type='unavailable'><status>Heading Home</status></presence>")
        await juliet.taken()
        # The end of the server ends the session.
    async with open_house(tmp_path, *EXTENSIONS) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        assert told(await ask(romeo, JULIET))[1] == "Heading Home"


async def test_after_a_crash_the_last_login_counts(tmp_path: Path) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        juliet = await house.client(f"{JULIET}/balcony")
        await befriend(romeo, juliet)
        juliet.close()
        await house.settled()
        left, hour = now(), 3_600_000_000
        async with house.server.database.begin() as connection:
            await connection.execute(table.update().values(ended=left - 2 * hour))
        assert told(await ask(romeo, JULIET))[0] >= 7_200
        # A login whose session no departure follows.
        async with house.server.database.begin() as connection:
            await connection.execute(accounts.update().values(last_login=left - hour))
    async with open_house(tmp_path, *EXTENSIONS) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        seconds, status = told(await ask(romeo, JULIET))
        assert 3_600 <= seconds < 3_660
        assert status == ""


async def test_who_has_never_been_here_cannot_have_left(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    await befriend(romeo, juliet)
    juliet.close()
    await house.settled()
    async with house.server.database.begin() as connection:
        await connection.execute(table.delete())
    assert condition(await ask(romeo, JULIET)) == "item-not-found"


async def test_departures_of_deleted_accounts_keep_no_others_from_being_written(
    house: House,
) -> None:
    leaving = [await house.client(f"n{number}@capulet.example/r") for number in range(3)]
    for client in leaving:
        client.session.account.sessions.clear()
    await house.server.store.delete(leaving[1].account.id)
    for client in leaving:
        client.close()
    await house.settled()
    async with house.server.database.connect() as connection:
        found = set(await connection.scalars(select(table.c.account_id)))
    assert found == {leaving[0].account.id, leaving[2].account.id}


@pytest.mark.parametrize("migrated_url", CONCURRENT, indirect=True)
async def test_one_may_be_deleted_while_departures_are_written(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    async with open_house(tmp_path, *EXTENSIONS, configuration=storage) as house:
        leaving = [await house.client(f"n{number}@capulet.example/r") for number in range(3)]
        server = house.server
        upsert, deleted = server.database.upsert, leaving[1].account.id

        async def upsert_late(*args: Any) -> None:
            monkeypatch.undo()
            leaving[1].account.sessions.clear()
            await server.store.delete(deleted)
            await upsert(*args)

        monkeypatch.setattr(server.database, "upsert", upsert_late)
        for client in leaving:
            server.extension(LastActivity)._unwritten[client.account.id] = Departure(1, "")
        await server.extension(LastActivity).write_later()
        async with server.database.connect() as connection:
            found = set(await connection.scalars(select(table.c.account_id)))
        assert found == {leaving[0].account.id, leaving[2].account.id}


async def test_it_works_on_every_database(migrated_url: str, tmp_path: Path) -> None:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    async with open_house(tmp_path, *EXTENSIONS, configuration=storage) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        for status in ("Heading Home", "Zu Hause \U0001f3e0", ""):
            juliet = await house.client(f"{JULIET}/balcony")
            await befriend(romeo, juliet)
            juliet.send(f"<presence type='unavailable'><status>{status}</status></presence>")
            juliet.close()
            await house.settled()
            assert told(await ask(romeo, JULIET))[1] == status
        async with house.server.database.connect() as connection:
            assert await connection.scalar(select(func.count()).select_from(table)) == 1
