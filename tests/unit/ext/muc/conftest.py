"""A server with rooms."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import House, open_house
from tests.unit.ext.muc.visiting import EXTENSIONS


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, *EXTENSIONS) as opened:
        yield opened
