"""Finds out what SASL mechanisms need to know of accounts."""

import asyncio

from palaver import sasl
from palaver.kernel.server import Server
from palaver.kernel.storage import Credential
from palaver.sasl import Condition, NeedAccount, NeedKeys, ScramKeys, VerifyPassword


async def find(server: Server, step: sasl.Lookup) -> tuple[sasl.Found, Condition | None]:
    """Return what a step asks for, and why the login is to be refused all the same, if it is.

    Raises:
        StorageUnavailable: that cannot be told now.
    """
    if isinstance(step, VerifyPassword):
        return await asyncio.get_running_loop().run_in_executor(None, step.verify), None
    found = await server.store.find_with_keys(step.account.domain, step.account.local)
    if found is None:
        return (None if isinstance(step, NeedKeys) else False), None
    record, credentials = found
    refusal = None if record.disabled_at is None else Condition.ACCOUNT_DISABLED
    if isinstance(step, NeedAccount):
        return True, refusal
    return _choose(credentials, step.hash), refusal


def _choose(credentials: list[Credential], hash_: sasl.Hash | None) -> ScramKeys | None:
    """Return the keys for a hash function, or with None the strongest there are."""
    by_hash = {sasl.Hash(c.mechanism.removeprefix("SCRAM-")): c for c in credentials}
    wanted = [hash_] if hash_ is not None else [h for h in reversed(sasl.Hash) if h in by_hash]
    found = by_hash.get(wanted[0]) if wanted else None
    if found is None:
        return None
    chosen = sasl.Hash(found.mechanism.removeprefix("SCRAM-"))
    return ScramKeys(chosen, found.salt, found.iterations, found.stored_key, found.server_key)
