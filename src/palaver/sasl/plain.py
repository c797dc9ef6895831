"""PLAIN, the server's side (RFC 4616)."""

from typing import Final

from palaver.jid import BareJID
from palaver.sasl.decoys import Decoys
from palaver.sasl.errors import Condition, SaslError, malformed, not_authorized
from palaver.sasl.keys import Hash, ScramKeys
from palaver.sasl.mechanism import ServerMechanism
from palaver.sasl.preparation import prepare_password
from palaver.sasl.steps import Identity, NeedKeys, Step, Success, VerifyPassword

_DECOY_HASH: Final = Hash.SHA_512


class PlainServer(ServerMechanism):
    """Verifies a password against SCRAM keys.

    For an account that does not exist the same derivation runs on one of the *decoys*; the time is
    the same as long as `NeedKeys` is answered with SHA-512 keys.
    """

    __slots__ = ("_decoys", "_known", "_password", "_refusal", "_subject")

    _password: str
    _subject: BareJID

    def __init__(self, domain: str, decoys: Decoys) -> None:
        super().__init__(domain)
        self._decoys = decoys

    def _on_response(self, response: bytes) -> Step:
        authzid, username, self._password = _read(response)
        self._subject = self._subject_of(username, authzid)
        try:
            prepare_password(self._password)
        except ValueError:
            raise not_authorized() from None
        return NeedKeys(self._subject, None)

    def _on_keys(self, keys: ScramKeys | None, refusal: Condition | None) -> Step:
        self._known = keys is not None
        self._refusal = refusal
        # Made for everybody: what takes time for some tells who they are.
        decoy = self._decoys.keys(self._subject, _DECOY_HASH)
        return VerifyPassword(keys or decoy, self._password)

    def _on_verdict(self, verified: bool) -> Step:
        if not (verified and self._known):
            raise not_authorized()
        if self._refusal is not None:
            raise SaslError(self._refusal)
        return Success(Identity(self._subject))


def _read(message: bytes) -> tuple[str, str, str]:
    """Return authorisation identity (perhaps empty), username and password."""
    try:
        authzid, username, password = message.decode("utf-8").split("\0")
    except ValueError:
        raise malformed("not three UTF-8 strings with NUL between them") from None
    if not username or not password:
        raise malformed("username or password is empty")
    return authzid, username, password
