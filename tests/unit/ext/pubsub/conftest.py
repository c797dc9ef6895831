"""A server with nodes, and shorthands for what is asked of them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house

EXTENSIONS = ("pubsub", "client_caps", "caps", "disco", "roster", "presence", "privacy", "blocking")
HAMLET = "hamlet@montague.example"
ROMEO = "romeo@montague.example"
SERVICE = "pubsub.montague.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, *EXTENSIONS) as opened:
        yield opened


@pytest.fixture
async def hamlet(house: House) -> Client:
    return await house.client(f"{HAMLET}/denmark")


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(f"{ROMEO}/orchard")
