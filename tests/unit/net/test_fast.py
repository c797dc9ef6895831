"""Logging in with tokens on real connections: XEP-0484 with every mechanism there is."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import update
from tests.support.certificates import Authority
from tests.support.channel_binding import tls_server_end_point
from tests.support.client import AuthenticationError, Client
from tests.support.sasl2 import (
    BIND,
    FAST,
    NS,
    OTHER_AGENT,
    SM,
    data_of,
    hashed,
    log_in,
    log_in_fast,
    names,
    request,
    user_agent,
)
from tests.support.scram import plain
from tests.unit.net.serving import HOST, PASSWORD, Serving, serving

from palaver.ext.accounts import Accounts, DisableArguments
from palaver.ext.fast import table
from palaver.ext.fast.extension import Fast
from palaver.jid import parse_bare

JULIET = f"juliet@{HOST}"
ROMEO = f"romeo@{HOST}"
NONE = "HT-SHA-256-NONE"
AGENT = user_agent()


def wish(mechanism: str = NONE) -> str:
    return f"<request-token xmlns='{FAST}' mechanism='{mechanism}'/>"


def token_of(success: Element) -> str | None:
    found = success.find(f"{{{FAST}}}token")
    return None if found is None else found.get("token")


async def opened(net: Serving, jid: str = JULIET) -> Client:
    return await net.client(jid).open()


async def given(net: Serving, jid: str = JULIET, agent: str = AGENT, mechanism: str = NONE) -> str:
    """Get a token with a password."""
    client = await opened(net, jid)
    found = token_of(await log_in(client, agent + wish(mechanism)))
    await client.close()
    assert found is not None
    return found


async def fast(
    net: Serving, token: str, attributes: str = "", inner: str = AGENT, jid: str = JULIET
) -> Element:
    client = await opened(net, jid)
    try:
        return await log_in_fast(client, token, inner, fast=attributes)
    finally:
        await client.abort()


async def refusal(
    net: Serving, token: str, attributes: str = "", inner: str = AGENT, jid: str = JULIET
) -> str:
    with pytest.raises(AuthenticationError) as caught:
        await fast(net, token, attributes, inner, jid)
    return caught.value.condition


async def rows(net: Serving) -> int:
    query = table.table.select()
    async with net.server.database.connect() as connection:
        return len((await connection.execute(query)).all())


async def age(net: Serving, **values: int) -> None:
    async with net.server.database.begin() as connection:
        await connection.execute(update(table.table).values(values))


@pytest.fixture
async def renewing(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    """Give a server that renews tokens at each login."""
    async with serving(tmp_path, authority, "[extensions.fast]\nrenew_days = 0\n") as opened_:
        await opened_.account("juliet")
        yield opened_


def stored(directory: Path) -> bytes:
    """Return all that is in the database."""
    return b"".join(file.read_bytes() for file in directory.glob("*.sqlite3*"))


# -- getting and using -----------------------------------------------------------------------------


async def test_the_mechanisms_are_offered_inline_and_nowhere_else(net: Serving) -> None:
    client = await opened(net)
    assert client.features is not None
    offer = client.features.find(f"{{{NS}}}authentication/{{{NS}}}inline/{{{FAST}}}fast")
    assert offer is not None
    assert "tls-0rtt" not in offer.attrib
    mechanisms = [each.text for each in offer]
    assert {NONE, "HT-SHA-256-ENDP"} <= set(mechanisms)
    assert not any((name or "").startswith("HT-") for name in client.mechanisms)
    plain_ = client.features.findall(f"{{{NS}}}authentication/{{{NS}}}mechanism")
    assert not any((each.text or "").startswith("HT-") for each in plain_)


async def test_a_token_logs_in_within_one_round_trip(net: Serving) -> None:
    token = await given(net)
    client = await opened(net)
    bind = f"<bind xmlns='{BIND}'><tag>A</tag><enable xmlns='{SM}'/></bind>"
    success = await log_in_fast(client, token, AGENT + bind)
    assert names(success) == ["additional-data", "authorization-identifier", "bound"]
    await client.barrier()
    assert token_of(await fast(net, token)) is None
    assert net.clients.logins[NONE, "success"] == 2


async def test_a_token_says_when_it_expires(net: Serving) -> None:
    client = await opened(net)
    found = (await log_in(client, AGENT + wish())).find(f"{{{FAST}}}token")
    assert found is not None
    assert (found.get("expiry") or "").endswith("Z")
    assert len(found.get("token") or "") == 43


async def test_a_token_may_be_bound_to_the_certificate(net: Serving) -> None:
    token = await given(net, mechanism="HT-SHA-256-ENDP")
    client = await opened(net)
    data = tls_server_end_point(client.writer.get_extra_info("ssl_object"))
    await log_in_fast(client, token, AGENT, mechanism="HT-SHA-256-ENDP", binding=data)
    other = await opened(net)
    with pytest.raises(AuthenticationError, match="not-authorized"):
        await log_in_fast(other, token, AGENT, mechanism="HT-SHA-256-ENDP", binding=b"x" * 32)


async def test_a_token_is_good_for_its_own_mechanism_only(net: Serving) -> None:
    token = await given(net, mechanism="HT-SHA-256-ENDP")
    assert await refusal(net, token) == "not-authorized"


async def test_a_token_is_good_for_its_own_device_only(net: Serving) -> None:
    token = await given(net)
    assert await refusal(net, token, inner=user_agent(OTHER_AGENT)) == "not-authorized"


async def test_a_token_is_good_for_its_own_account_only(net: Serving) -> None:
    token = await given(net)
    assert await refusal(net, token, jid=ROMEO) == "not-authorized"


async def test_without_a_device_there_is_no_token(net: Serving) -> None:
    client = await opened(net)
    assert token_of(await log_in(client, wish())) is None
    assert await refusal(net, "x", inner="") == "malformed-request"


@pytest.mark.parametrize("mechanism", ["", "SCRAM-SHA-1", "HT-SHA-256-UNIQ", "HT-SHA-512-NONE"])
async def test_there_are_tokens_for_what_is_offered_only(net: Serving, mechanism: str) -> None:
    client = await opened(net)
    assert token_of(await log_in(client, AGENT + wish(mechanism))) is None


async def test_a_token_needs_the_fast_element_and_a_password_must_not_have_it(
    net: Serving,
) -> None:
    token = await given(net)
    client = await opened(net)
    initial = b"juliet\0" + hashed(token, b"Initiator")
    await client.send(request(NONE, initial, AGENT))
    assert names(await client.receive())[0] == "invalid-mechanism"
    fast_ = f"<fast xmlns='{FAST}'/>"
    await client.send(request("PLAIN", plain("juliet", PASSWORD), AGENT + fast_))
    assert names(await client.receive())[0] == "invalid-mechanism"


@pytest.mark.parametrize(
    "initial", [b"", b"juliet", b"juliet\0short", b"\0" + b"x" * 32, b"\xff\0" + b"x" * 32]
)
async def test_what_is_no_proof_is_malformed(net: Serving, initial: bytes) -> None:
    client = await opened(net)
    await client.send(request(NONE, initial, f"{AGENT}<fast xmlns='{FAST}'/>"))
    assert names(await client.receive())[0] == "malformed-request"


async def test_a_failed_token_leaves_the_password(net: Serving) -> None:
    client = await opened(net)
    with pytest.raises(AuthenticationError, match="not-authorized"):
        await log_in_fast(client, "nonsense", AGENT)
    await log_in(client)


async def test_the_database_does_not_hold_what_logs_in(net: Serving, tmp_path: Path) -> None:
    token = await given(net)
    assert stored(tmp_path)
    assert token.encode() not in stored(tmp_path)


# -- counting --------------------------------------------------------------------------------------


async def test_a_count_is_good_once(net: Serving) -> None:
    token = await given(net)
    await fast(net, token, "count='1'")
    await fast(net, token, "count='5'")
    for replayed in ("1", "4", "5"):
        assert await refusal(net, token, f"count='{replayed}'") == "not-authorized"
    await fast(net, token, "count='6'")


async def test_of_two_logins_with_the_same_count_one_succeeds(net: Serving) -> None:
    token = await given(net)
    outcomes = await asyncio.gather(
        *(fast(net, token, "count='7'") for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["AuthenticationError", "Element"]


@pytest.mark.parametrize(
    "attributes",
    ["count='0'", "count='-1'", "count='x'", "count=''", "count='2147483648'", "invalidate='x'"],
)
async def test_nonsense_in_the_fast_element_is_malformed(net: Serving, attributes: str) -> None:
    token = await given(net)
    assert await refusal(net, token, attributes) == "malformed-request"


# -- renewing --------------------------------------------------------------------------------------


async def test_a_token_that_is_due_is_followed_by_another(renewing: Serving) -> None:
    net = renewing
    first = await given(net)
    second = token_of(await fast(net, first))
    assert second is not None
    assert second != first
    # The client may not have heard of it: the old one is good until the new one is used.
    third = token_of(await fast(net, first))
    assert third is not None
    assert await refusal(net, second) == "not-authorized"
    await fast(net, third)
    assert await refusal(net, first) == "not-authorized"


async def test_a_password_gives_a_new_token_and_leaves_the_one_in_use(net: Serving) -> None:
    first = await given(net)
    await fast(net, first)
    second = await given(net)
    await fast(net, first)
    await fast(net, second)
    assert await refusal(net, first) == "not-authorized"
    assert await rows(net) == 1


async def test_a_token_that_was_never_used_ends_with_the_next(net: Serving) -> None:
    first = await given(net)
    await given(net)
    assert await refusal(net, first) == "not-authorized"


# -- the end ---------------------------------------------------------------------------------------


async def test_a_client_may_invalidate_its_token(renewing: Serving) -> None:
    token = await given(renewing)
    assert token_of(await fast(renewing, token, "invalidate='true'")) is None
    assert await refusal(renewing, token) == "not-authorized"
    assert await rows(renewing) == 0


async def test_a_client_may_trade_its_token_in(net: Serving) -> None:
    token = await given(net)
    other = token_of(await fast(net, token, "invalidate='1'", AGENT + wish()))
    assert other is not None
    assert await refusal(net, token) == "not-authorized"
    await fast(net, other)


async def test_a_token_that_is_over_says_so_and_is_dropped_in_time(net: Serving) -> None:
    token = await given(net)
    await given(net, agent=user_agent(OTHER_AGENT))
    await age(net, expires=1)
    assert await refusal(net, token) == "credentials-expired"
    last = await given(net, agent=user_agent(OTHER_AGENT))
    await net.server.extension(Fast).expire()
    assert await refusal(net, token) == "not-authorized"
    await fast(net, last, inner=user_agent(OTHER_AGENT))
    assert await rows(net) == 1


async def test_a_new_password_ends_all_tokens(net: Serving) -> None:
    tokens = [await given(net), await given(net, agent=user_agent(OTHER_AGENT))]
    accounts = net.server.extension(Accounts)
    _, record = await accounts.record(JULIET)
    await accounts.change_password(record, "another")
    assert await rows(net) == 0
    assert await refusal(net, tokens[0]) == "not-authorized"


async def test_a_disabled_account_has_no_tokens(net: Serving) -> None:
    token = await given(net)
    await net.server.extension(Accounts).disable(
        DisableArguments(jid=JULIET), lambda _done, _of: None
    )
    assert await rows(net) == 0
    assert await refusal(net, token) == "not-authorized"


async def test_a_token_that_fits_does_not_open_a_disabled_account(net: Serving) -> None:
    token = await given(net)
    _, record = await net.server.extension(Accounts).record(JULIET)
    await net.server.store.set_disabled(record.id, "")
    assert await refusal(net, token) == "account-disabled"


async def test_a_deleted_account_has_no_tokens(net: Serving) -> None:
    token = await given(net)
    accounts = net.server.extension(Accounts)
    _, record = await accounts.record(JULIET)
    await accounts.delete(record)
    assert await rows(net) == 0
    assert await refusal(net, token) == "not-authorized"


async def test_a_login_that_began_before_the_password_changed_is_refused(net: Serving) -> None:
    """Whichever way it looked up its credentials, it is over before it has a session."""
    client = await opened(net)
    account = await net.server.accounts.get(parse_bare(JULIET))
    assert account is not None
    account.revoked = float("inf")
    with pytest.raises(AuthenticationError, match="not-authorized"):
        await log_in(client, AGENT + f"<bind xmlns='{BIND}'/>")
    assert net.server.sessions() == []


async def test_where_there_are_no_tokens_none_are_offered(
    tmp_path: Path, authority: Authority
) -> None:
    async with serving(tmp_path, authority, "[extensions.fast]\nenabled = false\n") as net:
        await net.account("juliet")
        client = await opened(net)
        assert client.features is not None
        assert client.features.find(f".//{{{FAST}}}fast") is None
        assert token_of(await log_in(client, AGENT + wish())) is None
        other = await opened(net)
        await other.send(request(NONE, b"juliet\0" + b"x" * 32, f"{AGENT}<fast xmlns='{FAST}'/>"))
        assert names(await other.receive())[0] == "invalid-mechanism"


async def test_a_client_that_may_resume_gets_its_token_too(renewing: Serving) -> None:
    token = await given(renewing)
    client = await opened(renewing)
    bind = f"<bind xmlns='{BIND}'><enable xmlns='{SM}' resume='true'/></bind>"
    success = await log_in_fast(client, token, AGENT + bind)
    next_token = token_of(success)
    enabled = success.find(f".//{{{SM}}}enabled")
    assert enabled is not None
    assert next_token is not None
    await client.abort()
    again = await opened(renewing)
    resume = f"<resume xmlns='{SM}' h='0' previd='{enabled.get('id')}'/>"
    success = await log_in_fast(again, next_token, AGENT + resume)
    assert success.find(f"{{{SM}}}resumed") is not None
    assert token_of(success) is not None
    assert data_of(success)
