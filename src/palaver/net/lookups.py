"""Finds out what SASL mechanisms need to know of accounts."""

import asyncio

from palaver import sasl
from palaver.kernel import disabled, hooks
from palaver.kernel.host import Host
from palaver.kernel.server import Server
from palaver.kernel.storage import Credential
from palaver.kernel.tokens import TokenKeeper, TokenRefused, TokenUse
from palaver.sasl import Condition, NeedAccount, NeedKeys, NeedToken, ScramKeys, VerifyPassword
from palaver.stream.inline import Inline


async def find(
    server: Server, step: sasl.Lookup, request: Inline | None = None
) -> tuple[sasl.Found, Condition | None, str]:
    """Return what a step asks for, and why the login is to be refused all the same, if it is.

    The text is for the user who proves to be the account's.

    Raises:
        StorageUnavailable: that cannot be told now.
    """
    if isinstance(step, VerifyPassword):
        return await asyncio.get_running_loop().run_in_executor(None, step.verify), None, ""
    if isinstance(step, NeedToken):
        assert request is not None
        return await _token(server, step, request)
    found = await server.store.find_with_keys(step.account.domain, step.account.local)
    if found is None:
        return (None if isinstance(step, NeedKeys) else False), None, ""
    record, credentials = found
    refusal, why = None, ""
    if record.is_disabled(server.clock.now()):
        refusal, why = Condition.ACCOUNT_DISABLED, disabled.notice(record)
    if isinstance(step, NeedAccount):
        return True, refusal, why
    return _choose(credentials, step.hash), refusal, why


async def _token(
    server: Server, step: NeedToken, request: Inline
) -> tuple[sasl.Found, Condition | None, str]:
    keeper = keeper_of(server.hosts[step.account.domain])
    fast = request.fast
    if keeper is None or fast is None:
        return None, None, ""
    account = str(step.account)
    use = TokenUse(device_id(server, account, request.agent.id), fast.count, fast.invalidate)
    try:
        redeemed = await keeper.redeem(step, use)
    except TokenRefused as refused:
        why = ""
        if refused.condition == "account-disabled":
            record = await server.store.find(step.account.domain, step.account.local)
            why = "" if record is None else disabled.notice(record)
        return None, Condition(refused.condition), why
    request.due = redeemed.due
    return redeemed.token, None, ""


def keeper_of(host: Host) -> TokenKeeper | None:
    """Return what gives and takes a host's tokens, if anything does."""
    for handle in host.dispatch.handlers(hooks.token_keeper):
        keeper: TokenKeeper = handle()
        return keeper
    return None


def device_id(server: Server, account: str, agent: str) -> str:
    """Return what a client installation is called here, whose own id stays with it."""
    return server.secret.name("device", account, agent)


def credential_of(keys: ScramKeys) -> Credential:
    """Return keys as they are stored."""
    name = f"SCRAM-{keys.hash}"
    return Credential(name, keys.salt, keys.iterations, keys.stored_key, keys.server_key)


def _choose(credentials: list[Credential], hash_: sasl.Hash | None) -> ScramKeys | None:
    """Return the keys for a hash function, or with None the strongest there are."""
    by_hash = {sasl.Hash(c.mechanism.removeprefix("SCRAM-")): c for c in credentials}
    wanted = [hash_] if hash_ is not None else [h for h in reversed(sasl.Hash) if h in by_hash]
    found = by_hash.get(wanted[0]) if wanted else None
    if found is None:
        return None
    chosen = sasl.Hash(found.mechanism.removeprefix("SCRAM-"))
    return ScramKeys(chosen, found.salt, found.iterations, found.stored_key, found.server_key)
