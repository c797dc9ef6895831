"""Finds out whether an address is blocked: what single sources of blocks know, and how they tell.

A block is about an account (its bare JID), a domain with all its accounts, or with ``*.`` before
it every domain below one. Lists of others name the SHA-256 of a bare JID or a domain instead, so
that nobody learns from the list who is on it.
"""

from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple

from palaver import jid
from palaver.jid import JID, JIDError

_BELOW: Final = "*."
_DIGEST: Final = 64  # hexadecimal digits
_REMEMBERED: Final = 4_096
_HEX: Final = frozenset("0123456789abcdef")


class Block(NamedTuple):
    """One block.

    ``address``  who is blocked, as `normal` writes it, or the digest that a list names
    ``reason``   why, for administrators
    ``source``   who says so: "configuration", "command", or the address of a list
    ``since``    since when, ``until`` until when, in microseconds since 1970; None for ever
    """

    address: str
    reason: str = ""
    source: str = "configuration"
    since: int | None = None
    until: int | None = None


def normal(text: str) -> str:
    """Return how a block of an address is written.

    Raises:
        JIDError: it is neither an account nor a domain.
    """
    below = text.startswith(_BELOW)
    found = jid.parse_bare(text.removeprefix(_BELOW))
    if below and found.local:
        raise JIDError("localpart", "has no place after *.")
    return f"{_BELOW}{found}" if below else str(found)


def digest_in(item: str) -> str | None:
    """Return the SHA-256 that the id of an item in a list is, if it is one."""
    text = item.lower()
    return text if len(text) == _DIGEST and _HEX.issuperset(text) else None


@lru_cache(_REMEMBERED)
def digest_of(address: str) -> str:
    """Return what lists name an address by."""
    return sha256(address.encode()).hexdigest()


class Source:
    """The blocks of one source."""

    __slots__ = ("_below", "_digests", "blocks")

    def __init__(self) -> None:
        self.blocks: dict[str, Block] = {}
        self._below = 0
        self._digests = 0

    def __len__(self) -> int:
        return len(self.blocks)

    def put(self, block: Block) -> None:
        """Block an address."""
        self.drop(block.address)
        self.blocks[block.address] = block
        self._count(block.address, 1)

    def drop(self, address: str) -> bool:
        """Block an address no longer; tell whether it was."""
        if self.blocks.pop(address, None) is None:
            return False
        self._count(address, -1)
        return True

    def _count(self, address: str, by: int) -> None:
        if address.startswith(_BELOW):
            self._below += by
        elif digest_in(address) is not None:
            self._digests += by

    def find(self, who: JID, now: int) -> Block | None:
        """Return what blocks an address, if anything does; ``now`` is in microseconds."""
        if not self.blocks:
            return None
        for name in self._names(who.bare, who.domain):
            found = self.blocks.get(name)
            if found is not None and (found.until is None or found.until > now):
                return found
        return None

    def _names(self, bare: str, domain: str) -> list[str]:
        """Return what a block of an address can be written as."""
        names = [bare, domain]
        if self._digests:
            names += [digest_of(bare), digest_of(domain)]
        if self._below:
            labels = domain.split(".")
            names += [_BELOW + ".".join(labels[at:]) for at in range(1, len(labels))]
        return names
