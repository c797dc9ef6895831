"""Messages that were handed to clients and whose rows the database did not take.

They must be neither forgotten, as their senders will be told that they are kept, nor refused, as
their recipients may have them. So they are appended again until they are stored or acknowledged,
and no sender is told anything meanwhile.
"""

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from palaver.kernel.storage import LogEntry, StorageUnavailable

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_NO_ROW: Final = 0
_AGAIN: Final = 1.0  # seconds until they are appended again


class Unstored:
    """Appends rows to the log until they are stored."""

    __slots__ = ("_clock", "_entries", "_log", "_tried")

    def __init__(self, server: "Server") -> None:
        self._clock = server.clock
        self._log = server.log
        self._tried = 0.0
        self._entries: dict[tuple[int, int], LogEntry] = {}

    def __bool__(self) -> bool:
        return bool(self._entries)

    def append(self, entry: LogEntry) -> None:
        """Append a row."""
        self._log.append(entry._replace(settled=partial(self._settled, entry)))

    def try_log(self, account_id: int) -> None:
        """Give the log some work now and then, so that it finds out whether the database is back.

        For who appends nothing because the log is not available.
        """
        now = self._clock.monotonic()
        if now - self._tried > _AGAIN:
            self._tried = now
            self._log.acknowledge(account_id, (_NO_ROW,))

    def drop(self, account_id: int, rows: Iterable[int]) -> None:
        """Take note that rows are acknowledged."""
        if self._entries:
            for row in rows:
                self._entries.pop((account_id, row), None)

    def find(self, account_id: int, rows: Iterable[int]) -> list[LogEntry]:
        """Return those of the rows that are not stored."""
        return [e for row in rows if (e := self._entries.get((account_id, row))) is not None]

    def _settled(self, entry: LogEntry, error: BaseException | None) -> None:
        key = entry[:2]
        if error is None:
            self._entries.pop(key, None)
        elif isinstance(error, StorageUnavailable):
            if not self._entries:
                asyncio.get_running_loop().call_later(_AGAIN, self._again)
            self._entries[key] = entry
        else:
            self._entries.pop(key, None)  # its account is gone, or it can never be stored

    def _again(self) -> None:
        entries, self._entries = self._entries, {}
        for key, entry in entries.items():
            self._entries[key] = entry
            self.append(entry)
        if entries:
            asyncio.get_running_loop().call_later(_AGAIN, self._again)
