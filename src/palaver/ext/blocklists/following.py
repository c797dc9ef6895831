"""Follows real-time block lists: reads them, hears of changes, and reads them again in time.

What a list said last stays in force while its service cannot be reached, over restarts as well.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import structlog

from palaver.ext.blocklists import lists
from palaver.ext.blocklists.lists import BlockList, Change
from palaver.ext.blocklists.storage import Storage
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

_AGAIN: Final = (10.0, 60.0, 300.0)  # seconds until a list that could not be read is tried again


class Follower:
    """Keeps one list up to date."""

    def __init__(
        self,
        server: "Server",
        storage: Storage,
        found: BlockList,
        most: int,
        changed: Callable[[BlockList], None],
    ) -> None:
        """Follow a list of at most so many items; ``changed`` is called when it says else."""
        self._server = server
        self._storage = storage
        self._changed = changed
        self._most = most
        self._meanwhile: list[Change] | None = None
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()  # one writes at a time
        self._known: set[str] = set()
        self.list = found

    async def remember(self) -> None:
        """Begin with what the list said before the restart; raises StorageUnavailable."""
        self._known = set(await self._storage.items(self.list.key))
        for item in self._known:
            self.list.take(item)

    async def follow(self, every: float) -> None:
        """Read the list now, ``every`` so many seconds, and sooner when that did not work."""
        failures = 0
        while True:
            failures = 0 if await self.read() else failures + 1
            pause = _AGAIN[min(failures, len(_AGAIN)) - 1] if failures else every
            self._wake.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()

    async def read(self) -> bool:
        """Subscribe to the list and read all of it; tell whether that worked."""
        found = self.list
        self._meanwhile = []
        try:
            await lists.subscribe(self._server, found)
            items = await lists.fetch(self._server, found, self._most)
            for address, reason in self._meanwhile:
                if reason is None:
                    items.pop(address, None)
                else:
                    items[address] = reason
        except StanzaError as error:
            found.fresh, found.problem = False, error.text or error.condition
            log.warning("block list cannot be read", list=found.uri, reason=found.problem)
            return False
        finally:
            self._meanwhile = None
        await self._take_all(items)
        return True

    async def _take_all(self, items: dict[str, str]) -> None:
        found = self.list
        before = set(found.blocks.blocks)
        for address in before - items.keys():
            found.blocks.drop(address)
        for address, reason in items.items():
            found.take(address, reason)
        found.fresh, found.problem = True, ""
        log.info("block list read", list=found.uri, items=len(items))
        if before != items.keys():
            self._changed(found)
        async with self._turn:
            await self._store(self._storage.replace(found.key, self._known, items))
            self._known = set(items)

    # -- notifications -----------------------------------------------------------------------------

    def hear(self, stanza: Stanza, event: Element | None) -> bool:
        """Take a message to the host; tell whether it is about this list."""
        said = lists.from_list(self.list, stanza.sender, event)
        if said is None:
            return False
        if said.name == "items":
            self._apply(list(lists.changes_in(said)))
        elif said.name == "purge":
            self._apply([(address, None) for address in self.list.blocks.blocks])
        elif said.name == "delete" or said.get("subscription") == "none":
            self.list.fresh, self.list.problem = False, "the list is gone, or lets us go"
            self._wake.set()
        return True

    def _apply(self, changes: list[Change]) -> None:
        if self._meanwhile is not None:
            self._meanwhile += changes
        blocks = self.list.blocks
        before = {address for address, _ in changes if address in blocks.blocks}
        for address, reason in changes:
            if reason is None:
                blocks.drop(address)
            elif len(blocks) < self._most:
                self.list.take(address, reason)
        if before != {address for address, _ in changes if address in blocks.blocks}:
            self._changed(self.list)
        self._server.spawn(self._store_changes(changes))

    async def _store_changes(self, changes: Iterable[Change]) -> None:
        async with self._turn:
            last = dict(changes)
            gone = [address for address, reason in last.items() if reason is None]
            new = [address for address, reason in last.items() if reason is not None]
            if gone:
                await self._store(self._storage.forget(self.list.key, gone))
            if new:
                await self._store(self._storage.learn(self.list.key, new))
            self._known = (self._known - set(gone)) | set(new)

    async def _store(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except StorageUnavailable as error:
            log.warning("block list not stored", list=self.list.uri, reason=str(error))
