"""Messages that were handed over and whose rows the database did not take.

They must be neither forgotten, as their senders will be told that they are kept, nor refused, as
their recipients may have them. So they are appended again until they are stored or acknowledged,
and no sender is told anything meanwhile.
"""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from palaver.kernel.clock import Clock
from palaver.kernel.storage import LogEntry, MessageLog, StorageUnavailable

_NO_ROW: Final = 0
_AGAIN: Final = 1.0  # seconds until they are appended again

_PENDING: Final = 6  # the places of these fields
_ARCHIVED: Final = 7

Key = tuple[int, int]
Row = tuple[int, int, bool, str, str, bytes, bool, bool, str | None]
"""A `LogEntry` without ``settled``."""


class Unstored:
    """Appends rows to the log until they are stored.

    ``stored_late``  called with the keys of the accounts whose rows had to wait for that
    """

    __slots__ = (
        "_acknowledged", "_clock", "_late", "_log", "_rows", "_timer", "_tried", "_waiting",
        "stored_late",
    )  # fmt: skip

    def __init__(self, log: MessageLog, clock: Clock) -> None:
        self.stored_late: Callable[[set[int]], None] = _nobody_waits
        self._clock = clock
        self._log = log
        self._tried = 0.0
        self._late: set[int] = set()
        self._rows: dict[Key, Row] = {}
        self._acknowledged: set[Key] = set()  # before they were committed or refused
        self._waiting: list[Callable[[], None]] = []
        self._timer: asyncio.TimerHandle | None = None

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
        for row in rows:
            key = (account_id, row)
            if self._rows:
                self._no_more_pending(key)
            if self._log.unsettled(account_id, row):
                self._acknowledged.add(key)
        self._look()

    def find(self, account_id: int, rows: Iterable[int]) -> list[LogEntry]:
        """Return those of the rows that are not stored."""
        found = (self._rows.get((account_id, row)) for row in rows)
        return [LogEntry(*row) for row in found if row is not None]

    def _settled(self, row: Row, error: BaseException | None) -> None:
        if error is None and not self._rows and not self._acknowledged:
            return
        key = row[:2]
        if key in self._acknowledged:
            self._acknowledged.discard(key)
            row = _not_pending(row)
            needed = row[_ARCHIVED]
        else:
            needed = True
        if needed and isinstance(error, StorageUnavailable):
            self._rows[key] = row
            if self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(_AGAIN, self._again)
        else:
            waited = self._rows.pop(key, None)  # or its account is gone, or it can never be stored
            if error is None and waited is not None and waited[_PENDING]:
                self._late.add(row[0])
            self._look()

    def barrier(self, callback: Callable[[], None]) -> None:
        """Call back once all that the log was given so far is committed, or refused in earnest."""
        self._log.barrier(partial(self._passed, callback))

    def _passed(self, callback: Callable[[], None]) -> None:
        if self._rows:
            self.when_stored(callback)
        else:
            callback()

    def when_stored(self, callback: Callable[[], None]) -> None:
        """Call back as soon as all rows are stored."""
        self._waiting.append(callback)

    def _look(self) -> None:
        if self._rows:
            return
        if self._late:
            late, self._late = self._late, set()
            self.stored_late(late)
        waiting, self._waiting = self._waiting, []
        for callback in waiting:
            callback()

    def _no_more_pending(self, key: Key) -> None:
        """Store a row for the archive alone, or not at all."""
        row = self._rows.pop(key, None)
        if row is not None and row[_ARCHIVED]:
            self._rows[key] = _not_pending(row)

    def _again(self) -> None:
        self._timer = None
        for row in list(self._rows.values()):
            if not self._log.unsettled(row[0], row[1]):
                self.append(row)
        if self._rows:
            self._timer = asyncio.get_running_loop().call_later(_AGAIN, self._again)


def _nobody_waits(_account_ids: set[int]) -> None:
    pass


def _not_pending(row: Row) -> Row:
    account_id, id_, outgoing, peer, resource, stanza, _, archived, origin = row
    return account_id, id_, outgoing, peer, resource, stanza, False, archived, origin
