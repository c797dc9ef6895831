"""A server with two hosts, those who administer it, and users."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import Client, House, open_house

from palaver.ext.accounts import Accounts, RoleArguments
from palaver.kernel.commands import Commands, nobody_watches

HOST = "capulet.example"
CONFIGURATION = f"""
[server]
admins = ['bard@{HOST}']
[sasl]
iterations = 4096
[roles.operator]
commands = ["user *", "session *", "end-user-session", "change-user-password", "edit-admin"]
without = ["user delete"]
[roles.reader]
commands = ["user list", "report show"]
[hosts."montague.example".roles.reader]
commands = []
"""

Run = Callable[..., Awaitable[Any]]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, configuration=CONFIGURATION) as opened:
        yield opened


@pytest.fixture
def shell(house: House) -> Run:
    """Give what runs a command as the owner of the machine does."""

    async def run(name: str, **arguments: object) -> Any:
        return await Commands(house.server.extensions.values()).run(name, arguments)

    return run


async def with_role(house: House, address: str, role: str) -> Client:
    """Connect a user who has a role."""
    client = await house.client(address)
    arguments = RoleArguments(jid=str(client.session.bare), role=role)
    await house.server.extension(Accounts).role(arguments, nobody_watches)
    return client
