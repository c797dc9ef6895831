"""Where the servers of a domain are: SRV records, and addresses (RFC 6120 §3.2, XEP-0368)."""

import asyncio
import ipaddress
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice, zip_longest
from typing import Any, Final

import dns.asyncresolver
import dns.exception
import dns.name
import dns.nameserver
import dns.resolver
import idna

from palaver.kernel.endpoint import Endpoint
from palaver.kernel.federation_routes import Failure

PORT: Final = 5269

_LIFETIME: Final = 10.0  # seconds for one question, over all name servers
_CACHED: Final = 10_000  # answers
_SERVICES: Final = (("_xmpps-server._tcp.", True), ("_xmpp-server._tcp.", False))
_MOST_ADDRESSES: Final = 16  # of one name; whoever gives more is up to no good
_MOST_RECORDS: Final = 64  # of one answer that are looked at; one with more is not remembered


class UnreachableError(Exception):
    """Says why a domain cannot be reached."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Place:
    """A server of a domain, by name (or address) and port; ``direct`` where it begins with TLS."""

    host: str
    port: int
    direct: bool = False


class _NothingError(Exception):
    """There are no such records, and the name servers are sure of it."""


class _Remembered(dns.resolver.LRUCache):
    """Remembers answers that are not large: whoever has a domain can give any number of them."""

    def put(self, key: Any, value: dns.resolver.Answer) -> None:
        """Remember an answer."""
        sections = value.response.sections
        if sum([len(records) for section in sections for records in section]) <= _MOST_RECORDS:
            super().put(key, value)


class Resolver:
    """Asks DNS, and remembers answers as long as they are good."""

    def __init__(self, nameservers: Sequence[Endpoint], *, this_machine: bool) -> None:
        """Ask these name servers, or those of the system; see `FederationSettings`."""
        self._this_machine = this_machine
        self._resolver: Any = dns.asyncresolver.Resolver(configure=not nameservers)
        self._resolver.cache = _Remembered(_CACHED)
        if nameservers:
            self._resolver.nameservers = [
                dns.nameserver.Do53Nameserver(each.address, each.port) for each in nameservers
            ]

    async def places(self, domain: str) -> list[Place]:
        """Return the servers of a domain, those to try first in front.

        Records of both kinds count as one set, by priority (XEP-0368 §3). Only where there is none
        at all the domain itself is the server (RFC 6120 §3.2.2). Some name servers fail for names
        whose kind they do not know; that hides the records of the other kind from nobody.

        Raises:
            UnreachableError: it has none, or nobody answers.
        """
        if _literal(domain):
            return [Place(domain.strip("[]"), PORT)]
        name = _ascii(domain)
        answers = await asyncio.gather(
            *(self._services(prefix + name, direct=direct) for prefix, direct in _SERVICES)
        )
        records = [each for answer in answers if isinstance(answer, list) for each in answer]
        if not records:
            for answer in answers:
                if isinstance(answer, UnreachableError):
                    raise answer
            if any(answer is not None for answer in answers):
                raise UnreachableError(_not_found(f"{domain} says that it has no XMPP server"))
            return [Place(name, PORT)]
        return [place for _, _, place in _ordered(records)]

    async def addresses(self, host: str, *, anywhere: bool = False) -> list[str]:
        """Return the addresses of a server, IPv6 and IPv4 by turns (RFC 8305 §4).

        With ``anywhere`` they may be on this machine.

        Raises:
            UnreachableError: it has none that may be used, or nobody answers.
        """
        if _literal(host):
            found = [host.strip("[]")]
        else:
            v6, v4 = await asyncio.gather(self._hosts(host, "AAAA"), self._hosts(host, "A"))
            if isinstance(v6, UnreachableError) and isinstance(v4, UnreachableError):
                raise v4
            lists = [each for each in (v6, v4) if not isinstance(each, UnreachableError)]
            found = [each for each in chain(*zip_longest(*lists)) if each is not None]
        if not found:
            raise UnreachableError(_not_found(f"{host} has no address"))
        anywhere = anywhere or self._this_machine
        allowed = [each for each in found if anywhere or not _of_this_machine(each)]
        if not allowed:
            raise UnreachableError(_not_found(f"{host} is said to be on this machine"))
        return allowed[:_MOST_ADDRESSES]

    async def _services(
        self, name: str, *, direct: bool
    ) -> "list[tuple[int, int, Place]] | UnreachableError | None":
        """Return SRV records with their priority and weight; None where there is none.

        A record whose server is the root says that there is no such service (RFC 2782).
        """
        try:
            records = await self._ask(name, "SRV")
        except _NothingError:
            return None
        except UnreachableError as error:
            return error
        found = [(r.priority, r.weight, r.target.to_text(True), r.port) for r in records]
        return [
            (priority, weight, Place(target.lower(), port, direct))
            for priority, weight, target, port in found
            if target not in (".", "@", "") and port
        ]

    async def _hosts(self, host: str, kind: str) -> "list[str] | UnreachableError":
        try:
            return [str(record.address) for record in await self._ask(host, kind)]
        except _NothingError:
            return []
        except UnreachableError as error:
            return error

    async def _ask(self, name: str, kind: str) -> list[Any]:
        try:
            absolute = dns.name.from_text(name + ".")
            answer = await self._resolver.resolve(absolute, kind, search=False, lifetime=_LIFETIME)
            return list(islice(answer, _MOST_RECORDS))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer) as error:
            raise _NothingError from error
        except (dns.exception.DNSException, OSError, ValueError) as error:
            reason = f"DNS does not tell of {name}: {_short(error)}"
            raise UnreachableError(Failure("remote-server-timeout", reason)) from error


def _ordered(records: list[tuple[int, int, Place]]) -> list[tuple[int, int, Place]]:
    """Sort by priority, and draw lots by weight (RFC 2782)."""
    ordered: list[tuple[int, int, Place]] = []
    for _, group in groupby(sorted(records, key=lambda each: each[0]), key=lambda each: each[0]):
        left = sorted(group, key=lambda each: each[1])
        while left:
            drawn = random.uniform(0, sum(weight for _, weight, _ in left))  # noqa: S311
            for record in left:
                drawn -= record[1]
                if drawn <= 0:
                    break
            left.remove(record)
            ordered.append(record)
    return ordered


def _ascii(domain: str) -> str:
    try:
        return idna.encode(domain).decode()
    except idna.IDNAError:
        reason = f"{domain} is not a name that DNS knows"
        raise UnreachableError(_not_found(reason)) from None


def _not_found(reason: str) -> Failure:
    return Failure("remote-server-not-found", reason, permanent=True)


def _short(error: Exception) -> str:
    if isinstance(error, dns.exception.Timeout):
        return "no answer in time"
    return str(error).splitlines()[0][:200] or type(error).__name__


def _literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _of_this_machine(address: str) -> bool:
    """Tell whether an address leads to this machine or its link, and to no other server."""
    found = ipaddress.ip_address(address)
    found = getattr(found, "ipv4_mapped", None) or found
    return found.is_loopback or found.is_link_local or found.is_unspecified or found.is_multicast
