"""Streams between servers that broke, and may be resumed (XEP-0198 §5), in bounds.

They hold what was not acknowledged. Where they are too many or take too much memory, those go first
that broke first of whichever site has most: so none makes others forget theirs.
"""

from collections import Counter, OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from palaver.kernel.federation_routes import site
from palaver.kernel.sharing import originals
from palaver.net.s2s.counting import Counted
from palaver.stream.s2s.dialback import Pair
from palaver.wire.stanza import Stanza

RESUMABLE: Final = 600  # seconds for which a stream that broke can be resumed
_KEPT: Final = 1_000  # streams
_BYTES: Final = 67_108_864  # of the stanzas that they hold

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A stream of a pair, of which nothing is known any more after ``until`` (the loop's clock).

    ``pairs``  those that are to wait until it goes on
    ``size``   bytes of memory for its stanzas
    """

    pair: Pair
    counted: Counted
    pairs: frozenset[Pair]
    site: str
    size: int
    until: float


class _Streams(Generic[K]):
    """Streams that broke, by a key, in the order in which they did."""

    def __init__(self) -> None:
        self._found: OrderedDict[K, _Kept] = OrderedDict()
        self._number: Counter[str] = Counter()
        self._sizes: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[K]:
        return iter(self._found)

    def __contains__(self, key: K) -> bool:
        return key in self._found

    def _add(
        self,
        key: K,
        domain: str,
        pair: Pair,
        counted: Counted,
        until: float,
        pairs: frozenset[Pair] = frozenset(),
    ) -> None:
        self._remove(key)
        kept = _Kept(pair, counted, pairs, site(domain), counted.sent.size, until)
        self._found[key] = kept
        self._number[kept.site] += 1
        self._sizes[kept.site] += kept.size
        while len(self._found) > _KEPT:
            self._remove_first(self._number)
        while self._sizes.total() > _BYTES:
            self._remove_first(self._sizes)

    def _remove_first(self, counts: Counter[str]) -> None:
        """Forget the first of those who have most."""
        ((most, _),) = counts.most_common(1)
        self._remove(next(key for key, kept in self._found.items() if kept.site == most))

    def _remove(self, key: K) -> Counted | None:
        kept = self._found.pop(key, None)
        if kept is None:
            return None
        self._number[kept.site] -= 1
        self._sizes[kept.site] -= kept.size
        if not self._number[kept.site]:
            del self._number[kept.site], self._sizes[kept.site]
        return kept.counted


def _pairs(stanzas: Iterable[Stanza]) -> Iterator[Pair]:
    for stanza in stanzas:
        for each in originals(stanza):
            if each.to is not None:
                yield Pair(each.sender.domain, each.to.domain)


class Broken(_Streams[Pair]):
    """Our own streams, by the pair that each was made for; others may have shared it."""

    def keep(self, pair: Pair, counted: Counted, also: Iterable[Pair] = ()) -> None:
        """Remember a stream until there is another for the pair.

        Those of its stanzas wait for that, and ``also`` those of what may come again.
        """
        pairs = frozenset((*_pairs(counted.sent.stanzas), *also))
        self._add(pair, pair.target, pair, counted, float("inf"), pairs)

    def take(self, pair: Pair) -> Counted | None:
        """Return what was counted on the last stream of a pair, and forget it."""
        return self._remove(pair)

    def sharing(self, owner: Pair) -> frozenset[Pair]:
        """Return the pairs that are to wait until somebody's stream goes on."""
        kept = self._found.get(owner)
        return frozenset() if kept is None else kept.pairs

    def carrying(self, pair: Pair) -> Pair | None:
        """Return on whose stream stanzas of a pair may have arrived; None: on nobody else's."""
        if pair in self._found:
            return None
        for owner, kept in self._found.items():
            if pair in kept.pairs:
                return owner
        return None


class Resumables(_Streams[str]):
    """The streams of other servers, by their tokens."""

    def keep(self, pair: Pair, counted: Counted, now: float) -> None:
        """Remember a stream for a while, if it has a token."""
        for token in [token for token, each in self._found.items() if now > each.until]:
            self._remove(token)
        if counted.token is not None:
            self._add(counted.token, pair.sender, pair, counted, now + RESUMABLE)

    def take(self, token: str, pairs: Iterable[Pair], now: float) -> Counted | None:
        """Return what was counted on a stream, to who has shown to be of its domain."""
        found = self._found.get(token)
        if found is None or found.pair not in pairs or now > found.until:
            return None  # somebody else's is left to them
        return self._remove(token)
