"""Versions of the affiliations of a room (XEP-0463).

A version is a keyed digest of who has which affiliation: so it is the same after a restart and in a
backup, and nobody can guess one that they were not told. Versions are not kept before somebody in
the room asks for them, as nobody can follow them until then.
"""

from collections import deque
from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from palaver.ext.muc.privileges import Affiliation
from palaver.wire import escape

if TYPE_CHECKING:
    from palaver.ext.muc.room import Standing

MAV: Final = "urn:xmpp:muc:affiliations:1"
_REMEMBERED: Final = 1_000  # changes
_SIZE: Final = 16  # bytes
_ALL: Final = 1 << (8 * _SIZE)


def mav(since: str | None, until: str) -> str:
    """Return the ``<mav/>`` of what brings one version up to another."""
    begin = "" if since is None else f" since='{escape.attribute(since)}'"
    return f"<mav xmlns='{MAV}'{begin} until='{until}'/>"


class Step(NamedTuple):
    """One change: whose affiliation, and the versions before and after it."""

    who: str
    since: str
    until: str

    @property
    def xml(self) -> str:
        """The ``<mav/>`` that goes with the change."""
        return mav(self.since, self.until)


class Versions:
    """The versions of one room, the present one and those of the last changes.

    ``key``    makes its versions different from those of other rooms
    ``count``  how many changes there have been
    """

    __slots__ = ("_steps", "_sum", "count", "key")

    def __init__(self) -> None:
        self.key = b""
        self.count = 0
        self._sum: int | None = None
        self._steps: deque[Step] = deque(maxlen=_REMEMBERED)

    @property
    def current(self) -> str:
        """The version there is now; "" while nobody follows."""
        return "" if self._sum is None else f"{self._sum:032x}"

    def follow(self, standings: "Mapping[str, Standing]") -> None:
        """Keep versions from now on."""
        if self._sum is None:
            parts = (self._part(who, each.affiliation) for who, each in standings.items())
            self._sum = sum(parts) % _ALL

    def changed(self, who: str, before: Affiliation, after: Affiliation) -> None:
        """Take note that an affiliation is another now."""
        if self._sum is None or before is after:
            return
        since = self.current
        self._sum = (self._sum - self._part(who, before) + self._part(who, after)) % _ALL
        self._steps.append(Step(who, since, self.current))
        self.count += 1

    def _part(self, who: str, affiliation: Affiliation) -> int:
        if affiliation is Affiliation.NONE:
            return 0
        entry = f"{affiliation.word} {who}".encode()
        return int.from_bytes(blake2b(entry, key=self.key, digest_size=_SIZE).digest())

    def last(self, count: int) -> list[Step]:
        """Return the last changes, so many of them or as many as are remembered."""
        return list(self._steps)[-count:] if count else []

    def after(self, version: str) -> list[str] | None:
        """Return whose affiliation may be another since a version; None for an unknown one."""
        steps = list(self._steps)
        for number in range(len(steps) - 1, -1, -1):
            if steps[number].since == version:
                return list(dict.fromkeys(step.who for step in steps[number:]))
        return None
