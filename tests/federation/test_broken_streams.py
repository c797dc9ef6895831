"""What becomes of streams that break, and of their stanzas, with servers that count them."""

import asyncio
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.federation.conftest import CAPULET, Domain, StartDomain, error_of, untaken
from tests.federation.peer import FEATURES, Peer, admit, place
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.names import Names

SILENT, UNABLE = "silent.example", "unable.example"
SM = "urn:xmpp:sm:3"
COUNTING = FEATURES.replace("</stream:features>", f"<sm xmlns='{SM}'/></stream:features>")
BOTH = COUNTING.replace(
    "</stream:features>", "<bidi xmlns='urn:xmpp:features:bidi'/></stream:features>"
)
FAILED = f"<failed xmlns='{SM}'/>"
ENABLED = f"<enabled xmlns='{SM}' id='token' resume='true'/>"
MANY = 160  # messages: TLS reads a quarter of a megabyte ahead
SHORT = {"login_timeout": 3.0}


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    return start_domain(
        CAPULET,
        "juliet",
        federation={"retry_after": 0.3, "hold_time": 1.0, "connect_timeout": 600},
        limits=SHORT,
    )


async def write(client: Client, to: str, id_: str, body: str = "Good night") -> None:
    await client.send(f"<message to='{to}' id='{id_}'><body>{body}</body></message>")


async def test_who_does_not_say_whether_a_stream_goes_on_is_given_up(
    start_domain: StartDomain, names: Names, authority: Authority, tmp_path: Path
) -> None:
    """XEP-0198 §5: nothing may be sent before the answer to `<resume/>`; the next begins anew."""
    loop = asyncio.get_running_loop()
    heard: asyncio.Future[bytes] = loop.create_future()
    again: asyncio.Future[bytes] = loop.create_future()
    settings = {"retry_after": 0.3, "hold_time": 600, "connect_timeout": 600}
    verona = start_domain("verona.example", "mercutio", federation=settings, limits=SHORT)

    async def behave(raw: Raw) -> None:
        await admit(raw, SILENT, COUNTING)
        await raw.read_until(b"<enable ", b"<resume ")
        if b"<enable " in raw.received:
            await raw.send(ENABLED)
            message = await raw.read_until(b"</message>")
            if heard.done() and not again.done():
                again.set_result(message)
            return
        answer = await raw.read_to_end()
        if not heard.done():
            heard.set_result(answer)

    async with Peer(SILENT, authority, tmp_path, behave) as peer:
        place(names, peer)
        async with verona.client("mercutio") as mercutio, asyncio.timeout(60):
            await write(mercutio, f"a@{SILENT}", "r1")
            assert b"<connection-timeout " in await heard
            assert b"id='r1'" in await again


async def test_what_a_server_that_does_not_count_after_all_did_not_take_comes_back(
    names: Names, juliet: Client, authority: Authority, tmp_path: Path
) -> None:
    """What it was sent before it said `<failed/>` is known as far as its machine confirmed it."""
    written, told = asyncio.Event(), asyncio.Event()

    async def behave(raw: Raw) -> None:
        await admit(raw, UNABLE, BOTH)
        await raw.read_until(b"<enable ")
        raw.writer.transport.pause_reading()  # type: ignore[attr-defined]  # a Transport of asyncio
        await written.wait()
        await raw.send(FAILED + f"<message from='{UNABLE}' to='{juliet.jid}' id='told'/>")
        await told.wait()

    async with Peer(UNABLE, authority, tmp_path, behave, buffer=4096) as peer:
        place(names, peer)
        for number in range(MANY):
            await write(juliet, f"a@{UNABLE}", str(number), "x" * 5_000)
        await juliet.barrier()
        written.set()
        await juliet.expect(lambda stanza: stanza.get("id") == "told", 20)
        told.set()
        found = await untaken(juliet, MANY)
    assert found == list(range(found[0], MANY))
    assert found[0] < MANY // 2


@pytest.mark.parametrize("says", [ENABLED, ""], ids=["it-counts", "it-says-nothing"])
async def test_who_takes_stanzas_and_hangs_up_each_time_is_not_called_without_end(
    names: Names, juliet: Client, authority: Authority, tmp_path: Path, says: str
) -> None:
    """It is like one that cannot be reached; but the first time may be a mishap."""
    name = f"hasty{len(says)}.example"

    async def behave(raw: Raw) -> None:
        await admit(raw, name, COUNTING)
        await raw.read_until(b"<enable ", b"<resume ")
        await raw.send(says if b"<enable " in raw.received else FAILED)
        await raw.read_until(b"</message>")

    async with Peer(name, authority, tmp_path, behave) as peer:
        place(names, peer)
        await write(juliet, f"a@{name}", "w1")
        error = await juliet.expect(lambda stanza: stanza.get("id") == "w1", 20)
        assert error_of(error) == "remote-server-timeout"
        assert 2 <= peer.connections <= 6
