"""The occupants of a room by pages, so that little is written anew when one of them changes.

A page has up to `SIZE` occupants, in no order that means anything. When one goes, another of the
last page takes the place.
"""

from typing import TYPE_CHECKING

from palaver.ext.muc.sheets import SIZE, Sheet

if TYPE_CHECKING:
    from palaver.ext.muc.occupant import Occupant


class Page:
    """Some occupants of a room.

    ``occupants``  those on the page
    ``sheets``     their presence as it is now, without and with real addresses, once it was needed
    """

    __slots__ = ("occupants", "sheets")

    def __init__(self) -> None:
        self.occupants: dict[Occupant, None] = {}
        self.sheets: list[Sheet | None] = [None, None]

    def changed(self) -> None:
        """Take note that the presence of an occupant is another now."""
        self.sheets = [None, None]


class Pages:
    """All occupants of a room."""

    __slots__ = ("all",)

    def __init__(self) -> None:
        self.all: list[Page] = []

    def changed(self) -> None:
        """Take note that others are to be seen on all pages now."""
        for page in self.all:
            page.changed()

    def add(self, occupant: "Occupant") -> None:
        """Take an occupant that enters."""
        if not self.all or len(self.all[-1].occupants) >= SIZE:
            self.all.append(Page())
        self._put(occupant, self.all[-1])

    def remove(self, occupant: "Occupant") -> None:
        """Let an occupant go."""
        page, last = occupant.page, self.all[-1]
        occupant.page = None
        if page is None:
            return
        del page.occupants[occupant]
        page.changed()
        if page is not last:
            moved, _ = last.occupants.popitem()
            last.changed()
            self._put(moved, page)
        if not last.occupants:
            self.all.pop()

    @staticmethod
    def _put(occupant: "Occupant", page: Page) -> None:
        occupant.page = page
        page.occupants[occupant] = None
        page.changed()
