"""A server on real sockets for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.unit.net.serving import Serving, serving


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    async with serving(tmp_path, authority) as opened:
        await opened.account("juliet")
        await opened.account("romeo")
        yield opened
