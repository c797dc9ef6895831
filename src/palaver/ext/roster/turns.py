"""Lets work on one account's roster run one after the other, in the order in which it began."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Locks by account, which exist only while somebody works or waits."""

    __slots__ = ("_locks",)

    def __init__(self) -> None:
        self._locks: dict[int, tuple[asyncio.Lock, list[None]]] = {}

    def taken(self, key: int) -> bool:
        """Tell whether somebody works on that account."""
        return key in self._locks

    @asynccontextmanager
    async def of(self, key: int) -> AsyncIterator[None]:
        """Wait for those who came before."""
        lock, users = self._locks.setdefault(key, (asyncio.Lock(), []))
        users.append(None)
        try:
            async with lock:
                yield
        finally:
            users.pop()
            if not users:
                self._locks.pop(key, None)
