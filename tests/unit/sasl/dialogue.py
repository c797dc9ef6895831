"""Both ends of a SASL exchange in one process, with a table of accounts between them."""

from collections.abc import Mapping

from palaver.sasl import (
    Challenge,
    Condition,
    NeedAccount,
    NeedKeys,
    ScramKeys,
    ServerMechanism,
    Step,
    Success,
    VerifyPassword,
)
from palaver.sasl.client import ClientMechanism

DOMAIN = "example.org"
SECRET = b"\x17" * 32
ITERATIONS = 4096

Accounts = Mapping[str, tuple[ScramKeys, ...]]


def look_up(need: NeedKeys, accounts: Accounts) -> ScramKeys | None:
    """Return the account's keys of the hash asked for, or the first of all."""
    for keys in accounts.get(str(need.account), ()):
        if need.hash in (None, keys.hash):
            return keys
    return None


def settle(
    server: ServerMechanism, step: Step, accounts: Accounts, refusal: Condition | None = None
) -> Step:
    """Do what the mechanism asks of its caller until there is something to send."""
    while True:
        match step:
            case NeedKeys():
                step = server.keys(look_up(step, accounts), refusal)
            case VerifyPassword():
                step = server.verdict(step.verify())
            case NeedAccount():
                step = server.account(str(step.account) in accounts, refusal)
            case _:
                return step


def log_in(
    server: ServerMechanism,
    client: ClientMechanism,
    accounts: Accounts,
    refusal: Condition | None = None,
) -> Success:
    """Run the whole exchange; raises what either side raises."""
    step = settle(server, server.step(client.initial()), accounts, refusal)
    while isinstance(step, Challenge):
        step = settle(server, server.step(client.respond(step.data)), accounts, refusal)
    assert isinstance(step, Success)
    client.finish(step.data)
    return step
