"""Privacy lists as they travel between servers (XEP-0227 §4.8)."""

from collections.abc import Iterable

from palaver.ext.portable import Note, Piece
from palaver.ext.privacy import payload
from palaver.ext.privacy.rules import Item, Rules
from palaver.ext.privacy.table import NAME_BYTES
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError


def write(rules: Rules) -> Element:
    """Return all lists, and which is the default."""
    default = Element("default", payload.NS, {"name": rules.default}) if rules.default else None
    lists = (payload.list_element(name, each) for name, each in rules.lists.items())
    return Element("query", payload.NS, None, default, *lists)


class _AnyGroup:
    """Takes every group for one of the roster's, which may come later in the file."""

    def __contains__(self, _name: object) -> bool:
        return True


class Lists:
    """The lists of an account as a file has them: items by name, and the name of the default."""

    __slots__ = ("default", "lists")

    def __init__(self, pieces: Iterable[Piece], most: int, note: Note) -> None:
        """Read what can be used; ``most`` bounds the items of a list."""
        self.lists: dict[str, list[Item]] = {}
        self.default: str | None = None
        for query, _ in pieces:
            for child in query:
                if child.name == "default":
                    self.default = child.get("name")
                elif child.name == "list":
                    self._read(child, most, note)

    def _read(self, element: Element, most: int, note: Note) -> None:
        name = element.get("name", "")
        try:
            if not name or len(name.encode()) > NAME_BYTES:
                raise StanzaError("bad-request", "its name cannot be used")
            items = payload.items_of(element, _AnyGroup())
            if not 1 <= len(items) <= most:
                raise StanzaError("bad-request", f"a list has 1 to {most} items")
        except StanzaError as error:
            note(f"the privacy list {name!r} was left out: {error}")
            return
        self.lists[name] = items

    def added_to(self, rules: Rules, most: int) -> Rules:
        """Return rules with those lists that they do not have, and a default if they have none."""
        for name, items in self.lists.items():
            if name not in rules.lists and len(rules.lists) < most:
                rules = rules.with_list(name, items)
        if rules.default is None and self.default in rules.lists:
            rules = rules.with_default(self.default)
        return rules
