"""The proxy for files: what two parties send each other through it, and who is kept out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.unit.net.serving import HOST, Serving, serving

from palaver.ext.bytestreams import NS, address
from palaver.jid import parse
from palaver.net.bytestreams import Bytestreams

PROXY = f"proxy.{HOST}"
ROMEO = f"romeo@{HOST}/orchard"
JULIET = f"juliet@{HOST}/balcony"
BIG = 8 * 1024 * 1024
MORE = "[extensions.bytestreams]\nstreams_per_minute = 5\n"


class Party:
    """One end of a stream."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def ask(self, name: str) -> int:
        """Ask for a stream; return SOCKS5's reply."""
        self.writer.write(b"\x05\x01\x00")
        assert await self.reader.readexactly(2) == b"\x05\x00"
        self.writer.write(b"\x05\x01\x00\x03" + bytes((len(name),)) + name.encode() + b"\0\0")
        head = await self.reader.readexactly(5)
        await self.reader.readexactly(head[4] + 2)
        return head[1]


class Proxy:
    """The proxy under test."""

    def __init__(self, opened: Serving, bytestreams: Bytestreams) -> None:
        self.opened = opened
        self.bytestreams = bytestreams
        self._made: list[Party] = []

    async def connect(self) -> Party:
        where = self.opened.address("bytestreams")
        party = Party(*await asyncio.open_connection(*where))
        self._made.append(party)
        return party

    async def hang_up(self) -> None:
        """Close what the test has opened."""
        for party in self._made:
            party.writer.close()
            with suppress(OSError):
                await party.writer.wait_closed()

    async def arrive(self, sid: str = "s1") -> Party:
        party = await self.connect()
        assert await party.ask(address(sid, parse(ROMEO), parse(JULIET))) == 0
        return party


@asynccontextmanager
async def proxy(directory: Path, authority: Authority, more: str = MORE) -> AsyncIterator[Proxy]:
    async with serving(directory, authority, more) as opened:
        bytestreams = Bytestreams(opened.server)
        await opened.listeners.open_proxy(bytestreams)
        for name in ("romeo", "juliet"):
            await opened.account(name)
        at = Proxy(opened, bytestreams)
        try:
            async with asyncio.timeout(60):
                yield at
        finally:
            await at.hang_up()
            await bytestreams.close()


async def activate(client: Client, target: str = JULIET, sid: str = "s1") -> str:
    """Activate a stream; return "result" or the error's condition."""
    activation = f"<query xmlns='{NS}' sid='{sid}'><activate>{target}</activate></query>"
    answer = await client.iq("set", activation, to=PROXY)
    error = answer.find("{jabber:client}error")
    return "result" if error is None else error[0].tag.partition("}")[2]


async def test_clients_are_told_where_to_connect(tmp_path: Path, authority: Authority) -> None:
    async with proxy(tmp_path, authority) as at, at.opened.client(ROMEO) as romeo:
        answer = await romeo.iq("get", f"<query xmlns='{NS}' sid='s1'/>", to=PROXY)
        (host,) = answer.iter(f"{{{NS}}}streamhost")
        port = at.opened.address("bytestreams")[1]
        assert host.attrib == {"jid": PROXY, "host": HOST, "port": str(port)}


async def test_without_a_port_nobody_is_told_of_one(tmp_path: Path, authority: Authority) -> None:
    async with serving(tmp_path, authority) as opened:
        await opened.account("romeo")
        async with opened.client(ROMEO) as romeo:
            answer = await romeo.iq("get", f"<query xmlns='{NS}' sid='s1'/>", to=PROXY)
            error = answer.find("{jabber:client}error")
            assert error is not None
            assert error[0].tag.partition("}")[2] == "not-allowed"


