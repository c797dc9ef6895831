"""A link of the administrator lets a user choose a new password, once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.support.certificates import Authority
from tests.support.client import AuthenticationError, Client
from tests.unit.ext.invitations.test_invitations import ERRORS, authorise, register, visitor
from tests.unit.net.serving import HOST, Serving, serving

from palaver.ext.account_life.tables import password_resets
from palaver.kernel.commands import Commands
from palaver.kernel.errors import CommandError

JULIET = f"juliet@{HOST}"
NEW = "a long password"
"""What `register` sends."""


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    async with serving(tmp_path, authority) as opened:
        await opened.account("juliet")
        await opened.account("romeo")
        yield opened


async def link(net: Serving, jid: str = JULIET, **more: object) -> str:
    """Make a link; return its token."""
    run = Commands(net.server.extensions.values()).run
    made = await run("user reset-password", {"jid": jid, **more})
    assert isinstance(made, dict)
    assert made["uri"].startswith(f"xmpp:{jid}?register;preauth=")
    return str(made["uri"]).rpartition("=")[2]


async def logs_in(net: Serving, password: str) -> bool:
    client = net.client(f"{JULIET}/a")
    client.password = password
    await client.open()
    try:
        await client.authenticate()
    except AuthenticationError:
        return False
    return True


async def reset(net: Serving, token: str, name: str = "juliet") -> str:
    """Show a token and set the password; return what it came to."""
    client = await visitor(net)
    shown = await authorise(client, token)
    return condition(shown) or condition(await register(client, name))


def condition(answer: object) -> str:
    found = [each.tag for each in answer.iter() if each.tag.startswith(ERRORS)]  # type: ignore[attr-defined]
    return str(found[0]).removeprefix(ERRORS) if found else ""


async def test_a_user_chooses_a_new_password_and_other_clients_are_out(net: Serving) -> None:
    old = await net.client(f"{JULIET}/old").connect()
    assert await reset(net, await link(net)) == ""
    assert await logs_in(net, NEW)
    assert not await logs_in(net, "wherefore")
    await expect_end(old)


async def expect_end(client: Client) -> None:
    error = await client.receive()
    assert error.tag.endswith("error")
    assert any(child.tag.endswith("not-authorized") for child in error)


async def test_a_link_works_once(net: Serving) -> None:
    token = await link(net)
    assert await reset(net, token) == ""
    assert await reset(net, token) == "item-not-found"


async def test_two_who_hold_a_link_cannot_both_use_it(net: Serving) -> None:
    token = await link(net)
    first, second = await visitor(net), await visitor(net)
    for client in (first, second):
        assert condition(await authorise(client, token)) == ""
    assert condition(await register(first, "juliet")) == ""
    assert condition(await register(second, "juliet")) == "not-allowed"


async def test_it_is_for_one_account(net: Serving) -> None:
    token = await link(net)
    assert await reset(net, token, "romeo") == "not-acceptable"
    assert await reset(net, token, "paris") == "not-acceptable"
    assert await reset(net, token) == ""


async def test_a_newer_one_a_new_password_and_the_administrator_void_it(net: Serving) -> None:
    run = Commands(net.server.extensions.values()).run
    first = await link(net)
    second = await link(net)
    assert await reset(net, first) == "item-not-found"
    await run("user passwd", {"jid": JULIET, "password": "another one"})
    assert await reset(net, second) == "item-not-found"
    third = await link(net)
    await run("user cancel-reset", {"jid": JULIET})
    assert await reset(net, third) == "item-not-found"
    with pytest.raises(CommandError, match="no link"):
        await run("user cancel-reset", {"jid": JULIET})


async def test_it_is_over_after_a_while(net: Serving) -> None:
    token = await link(net, valid="1s")
    clock = net.server.clock

    class Later:
        def now(self) -> float:
            return clock.now() + 2

        def monotonic(self) -> float:
            return clock.monotonic()

    net.server.clock = Later()
    assert await reset(net, token) == "item-not-found"


async def test_a_disabled_account_gets_none(net: Serving) -> None:
    run = Commands(net.server.extensions.values()).run
    token = await link(net)
    await run("user disable", {"jid": JULIET})
    assert await reset(net, token) == "item-not-found"
    assert await reset(net, await link(net)) == "not-allowed"


async def test_the_token_is_not_in_storage(net: Serving) -> None:
    token = await link(net)
    async with net.server.database.connect() as connection:
        rows = (await connection.execute(select(password_resets))).all()
    assert len(rows) == 1
    assert token.encode() not in repr(rows).encode()


async def test_tokens_cannot_be_guessed_one_after_the_other(net: Serving) -> None:
    client = await visitor(net)
    answers = {condition(await authorise(client, f"guess{number}")) for number in range(31)}
    assert answers == {"item-not-found", "resource-constraint"}
