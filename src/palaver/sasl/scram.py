"""SCRAM-SHA-1, -256, -512 and their -PLUS forms, the server's side (RFC 5802, RFC 7677)."""

import hmac
import secrets
from collections.abc import Iterable, Mapping
from typing import Final

from palaver.jid import BareJID
from palaver.sasl.decoys import Decoys
from palaver.sasl.encoding import encode
from palaver.sasl.errors import Condition, SaslError, malformed, not_authorized
from palaver.sasl.keys import Hash, ScramKeys
from palaver.sasl.mechanism import ServerMechanism
from palaver.sasl.messages import ClientFirst, read_client_final, read_client_first
from palaver.sasl.steps import Challenge, Identity, NeedKeys, Step, Success

_NONCE_BYTES: Final = 18


def new_nonce() -> str:
    """Make a nonce of 144 random bits."""
    return secrets.token_urlsafe(_NONCE_BYTES)


class ScramServer(ServerMechanism):
    """Verifies that a client knows a password, and proves that the server knows the account.

    *bindings* holds the channel-binding data of this connection by type, and is None for the
    forms without -PLUS; *plus_offered* says whether the client saw a -PLUS form, so that ``y`` in
    its message means somebody took it away. *decoys* are the keys of accounts that do not exist.
    *attributes* are appended to the first message (XEP-0474).
    """

    __slots__ = (
        "_account_keys",
        "_attributes",
        "_begun",
        "_binding",
        "_bindings",
        "_decoys",
        "_first",
        "_hash",
        "_known",
        "_nonce",
        "_plus_offered",
        "_refusal",
        "_server_first",
        "_subject",
    )

    _account_keys: ScramKeys
    _first: ClientFirst
    _subject: BareJID

    def __init__(
        self,
        hash_: Hash,
        domain: str,
        decoys: Decoys,
        *,
        bindings: Mapping[str, bytes] | None = None,
        plus_offered: bool = False,
        nonce: str | None = None,
        attributes: Iterable[tuple[str, str]] = (),
    ) -> None:
        super().__init__(domain)
        self._hash = hash_
        self._decoys = decoys
        self._bindings = bindings
        self._plus_offered = plus_offered
        self._nonce = nonce or new_nonce()
        self._attributes = "".join(f",{name}={value}" for name, value in attributes)
        self._begun = False

    def _on_response(self, response: bytes) -> Step:
        return self._finish(response) if self._begun else self._begin(response)

    def _begin(self, response: bytes) -> Step:
        self._first = first = read_client_first(response)
        self._begun = True
        self._binding = first.header + self._binding_data(first)
        self._subject = self._subject_of(first.username, first.authzid)
        return NeedKeys(self._subject, self._hash)

    def _binding_data(self, first: ClientFirst) -> bytes:
        """Return the data the client must have bound to (RFC 5802 §6)."""
        if self._bindings is None:
            if first.flag == "p":
                raise malformed("channel binding needs the -PLUS form")
            if first.flag == "y" and self._plus_offered:
                raise not_authorized("the offer of channel binding did not reach the client")
            return b""
        if first.binding is None:
            raise malformed("the -PLUS form needs channel binding")
        data = self._bindings.get(first.binding)
        if data is None:
            raise not_authorized("channel-binding type not available")
        return data

    def _on_keys(self, keys: ScramKeys | None, refusal: Condition | None) -> Step:
        self._known = keys is not None and keys.hash is self._hash
        self._refusal = refusal
        # Made for everybody: what takes time for some tells who they are.
        decoy = self._decoys.keys(self._subject, self._hash)
        self._account_keys = keys = keys if keys and self._known else decoy
        self._nonce = self._first.nonce + self._nonce
        self._server_first = (
            f"r={self._nonce},s={encode(keys.salt)},i={keys.iterations}{self._attributes}"
        ).encode()
        return Challenge(self._server_first)

    def _finish(self, response: bytes) -> Step:
        final = read_client_final(response)
        signed = b",".join((self._first.bare, self._server_first, final.without_proof))
        # Every check runs whatever the others say, so that time tells nothing of which failed.
        proven = self._proves(final.proof, signed) & self._known
        fresh = hmac.compare_digest(final.nonce, self._nonce)
        bound = hmac.compare_digest(final.binding, self._binding)
        if not (proven and fresh):
            raise not_authorized()
        if not bound:
            raise not_authorized("the channel is not the one the client bound to")
        if self._refusal is not None:
            raise SaslError(self._refusal)
        signature = self._hash.hmac(self._account_keys.server_key, signed)
        return Success(Identity(self._subject), f"v={encode(signature)}".encode())

    def _proves(self, proof: bytes, signed: bytes) -> bool:
        stored_key = self._account_keys.stored_key
        client_key = xor(proof, self._hash.hmac(stored_key, signed))
        return hmac.compare_digest(self._hash.of(client_key), stored_key)


def xor(left: bytes, right: bytes) -> bytes:
    """Combine two byte strings; the result has the length of the longer."""
    size = max(len(left), len(right))
    return (int.from_bytes(left) ^ int.from_bytes(right)).to_bytes(size)
