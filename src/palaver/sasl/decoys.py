"""Keys that no password fits, for accounts that do not exist.

What an exchange shows of an account must not tell whether there is one: the salt stays the same
for the same name, and the number of iterations is one that real accounts have, about as often.
"""

import hmac
from collections.abc import Mapping
from typing import Final

from palaver.sasl.keys import DEFAULT_ITERATIONS, SALT_BYTES, Hash, ScramKeys

_PLACES: Final = 256  # one byte of a name's digest chooses one

Population = Mapping[Hash, Mapping[int, int]]
"""How many accounts have keys with so many iterations, by hash function."""


class Decoys:
    """Makes the keys of accounts that do not exist.

    *secret* (at least 32 bytes) is known to the server only and kept across restarts. *iterations*
    is the number that new keys get; *population* is what the accounts there are have.
    """

    __slots__ = ("_iterations", "_places", "_secret")

    def __init__(
        self,
        secret: bytes,
        iterations: int = DEFAULT_ITERATIONS,
        population: Population | None = None,
    ) -> None:
        self._secret = secret
        self._iterations = iterations
        self._places = {hash_: _places(found) for hash_, found in (population or {}).items()}

    def keys(self, account: str, hash_: Hash) -> ScramKeys:
        """Make the keys of an *account* (bare JID): always the same ones."""
        drawn = self._derived("iterations", account, hash_)[0]
        places = self._places.get(hash_)
        return ScramKeys(
            hash_,
            self._derived("salt", account, hash_)[:SALT_BYTES],
            places[drawn] if places else hash_.iterations(self._iterations),
            self._derived("stored key", account, hash_)[: hash_.size],
            self._derived("server key", account, hash_)[: hash_.size],
        )

    def _derived(self, purpose: str, account: str, hash_: Hash) -> bytes:
        return hmac.digest(self._secret, f"{purpose}\0{hash_}\0{account}".encode(), "sha512")


def _places(found: Mapping[int, int]) -> tuple[int, ...]:
    """Spread numbers of iterations over the places by how many accounts have them.

    In order, so that few names get another number when the shares change a little.
    """
    total = sum(found.values())
    places: list[int] = []
    seen = 0
    for iterations, count in sorted(found.items()):
        seen += count
        places += [iterations] * (round(seen * _PLACES / total) - len(places))
    return tuple(places)
