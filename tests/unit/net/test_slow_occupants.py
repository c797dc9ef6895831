"""One occupant of a room that does not read, on real connections: nobody else waits for it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client, StreamEndedError
from tests.support.managed import Managed
from tests.unit.net.serving import HOST, Serving, serving

from palaver.kernel.session import Session

ROOM = f"coven@conference.{HOST}"
MUC = "http://jabber.org/protocol/muc"
OWNER = f"{MUC}#owner"
BODY = "x" * 50_000
BODY_TAG = "{jabber:client}body"
PATIENCE = 60.0


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    """Let little wait for each client."""
    async with serving(tmp_path, authority, "[limits]\noutput_bytes = 65536\n") as opened:
        for name in ("romeo", "juliet", "nurse"):
            await opened.account(name)
        yield opened


async def entered(net: Serving, name: str) -> Client:
    client = await net.client(f"{name}@{HOST}/here").connect()
    await client.send(f"<presence to='{ROOM}/{name}'><x xmlns='{MUC}'/></presence>")
    await client.expect(lambda each: each.find("{jabber:client}subject") is not None)
    return client


async def owned(net: Serving) -> Client:
    romeo = await entered(net, "romeo")
    form = "<x xmlns='jabber:x:data' type='submit'/>"
    await romeo.iq("set", f"<query xmlns='{OWNER}'>{form}</query>", to=ROOM)
    return romeo


def session_of(net: Serving, name: str) -> Session | None:
    account = net.server.accounts.loaded(f"{name}@{HOST}")
    return None if account is None else account.sessions.get("here")


async def said(speaker: Client, number: int, *hearers: Client) -> None:
    """Say something; wait until the speaker and the others have heard it."""
    body = f"<body>{number}</body><x xmlns='urn:x'>{BODY}</x>"
    await speaker.send(f"<message to='{ROOM}' type='groupchat'>{body}</message>")
    for each in (speaker, *hearers):
        await heard(each, number)


async def heard(client: Client, number: int) -> None:
    await client.expect(lambda came: came.findtext(BODY_TAG) == str(number))


async def test_an_occupant_that_does_not_read_is_disconnected_and_nobody_waits(
    net: Serving,
) -> None:
    romeo, juliet, nurse = (
        await owned(net),
        await entered(net, "juliet"),
        await entered(net, "nurse"),
    )
    juliet.writer.transport.pause_reading()  # type: ignore[attr-defined]  # of sockets can
    number = 0
    async with asyncio.timeout(PATIENCE):
        while session_of(net, "juliet") is not None:
            number += 1
            await said(romeo, number, nurse)
    await nurse.expect(
        lambda came: came.get("type") == "unavailable" and came.get("from") == f"{ROOM}/juliet"
    )
    await said(romeo, number + 1, nurse)


async def test_the_session_of_a_managed_one_goes_on_when_it_is_back(net: Serving) -> None:
    romeo, client = await owned(net), await net.client(f"juliet@{HOST}/here").connect()
    juliet = Managed(client)
    await juliet.enable()
    await client.send(f"<presence to='{ROOM}/juliet'><x xmlns='{MUC}'/></presence>")
    while (await juliet.next()).find("{jabber:client}subject") is None:
        pass
    nurse = await entered(net, "nurse")
    while (await juliet.next()).get("from") != f"{ROOM}/nurse":
        pass
    session = session_of(net, "juliet")
    assert session is not None
    assert session.outbox is not None
    client.writer.transport.pause_reading()  # type: ignore[attr-defined]  # of sockets can
    number = 0
    async with asyncio.timeout(PATIENCE):
        while not session.outbox.detached:
            number += 1
            await said(romeo, number, nurse)
    number += 1
    await said(romeo, number, nurse)
    await juliet.resume(net.client(f"juliet@{HOST}/here"))
    async with asyncio.timeout(PATIENCE):
        while len(juliet.bodies) < number:
            await juliet.next()
            await juliet.acknowledge()
    assert juliet.bodies == [str(each) for each in range(1, number + 1)]


async def test_one_that_reads_and_acknowledges_nothing_is_disconnected(net: Serving) -> None:
    romeo, client = await owned(net), await net.client(f"juliet@{HOST}/here").connect()
    juliet = Managed(client)
    await juliet.enable()
    await client.send(f"<presence to='{ROOM}/juliet'><x xmlns='{MUC}'/></presence>")
    nurse = await entered(net, "nurse")
    session = session_of(net, "juliet")
    assert session is not None
    assert session.outbox is not None
    number = 0
    async with asyncio.timeout(PATIENCE):
        while not session.outbox.detached:
            number += 1
            await said(romeo, number, nurse)
            with suppress(StreamEndedError):
                await heard(client, number)
