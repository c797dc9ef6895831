"""Tokens to log in with: given on request, renewed in time, void when the password changes."""

import base64
import secrets
from functools import partial
from typing import ClassVar, Final

import structlog
from pydantic import Field

from palaver.ext.fast import table
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, ExtensionConfig, Xep, on, task
from palaver.kernel.settings import unit
from palaver.kernel.tokens import IssuedToken, Proof, Redeemed, TokenKeeper, TokenRefused, TokenUse

log = structlog.get_logger()

_DAY: Final = 86_400_000_000  # microseconds
_HOUR: Final = 3_600.0  # seconds
_SALT_BYTES: Final = 16


class FastConfig(ExtensionConfig):
    """How long clients may stay away before they need the password again."""

    days: int = Field(
        30,
        ge=1,
        le=365,
        description="Days for which a token is good; each login near enough to its end gives a "
        "new one.",
        json_schema_extra=unit("days"),
    )
    renew_days: int = Field(
        1,
        ge=0,
        le=365,
        description="Age of a token, in days, from which a login with it gives a new one.",
        json_schema_extra=unit("days"),
    )


class Fast(Extension[FastConfig]):
    """Lets a client log in with a token that it got at an earlier login."""

    Config = FastConfig
    name: ClassVar = "fast"
    implements: ClassVar = (Xep(484, "0.2.0", "without TLS early data"),)
    tables: ClassVar = (table.table,)

    @on(hooks.token_keeper)
    def keeper(self) -> TokenKeeper:
        """Keep the tokens of clients."""
        return self

    async def redeem(self, proof: Proof, use: TokenUse) -> Redeemed:
        """Find the token that fits; of two that are good the newer one counts (§5.1)."""
        now = self._now()
        find = partial(table.find, account=proof.account, device=use.device, now=now)
        found = await self.server.database.read(find)
        fitting = [
            (row, token, disabled)
            for row, disabled in found
            if proof.fits(token := self._token(row)) and row.mechanism == proof.mechanism
        ]
        if not fitting:
            raise TokenRefused("not-authorized")
        row, token, disabled = fitting[0]
        if row.expires <= now:
            raise TokenRefused("credentials-expired")
        if disabled:
            raise TokenRefused("account-disabled")
        if use.count is not None and use.count <= row.uses:
            log.warning("token used again", account=str(proof.account), device=use.device)
            raise TokenRefused("not-authorized")
        if use.invalidate or use.count is not None or not row.used or len(found) > 1:
            change = partial(table.use, row=row, count=use.count, invalidate=use.invalidate)
            if not await self.server.database.transact(change):
                raise TokenRefused("not-authorized")
        renew = self.config(proof.account.domain).renew_days * _DAY
        return Redeemed(token, not use.invalidate and now - row.issued >= renew)

    async def issue(self, account: Account, device: str, mechanism: str) -> IssuedToken:
        """Make a token and store the random part of it."""
        now = self._now()
        expires = now + self.config(account.host.name).days * _DAY
        salt = secrets.token_bytes(_SALT_BYTES)
        row = table.Row(account.id, device, salt, mechanism, now, expires, False, 0)
        await self.server.database.transact(partial(table.add, row=row))
        return IssuedToken(self._token(row).decode(), expires)

    def _token(self, row: table.Row) -> bytes:
        parts = (str(row.account_id), row.device, row.mechanism, row.salt.hex())
        return base64.urlsafe_b64encode(self.server.secret.derive("token", *parts)).rstrip(b"=")

    def _now(self) -> int:
        return int(self.server.clock.now() * 1_000_000)

    # -- the end of tokens -------------------------------------------------------------------------

    @on(hooks.access_revoked)
    async def revoke_all(self, account: Account) -> None:
        """Drop all tokens of an account whose password was changed, or that is disabled."""
        await self.server.database.transact(partial(table.drop, account_id=account.id))

    async def revoke(self, account_id: int, device: str) -> None:
        """Drop the tokens of one client; raises StorageUnavailable."""
        drop = partial(table.drop, account_id=account_id, device=device)
        await self.server.database.transact(drop)

    async def devices(self, account_id: int) -> frozenset[str]:
        """Return the clients that can log in with a token; raises StorageUnavailable."""
        find = partial(table.devices, account_id=account_id, now=self._now())
        return frozenset(await self.server.database.read(find))

    @task(every=_HOUR)
    async def expire(self) -> None:
        """Drop tokens that are over."""
        dropped = await self.server.database.transact(partial(table.expire, now=self._now()))
        if dropped:
            log.info("expired tokens dropped", tokens=dropped)
