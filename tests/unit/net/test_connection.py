"""A client's connection: order, back-pressure, limits of time and memory, orderly ends."""

import asyncio
from pathlib import Path
from socket import SO_RCVBUF, SOL_SOCKET
from xml.etree.ElementTree import Element

import pytest
from tests.attacks.raw import Raw, stream_error
from tests.support.certificates import Authority
from tests.support.client import Client, StreamEndedError
from tests.unit.net.serving import HOST, Serving, serving

from palaver.kernel.answering import Answering
from palaver.kernel.session import Session
from palaver.net.connection import ClientConnection
from palaver.net.traffic import hard_limit
from palaver.wire.errors import StreamError

HEADER = (
    f"<stream:stream to='{HOST}' version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>"
)
PING = "<iq type='get' id='{}' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>"
BIG = "x" * 60_000


def session_of(net: Serving, client: Client) -> Session:
    return next(s for s in net.server.sessions() if s.jid == client.jid)


def connection_of(net: Serving, client: Client) -> ClientConnection:
    wire = session_of(net, client).wire
    assert isinstance(wire, ClientConnection)
    return wire


async def pair(net: Serving) -> tuple[Client, Client]:
    romeo = await net.client("romeo@capulet.example/orchard").connect()
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    return romeo, juliet


async def condition(client: Client) -> str | None:
    """Read to the end of the stream; return the error that it ended with."""
    found = None
    try:
        async with asyncio.timeout(10):
            while True:
                found = stream_error(await client.receive()) or found
    except StreamEndedError:
        return found


def stop_reading(client: Client) -> None:
    """Let the client read nothing; what the system takes for it is some megabytes."""
    client.writer.transport.pause_reading()  # type: ignore[attr-defined]  # of sockets can


def go_on_reading(client: Client) -> None:
    client.writer.transport.resume_reading()  # type: ignore[attr-defined]


# -- order -----------------------------------------------------------------------------------------


async def test_stanzas_arrive_in_the_order_in_which_they_were_sent(net: Serving) -> None:
    romeo, juliet = await pair(net)
    for number in range(200):
        await romeo.send(f"<message to='{juliet.jid}' id='{number}'><body>a</body></message>")
    await juliet.barrier_from(romeo)
    assert [stanza.get("id") for stanza in juliet.inbox] == [str(n) for n in range(200)]


async def test_stanzas_in_the_packet_that_binds_are_handled_in_order(net: Serving) -> None:
    juliet = await net.client("juliet@capulet.example/balcony").open()
    await juliet.authenticate()
    bind = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
    await juliet.send(bind + PING.format(1) + PING.format(2))
    assert [(await juliet.receive()).get("id") for _ in range(3)] == ["b", "1", "2"]


async def test_nothing_behind_the_end_is_handled(net: Serving) -> None:
    romeo, juliet = await pair(net)
    body = f"<message to='{juliet.jid}'><body>a</body></message>"
    await romeo.send(body + "</stream:stream>" + body)
    assert await condition(romeo) is None
    assert len(await juliet.barrier()) == 1


@pytest.mark.parametrize("direct", [True, False])
async def test_a_session_ends_with_its_connection(net: Serving, direct: bool) -> None:
    juliet = await net.client("juliet@capulet.example/balcony", direct=direct).connect()
    session = session_of(net, juliet)
    assert session.wire.secure
    assert session.wire.peer == "127.0.0.1"
    await juliet.abort()
    await net.until(lambda: not net.clients.connections)
    assert session.closed
    assert net.server.sessions() == []


async def test_the_server_ends_a_stream_with_an_error(net: Serving) -> None:
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    session = session_of(net, juliet)
    session.wire.end(StreamError("conflict"))
    session.wire.end(StreamError("reset"))
    session.wire.write(b"<presence/>")
    assert session.closed
    assert await condition(juliet) == "conflict"
    await net.until(lambda: not net.clients.connections)


# -- back-pressure ---------------------------------------------------------------------------------


@pytest.fixture
async def small(tmp_path: Path, authority: Authority):
    async with serving(tmp_path, authority, "[limits]\noutput_bytes = 65536\n") as net:
        for name in ("romeo", "juliet", "nurse"):
            await net.account(name)
        yield net


async def test_who_writes_to_a_client_that_does_not_read_is_paused(small: Serving) -> None:
    net = small
    romeo, juliet = await pair(net)
    nurse = await net.client("nurse@capulet.example/hall").connect()
    writer, reader = connection_of(net, romeo), connection_of(net, juliet)
    stop_reading(juliet)
    message = f"<message to='{juliet.jid}'><body>{BIG}</body></message>".encode()
    sent = 0
    while not reader.waiters:
        romeo.writer.write(message)
        sent += 1
        await asyncio.sleep(0)
        assert sent < 2_000
    assert reader.congested
    assert writer._blockers == {reader}
    held = reader._transport.get_write_buffer_size()
    assert held < hard_limit(net.clients.traffic.soft_limit)
    await nurse.iq("get", "<ping xmlns='urn:xmpp:ping'/>", to=HOST)  # others go on
    go_on_reading(juliet)
    for _ in range(sent):
        await juliet.receive()
    await net.until(lambda: not writer._blockers)
    await romeo.barrier()


