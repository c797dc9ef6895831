"""How fast one session may send: limits on stanzas and bytes per second, kept by not reading."""

from typing import Final

_BURST: Final = 2.0  # seconds' worth that may come at once, after a rest


class Pace:
    """Tells how long not to read from a session that sent faster than it may.

    For each of the two limits one number is kept: the moment at which all that was sent would have
    been sent at the allowed speed (the algorithm is GCRA, ITU-T I.371). What came is handled in any
    case: nothing is ever dropped, the next bytes just wait in the sender's own buffers.
    """

    __slots__ = ("_bytes_done", "_per_byte", "_per_stanza", "_stanzas_done")

    def __init__(self, stanzas: int, size: int) -> None:
        """Allow so many stanzas and so many bytes per second; 0 for no limit."""
        self._per_stanza = 1 / stanzas if stanzas else 0.0  # seconds
        self._per_byte = 1 / size if size else 0.0  # seconds
        self._stanzas_done = 0.0
        self._bytes_done = 0.0

    def take(self, stanzas: int, size: int, now: float) -> float:
        """Count what was sent; return the seconds for which nothing more is to be read, or 0.

        ``now`` is in seconds of a clock that never goes back.
        """
        # This runs for every chunk that is read: max() would take three times as long.
        # ruff: noqa: FURB136
        done, late = self._stanzas_done, self._bytes_done
        self._stanzas_done = done = (now if done < now else done) + stanzas * self._per_stanza
        self._bytes_done = late = (now if late < now else late) + size * self._per_byte
        ahead = (late if done < late else done) - now - _BURST
        return 0.0 if ahead < 0 else ahead
