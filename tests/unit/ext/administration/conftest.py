"""A server with everything on, its administrators, and some users."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house

HOST = "capulet.example"
CONFIGURATION = f"[server]\nadmins = ['bard@{HOST}']\n[sasl]\niterations = 4096\n"

Open = Callable[[], AbstractAsyncContextManager[House]]


@pytest.fixture
def open_again(tmp_path: Path) -> Open:
    """Give a function that opens the server on the same data as before."""
    return lambda: open_house(tmp_path, configuration=CONFIGURATION)


@pytest.fixture
async def house(open_again: Open) -> AsyncIterator[House]:
    async with open_again() as opened:
        yield opened


@pytest.fixture
async def bard(house: House) -> Client:
    """Give an administrator of the server."""
    return await house.client(f"bard@{HOST}/globe", available=False)


@pytest.fixture
async def chief(house: House) -> Client:
    """Give an administrator of one host."""
    account = await house.account(f"chief@{HOST}")
    await house.server.store.set_role(account.id, "admin")
    account.record = await house.server.store.find(HOST, "chief")
    return await house.client(f"chief@{HOST}/globe", available=False)


@pytest.fixture
async def juliet(house: House) -> Client:
    return await house.client(f"juliet@{HOST}/balcony")