async def test_a_writer_is_let_go_when_the_reader_goes(small: Serving) -> None:
    net = small
    romeo, juliet = await pair(net)
    writer, reader = connection_of(net, romeo), connection_of(net, juliet)
    stop_reading(juliet)
    message = f"<message to='{juliet.jid}'><body>{BIG}</body></message>".encode()
    while not reader.waiters:
        romeo.writer.write(message)
        await asyncio.sleep(0)
    await juliet.abort()
    await net.until(lambda: reader not in net.clients.connections)
    assert writer._blockers == set()
    answer = await romeo.iq("get", "<ping xmlns='urn:xmpp:ping'/>", to=HOST)
    assert answer.get("type") == "result"


async def test_a_connection_never_waits_for_itself(net: Serving) -> None:
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    connection = connection_of(net, juliet)
    connection.wait_for(connection)
    assert connection._blockers == set()


async def test_a_client_that_does_not_read_its_own_answers_is_not_read(small: Serving) -> None:
    net = small
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    connection = connection_of(net, juliet)
    stop_reading(juliet)
    message = f"<message to='{juliet.jid}'><body>{BIG}</body></message>".encode()
    most = 0
    for _ in range(5_000):
        if connection.congested and connection._blockers:
            break
        juliet.writer.write(message)
        await asyncio.sleep(0)
        most = max(most, connection._transport.get_write_buffer_size())
    assert not connection._transport.is_reading()
    assert most < hard_limit(net.clients.traffic.soft_limit)
    connection.sweep(connection.stuck_since + 61)  # it has been so for a minute
    await net.until(lambda: connection not in net.clients.connections)
    assert net.server.sessions() == []


async def test_answers_that_are_read_late_all_arrive(small: Serving) -> None:
    net = small
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    connection = connection_of(net, juliet)
    stop_reading(juliet)
    count = 400
    for number in range(count):
        message = f"<message id='{number}' to='{juliet.jid}'><body>{BIG}</body></message>"
        juliet.writer.write(message.encode())
    await net.until(lambda: connection.congested and bool(connection._blockers))
    go_on_reading(juliet)
    for number in range(count):
        stanza = await juliet.receive()
        assert stanza.get("id") == str(number)


