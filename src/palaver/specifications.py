"""The specifications that parts of Palaver implement, as the parts declare them.

Extensions name theirs in ``implements``; packages that are no extension name theirs in a constant
``IMPLEMENTS``. The list of features and the project's DOAP file are made from both.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Xep:
    """A XEP that is implemented: number, version, what is to be said about it, and how far."""

    number: int
    version: str
    note: str = ""
    partial: bool = False

    @property
    def name(self) -> str:
        """Its name as people write it."""
        return f"XEP-{self.number:04d}"

    @property
    def url(self) -> str:
        """Where it is published."""
        return f"https://xmpp.org/extensions/xep-{self.number:04d}.html"


@dataclass(frozen=True, slots=True)
class Rfc:
    """An RFC that is implemented: number, title, and what is to be said about it."""

    number: int
    title: str
    note: str = ""

    @property
    def name(self) -> str:
        """Its name as people write it."""
        return f"RFC {self.number}"

    @property
    def url(self) -> str:
        """Where it is published."""
        return f"https://www.rfc-editor.org/rfc/rfc{self.number}"
