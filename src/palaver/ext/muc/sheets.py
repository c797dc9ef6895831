"""Several stanzas for many, ready to be addressed to each in one go.

Whoever enters a large room gets thousands of presences, and all in it get one of whoever enters.
Between two of them on their way to one recipient there is nothing but its address: so what is
between the addresses is joined beforehand, and one call puts the address between all of it.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

SIZE: Final = 64  # stanzas


class Copies(NamedTuple):
    """A stanza for many: what is before, and what is after the attribute ``to`` of each copy."""

    before: bytes
    after: bytes


class Sheet:
    """Some stanzas for many; those of a `draft` are written when they are needed."""

    __slots__ = ("_between", "_copies", "_write")

    def __init__(self, copies: Sequence[Copies]) -> None:
        self._copies = copies
        self._write: Callable[[], Sequence[Copies]] | None = None
        self._between: list[bytes] | None = None

    @classmethod
    def draft(cls, write: Callable[[], Sequence[Copies]]) -> "Sheet":
        """Return a sheet with what is written later."""
        sheet = cls(())
        sheet._write = write
        return sheet

    @property
    def copies(self) -> Sequence[Copies]:
        """The stanzas."""
        if self._write is not None:
            self._copies, self._write = self._write(), None
        return self._copies

    def addressed(self, to: bytes) -> bytes:
        """Return all stanzas, each with this attribute ``to``."""
        between = self._between
        if between is None:
            between = self._between = _between(self.copies)
        return to.join(between)


def _between(copies: Sequence[Copies]) -> list[bytes]:
    """Return what is before, between and after the addresses."""
    between, end = [], b""
    for before, after in copies:
        between.append(end + before)
        end = after
    between.append(end)
    return between


def sheets(copies: Sequence[Copies]) -> list[Sheet]:
    """Return sheets with all of these."""
    return [Sheet(copies[start : start + SIZE]) for start in range(0, len(copies), SIZE)]