async def test_both_send_as_much_as_they_like_both_ways(
    tmp_path: Path, authority: Authority
) -> None:
    async with proxy(tmp_path, authority) as at, at.opened.client(ROMEO) as romeo:
        one, other = await at.arrive(), await at.arrive()
        assert await activate(romeo) == "result"
        for sender, receiver in ((one, other), (other, one)):
            sent = bytes(range(256)) * (BIG // 256)
            sender.writer.write(sent)
            assert await receiver.reader.readexactly(BIG) == sent
        one.writer.write_eof()
        assert await other.reader.read() == b""
        other.writer.write(b"one more thing")
        other.writer.close()
        assert await one.reader.read() == b"one more thing"
        await at.opened.until(lambda: not at.bytestreams.connections)


async def test_a_slow_receiver_makes_its_sender_wait(tmp_path: Path, authority: Authority) -> None:
    async with proxy(tmp_path, authority) as at, at.opened.client(ROMEO) as romeo:
        one, other = await at.arrive(), await at.arrive()
        assert await activate(romeo) == "result"
        transport = other.writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.pause_reading()
        much = bytes(BIG * 4)
        sending = asyncio.ensure_future(_send(one, much))
        await at.opened.until(lambda: any(each.behind for each in at.bytestreams.connections))
        assert not sending.done()
        transport.resume_reading()
        assert len(await other.reader.readexactly(len(much))) == len(much)
        await sending


async def _send(party: Party, data: bytes) -> None:
    party.writer.write(data)
    await party.writer.drain()


async def test_what_comes_before_the_activation_is_ignored(
    tmp_path: Path, authority: Authority
) -> None:
    async with proxy(tmp_path, authority) as at, at.opened.client(ROMEO) as romeo:
        one, other = await at.arrive(), await at.arrive()
        one.writer.write(b"too early")
        await one.writer.drain()
        await romeo.barrier()
        assert await activate(romeo) == "result"
        one.writer.write(b"in time")
        assert await other.reader.readexactly(7) == b"in time"


async def test_a_third_party_is_refused(tmp_path: Path, authority: Authority) -> None:
    async with proxy(tmp_path, authority) as at:
        await at.arrive()
        await at.arrive()
        late = await at.connect()
        assert await late.ask(address("s1", parse(ROMEO), parse(JULIET))) == 2
        assert await late.reader.read() == b""


@pytest.mark.parametrize("name", ["example.org", "a" * 39, "g" * 40, "192.0.2.1"])
async def test_it_is_no_proxy_to_other_places(
    tmp_path: Path, authority: Authority, name: str
) -> None:
    async with proxy(tmp_path, authority) as at:
        party = await at.connect()
        assert await party.ask(name) == 2
        assert await party.reader.read() == b""


async def test_activation_needs_both_parties(tmp_path: Path, authority: Authority) -> None:
    async with proxy(tmp_path, authority) as at, at.opened.client(ROMEO) as romeo:
        assert await activate(romeo) == "not-authorized"
        await at.arrive()
        assert await activate(romeo) == "not-allowed"
        gone = await at.arrive()
        gone.writer.close()
        await at.opened.until(lambda: len(at.bytestreams.connections) == 1)
        assert await activate(romeo) == "not-allowed"


async def test_only_the_requester_can_activate(tmp_path: Path, authority: Authority) -> None:
    async with proxy(tmp_path, authority) as at, at.opened.client(JULIET) as juliet:
        await at.arrive()
        await at.arrive()
        assert await activate(juliet) == "not-authorized"
        assert await activate(juliet, target=ROMEO) == "not-authorized"


async def test_one_account_cannot_begin_endlessly_many(
    tmp_path: Path, authority: Authority
) -> None:
    async with proxy(tmp_path, authority) as at, at.opened.client(ROMEO) as romeo:
        answers = [await activate(romeo, sid=str(number)) for number in range(6)]
        assert answers == ["not-authorized"] * 5 + ["resource-constraint"]


@pytest.mark.parametrize(
    ("query", "condition"),
    [
        ("<query xmlns='{}'><activate>a@b/c</activate></query>", "bad-request"),
        ("<query xmlns='{}' sid='s'/>", "bad-request"),
        ("<query xmlns='{}' sid='s'><activate>a@@b</activate></query>", "jid-malformed"),
    ],
)
async def test_a_wrong_activation_is_refused(
    tmp_path: Path, authority: Authority, query: str, condition: str
) -> None:
    async with proxy(tmp_path, authority) as at, at.opened.client(ROMEO) as romeo:
        answer = await romeo.iq("set", query.format(NS), to=PROXY)
        error = answer.find("{jabber:client}error")
        assert error is not None
        assert error[0].tag.endswith(condition)


async def test_connections_of_one_address_are_limited(tmp_path: Path, authority: Authority) -> None:
    more = "[limits]\nbytestreams_per_address = 2\n"
    async with proxy(tmp_path, authority, more) as at:
        first = await at.connect()
        await at.connect()
        await at.opened.until(lambda: len(at.bytestreams.connections) == 2)
        third = await at.connect()
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await third.ask("a" * 40)
        first.writer.close()
        await at.opened.until(lambda: len(at.bytestreams.connections) == 1)
        assert await (await at.connect()).ask("a" * 40) == 0


async def test_who_waits_too_long_is_let_go(tmp_path: Path, authority: Authority) -> None:
    async with proxy(tmp_path, authority, "[limits]\nlogin_timeout = 0.01\n") as at:
        party = await at.connect()
        await at.opened.until(lambda: at.bytestreams.connections)
        for each in list(at.bytestreams.connections):
            each.sweep(asyncio.get_running_loop().time() + 1)
        assert await party.reader.read() == b""


async def test_who_reads_nothing_is_let_go(tmp_path: Path, authority: Authority) -> None:
    async with proxy(tmp_path, authority) as at, at.opened.client(ROMEO) as romeo:
        one, other = await at.arrive(), await at.arrive()
        assert await activate(romeo) == "result"
        transport = other.writer.transport
        assert isinstance(transport, asyncio.ReadTransport)
        transport.pause_reading()
        one.writer.write(bytes(BIG * 4))
        await at.opened.until(lambda: any(each.behind for each in at.bytestreams.connections))
        later = asyncio.get_running_loop().time() + 1e6
        for _ in range(2):
            for each in list(at.bytestreams.connections):
                each.sweep(later)
        await at.opened.until(lambda: not at.bytestreams.connections)


async def test_a_network_counts_as_one_address(tmp_path: Path, authority: Authority) -> None:
    """Whoever has IPv6 has as many addresses as they like."""
    async with proxy(tmp_path, authority, "[limits]\nbytestreams_per_address = 2\n") as at:
        made = [at.bytestreams.connection() for _ in range(3)]
        for number, each in enumerate(made):
            each.peer = f"2001:db8::{number}"
        assert [at.bytestreams.admit(each) for each in made] == [True, True, False]
        for each in made:
            at.bytestreams.gone(each)
        assert at.bytestreams.admit(made[0])
        at.bytestreams.gone(made[0])
