"""Attacks on logins in one round trip: SASL2, Bind 2, tokens and inline resumption."""

import uuid
from collections.abc import AsyncIterator
from xml.etree.ElementTree import Element

import pytest
from tests.attacks.bad_input import DECLARATION, STREAM
from tests.attacks.conftest import HOST, PASSWORD
from tests.attacks.raw import Raw, stream_error
from tests.support.client import AuthenticationError, Client, StreamEndedError
from tests.support.sasl2 import (
    AGENT,
    BIND,
    FAST,
    NS,
    OTHER_AGENT,
    SM,
    hashed,
    log_in,
    log_in_fast,
    names,
    request,
    user_agent,
)
from tests.support.scram import plain
from tests.support.server import Server

MECHANISM = "HT-SHA-256-NONE"
WISH = f"<request-token xmlns='{FAST}' mechanism='{MECHANISM}'/>"
BOUND = f"<bind xmlns='{BIND}'><tag>x</tag></bind>"


_opened: list[Client] = []


@pytest.fixture(autouse=True)
async def _hang_up() -> AsyncIterator[None]:
    """Drop the connections that a test leaves."""
    yield
    while _opened:
        await _opened.pop().abort()


async def opened(server: Server, name: str = "alice") -> Client:
    client = await server.client(f"{name}@{HOST}", PASSWORD).open()
    _opened.append(client)
    return client


async def given(server: Server, name: str = "alice", agent: str = AGENT) -> str:
    client = await opened(server, name)
    success = await log_in(client, user_agent(agent) + WISH)
    await client.close()
    token = success.find(f"{{{FAST}}}token")
    assert token is not None
    return token.get("token", "")


async def refused(server: Server, token: str, fast: str = "", name: str = "alice") -> str:
    client = await opened(server, name)
    with pytest.raises(AuthenticationError) as caught:
        await log_in_fast(client, token, user_agent() + BOUND, fast=fast)
    await client.abort()
    return caught.value.condition


async def used(server: Server, token: str, fast: str = "", inner: str = "") -> Element:
    client = await opened(server)
    try:
        return await log_in_fast(client, token, user_agent() + inner, fast=fast)
    finally:
        await client.close()


async def ending(client: Client) -> str | None:
    """Read to the end of the stream; return the error that it ended with."""
    found = None
    try:
        while True:
            found = stream_error(await client.receive()) or found
    except StreamEndedError:
        return found


# -- tokens ----------------------------------------------------------------------------------------


async def test_a_login_that_was_recorded_is_not_good_again(target: Server) -> None:
    token = await given(target)
    initial = b"alice\0" + hashed(token, b"Initiator")
    recorded = request(MECHANISM, initial, f"{user_agent()}<fast xmlns='{FAST}' count='1'/>")
    outcomes = []
    for _ in range(3):
        client = await opened(target)
        await client.send(recorded)
        outcomes.append((await client.receive()).tag.rpartition("}")[2])
        await client.abort()
    assert outcomes == ["success", "failure", "failure"]


async def test_a_token_of_somebody_else_is_worth_nothing(target: Server) -> None:
    token = await given(target)
    assert await refused(target, token, name="bob") == "not-authorized"
    client = await opened(target, "bob")
    client.local = "alice"
    with pytest.raises(AuthenticationError, match="not-authorized"):
        await log_in_fast(client, token, user_agent(OTHER_AGENT))
    await client.abort()


async def test_a_token_ends_when_the_one_after_it_is_used(target: Server) -> None:
    first = await given(target)
    success = await used(target, first, inner=WISH)
    found = success.find(f"{{{FAST}}}token")
    assert found is not None
    await used(target, found.get("token", ""))
    assert await refused(target, first) == "not-authorized"


async def test_a_token_ends_with_the_password_it_was_got_with(target: Server) -> None:
    target.add_accounts([(f"dave@{HOST}", PASSWORD)])
    token = await given(target, "dave")
    target.command("user", "passwd", f"dave@{HOST}", "--password-stdin", stdin="another")
    assert await refused(target, token, name="dave") == "not-authorized"


async def test_tokens_cannot_be_guessed_without_end(target: Server) -> None:
    client = await opened(target)
    for _ in range(3):
        with pytest.raises(AuthenticationError, match="not-authorized"):
            await log_in_fast(client, "guess", user_agent())
    assert await ending(client) == "policy-violation"


async def test_the_answer_does_not_tell_whether_an_account_or_a_token_exists(
    target: Server,
) -> None:
    await given(target)
    answers = {await refused(target, "guess", name=name) for name in ("alice", "bob", "nobody")}
    assert answers == {"not-authorized"}


async def test_a_client_of_many_names_does_not_fill_the_database(tight: Server) -> None:
    """The oldest tokens of an account make room: the first of too many is no good any more."""
    first = await given(tight, "carol", str(uuid.uuid4()))
    kept = await given(tight, "carol", AGENT)
    for _ in range(99):
        await given(tight, "carol", str(uuid.uuid4()))
    client = await opened(tight, "carol")
    await log_in_fast(client, kept, user_agent())
    await client.abort()
    assert await refused(tight, first, name="carol") == "not-authorized"


