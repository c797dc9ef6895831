"""Two servers of one kind, of different domains, that find and trust each other.

Each kind has a DNS server of its own, as the domains are the same for all of them.
"""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.support.certificates import Authority
from tests.support.names import Names

from benchmarks.accounts import DOMAIN, ELSEWHERE, rooms_of, service_of
from benchmarks.certificate import Certificate
from benchmarks.servers import Neighbourhood, Server, Settings

ADDRESS: Final = "127.0.0.{}"
FIRST: Final = 153
PORT: Final = 53  # what can be written in resolv.conf has that one
VALID: Final = timedelta(days=2)


class Neighbourhoods:
    """Makes servers with neighbours, for as long as the context lasts."""

    def __init__(self, settings: Settings, stack: ExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._authority = Authority()
        self._root = self._authority.publish(settings.directory)
        self._number = FIRST

    def make(self, kind: type[Server]) -> Server:
        """Return a server whose neighbour is one of the same kind; neither is started.

        Raises:
            OSError: its DNS server cannot listen; that takes root.
        """
        address = ADDRESS.format(self._number)
        self._number += 1
        names = self._stack.enter_context(Names((address, PORT)))
        neighbourhood = Neighbourhood(self._root, address)
        server, other = (
            self._one(kind, domain, neighbourhood, names) for domain in (DOMAIN, ELSEWHERE)
        )
        server.neighbour = other
        return server

    def _one(
        self, kind: type[Server], domain: str, neighbourhood: Neighbourhood, names: Names
    ) -> Server:
        directory = self._settings.directory / domain / kind.name.lower()
        directory.mkdir(parents=True)
        services = (service_of(domain), rooms_of(domain))
        settings = replace(
            self._settings,
            directory=directory,
            certificate=self._issue((domain, *services), directory),
            domain=domain,
            neighbourhood=neighbourhood,
        )
        server = kind(settings)
        for each in (domain, *services):
            names.service(each, server.servers_port)
        return server

    def _issue(self, domains: Iterable[str], directory: Path) -> Certificate:
        issued = self._authority.issue(domains, directory, until=datetime.now(UTC) + VALID)
        both = directory / "both.pem"
        both.write_bytes(issued.key.read_bytes() + issued.certificate.read_bytes())
        return Certificate(issued.certificate, issued.key, both)
