"""Bad input of every kind gets the answer of RFC 6120 §4.9, §8.3 and §11, and harms nobody."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Iterator
from xml.etree.ElementTree import Element, tostring

import psutil
import pytest
import pytest_asyncio
from tests.attacks import bad_input
from tests.attacks.bad_input import DECLARATION, HOST, NS_SASL, OWN, PEER, ROWS, STREAM, Row
from tests.attacks.raw import Raw, stream_error
from tests.support.client import Client, StreamEndedError
from tests.support.server import Server
from tests.support.xmlstream import STANZAS

in_one_loop = pytest.mark.asyncio(loop_scope="module")

PASSWORD = "pw"
LEAKS = re.compile(
    r"Traceback|File \"|line \d+|palaver\.|\.py\b|site-packages|sqlite|sqlalchemy"
    r"|0x[0-9a-f]{6}|/home|/usr"
)
ROUNDS = 2
GROWTH = 16 << 20
"""Bytes that the server's memory may grow in the rounds after the first: some 30 KB a row, half of
what one TLS connection that is not given up would take."""


@pytest.fixture(scope="module")
def server(shared_server: Server) -> Iterator[Server]:
    accounts = [address.partition("/")[0] for address in (OWN, PEER)]
    shared_server.add_accounts([(account, PASSWORD) for account in accounts])
    errors = len(shared_server.errors())
    yield shared_server
    assert shared_server.errors()[errors:] == [], "bad input is nothing to log as an error"


class Ground:
    """The server with a witness that keeps talking, and a session for rows that leave it open."""

    def __init__(self, server: Server, witness: Client) -> None:
        self.server = server
        self.witness = witness
        self.session: Client | None = None

    def client(self) -> Client:
        return self.server.client(OWN, PASSWORD, security="direct", mechanism="PLAIN")

    async def bound(self) -> Client:
        if self.session is None or self.session.ended:
            self.session = await self.client().connect()
        return self.session

    async def check_witness(self) -> None:
        """Check that another user's session works, and that nothing reached it."""
        answer = await self.witness.iq("get", bad_input.PING, to=HOST)
        assert answer.get("type") == "result"
        assert [tostring(each) for each in self.witness.inbox] == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ground(server: Server) -> AsyncIterator[Ground]:
    witness = await server.client(PEER, PASSWORD, security="direct", mechanism="PLAIN").connect()
    ground = Ground(server, witness)
    yield ground
    if ground.session is not None:
        await ground.session.abort()
    await witness.close()


@in_one_loop
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_bad_input_gets_its_answer(row: Row, ground: Ground) -> None:
    await play(row, ground)
    await ground.check_witness()


@in_one_loop
async def test_nothing_of_bad_input_stays_in_memory(ground: Ground) -> None:
    process = psutil.Process(ground.server.pid)
    await play_all(ground)
    before = process.memory_info().rss
    for _ in range(ROUNDS):
        await play_all(ground)
    await ground.check_witness()
    growth = process.memory_info().rss - before
    await expect_metric(ground.server, "palaver_connections", 2)  # the witness and the session
    await expect_metric(ground.server, "palaver_sessions", 2)
    assert growth < GROWTH


def test_the_table_is_large_and_its_names_are_its_own() -> None:
    assert len(ROWS) >= 120
    assert len({row.name for row in ROWS}) == len(ROWS)


async def play_all(ground: Ground) -> None:
    for row in ROWS:
        await play(row, ground, patient=False)


async def play(row: Row, ground: Ground, *, patient: bool = True) -> None:
    """Send a row and check the answer; ``patient``: wait until the server closes a connection."""
    if row.where == "bound":
        await play_bound(row, await ground.bound())
    elif row.where == "login":
        await play_login(row, ground.client())
    else:
        await play_raw(row, ground.server, patient=patient)


async def play_raw(row: Row, server: Server, *, patient: bool) -> None:
    secure = row.where == "tls"
    address = server.tls_address if secure else server.address
    trust = server.client(OWN)._trust if secure else None
    async with await Raw.open(address, trust, HOST) as raw:
        if row.where != "opening":
            await raw.send(DECLARATION + STREAM)
            await raw.read_until(b"</stream:features>")
        await raw.send(row.data)
        if row.ends:
            await (raw.read_to_end() if patient else raw.read_until(b"</stream:stream>"))
            assert raw.received.endswith(b"</stream:stream>"), raw.received
            check_end(row, [each for each in raw.elements() if isinstance(each, Element)])
            return
        await raw.read_until(b"</failure>")
        element = raw.elements()[-1]
        assert isinstance(element, Element)
        check_failure(row, element)
        right = base64.b64encode(f"\0mallory\0{PASSWORD}".encode()).decode()
        if secure:
            await raw.send(f"<auth xmlns='{NS_SASL}' mechanism='PLAIN'>{right}</auth>")
            await raw.read_until(b"<success ")


async def play_login(row: Row, client: Client) -> None:
    await client.open()
    await client.authenticate()
    await client.send(row.data)
    if row.ends:
        check_end(row, await everything(client))
    else:
        _, *expected = row.answer.split()
        check_stanza_error(row, await client.receive(), expected)
        client.resource = "good"
        await client.bind()
    await client.abort()


async def play_bound(row: Row, client: Client) -> None:
    try:
        await client.send(row.data)
    except ConnectionError:
        assert row.ends
    if row.ends:
        check_end(row, await everything(client))
        await client.abort()
        return
    if row.answer != "silence":
        _, *expected = row.answer.split()
        check_stanza_error(row, await client.receive(), expected)
    assert [tostring(each) for each in await client.drain()] == []


async def expect_metric(server: Server, name: str, value: int) -> None:
    """Wait until the server's metrics say so."""
    found = ""
    for _ in range(100):
        async with await Raw.open(("127.0.0.1", server.ports.metrics)) as raw:
            await raw.send("GET /metrics HTTP/1.0\r\n\r\n")
            found = (await raw.read_to_end()).decode()
        if f"\n{name} {float(value)}\n" in found:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{name} is not {value}:\n{found}")


async def everything(client: Client) -> list[Element]:
    """Read to the end of the connection."""
    found: list[Element] = []
    try:
        async with asyncio.timeout(10):
            while True:
                found.append(await client.receive())
    except StreamEndedError:
        return found


def check_end(row: Row, elements: list[Element]) -> None:
    check_leaks(*elements)
    kind, *expected = row.answer.split()
    errors = [condition for each in elements if (condition := stream_error(each)) is not None]
    if kind == "failure":
        assert elements[-1].tag == f"{{{bad_input.NS_TLS}}}failure"
    assert errors == expected


def check_failure(row: Row, element: Element) -> None:
    check_leaks(element)
    assert element.tag == f"{{{NS_SASL}}}failure"
    assert element[0].tag == f"{{{NS_SASL}}}{row.answer.split()[1]}"


def check_stanza_error(row: Row, stanza: Element, expected: list[str]) -> None:
    check_leaks(stanza)
    assert stanza.get("type") == "error", tostring(stanza)
    error = stanza.find("{jabber:client}error")
    assert error is not None
    condition = error[0].tag.removeprefix(f"{{{STANZAS}}}")
    assert [error.get("type"), condition] == expected, tostring(stanza)
    if b"id=''" not in row.data and b"id='" in row.data:
        assert stanza.get("id"), "the answer has the id of the request"


def check_leaks(*elements: Element) -> None:
    for element in elements:
        assert not LEAKS.search(tostring(element, "unicode")), tostring(element)
