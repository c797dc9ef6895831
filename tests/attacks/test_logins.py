"""Attacks on the login: guessing passwords, finding out who exists, logging in twice."""

import asyncio
import base64
import re
import statistics
import time

import pytest
from tests.attacks.bad_input import DECLARATION, NS_SASL, STREAM
from tests.attacks.conftest import HOST, PASSWORD
from tests.attacks.raw import Raw
from tests.support.client import ClientError
from tests.support.scram import Scram
from tests.support.server import Server


async def secured(server: Server) -> Raw:
    raw = await Raw.open(server.tls_address, server.client(f"x@{HOST}")._trust, HOST)
    await raw.send(DECLARATION + STREAM)
    await raw.read_until(b"</stream:features>")
    raw.received = b""
    return raw


def plain(user: str, password: str) -> str:
    data = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    return f"<auth xmlns='{NS_SASL}' mechanism='PLAIN'>{data}</auth>"


def scram(user: str) -> str:
    data = base64.b64encode(f"n,,n={user},r=fyko+d2lbbFgONRv9qkxdawL".encode()).decode()
    return f"<auth xmlns='{NS_SASL}' mechanism='SCRAM-SHA-256'>{data}</auth>"


async def test_a_connection_has_three_attempts(target: Server) -> None:
    async with await secured(target) as raw:
        for _ in range(3):
            raw.received = b""
            await raw.send(plain("alice", "guess"))
            await raw.read_until(b"</failure>")
        assert b"<policy-violation " in await raw.read_to_end()


async def test_attempts_sent_at_once_count_too(target: Server) -> None:
    async with await secured(target) as raw:
        await raw.send(plain("alice", "guess") * 50 + plain("alice", PASSWORD))
        received = await raw.read_to_end()
        assert received.count(b"</failure>") == 3
        assert b"<success " not in received


async def test_exchanges_that_are_never_finished_count_too(target: Server) -> None:
    async with await secured(target) as raw:
        await raw.send(scram("alice") * 50)
        received = await raw.read_to_end()
        assert received.count(b"<challenge ") <= 4
        assert b"<policy-violation " in received


async def test_the_answer_does_not_tell_whether_an_account_exists(target: Server) -> None:
    answers = []
    for user in ("alice", "nobody"):
        async with await secured(target) as raw:
            await raw.send(plain(user, "guess"))
            answers.append(await raw.read_until(b"</failure>"))
    assert answers[0] == answers[1]


async def test_the_challenge_does_not_tell_whether_an_account_exists(target: Server) -> None:
    """The salt of one that does not exist stays the same, as a real one would."""
    seen: dict[str, set[tuple[int, int, bytes]]] = {"alice": set(), "nobody": set()}
    for user in (*seen, *seen):
        async with await secured(target) as raw:
            await raw.send(scram(user))
            text = (await raw.read_until(b"</challenge>")).partition(b">")[2].partition(b"<")[0]
        found = re.fullmatch(rb"r=(.*),s=(.*),i=(\d+),h=.*", base64.b64decode(text))
        assert found is not None
        seen[user].add((len(found[1]), len(base64.b64decode(found[2])), found[3]))
        seen[user].add((0, 0, found[2]))
    shapes = [{each for each in found if each[0]} for found in seen.values()]
    assert shapes[0] == shapes[1]
    assert [len(found) for found in seen.values()] == [2, 2]


async def test_the_time_does_not_tell_whether_an_account_exists(target: Server) -> None:
    """Interleaved, and by the median: a derivation of keys left out would halve it."""
    times: dict[str, list[float]] = {"alice": [], "nobody": []}
    for _ in range(15):
        for user, taken in times.items():
            async with await secured(target) as raw:
                start = time.perf_counter()
                await raw.send(plain(user, "guess"))
                await raw.read_until(b"</failure>")
                taken.append(time.perf_counter() - start)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.5 < known / unknown < 2


@pytest.mark.parametrize("second", [plain("bob", PASSWORD), scram("bob")])
async def test_who_is_logged_in_does_not_become_another(target: Server, second: str) -> None:
    async with await secured(target) as raw:
        await raw.send(plain("alice", PASSWORD))
        await raw.read_until(b"<success ")
        await raw.send(STREAM + second)
        received = await raw.read_to_end()
        assert b"<unsupported-stanza-type " in received
        assert received.count(b"<success ") == 1


async def test_a_login_during_a_login_waits_for_its_end(target: Server) -> None:
    """Pipelined behind a look-up: the keys of the first account never serve the second."""
    async with await secured(target) as raw:
        await raw.send(plain("alice", "guess") + plain("bob", PASSWORD))
        received = await raw.read_until(b"<success ")
        assert received.startswith(b"<failure ")
    async with await secured(target) as raw:
        await raw.send(plain("alice", PASSWORD) + STREAM + "<iq type='set' id='b'><bind "
                       "xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")  # fmt: skip
        assert b"<jid>alice@" in await raw.read_until(b"</iq>")


async def test_logins_that_are_given_up_leave_the_server_well(target: Server) -> None:
    async def give_up(user: str) -> None:
        async with await secured(target) as raw:
            await raw.send(plain(user, PASSWORD))

    await asyncio.gather(*(give_up(user) for user in ("alice", "bob", "nobody") * 5))
    async with await secured(target) as raw:
        await raw.send(plain("alice", PASSWORD))
        await raw.read_until(b"<success ")


async def test_an_exchange_that_began_with_the_old_password_is_good_for_nothing(
    target: Server,
) -> None:
    """Who knows the old password keeps an exchange open until the password is changed."""
    jid = f"scram-victim@{HOST}"
    target.add_account(jid, PASSWORD)
    thief = await target.client(jid, PASSWORD, security="direct").open()
    exchange = Scram("SCRAM-SHA-256", "scram-victim", PASSWORD)
    first = base64.b64encode(exchange.first()).decode()
    await thief.send(f"<auth xmlns='{NS_SASL}' mechanism='SCRAM-SHA-256'>{first}</auth>")
    challenge = base64.b64decode((await thief.receive()).text or "")
    await asyncio.to_thread(
        target.command, "user", "passwd", jid, "--password-stdin", stdin="another-one\n"
    )
    final = base64.b64encode(exchange.final(challenge)).decode()
    await thief.send(f"<response xmlns='{NS_SASL}'>{final}</response>")
    await thief.receive()
    await thief.start_stream()
    with pytest.raises(ClientError):
        await thief.bind()
    await thief.abort()


@pytest.mark.parametrize("command", [("passwd", "--password-stdin"), ("disable",), ("delete",)])
async def test_who_logged_in_with_an_old_password_cannot_bind_with_it(
    target: Server, command: tuple[str, ...]
) -> None:
    jid = f"{command[0]}-victim@{HOST}"
    target.add_account(jid, PASSWORD)
    thief = target.client(jid, PASSWORD, security="direct", mechanism="PLAIN")
    await thief.open()
    await thief.authenticate()
    name, *options = command
    await asyncio.to_thread(target.command, "user", name, jid, *options, stdin="another-one\n")
    with pytest.raises(ClientError):
        await thief.bind()
    await thief.abort()
