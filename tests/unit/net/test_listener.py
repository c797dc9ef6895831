"""Listeners: both kinds of port, what they cannot open, whom they refuse."""

import asyncio
import socket
import ssl
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.support.certificates import Authority
from tests.unit.net.serving import HOST, Serving, serving

from palaver.kernel.endpoint import Endpoint
from palaver.net.listener import ListenError, Listeners, bind

HEADER = (
    f"<stream:stream to='{HOST}' version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>"
)


def test_a_port_is_bound_on_ipv4() -> None:
    with bind(Endpoint("127.0.0.1", 0)) as sock:
        assert sock.family == socket.AF_INET


def test_a_port_is_bound_on_ipv6_alone_unless_all_are_asked_for() -> None:
    if not socket.has_ipv6:
        return
    with bind(Endpoint("::1", 0)) as sock:
        assert sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY) == 1
    with bind(Endpoint("::", 0)) as sock:
        assert sock.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY) == 0


def test_a_port_in_use_is_told() -> None:
    with bind(Endpoint("127.0.0.1", 0)) as sock:
        sock.listen()
        port = sock.getsockname()[1]
        with pytest.raises(ListenError, match=rf"cannot listen on 127\.0\.0\.1:{port}: Address"):
            bind(Endpoint("127.0.0.1", port))


def test_an_address_that_is_not_ours_is_told() -> None:
    with pytest.raises(ListenError, match=r"192\.0\.2\.1"):
        bind(Endpoint("192.0.2.1", 0))


async def test_both_ports_speak_what_they_say(net: Serving) -> None:
    assert [kind for kind, _, _ in net.listeners.addresses] == ["starttls", "tls"]
    for kind, trust in (("starttls", None), ("tls", net.trust)):
        async with await Raw.open(net.address(kind), trust, HOST) as raw:
            await raw.send(HEADER)
            features = await raw.read_until(b"</stream:features>")
            assert (b"<starttls " in features) == (kind == "starttls")
            assert (b"<mechanism>" in features) == (kind == "tls")


async def test_answers_are_not_held_back_by_the_system(net: Serving) -> None:
    """Small packets leave at once (Nagle's algorithm is off)."""
    for kind, trust in (("starttls", None), ("tls", net.trust)):
        async with await Raw.open(net.address(kind), trust, HOST):
            await net.until(lambda: net.clients.connections)
            (connection,) = net.clients.connections
            sock = connection._transport.get_extra_info("socket")
            assert sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        await net.until(lambda: not net.clients.connections)


async def test_when_one_socket_cannot_be_opened_none_stays_open(
    tmp_path: Path, authority: Authority
) -> None:
    with bind(Endpoint("127.0.0.1", 0)) as taken:
        taken.listen()
        port = taken.getsockname()[1]
        with bind(Endpoint("127.0.0.1", 0)) as sock:
            free = sock.getsockname()[1]
        async with serving(tmp_path, authority) as net:
            settings = net.server.settings
            listen = settings.listen.model_copy(
                update={
                    "starttls": (Endpoint("127.0.0.1", free),),
                    "tls": (Endpoint("127.0.0.1", port),),
                }
            )
            net.server.settings = settings.model_copy(update={"listen": listen})
            listeners = Listeners(net.clients, net.components)
            with pytest.raises(ListenError):
                await listeners.open()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", free)


async def test_after_closing_nobody_is_taken(net: Serving) -> None:
    addresses = [net.address(kind) for kind in ("starttls", "tls")]
    net.listeners.close()
    for address in addresses:
        with pytest.raises(OSError, match=r"Connect|refused|reset"):
            await Raw.open(address)


async def test_a_connection_that_does_not_begin_tls_is_counted(
    tmp_path: Path, authority: Authority
) -> None:
    more = "[limits]\nconnections_per_address = 3\nhandshake_timeout = 1.0\n"
    async with serving(tmp_path, authority, more) as net:
        idle = [await Raw.open(net.address("tls")) for _ in range(3)]
        await net.until(lambda: net.clients._strangers["127.0.0.1"] == 3)
        with pytest.raises(OSError):  # noqa: PT011 - whichever the system tells
            await Raw.open(net.address("tls"), net.trust, HOST)
        for raw in idle:
            raw.writer.transport.abort()
        await net.until(lambda: not net.clients._strangers)
        async with await Raw.open(net.address("tls"), net.trust, HOST):
            await net.until(lambda: net.clients.connections)
        await net.until(lambda: not net.clients._strangers)


async def test_a_handshake_that_stops_half_way_is_ended(
    tmp_path: Path, authority: Authority
) -> None:
    more = "[limits]\nhandshake_timeout = 0.2\n"
    async with serving(tmp_path, authority, more) as net:
        hello = ssl.MemoryBIO()
        tls = net.trust.wrap_bio(ssl.MemoryBIO(), hello, server_hostname=HOST)
        with pytest.raises(ssl.SSLWantReadError):
            tls.do_handshake()
        async with await Raw.open(net.address("tls")) as raw:
            await raw.send(hello.read()[:100])
            await raw.read_to_end()
        await net.until(lambda: not net.clients._strangers)
        assert not net.clients.connections
