"""HT-SHA-256-*, the server's side: proof of a token (draft-schmaus-kitten-sasl-ht-09).

One message each way, and one hash each: what makes logging in with a token cheap. The mechanisms
are for tokens alone, so they are in no list of mechanisms but that of XEP-0484.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from palaver.jid import BareJID
from palaver.sasl.binding import TLS_EXPORTER, TLS_SERVER_END_POINT, TLS_UNIQUE
from palaver.sasl.errors import Condition, SaslError, malformed, not_authorized
from palaver.sasl.mechanism import ServerMechanism
from palaver.sasl.steps import Identity, NeedToken, Step, Success

TOKEN_MECHANISMS: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "HT-SHA-256-EXPR": TLS_EXPORTER,
        "HT-SHA-256-UNIQ": TLS_UNIQUE,
        "HT-SHA-256-ENDP": TLS_SERVER_END_POINT,
        "HT-SHA-256-NONE": None,
    }
)
"""The channel-binding type of each, strongest first."""

_INITIATOR: Final = b"Initiator"
_RESPONDER: Final = b"Responder"
_HASH: Final = "sha256"
_SIZE: Final = 32  # bytes of a hash


@dataclass(frozen=True, slots=True)
class TokenProof(NeedToken):
    """Is what a client sent to prove that it has a token."""

    proof: bytes = field(repr=False)
    channel: bytes = field(repr=False)

    def fits(self, token: bytes) -> bool:
        """Tell whether it is this token, in constant time."""
        return hmac.compare_digest(hmac.digest(token, _INITIATOR + self.channel, _HASH), self.proof)


class HashedTokenServer(ServerMechanism):
    """Verifies that a client has a token, and proves that the server has it too.

    *channel* is the channel-binding data, empty for the form without.
    """

    __slots__ = ("_channel", "_name", "_subject")

    _subject: BareJID

    def __init__(self, name: str, domain: str, channel: bytes) -> None:
        super().__init__(domain)
        self._name = name
        self._channel = channel

    def _on_response(self, response: bytes) -> Step:
        name, separator, proof = response.partition(b"\0")
        if not separator or not name or len(proof) != _SIZE:
            raise malformed("not a name, NUL and a hash")
        try:
            self._subject = self._subject_of(name.decode("utf-8"), None)
        except UnicodeDecodeError:
            raise malformed("the name is not UTF-8") from None
        return TokenProof(self._subject, self._name, proof, self._channel)

    def _on_token(self, token: bytes | None, refusal: Condition | None) -> Step:
        if refusal is not None:
            raise SaslError(refusal)
        if token is None:
            raise not_authorized()
        answer = hmac.digest(token, _RESPONDER + self._channel, _HASH)
        return Success(Identity(self._subject), answer)
