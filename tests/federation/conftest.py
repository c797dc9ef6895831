"""Servers that speak to each other, with a DNS of their own."""

from collections.abc import Callable, Iterator
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
from tests.support.server import Server, free_ports

PASSWORD = "wherefore"
CAPULET = "capulet.example"
MONTAGUE = "montague.example"


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
