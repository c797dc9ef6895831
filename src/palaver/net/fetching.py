"""Fetches documents over HTTP, from where it is safe and no longer than it may take (ADR 10).

An address that a stranger chooses, by a name in the DNS or a redirection, must not lead to what
only this machine or its network may reach. So each address is checked where the connection is made,
and the connection goes to that very address.
"""

import asyncio
import http.client
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, Final, TypeVar
from urllib.parse import SplitResult, urljoin, urlsplit

import idna

from palaver import __version__
from palaver.kernel.web import Ask, Fetched, FetchError

_AT_ONCE: Final = 4
_SILENCE: Final = 10.0  # seconds
_REDIRECTIONS: Final = 5
_LONGEST_URL: Final = 2_000
_LONGEST_REASON: Final = 200
_PART: Final = 1 << 16
_PORTS: Final = {"http": 80, "https": 443}
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_NAT64: Final = IPv6Network("64:ff9b::/96")
_UNICAST: Final = IPv6Network("2000::/3")
_AGENT: Final = f"Palaver/{__version__}"

_S = TypeVar("_S", bound=socket.socket)
Network = IPv4Network | IPv6Network


class Fetcher:
    """Fetches a few documents at a time, in threads of its own."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="fetch")
        self._free = asyncio.Semaphore(_AT_ONCE)

    async def fetch(self, ask: Ask) -> Fetched:
        """Fetch a document; its time begins when there is a thread for it.

        Raises:
            FetchError: it cannot be had, is too large, takes too long, or is where nobody may look.
        """
        await self._free.acquire()
        job = _Job(ask)
        work = asyncio.get_running_loop().run_in_executor(self._threads, job.run)
        work.add_done_callback(self._done)
        try:
            return await asyncio.wait_for(asyncio.shield(work), ask.seconds)
        except TimeoutError:
            raise FetchError(f"it took longer than {ask.seconds:g} seconds") from None
        finally:
            job.abort()

    def _done(self, work: "asyncio.Future[Fetched]") -> None:
        """Let another document have the thread; nobody else may look at what went wrong."""
        self._free.release()
        if not work.cancelled():
            work.exception()

    def close(self) -> None:
        """Take no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was checked."""

    def __init__(self, job: "_Job", url: SplitResult) -> None:
        port = url.port or _PORTS[url.scheme]
        super().__init__(_ascii(url.hostname or ""), port, timeout=_SILENCE)
        self._job = job
        self._secure = url.scheme == "https"

    def connect(self) -> None:
        """Connect to the first address that answers."""
        failure: OSError | None = None
        for family, address in _addresses(self.host, self.port, self._job.ask.private):
            try:
                self.sock = self._reach(family, address)
            except OSError as error:
                failure = error
            else:
                return
        raise failure or FetchError(f"{self.host} has no address")

    def _reach(self, family: int, address: tuple[Any, ...]) -> socket.socket:
        made = self._job.watched(socket.socket(family, socket.SOCK_STREAM))
        try:
            made.settimeout(_SILENCE)
            made.connect(address)
            if self._secure:
                made = self._job.watched(
                    _tls().wrap_socket(
                        made, server_hostname=self.host, do_handshake_on_connect=False
                    )
                )
                made.do_handshake()
        except BaseException:
            made.close()
            raise
        return made


class _Job:
    """One document: what a thread does, and how to stop it."""

    def __init__(self, ask: Ask) -> None:
        self.ask = ask
        self._ends = time.monotonic() + ask.seconds
        self._socket: socket.socket | None = None
        self._over = False

    def abort(self) -> None:
        """Let whatever waits for the other side wait no more."""
        self._over = True
        if self._socket is not None:
            try:
                # That of TLS would take the object away from under the thread that reads.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            except OSError:
                return

    def watched(self, made: _S) -> _S:
        """Remember the socket to stop."""
        self._socket = made
        self._go_on()
        return made

    def _go_on(self) -> None:
        if self._over or time.monotonic() > self._ends:
            raise FetchError("it took too long")

    def run(self) -> Fetched:
        """Fetch, following where it is said to be."""
        url = self.ask.url
        try:
            for _ in range(_REDIRECTIONS + 1):
                self._go_on()
                found = self._get(_checked(url))
                if found.status not in _MOVED or "location" not in found.headers:
                    return found._replace(url=url)
                url = _onward(url, found.headers["location"])
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise FetchError(_reason(error)) from error
        raise FetchError(f"it is said to be elsewhere more than {_REDIRECTIONS} times")

    def _get(self, url: SplitResult) -> Fetched:
        connection = _Connection(self, url)
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        try:
            headers = {"User-Agent": _AGENT, "Accept-Encoding": "gzip", "Connection": "close"}
            connection.request("GET", _quoted(path), headers={**headers, **self.ask.headers})
            with connection.getresponse() as response:
                fields = {name.lower(): value for name, value in response.getheaders()}
                whole = response.status == http.client.OK
                body = self._body(response, fields) if whole else b""
                return Fetched("", response.status, fields, body)
        finally:
            connection.close()

    def _body(self, response: http.client.HTTPResponse, fields: dict[str, str]) -> bytes:
        coding = fields.get("content-encoding", "identity").strip().lower()
        unpack = _unpacker(coding)
        out = bytearray()
        while part := response.read1(_PART):
            self._go_on()
            while part:
                if unpack is None:
                    out += part
                    break
                out += unpack.decompress(part, _PART)
                part = unpack.unconsumed_tail
                self._check_size(out)
            self._check_size(out)
        if response.length or (unpack is not None and not unpack.eof):
            raise FetchError("what came is cut off")
        return bytes(out)

    def _check_size(self, out: bytearray) -> None:
        if len(out) > self.ask.most:
            raise FetchError(f"it is larger than {self.ask.most} bytes")


def _unpacker(coding: str) -> Any:
    if coding in ("identity", ""):
        return None
    if coding not in ("gzip", "x-gzip"):
        raise FetchError(f"it is packed in a way that was not asked for: {coding[:40]}")
    return zlib.decompressobj(16 + zlib.MAX_WBITS)


# -- where to --------------------------------------------------------------------------------------


def _checked(url: str) -> SplitResult:
    """Return the parts of an address; raises FetchError, ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS:
        raise FetchError("only http and https are fetched")
    if not parts.hostname or parts.username is not None or len(url) > _LONGEST_URL:
        raise FetchError("that is no address to fetch from")
    return parts


