"""A server with rosters and presence, and who uses it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.support.rosters import connect


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, "roster", "presence") as opened:
        yield opened


@pytest.fixture
async def juliet(house: House) -> Client:
    return await connect(house, "juliet@capulet.example/balcony")


@pytest.fixture
async def romeo(house: House) -> Client:
    return await connect(house, "romeo@montague.example/orchard")
