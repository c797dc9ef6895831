"""What all server mechanisms share: the order of calls, limits, and who may act as whom."""

from abc import ABC, abstractmethod
from enum import Enum, auto
from typing import Final, NoReturn

from palaver.jid import BareJID, JIDError, parse_bare, prepare_local
from palaver.sasl.encoding import MAX_MESSAGE_BYTES
from palaver.sasl.errors import Condition, SaslError, malformed, not_authorized
from palaver.sasl.keys import ScramKeys
from palaver.sasl.steps import (
    Challenge,
    NeedAccount,
    NeedKeys,
    NeedToken,
    Step,
    VerifyPassword,
)


class _Awaits(Enum):
    RESPONSE = auto()
    KEYS = auto()
    VERDICT = auto()
    ACCOUNT = auto()
    TOKEN = auto()
    NOTHING = auto()


_AWAITED: Final[dict[type[Step], _Awaits]] = {
    Challenge: _Awaits.RESPONSE,
    NeedKeys: _Awaits.KEYS,
    VerifyPassword: _Awaits.VERDICT,
    NeedAccount: _Awaits.ACCOUNT,
}


class ServerMechanism(ABC):
    """Is the server's side of one SASL exchange, without I/O (RFC 4422 §3).

    Start with `step`; then do what each returned step asks and call the method it names, until
    `Success` comes or SaslError is raised. Both end the exchange. The same objects serve the
    profile of RFC 6120 and SASL2 (XEP-0388).

    When a lookup fails for want of a database, drop the mechanism and answer
    *temporary-auth-failure*.
    """

    __slots__ = ("_awaits", "domain")

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self._awaits = _Awaits.RESPONSE

    def step(self, response: bytes | None) -> Step:
        """Take the client's data: None for ``<auth/>`` without initial response.

        Raises SaslError; a response nobody asked for is *malformed-request*.
        """
        due = self._awaits is _Awaits.RESPONSE
        self._awaits = _Awaits.NOTHING
        if not due:
            raise malformed("no response was due")
        if response is None:
            return self._then(self._on_nothing())
        if len(response) > MAX_MESSAGE_BYTES:
            raise malformed(f"longer than {MAX_MESSAGE_BYTES} bytes")
        return self._then(self._on_response(response))

    def keys(self, keys: ScramKeys | None, refusal: Condition | None = None) -> Step:
        """Take what `NeedKeys` asked for; None when there is no such account.

        *refusal* says why a login with the right password is refused all the same:
        *account-disabled* or *credentials-expired*. Nobody else learns it. Raises SaslError.
        """
        self._expect(_Awaits.KEYS)
        return self._then(self._on_keys(keys, refusal))

    def verdict(self, verified: bool) -> Step:
        """Take what `VerifyPassword.verify` returned. Raises SaslError."""
        self._expect(_Awaits.VERDICT)
        return self._then(self._on_verdict(verified))

    def account(self, exists: bool, refusal: Condition | None = None) -> Step:
        """Take what `NeedAccount` asked for; *refusal* as in `keys`. Raises SaslError."""
        self._expect(_Awaits.ACCOUNT)
        return self._then(self._on_account(exists, refusal))

    def token(self, token: bytes | None, refusal: Condition | None = None) -> Step:
        """Take what `NeedToken` asked for; *refusal* says why a token that fits does not hold.

        Raises SaslError.
        """
        self._expect(_Awaits.TOKEN)
        return self._then(self._on_token(token, refusal))

    def abort(self) -> NoReturn:
        """End the exchange because the client sent ``<abort/>``. Raises SaslError."""
        self._awaits = _Awaits.NOTHING
        raise SaslError(Condition.ABORTED)

    def _expect(self, awaited: _Awaits) -> None:
        if self._awaits is not awaited:
            raise RuntimeError(f"the exchange awaits {self._awaits.name}, not {awaited.name}")
        self._awaits = _Awaits.NOTHING

    def _then(self, step: Step) -> Step:
        self._awaits = _AWAITED.get(type(step), _Awaits.NOTHING)
        if isinstance(step, NeedToken):
            self._awaits = _Awaits.TOKEN
        return step

    def _on_nothing(self) -> Step:
        """Ask for the initial response that a client-first mechanism needs (RFC 4422 §3)."""
        return Challenge(b"")

    @abstractmethod
    def _on_response(self, response: bytes) -> Step: ...

    def _on_keys(self, keys: ScramKeys | None, refusal: Condition | None) -> Step:
        raise NotImplementedError

    def _on_verdict(self, verified: bool) -> Step:
        raise NotImplementedError

    def _on_account(self, exists: bool, refusal: Condition | None) -> Step:
        raise NotImplementedError

    def _on_token(self, token: bytes | None, refusal: Condition | None) -> Step:
        raise NotImplementedError

    def _subject_of(self, username: str, authzid: str | None) -> BareJID:
        """Return the account *username* means, if it may act as *authzid* (RFC 6120 §6.3.8).

        It may act as itself only. Raises SaslError: *not-authorized* for a name that no account
        can have, where there is nothing to look up or to give away; *invalid-authzid* for any
        other address and for what is no address.
        """
        try:
            account = parse_bare(f"{prepare_local(username)}@{self.domain}")
        except JIDError:
            raise not_authorized() from None
        if authzid and not _denotes(authzid, account):
            raise SaslError(Condition.INVALID_AUTHZID)
        return account


def _denotes(text: str, account: BareJID) -> bool:
    try:
        return parse_bare(text) == account
    except JIDError:
        return False
