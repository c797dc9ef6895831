"""Sessions in storage, on every engine, and what they are when they come back."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import House, open_house

from palaver.ext.custody import custody_of
from palaver.ext.stream_management import storage
from palaver.ext.stream_management.absence import RESUMABLE, NoWire
from palaver.ext.stream_management.extension import StreamManagement
from palaver.ext.stream_management.storage import Stored
from palaver.kernel.device import Device
from palaver.kernel.storage import NewAccount
from palaver.store.accounts import SqlAccountStore
from palaver.store.engine import SqlDatabase

JULIET = "juliet@capulet.example"


async def test_rows_come_back_as_they_were_until_they_are_cleared(database: SqlDatabase) -> None:
    account = (await SqlAccountStore(database).create(NewAccount("host", "juliet", "juliet"))).id
    state = {"sent": [1 << 60, "<iq id='🌹'/>"], "presence": None, "since": 1.5}
    rows = [Stored(account, f"balcony {number}", 1 << 50, state) for number in range(500)]
    await storage.store(database, rows)
    assert sorted(await storage.load(database)) == sorted(rows)
    await storage.clear(database)
    assert await storage.load(database) == []


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


async def test_a_session_comes_back_with_what_it_was(house: House) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    romeo = await house.client("romeo@montague.example/orchard")
    manager = house.server.extension(StreamManagement)
    session = juliet.session
    session.device = Device("name of ours", "AwesomeXMPP", "Phone")
    manager.enable(session, resume=True, seconds=None)
    session.send(session.presence)  # type: ignore[arg-type]  # it is available
    romeo.send(f"<message to='{JULIET}' type='chat'><body>kept</body></message>")
    manager.acknowledge(session, 1)
    romeo.send(f"<message to='{JULIET}/balcony' type='chat'><body>kept, too</body></message>")
    manager.lost(session)
    romeo.send(f"<iq to='{JULIET}/balcony' type='get' id='1'><query xmlns='urn:x'/></iq>")
    state = storage.state_of(session)
    wire = NoWire("127.0.0.1", True, lambda: None)
    again = storage.session_of(json.loads(json.dumps(state)), session.account, wire, 10_000)
    assert again.device == session.device
    assert (again.jid, again.available, again.receives) == (session.jid, True, True)
    assert again.presence is not None
    assert session.presence is not None
    assert again.presence.to_bytes() == session.presence.to_bytes()
    assert RESUMABLE.of(again).digest == RESUMABLE.of(session).digest
    assert again.outbox is not None
    assert session.outbox is not None
    assert again.outbox.acknowledged == 1
    rows = [row for _, row in session.outbox.entries]
    assert [row for _, row in again.outbox.entries] == rows
    assert again.outbox.spilled == set(rows) == set(custody_of(session.account).holders)
    assert list(again.outbox.held.values()) == list(session.outbox.held.values())
