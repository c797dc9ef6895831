"""What connections ask of tokens to log in with (XEP-0484), which are an extension."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from palaver.jid import BareJID
from palaver.kernel.account import Account


class Proof(Protocol):
    """What a client sent to prove that it has a token."""

    @property
    def account(self) -> BareJID:
        """Whose token it would be."""

    @property
    def mechanism(self) -> str:
        """How it proves that; a token is good for the mechanism it was given for."""

    def fits(self, token: bytes) -> bool:
        """Tell whether it is this token, in constant time."""


@dataclass(frozen=True, slots=True)
class TokenUse:
    """How a token is used.

    ``device``      the id of the client installation that does; tokens are given to one each
    ``count``       how often it has done, by its own count; each number is good once
    ``invalidate``  whether the token is to be good for nothing after that
    """

    device: str
    count: int | None
    invalidate: bool


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A token that was used; ``due`` says that its owner should get another one."""

    token: bytes = field(repr=False)
    due: bool


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token for a client; ``expires`` is a `Timestamp`."""

    token: str = field(repr=False)
    expires: int


class TokenRefused(Exception):  # noqa: N818 - names what happened, as the callers read it
    """Says that a token is not good; ``condition`` is one of SASL's."""

    def __init__(
        self, condition: Literal["not-authorized", "credentials-expired", "account-disabled"]
    ) -> None:
        super().__init__(condition)
        self.condition = condition


class TokenKeeper(Protocol):
    """Gives and takes tokens; returned by handlers of `hooks.token_keeper`."""

    async def redeem(self, proof: Proof, use: TokenUse) -> Redeemed:
        """Find the token that is meant, and take note of its use.

        Raises:
            TokenRefused: there is none, or it is not good any more.
            StorageUnavailable: that cannot be told now.
        """

    async def issue(self, account: Account, device: str, mechanism: str) -> IssuedToken:
        """Make a token for a client of an account, in place of those it never used.

        Raises StorageUnavailable.
        """
