"""What the server fetches from the web; `palaver.net.fetching` does it and is handed in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Ask:
    """A document to fetch.

    ``url``      http or https
    ``headers``  more headers of the request
    ``most``     bytes that it may have, unpacked
    ``seconds``  until it is there as a whole
    ``private``  networks that are asked although they are not of the internet
    """

    url: str
    headers: Mapping[str, str]
    most: int
    seconds: float
    private: tuple[IPv4Network | IPv6Network, ...] = ()


class Fetched(NamedTuple):
    """What came: the status of the last answer, its headers by their names in small letters."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class FetchError(Exception):
    """Says why a document was not fetched, in words for an administrator."""


Fetch = Callable[[Ask], Awaitable[Fetched]]
"""Fetches a document; raises FetchError."""


async def nothing(_ask: Ask) -> Fetched:
    """Fetch nothing: what there is before the application hands in something else."""
    raise FetchError("nothing is fetched before the server has started")
