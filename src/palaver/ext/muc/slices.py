"""Goes through many with a pause now and then, so that nobody else in the server waits."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sized
from typing import Final, TypeVar

T = TypeVar("T")

_SLICE: Final = 50  # occupants or the like, some 3 ms


def is_many(items: Sized) -> bool:
    """Tell whether there is a pause on the way through."""
    return len(items) > _SLICE


async def slices(items: Iterable[T], *, size: int = 0) -> AsyncIterator[T]:
    """Iterate over what there is now; what comes first is not put off.

    ``size`` is how many in a row, if not the usual number. Much may have happened in a pause: look
    whether each is still what it was.
    """
    size = size or _SLICE
    for number, each in enumerate(list(items)):
        if number and not number % size:
            await asyncio.sleep(0)
        yield each
