"""What a server mechanism answers at each step: send something, look something up, or done."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from palaver.jid import BareJID
from palaver.sasl.keys import Hash, ScramKeys


@dataclass(frozen=True, slots=True)
class Identity:
    """Names who logged in; an anonymous one has no account and ends with its session."""

    jid: BareJID
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Challenge:
    """Asks the client: send *data* in a ``<challenge/>``, then call `step` with the response."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Success:
    """Ends the exchange: *identity* is authenticated; *data*, if any, goes with the success."""

    identity: Identity
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class NeedKeys:
    """Asks the caller to look up an account's SCRAM keys and hand them to `keys`.

    With *hash* None the keys of any hash function do; the strongest are best.
    """

    account: BareJID
    hash: Hash | None


@dataclass(frozen=True, slots=True)
class VerifyPassword:
    """Asks the caller to run `verify` in a thread and hand what it returns to `verdict`."""

    stored: ScramKeys
    password: str = field(repr=False)

    def verify(self) -> bool:
        """Tell whether the password fits; takes milliseconds, touches nothing shared."""
        return self.stored.verify(self.password)


@dataclass(frozen=True, slots=True)
class NeedAccount:
    """Asks the caller whether an account exists; the answer goes to `account`."""

    account: BareJID


@dataclass(frozen=True, slots=True)
class NeedToken(ABC):
    """Asks the caller for the token of an account that `fits`, and to hand it to `token`.

    Only tokens that were given for *mechanism* count (XEP-0484 §3.4).
    """

    account: BareJID
    mechanism: str

    @abstractmethod
    def fits(self, token: bytes) -> bool:
        """Tell whether it is this token, in constant time."""


Lookup = NeedKeys | VerifyPassword | NeedAccount | NeedToken
"""The steps that ask the caller to find something out."""

Step = Challenge | Success | Lookup

Found = ScramKeys | bytes | bool | None
"""What was found: the keys or None, the token or None, the verdict, or whether there is one."""
