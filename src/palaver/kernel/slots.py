"""Places on accounts and sessions where an extension keeps its state, typed by the extension."""

from typing import Any, Generic, Protocol, TypeVar, cast

T = TypeVar("T")


class Slotted(Protocol):
    """Whatever carries slots: accounts and sessions."""

    slots: "dict[Slot[Any], Any]"


class Slot(Generic[T]):
    """A key for one value per account or session, owned by the extension that made it.

    >>> roster_slot: Slot[Roster] = Slot("roster")
    >>> roster_slot.set(account, roster)
    >>> roster_slot.of(account).items
    """

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def of(self, owner: Slotted) -> T:
        """Return the value.

        Raises:
            KeyError: it was never set; use `get` where that can be.
        """
        return cast("T", owner.slots[self])

    def get(self, owner: Slotted) -> T | None:
        """Return the value, or None where there is none."""
        return cast("T | None", owner.slots.get(self))

    def set(self, owner: Slotted, value: T) -> None:
        """Keep a value."""
        owner.slots[self] = value

    def clear(self, owner: Slotted) -> None:
        """Drop the value, if any."""
        owner.slots.pop(self, None)

    def __repr__(self) -> str:
        return f"<slot {self.name}>"
