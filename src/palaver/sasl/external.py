"""EXTERNAL with a client certificate, the server's side (RFC 4422 App. A, XEP-0178 §2)."""

from collections.abc import Iterable

from palaver.jid import BareJID, JIDError, parse_bare
from palaver.sasl.errors import Condition, SaslError, malformed, not_authorized
from palaver.sasl.mechanism import ServerMechanism
from palaver.sasl.steps import Identity, NeedAccount, Step, Success


class ExternalServer(ServerMechanism):
    """Logs in the account a certificate names.

    *addresses* are the JIDs in a certificate that TLS has verified; those of other domains and
    those that are no bare JIDs do not count. A client with several must say which one it means.
    """

    __slots__ = ("_accounts", "_subject")

    _subject: BareJID

    def __init__(self, domain: str, addresses: Iterable[str]) -> None:
        super().__init__(domain)
        self._accounts = accounts(addresses, domain)

    def _on_response(self, response: bytes) -> Step:
        try:
            authzid = response.decode("utf-8")
        except UnicodeDecodeError:
            raise malformed("not UTF-8") from None
        self._subject = self._wanted(authzid) if authzid else self._only()
        return NeedAccount(self._subject)

    def _wanted(self, authzid: str) -> BareJID:
        wanted = accounts((authzid,), self.domain)
        if not wanted or wanted[0] not in self._accounts:
            raise SaslError(Condition.INVALID_AUTHZID)
        return wanted[0]

    def _only(self) -> BareJID:
        if not self._accounts:
            raise not_authorized("the certificate names no address here")
        if len(self._accounts) > 1:
            raise SaslError(Condition.INVALID_AUTHZID, "the certificate names several addresses")
        return self._accounts[0]

    def _on_account(self, exists: bool, refusal: Condition | None) -> Step:
        if not exists:
            raise not_authorized()
        if refusal is not None:
            raise SaslError(refusal)
        return Success(Identity(self._subject))


def accounts(addresses: Iterable[str], domain: str) -> tuple[BareJID, ...]:
    """Return those *addresses* that can be accounts of *domain*, each once."""
    return tuple(dict.fromkeys(filter(None, (_account(text, domain) for text in addresses))))


def _account(address: str, domain: str) -> BareJID | None:
    try:
        jid = parse_bare(address)
    except JIDError:
        return None
    return jid if jid.local and jid.domain == domain else None