# -- requests --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "agent",
    [
        "<user-agent id=''/>",
        "<user-agent id='x'/>",
        f"<user-agent id='{AGENT}&#10;'/>",
        f"<user-agent id='{AGENT.replace('4749', '1749')}'/>",
        f"<user-agent id='{'0' * 5000}'/>",
        f"<user-agent id='../../{AGENT}'/>",
    ],
)
async def test_a_user_agent_that_is_none_fails_the_login(target: Server, agent: str) -> None:
    client = await opened(target)
    with pytest.raises(AuthenticationError, match="malformed-request"):
        await log_in(client, agent)
    await log_in(client, BOUND)
    await client.close()


async def test_names_of_a_device_are_text_and_nothing_else(target: Server) -> None:
    client = await opened(target)
    agent = user_agent(software="&lt;b&gt;&amp;'\"", device="x" * 3000)
    await log_in(client, agent + BOUND)
    answer = await client.iq("get", "<list xmlns='urn:xmpp:cam:0'/>")
    found = answer.findall(".//{urn:xmpp:cam:0}software")
    assert "<b>&'\"" in [each.text for each in found]
    assert max(len(each.text or "") for each in answer.iter("{urn:xmpp:cam:0}device")) == 100
    await client.close()


async def test_who_is_logged_in_does_not_log_in_again(target: Server) -> None:
    witness = await opened(target, "bob")
    await log_in(witness, BOUND)
    client = await opened(target)
    again = request("PLAIN", plain("bob", PASSWORD), BOUND)
    await client.send(request("PLAIN", plain("alice", PASSWORD), BOUND) + again)
    assert (await client.receive()).tag == f"{{{NS}}}success"
    assert await ending(client) == "unsupported-stanza-type"
    await witness.barrier()
    await witness.close()


@pytest.mark.parametrize(
    "sent",
    [
        BOUND,
        f"<resume xmlns='{SM}' h='0' previd='x'/>",
        f"<fast xmlns='{FAST}'/>",
        WISH,
        f"<iq type='set' id='b'>{BOUND}</iq>",
        f"<next xmlns='{NS}' task='UPGR-SCRAM-SHA-512'/>",
        f"<success xmlns='{NS}'/>",
    ],
)
async def test_nothing_is_had_without_a_login(target: Server, sent: str) -> None:
    client = await opened(target)
    await client.send(sent)
    answer = await client.receive()
    refused_ = answer.tag in (f"{{{NS}}}failure", f"{{{SM}}}failed")
    assert refused_ or stream_error(answer) == "not-authorized"
    await client.abort()


async def test_a_request_that_is_too_large_ends_the_stream(target: Server) -> None:
    client = await opened(target)
    tag = f"<bind xmlns='{BIND}'><tag>{'x' * 50_000}</tag></bind>"
    await client.send(request("PLAIN", plain("alice", PASSWORD), tag))
    assert await ending(client) == "policy-violation"


async def test_a_request_with_many_children_costs_little(target: Server) -> None:
    client = await opened(target)
    await client.send(request("PLAIN", plain("alice", PASSWORD), "<a xmlns='urn:a'/>" * 480))
    answer = await client.receive()
    assert answer.tag == f"{{{NS}}}success" or stream_error(answer) == "policy-violation"
    await client.abort()


async def test_a_session_of_somebody_else_is_not_resumed(target: Server) -> None:
    victim = await opened(target)
    enable = f"<bind xmlns='{BIND}'><enable xmlns='{SM}' resume='true'/></bind>"
    success = await log_in(victim, user_agent() + enable)
    enabled = success.find(f".//{{{SM}}}enabled")
    assert enabled is not None
    thief = await opened(target, "bob")
    resume = f"<resume xmlns='{SM}' h='0' previd='{enabled.get('id')}'/>"
    success = await log_in(thief, user_agent() + resume + BOUND)
    failed = success.find(f"{{{SM}}}failed")
    assert failed is not None
    assert names(failed) == ["item-not-found"]
    assert "h" not in failed.attrib
    assert thief.jid.startswith("bob@")
    await victim.barrier()
    await victim.close()
    await thief.close()


async def test_the_id_of_somebody_elses_device_ends_no_session_of_theirs(target: Server) -> None:
    victim, thief = await opened(target), await opened(target, "bob")
    await log_in(victim, user_agent() + BOUND)
    await log_in(thief, user_agent() + BOUND)
    await victim.barrier()
    assert victim.jid.rpartition("/")[2] != thief.jid.rpartition("/")[2]
    await victim.close()
    await thief.close()


async def test_nobody_logs_in_before_tls(target: Server) -> None:
    async with await Raw.open(target.address) as raw:
        await raw.send(DECLARATION + STREAM)
        assert NS.encode() not in await raw.read_until(b"</stream:features>")
        raw.received = b""
        await raw.send(request("PLAIN", plain("alice", PASSWORD), BOUND))
        assert b"<encryption-required " in await raw.read_until(b"</failure>", b"</stream:error>")


async def test_what_is_asked_for_is_not_had_with_a_wrong_password(target: Server) -> None:
    victim = await opened(target)
    await log_in(victim, user_agent() + BOUND)
    client = await opened(target)
    client.password = "guess"
    with pytest.raises(AuthenticationError, match="not-authorized"):
        await log_in(client, user_agent() + WISH + BOUND)
    await victim.barrier()
    await victim.close()
    await client.abort()
