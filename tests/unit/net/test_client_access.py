"""Who has access to an account, and how that ends: XEP-0494 with real logins."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.sasl2 import AGENT, FAST, OTHER_AGENT, log_in, log_in_fast, user_agent
from tests.unit.net.serving import HOST, Serving, serving
from tests.unit.net.test_fast import given, refusal
from tests.unit.net.test_sasl2 import bind, managed
from tests.unit.net.test_stream_management import condition

from palaver.ext.accounts import AccountArguments, Accounts
from palaver.ext.client_access import table
from palaver.ext.client_access.extension import ClientAccess, RevokeArguments
from palaver.kernel.errors import CommandError

JULIET = f"juliet@{HOST}"


def nothing(_done: int, _of: int) -> None:
    """Take no note of progress."""


def access(net: Serving) -> ClientAccess:
    return net.server.extension(ClientAccess)


async def listed(net: Serving) -> list[dict[str, object]]:
    found = await access(net).list_devices(AccountArguments(jid=JULIET), nothing)
    assert isinstance(found, list)
    return found


async def bound(net: Serving, id_: str = AGENT, device: str = "Phone") -> Client:
    client = await net.client(JULIET).open()
    await log_in(client, user_agent(id_, device=device) + bind())
    return client


async def gone(net: Serving) -> None:
    await net.until(lambda: not net.server.sessions())


async def test_devices_are_remembered_while_they_have_access(net: Serving) -> None:
    first = await bound(net)
    await bound(net, OTHER_AGENT, "Tablet")
    await first.close()
    await net.until(lambda: len(net.server.sessions()) == 1)
    found = {each["device"]: each for each in await listed(net)}
    assert (len(found["Phone"]["sessions"]), len(found["Tablet"]["sessions"])) == (0, 1)  # type: ignore[arg-type]  # JSON
    assert all(each["password"] for each in found.values())
    assert AGENT not in str(found)


async def test_a_device_is_seen_first_at_its_first_login_and_last_at_its_last(
    net: Serving,
) -> None:
    await (await bound(net)).close()
    await gone(net)
    before = (await listed(net))[0]
    async with net.server.database.begin() as connection:
        await connection.execute(update(table.table).values(first_seen=1, last_seen=2))
    await bound(net, device="New phone")
    after = (await listed(net))[0]
    assert after["id"] == before["id"]
    assert (after["device"], after["first_seen"][:4]) == ("New phone", "1970")  # type: ignore[index]  # JSON
    assert after["last_seen"][:4] != "1970"  # type: ignore[index]  # JSON


async def test_a_new_password_ends_the_access_of_who_is_not_connected(net: Serving) -> None:
    await (await bound(net)).close()
    await gone(net)
    await given(net, agent=user_agent(OTHER_AGENT))
    accounts = net.server.extension(Accounts)
    _, record = await accounts.record(JULIET)
    await accounts.change_password(record, "another")
    assert await listed(net) == []


async def test_a_device_with_a_token_alone_is_revoked_by_its_user(net: Serving) -> None:
    wish = f"<request-token xmlns='{FAST}' mechanism='HT-SHA-256-NONE'/>"
    token = await given(net)
    phone = await net.client(JULIET).open()
    await log_in_fast(phone, token, user_agent() + wish + bind())
    old = await net.client(f"{JULIET}/old").connect()
    (shown,) = [each for each in await listed(net) if each["device"]]
    assert (shown["password"], shown["token"]) == (False, True)
    answer = await old.iq("set", f"<revoke xmlns='urn:xmpp:cam:0' id='{shown['id']}'/>")
    assert answer.get("type") == "result"
    assert await condition(phone) == "not-authorized"
    assert await refusal(net, token) == "not-authorized"
    await old.barrier()


async def test_an_administrator_revokes_any_client(net: Serving) -> None:
    phone = await bound(net)
    (shown,) = await listed(net)
    revoke = RevokeArguments(jid=JULIET, id=str(shown["id"]))
    answer = await access(net).revoke_device(revoke, nothing)
    assert answer == {"ended": 1, "knows_password": True}
    assert await condition(phone) == "not-authorized"
    with pytest.raises(CommandError, match="no client"):
        await access(net).revoke_device(RevokeArguments(jid=JULIET, id="nonsense"), nothing)


async def test_a_session_that_is_resumed_is_seen_with_its_new_login(net: Serving) -> None:
    juliet = await managed(net)
    await juliet.client.abort()
    await access(net).write()
    async with net.server.database.begin() as connection:
        await connection.execute(update(table.table).values(password=False))
    again = await net.client(JULIET).open()
    resume = f"<resume xmlns='urn:xmpp:sm:3' h='0' previd='{juliet.token}'/>"
    await log_in(again, user_agent() + resume)
    assert [each["password"] for each in await listed(net)] == [True]


async def test_all_clients_can_be_shut_out_at_once(net: Serving) -> None:
    await bound(net)
    await bound(net, OTHER_AGENT, "Tablet")
    done = await access(net).revoke_all(AccountArguments(jid=JULIET), nothing)
    assert done == {"ended": 2, "know_password": 2}
    await gone(net)


async def test_devices_that_were_not_seen_for_long_are_forgotten(net: Serving) -> None:
    await (await bound(net)).close()
    await gone(net)
    await bound(net, OTHER_AGENT)
    await access(net).write()
    async with net.server.database.begin() as connection:
        await connection.execute(update(table.table).values(last_seen=1))
    await access(net).expire()
    assert len(await listed(net)) == 1


@pytest.fixture
async def discreet(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    more = "[extensions.client_access]\nnames = false\n[extensions.fast]\nenabled = false\n"
    async with serving(tmp_path, authority, more) as opened:
        await opened.account("juliet")
        yield opened


async def test_a_host_may_keep_no_names(discreet: Serving) -> None:
    await (await bound(discreet)).close()
    await gone(discreet)
    assert [each["device"] for each in await listed(discreet)] == [""]


async def test_a_host_may_remember_no_devices(tmp_path: Path, authority: Authority) -> None:
    async with serving(tmp_path, authority, "[extensions.client_access]\ndays = 0\n") as net:
        await net.account("juliet")
        client = await bound(net)
        assert len(await listed(net)) == 1
        await client.close()
        await gone(net)
        assert await listed(net) == []
