"""What a device has shown of a conversation, each message once."""

import asyncio
from typing import NamedTuple

from tests.interop.person import soon


class Line(NamedTuple):
    """A message in an archive: its id there, and what it says."""

    id: str
    body: str


class History:
    """Collects messages as they come, live, as carbons, or from the archive.

    As clients do, it tells by ids whether a message is known: by the archive's, and by that which
    its author gave it.
    """

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.latest = ""
        self._known: set[str] = set()
        self._more = asyncio.Event()

    def add(self, body: str, author_id: str, archive_id: str | None = None) -> None:
        """Take note of a message, unless it is known or says nothing."""
        ids = {each for each in (author_id, archive_id) if each}
        known = not ids.isdisjoint(self._known)
        self._known |= ids
        self.latest = archive_id or self.latest
        if body and not known:
            self.bodies.append(body)
            self._more.set()

    async def has(self, body: str) -> None:
        """Wait until this message is there."""
        try:
            await soon(self._until(body))
        except TimeoutError:
            raise AssertionError(f"{body!r} did not come; there are {self.bodies}") from None

    async def _until(self, body: str) -> None:
        while body not in self.bodies:
            self._more.clear()
            await self._more.wait()
