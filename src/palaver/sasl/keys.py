"""What the server keeps of a password: SCRAM keys (RFC 5802 §3, RFC 7677)."""

import hmac
import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import new as digest
from typing import Final, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from palaver.sasl.encoding import encode, strict_base64
from palaver.sasl.preparation import prepare_password

#: Iterations of keys derived without a number; RFC 7677 §4 asks for at least `MIN_ITERATIONS`.
DEFAULT_ITERATIONS: Final = 10_000
MIN_ITERATIONS: Final = 4096
SALT_BYTES: Final = 16

_ENCODED: Final = re.compile(
    r"SCRAM-(?P<hash>SHA-(?:1|256|512))\$(?P<iterations>[1-9][0-9]{0,8}):(?P<salt>[^:$]+)"
    r"\$(?P<stored>[^:$]+):(?P<server>[^:$]+)"
)


class Hash(StrEnum):
    """Names a hash function as in ``SCRAM-<name>`` (RFC 5802, RFC 7677, draft for SHA-512)."""

    SHA_1 = "SHA-1"
    SHA_256 = "SHA-256"
    SHA_512 = "SHA-512"

    @property
    def size(self) -> int:
        """The length of a hash value, in bytes."""
        return _FUNCTIONS[self].digest_size

    def iterations(self, configured: int) -> int:
        """Return how many iterations cost as much as those configured for the other functions.

        One of SHA-512 takes two and a half times as long as one of SHA-256; an account's keys are
        as strong as the cheapest of them to attack.
        """
        if self is not Hash.SHA_512:
            return configured
        return max(MIN_ITERATIONS, configured * 2 // 5)

    def of(self, data: bytes) -> bytes:
        """Return H(*data*)."""
        return digest(_ALGORITHMS[self], data).digest()

    def hmac(self, key: bytes, data: bytes) -> bytes:
        """Return HMAC(*key*, *data*)."""
        return hmac.digest(key, data, _ALGORITHMS[self])

    def client_key(self, salted_password: bytes) -> bytes:
        """Return ClientKey of RFC 5802 §3."""
        return self.hmac(salted_password, b"Client Key")

    def server_key(self, salted_password: bytes) -> bytes:
        """Return ServerKey of RFC 5802 §3."""
        return self.hmac(salted_password, b"Server Key")

    def salted_password(self, password: str, salt: bytes, iterations: int) -> bytes:
        """Return Hi(Normalize(password), salt, i): takes milliseconds, runs without the GIL.

        Raises ValueError for a password that cannot be prepared.
        """
        # Not hashlib: cryptography's OpenSSL does this in half the time of Debian 12's.
        function = _FUNCTIONS[self]
        derivation = PBKDF2HMAC(function, function.digest_size, salt, iterations)
        return derivation.derive(prepare_password(password))


_ALGORITHMS: Final = {Hash.SHA_1: "sha1", Hash.SHA_256: "sha256", Hash.SHA_512: "sha512"}
_FUNCTIONS: Final[dict[Hash, hashes.HashAlgorithm]] = {
    Hash.SHA_1: hashes.SHA1(),  # noqa: S303  # HMAC and PBKDF2 do not need collision resistance
    Hash.SHA_256: hashes.SHA256(),
    Hash.SHA_512: hashes.SHA512(),
}


@dataclass(frozen=True, slots=True)
class ScramKeys:
    """Verifies a password under one hash function without containing it.

    Whoever gets hold of the keys can play the server towards the account's clients and guess at
    the password offline, at *iterations* of work a guess, but cannot log in with them.
    """

    hash: Hash
    salt: bytes
    iterations: int
    stored_key: bytes = field(repr=False)
    server_key: bytes = field(repr=False)

    @classmethod
    def derive(
        cls,
        password: str,
        hash_: Hash,
        salt: bytes | None = None,
        iterations: int = DEFAULT_ITERATIONS,
    ) -> Self:
        """Make the keys of *password*, with a random salt when none is given.

        Takes milliseconds (`Hash.salted_password`): call it in a thread. Raises ValueError for a
        password that cannot be prepared or too few iterations.
        """
        if iterations < MIN_ITERATIONS:
            raise ValueError(f"fewer than {MIN_ITERATIONS} iterations")
        salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
        salted = hash_.salted_password(password, salt, iterations)
        return cls.of_salted(salted, hash_, salt, iterations)

    @classmethod
    def of_salted(cls, salted: bytes, hash_: Hash, salt: bytes, iterations: int) -> Self:
        """Make the keys of a password of which SaltedPassword is known (RFC 5802 §3)."""
        stored_key = hash_.of(hash_.client_key(salted))
        return cls(hash_, salt, iterations, stored_key, hash_.server_key(salted))

    def verify(self, password: str) -> bool:
        """Tell whether *password* is the one the keys were made of, in constant time.

        Takes milliseconds, as `derive` does. Raises ValueError for a password that cannot be
        prepared.
        """
        salted = self.hash.salted_password(password, self.salt, self.iterations)
        stored_key = self.hash.of(self.hash.client_key(salted))
        return hmac.compare_digest(stored_key, self.stored_key)

    def encode(self) -> str:
        """Write the keys as ``SCRAM-SHA-256$<iterations>:<salt>$<stored>:<server>``.

        The form is RFC 5803's and PostgreSQL's, so that keys move between servers.
        """
        stored, server = encode(self.stored_key), encode(self.server_key)
        return f"SCRAM-{self.hash}${self.iterations}:{encode(self.salt)}${stored}:{server}"

    @classmethod
    def decode(cls, text: str) -> Self:
        """Read what `encode` wrote; raises ValueError for anything else."""
        matched = _ENCODED.fullmatch(text)
        if matched is None:
            raise ValueError("not SCRAM keys")
        hash_ = Hash(matched["hash"])
        salt, stored_key, server_key = map(strict_base64, matched.group("salt", "stored", "server"))
        if not salt or not stored_key or not server_key:
            raise ValueError("SCRAM keys that are not base64")
        if len(stored_key) != hash_.size or len(server_key) != hash_.size:
            raise ValueError(f"SCRAM keys of the wrong length for {hash_}")
        return cls(hash_, salt, int(matched["iterations"]), stored_key, server_key)


def derive_all(password: str, iterations: int = DEFAULT_ITERATIONS) -> tuple[ScramKeys, ...]:
    """Make the keys of *password* for every hash function, strongest first, as `derive` does."""
    return tuple(
        ScramKeys.derive(password, hash_, iterations=hash_.iterations(iterations))
        for hash_ in (Hash.SHA_512, Hash.SHA_256, Hash.SHA_1)
    )
