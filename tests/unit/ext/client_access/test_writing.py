"""Devices are written a while after they were seen."""

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.util import await_only
from tests.support.databases import CONCURRENT
from tests.support.house import open_house

from palaver.ext.client_access import table
from palaver.ext.client_access.extension import ClientAccess
from palaver.ext.client_access.table import Seen

EXTENSIONS = ("client_access", "accounts")


@pytest.mark.parametrize("migrated_url", CONCURRENT, indirect=True)
async def test_an_account_that_is_deleted_meanwhile_costs_no_other_its_devices(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = f'[storage]\nurl = "{migrated_url}"\n'
    async with open_house(tmp_path, *EXTENSIONS, configuration=storage) as house:
        deleted, stays = [
            await house.account(f"{name}@capulet.example") for name in ("tybalt", "juliet")
        ]
        make_room = table._make_room

        def make_room_late(connection: Connection, account_id: int) -> None:
            monkeypatch.undo()
            await_only(house.server.store.delete(deleted.id))
            make_room(connection, account_id)

        monkeypatch.setattr(table, "_make_room", make_room_late)
        access = house.server.extension(ClientAccess)
        for account in (deleted, stays):
            seen = Seen(account.id, "phone", "client", "", 1, 1, password=True)
            access._unwritten[account.id, "phone"] = seen
        await access.write()
        for account, count in ((deleted, 0), (stays, 1)):
            found = await house.server.database.read(
                partial(table.of_account, account_id=account.id)
            )
            assert len(found) == count
