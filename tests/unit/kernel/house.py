"""A server with extensions of a test's own beside the ones it names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.house import House, open_house

from palaver.kernel.extension import Extension, ExtensionConfig


def use(house: House, *kinds: type[Extension[Any]]) -> None:
    """Load these extensions beside those that are loaded."""
    server = house.server
    more = [kind(server, lambda _host: ExtensionConfig()) for kind in kinds]
    server.use([*server.extensions.values(), *more])


@asynccontextmanager
async def bare_house(directory: Path) -> AsyncIterator[House]:
    """Open a server that has nothing but ping."""
    async with open_house(directory, "ping") as house:
        yield house
