"""Profanity, a client for terminals: a conversation with somebody who uses slixmpp.

The certificate is a self-signed one, as `palaver setup` makes it, and the user accepts it.
"""

import datetime
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.interop.conftest import PASSWORD
from tests.interop.person import Person, soon
from tests.interop.profanity import log_in, profanity
from tests.interop.terminal import Terminal
from tests.support.certificates import Authority
from tests.support.config import ServerOptions
from tests.support.server import Server

from palaver.cli import certificates

JULIET, ROMEO = "juliet@localhost", "romeo@localhost"


@pytest.fixture
def server(palaver_command: Path, authority: Authority, tmp_path: Path) -> Iterator[Server]:
    """Give a server with a self-signed certificate and the accounts of Juliet and Romeo."""
    server = Server(
        ServerOptions(), tmp_path / "server", command=palaver_command, authority=authority
    )
    server.prepare()
    now = datetime.datetime.now(datetime.UTC)
    certificates.create("localhost", certificate_of(server), server.directory / "server.key", now)
    with server:
        server.add_accounts([(JULIET, PASSWORD), (ROMEO, PASSWORD)])
        yield server


def certificate_of(server: Server) -> Path:
    return server.directory / "server.crt"


def romeo_at(server: Server) -> Person:
    trust = ssl.create_default_context(cafile=certificate_of(server))
    return Person(server, f"{ROMEO}/orchard", PASSWORD, trust=trust)


async def juliet_logs_in(juliet: Terminal, server: Server, tls: str, *, first: bool) -> None:
    port = {"force": server.ports.starttls, "legacy": server.ports.tls}[tls]
    await log_in(juliet, JULIET, PASSWORD, port=port, tls=tls, first=first)


# What profanity calls legacy is direct TLS (XEP-0368).
@pytest.mark.parametrize("tls", ["force", "legacy"], ids=["STARTTLS", "direct TLS"])
async def test_profanity_befriends_chats_and_gets_what_waited(
    server: Server, tmp_path: Path, tls: str
) -> None:
    home = tmp_path / "home"
    async with romeo_at(server) as romeo:
        await romeo.online()
        async with profanity(home) as juliet:
            await juliet_logs_in(juliet, server, tls, first=True)

            juliet.type(f"/roster add {ROMEO} Romeo")
            await juliet.shows(f"Roster item added: {ROMEO} (Romeo)")
            juliet.type(f"/sub request {ROMEO}")
            assert (await romeo.came("presence_subscribe"))["from"] == JULIET
            romeo.xmpp.send_presence_subscription(JULIET, ptype="subscribed")
            await juliet.shows("++ Romeo (orchard) is online")
            romeo.xmpp.send_presence_subscription(JULIET)
            await juliet.shows(f"Received authorization request from {ROMEO}")
            juliet.type(f"/sub allow {ROMEO}")
            assert (await romeo.came("presence_subscribed"))["from"] == JULIET

            juliet.type(f"/msg {ROMEO} O Romeo, Romeo ❤ <&>")
            heard = await romeo.came("message")
            assert heard["body"] == "O Romeo, Romeo ❤ <&>"
            assert heard["from"].bare == JULIET
            romeo.xmpp.send_message(heard["from"], "I take thee at thy word ❤ <&>", mtype="chat")
            await juliet.shows("Romeo/orchard: I take thee at thy word ❤ <&>")

            juliet.type("/quit")
            await juliet.ended()
        assert (await romeo.came("presence_unavailable"))["from"].bare == JULIET

        romeo.xmpp.send_message(JULIET, "Wilt thou leave me so unsatisfied?", mtype="chat")
        await soon(romeo.xmpp.plugin["xep_0199"].ping())
        async with profanity(home) as juliet:
            await juliet_logs_in(juliet, server, tls, first=False)
            await juliet.shows("/orchard (win 2)")
            juliet.type("/win 2")
            await juliet.shows("Wilt thou leave me so unsatisfied?")
            juliet.type("/quit")
            await juliet.ended()