async def test_a_long_chunk_lets_others_in_between(
    net: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("palaver.net.connection._SLICE", 0.0)
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    count = 500
    juliet.writer.write(b"".join(PING.format(number).encode() for number in range(count)))
    for number in range(count):
        assert (await juliet.receive()).get("id") == str(number)
    assert connection_of(net, juliet)._transport.is_reading()


async def test_requests_that_wait_for_a_slow_one_are_not_read_without_bound(net: Serving) -> None:
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    connection, session = connection_of(net, juliet), session_of(net, juliet)
    session.waiting = []  # a request is being worked on
    count = 2_000
    for number in range(count):
        juliet.writer.write(PING.format(number).encode())
    await net.until(lambda: connection._blockers)
    assert len(session.waiting) > 0
    assert not connection._transport.is_reading()
    while session.waiting is not None:
        Answering._go_on(session)
        assert session.waiting is None
    answers = [(await juliet.receive()).get("id") for _ in range(count)]
    assert answers == [str(number) for number in range(count)]
    assert connection._blockers == set()


async def test_connections_held_back_for_the_log_are_let_go_together(net: Serving) -> None:
    romeo, juliet = await pair(net)
    held = [connection_of(net, client) for client in (romeo, juliet)]
    for connection in (*held, *held):
        net.clients.traffic.hold_back(connection)
    assert not any(connection._transport.is_reading() for connection in held)
    net.clients.traffic._let_go()
    for client in (romeo, juliet):
        await client.barrier()


async def test_who_is_held_for_two_reasons_waits_for_both(net: Serving) -> None:
    romeo, _ = await pair(net)
    connection = connection_of(net, romeo)
    earlier, later = connection.hold(), connection.hold()
    earlier()
    earlier()
    assert not connection._transport.is_reading()
    later()
    await romeo.barrier()


# -- time ------------------------------------------------------------------------------------------


async def test_who_does_not_log_in_in_time_is_disconnected(net: Serving) -> None:
    async with await Raw.open(net.address("starttls")) as raw:
        await raw.send(HEADER)
        await raw.read_until(b"</stream:features>")
        (connection,) = net.clients.connections
        connection.sweep(connection.deadline - 1)
        assert not connection._discarding
        connection.sweep(connection.deadline + 1)
        assert b"<connection-timeout " in await raw.read_to_end()
    await net.until(lambda: not net.clients.connections)


async def test_who_is_silent_too_long_is_disconnected(net: Serving) -> None:
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    connection = connection_of(net, juliet)
    now = asyncio.get_running_loop().time()
    idle = net.clients.idle_timeout
    connection.sweep(now)
    connection.sweep(now + idle - 1)
    await juliet.barrier()
    connection.sweep(now + idle)
    connection.sweep(now + 2 * idle - 1)
    await juliet.send(" ")  # a keep-alive counts
    await net.until(lambda: connection.heard)
    connection.sweep(now + 2 * idle)
    assert session_of(net, juliet)
    connection.sweep(now + 3 * idle + 1)
    assert await condition(juliet) == "connection-timeout"


async def test_an_idle_connection_gives_up_its_parser(net: Serving) -> None:
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    await juliet.barrier()
    connection = connection_of(net, juliet)
    now = asyncio.get_running_loop().time()
    connection.sweep(now)
    connection.sweep(now + 5)
    assert connection._stream._scanner._parser is None
    await juliet.barrier()


async def test_a_client_that_stays_stuck_is_disconnected(small: Serving) -> None:
    net = small
    romeo, juliet = await pair(net)
    reader = connection_of(net, juliet)
    stop_reading(juliet)
    message = f"<message to='{juliet.jid}'><body>{BIG}</body></message>".encode()
    while not reader.congested:
        romeo.writer.write(message)
        await asyncio.sleep(0)
    reader.sweep(reader.stuck_since + 59)
    assert reader in net.clients.connections
    reader.sweep(reader.stuck_since + 61)
    await net.until(lambda: reader not in net.clients.connections)


async def test_a_stream_that_is_over_does_not_stay_because_its_end_is_not_read(
    net: Serving,
) -> None:
    romeo, juliet = await pair(net)
    reader = connection_of(net, juliet)
    stop_reading(juliet)
    message = f"<message to='{juliet.jid}'><body>{BIG}</body></message>".encode()
    while not reader._transport.get_write_buffer_size():
        romeo.writer.write(message)
        await asyncio.sleep(0)
    reader.end(None)
    reader.sweep(reader.deadline - 1)
    assert reader in net.clients.connections
    reader.sweep(reader.deadline + 1)
    await net.until(lambda: reader not in net.clients.connections)


# -- TLS in the middle -----------------------------------------------------------------------------


async def test_a_client_that_goes_at_starttls_leaves_nothing(net: Serving) -> None:
    tasks = len(net.server._tasks)
    starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
    for wait in (False, True):
        for _ in range(20):
            async with await Raw.open(net.address("starttls")) as raw:
                await raw.send(HEADER + starttls)
                if wait:
                    await raw.read_until(b"<proceed ")
                    await raw.send(b"\x16\x03\x01")
    await net.until(lambda: not net.clients.connections)
    await net.until(lambda: len(net.server._tasks) == tasks)
    assert not net.clients._strangers


async def test_what_comes_after_proceed_in_clear_is_not_read(net: Serving) -> None:
    async with await Raw.open(net.address("starttls")) as raw:
        await raw.send(HEADER + "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
        await raw.read_until(b"<proceed ")
        before = len(raw.received)
        await raw.send(HEADER)
        rest = (await raw.read_to_end())[before:].partition(b"/>")[2]
        assert b"<" not in rest
    await net.until(lambda: not net.clients.connections)


def test_the_element_of_a_stream_error_is_recognised() -> None:
    assert stream_error(Element("a")) is None


async def test_large_offline_messages_wait_for_a_client_that_reads_slowly(
    tmp_path: Path, authority: Authority
) -> None:
    async with serving(tmp_path, authority, "[limits]\noutput_bytes = 65536\n") as net:
        for name in ("juliet", "romeo"):
            await net.account(name)
        romeo = await net.client(f"romeo@{HOST}/orchard").connect()
        for number in range(60):
            await romeo.send(
                f"<message to='juliet@{HOST}'><body>{number} {'x' * 250_000}</body></message>"
            )
        await romeo.ping(HOST)
        juliet = await net.client(f"juliet@{HOST}/balcony").connect()
        (session,) = (s for s in net.server.sessions() if s.jid == juliet.jid)
        stop_reading(juliet)
        juliet.writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_RCVBUF, 65_536)
        await juliet.send("<presence/>")
        await net.until(lambda: not session.wire.drained)
        assert await net.server.log.count_pending(session.account.id) > 0
        go_on_reading(juliet)
        got: list[int] = []
        while len(got) < 60:
            stanza = await juliet.expect(lambda each: each.tag == "{jabber:client}message")
            got.append(int((stanza[0].text or "").split()[0]))
        assert got == list(range(60))
