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

Row = tuple[int, int, bool, str, str, bytes, bool, bool, str | None]
"""A `LogEntry` without ``settled``."""


class Unstored:
    """Appends rows to the log until they are stored."""

    __slots__ = ("_clock", "_log", "_rows", "_tried")

    def __init__(self, server: "Server") -> None:
        self._clock = server.clock
        self._log = server.log
        self._tried = 0.0
        self._rows: dict[tuple[int, int], Row] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def append(self, row: Row) -> None:
        """Append a row."""
        self._log.append(LogEntry(*row, partial(self._settled, row)))

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
        if self._rows:
            for row in rows:
                self._rows.pop((account_id, row), None)

    def find(self, account_id: int, rows: Iterable[int]) -> list[LogEntry]:
        """Return those of the rows that are not stored."""
        found = (self._rows.get((account_id, row)) for row in rows)
        return [LogEntry(*row) for row in found if row is not None]

    def _settled(self, row: Row, error: BaseException | None) -> None:
        if error is None and not self._rows:
            return
        key = row[:2]
        if isinstance(error, StorageUnavailable):
            if not self._rows:
                asyncio.get_running_loop().call_later(_AGAIN, self._again)
            self._rows[key] = row
        else:
            self._rows.pop(key, None)  # or its account is gone, or it can never be stored

    def _again(self) -> None:
        for row in list(self._rows.values()):
            self.append(row)
        if self._rows:
            asyncio.get_running_loop().call_later(_AGAIN, self._again)
