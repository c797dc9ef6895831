"""The client's half of SCRAM (RFC 5802, RFC 7677) and of PLAIN (RFC 4616), for tests."""

import base64
import hashlib
import hmac
import secrets

HASHES = {"SCRAM-SHA-512": "sha512", "SCRAM-SHA-256": "sha256", "SCRAM-SHA-1": "sha1"}


class ScramError(Exception):
    """Says that the server's messages are not what SCRAM asks for."""


def plain(username: str, password: str, authzid: str = "") -> bytes:
    """Build the one message of PLAIN."""
    return f"{authzid}\0{username}\0{password}".encode()


class Scram:
    """Makes the messages of one SCRAM exchange and checks the server's.

    ``mechanism`` may end in ``-PLUS``; then ``binding`` is the name of a channel binding type and
    its data.
    """

    def __init__(
        self,
        mechanism: str,
        username: str,
        password: str,
        *,
        nonce: str | None = None,
        binding: tuple[str, bytes] | None = None,
    ) -> None:
        self._hash = HASHES[mechanism.removesuffix("-PLUS")]
        self._password = password
        self._nonce = nonce or secrets.token_urlsafe(18)
        escaped = username.replace("=", "=3D").replace(",", "=2C")
        self._bare = f"n={escaped},r={self._nonce}"
        self._header, data = (f"p={binding[0]},,", binding[1]) if binding else ("n,,", b"")
        self._binding = base64.b64encode(self._header.encode() + data).decode()
        self._signature = b""

    def first(self) -> bytes:
        """Build the client's first message."""
        return (self._header + self._bare).encode()

    def final(self, server_first: bytes) -> bytes:
        """Build the client's final message; raises `ScramError` for a nonce that is not ours."""
        text = server_first.decode()
        fields = dict(part.split("=", 1) for part in text.split(","))
        if not fields["r"].startswith(self._nonce):
            raise ScramError(f"the server's nonce {fields['r']!r} does not continue ours")
        salted = hashlib.pbkdf2_hmac(
            self._hash, self._password.encode(), base64.b64decode(fields["s"]), int(fields["i"])
        )
        without_proof = f"c={self._binding},r={fields['r']}"
        message = f"{self._bare},{text},{without_proof}".encode()
        client_key = self._hmac(salted, b"Client Key")
        client_signature = self._hmac(hashlib.new(self._hash, client_key).digest(), message)
        self._signature = self._hmac(self._hmac(salted, b"Server Key"), message)
        proof = bytes(a ^ b for a, b in zip(client_key, client_signature, strict=True))
        return f"{without_proof},p={base64.b64encode(proof).decode()}".encode()

    def verify(self, server_final: bytes) -> None:
        """Check the server's signature; raises `ScramError` when it is wrong."""
        expected = b"v=" + base64.b64encode(self._signature)
        if not hmac.compare_digest(server_final.strip(), expected):
            raise ScramError("the server does not know the password's keys")

    def _hmac(self, key: bytes, message: bytes) -> bytes:
        return hmac.digest(key, message, self._hash)
