"""Which rows of an account's log are in the hands of sessions that have not acknowledged them.

Such rows are pending, but no other session gets them: as long as one of those that have a message
may still come back for it, it is on its way.
"""

from collections.abc import Iterable
from typing import Final

from palaver.kernel.account import Account
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot


class Custody:
    """The rows of one account that were handed to sessions and that none has acknowledged.

    ``holders``  the sessions that a row was handed to
    ``_done``    the rows that are acknowledged, but that another session still has to read again
    """

    __slots__ = ("_done", "holders")

    def __init__(self) -> None:
        self.holders: dict[int, tuple[Session, ...]] = {}
        self._done: set[int] = set()

    def acknowledged(self, session: Session, rows: Iterable[int]) -> list[int]:
        """Take note that a session has these; return those that nobody needs any more."""
        finished = []
        for row in rows:
            holders = self.holders.get(row)
            if holders is None:
                continue
            readers = tuple(s for s in holders if s is not session and _must_read(s, row))
            if readers:
                self.holders[row] = readers
                self._done.add(row)
            else:
                finished.append(self._finish(row))
        return finished

    def waits(self, row: int) -> bool:
        """Tell whether a row is in somebody's hands and nobody has acknowledged it."""
        return row in self.holders and row not in self._done

    def read(self, rows: Iterable[int]) -> list[int]:
        """Take note that rows were read again; return those that nobody needs any more."""
        return [
            self._finish(row)
            for row in rows
            if row in self._done and not any(_must_read(s, row) for s in self.holders.get(row, ()))
        ]

    def left(self, session: Session, rows: Iterable[int]) -> tuple[list[int], bool]:
        """Take note that a session ended without having acknowledged these.

        Return those that nobody needs any more, and whether any wait for another session now.
        """
        finished, waiting = [], False
        for row in rows:
            holders = self.holders.get(row)
            if holders is None:
                continue
            others = tuple(s for s in holders if s is not session and not s.closed)
            if any(s.outbox is not None for s in others):
                self.holders[row] = others
            elif others or row in self._done:
                finished.append(self._finish(row))
            else:
                waiting = True
                self._finish(row)
        return finished, waiting

    def _finish(self, row: int) -> int:
        self.holders.pop(row, None)
        self._done.discard(row)
        return row


_CUSTODY: Final[Slot[Custody]] = Slot("rows not acknowledged")


def custody_of(account: Account) -> Custody:
    """Return an account's."""
    found = _CUSTODY.get(account)
    if found is None:
        found = Custody()
        _CUSTODY.set(account, found)
    return found


def _must_read(session: Session, row: int) -> bool:
    return not session.closed and session.outbox is not None and row in session.outbox.spilled