def _onward(url: str, location: str) -> str:
    onward = urljoin(url, location.strip())
    if url.startswith("https:") and not onward.startswith("https:"):
        raise FetchError("it leads from https to what anybody could change on the way")
    return onward


def _ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return idna.encode(host, uts46=True).decode()
    except idna.IDNAError:
        raise FetchError(f"{host} is no name of a host") from None


def _quoted(path: str) -> str:
    """Write what an address may not hold, blanks and other letters, in its escaped form."""
    return "".join(c if "!" <= c <= "~" else "".join(f"%{b:02X}" for b in c.encode()) for c in path)


def _addresses(
    host: str, port: int, private: Sequence[Network]
) -> list[tuple[int, tuple[Any, ...]]]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    allowed: list[tuple[int, tuple[Any, ...]]] = [
        (family, address)
        for family, _, _, _, address in found
        if is_public(str(address[0]), private)
    ]
    if not allowed:
        raise FetchError(
            f"{host} is not on the internet; [extensions.feeds] networks lists those that "
            "may be asked all the same"
        )
    return allowed


def is_public(text: str, private: Sequence[Network] = ()) -> bool:
    """Tell whether an address may be asked: one of the internet, or of these networks."""
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = _inside(address)
    if any(each in network for each in (address, inner) for network in private):
        return True
    if isinstance(inner, IPv6Address):
        return inner in _UNICAST and inner.is_global
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _inside(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the address of the older protocol that one of the newer stands for, or itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"nothing came for {_SILENCE:g} seconds"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not to be trusted: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, http.client.HTTPException):
        return f"what came is not HTTP: {type(error).__name__}"
    return str(error)[:_LONGEST_REASON]
