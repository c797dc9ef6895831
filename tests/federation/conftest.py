"""Servers that speak to each other, with a DNS of their own."""

import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client, Security
from tests.support.config import HostOptions, ServerOptions
from tests.support.names import Names
from tests.support.ports import free_ports
from tests.support.server import Server

PASSWORD = "wherefore"
CAPULET = "capulet.example"
MONTAGUE = "montague.example"
MALLORY = "mallory.example"  # an attacker's


@dataclass(frozen=True, slots=True)
class Domain:
    """A server of one domain, and where other servers find it."""

    name: str
    server: Server
    port: int
    direct_port: int

    def client(self, name: str, resource: str = "here", *, host: str = "") -> Client:
        """Make a client of the domain, or of another one of the same server."""
        jid = f"{name}@{host or self.name}/{resource}"
        security: Security = "plain" if host else "starttls"
        return self.server.client(jid, PASSWORD, security=security)


def error_of(stanza: Element) -> str:
    """Return the condition of an error stanza; empty for any other."""
    error = stanza.find("{jabber:client}error")
    return "" if error is None else error[0].tag.rpartition("}")[2]


def is_new_message(stanza: Element) -> bool:
    """Tell whether it is a message that did not wait: what earlier tests sent may come back."""
    return stanza.tag == "{jabber:client}message" and stanza.find("{urn:xmpp:delay}delay") is None


async def send(client: Client, to: str, id_: str) -> None:
    """Send a message that says its id."""
    await client.send(f"<message to='{to}' id='{id_}'><body>{id_}</body></message>")


async def answer(client: Client, id_: str, seconds: float = 60) -> str:
    """Give the condition of the error that comes back for a stanza."""
    return error_of(await client.expect(lambda stanza: stanza.get("id") == id_, seconds))


async def returned(client: Client, to: str, id_: str = "m") -> str:
    """Send a message, and give the condition of the error that comes back."""
    await send(client, to, id_)
    return await answer(client, id_)


async def untaken(client: Client, count: int) -> list[int]:
    """Give the numbers of messages "0", "1" and so on that come back, until the last one."""
    found: list[int] = []
    while count - 1 not in found:
        error = await client.expect(lambda stanza: stanza.get("type") == "error", 60)
        assert error_of(error) == "remote-server-timeout"
        found.append(int(error.get("id") or ""))
    return found


async def numbers(client: Client, count: int, seconds: float = 60) -> list[int]:
    """Give the numbers of messages "n0", "n1" and so on as they come, until the last one.

    ``seconds`` is how long each may take.
    """
    found: list[int] = []
    while count - 1 not in found:
        message = await client.expect(
            lambda stanza: (stanza.get("id") or "").startswith("n"), seconds
        )
        found.append(int((message.get("id") or "")[1:]))
    return found


StartDomain = Callable[..., Domain]


@pytest.fixture(scope="module")
def names() -> Iterator[Names]:
    with Names() as names:
        yield names


@pytest.fixture(scope="module")
def start_domain(
    names: Names,
    palaver_command: Path,
    authority: Authority,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[StartDomain]:
    """Give a function that starts the server of a domain; all are stopped at the end."""
    with ExitStack() as stack:

        def start(
            name: str,
            *accounts: str,
            listed: bool = True,
            signed_by: Authority = authority,
            federation: dict[str, Any] | None = None,
            others: dict[str, dict[str, str]] | None = None,
            listen: dict[str, list[str]] | None = None,
            **settings: Any,
        ) -> Domain:
            directory = tmp_path_factory.mktemp(name)
            port, direct_port = free_ports(2)
            options = ServerOptions(
                hosts={each: HostOptions() for each in {name: 0, **(others or {})}},
                settings={
                    "listen": {
                        "servers": [f"127.0.0.1:{port}"],
                        "servers_tls": [f"127.0.0.1:{direct_port}"],
                        **(listen or {}),
                    },
                    "federation": {
                        "enabled": True,
                        "ca": str(authority.publish(directory)),
                        "nameservers": [names.address],
                        "this_machine": True,
                        **(federation or {}),
                    },
                    "hosts": others or {},
                    "sasl": {"plain_without_tls": True},
                    **settings,
                },
            )
            server = Server(options, directory, command=palaver_command, authority=signed_by)
            stack.enter_context(server)
            if listed:
                for each in (name, f"conference.{name}", f"pubsub.{name}", *(others or ())):
                    names.service(each, port)
            server.add_accounts(
                (f"{account}@{host}", PASSWORD)
                for account in accounts
                for host in {name: 0, **(others or {})}
            )
            return Domain(name, server, port, direct_port)

        yield start


@pytest.fixture
async def juliet(capulet: Domain) -> AsyncIterator[Client]:
    """Connect a client to the server that a test calls capulet."""
    async with capulet.client("juliet") as client:
        await client.send("<presence/>")
        yield client


@pytest.fixture(scope="module")
def trust(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Give what mallory has: a good certificate for a domain of its own."""
    issued = authority.issue([MALLORY], tmp_path_factory.mktemp("mallory"))
    issued.trust.load_cert_chain(issued.certificate, issued.key)
    return issued.trust
