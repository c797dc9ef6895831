"""The HTTP port that Prometheus reads: one page, inside the running event loop."""

import asyncio
import os
from contextlib import suppress
from typing import Final

import structlog
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder

from palaver.kernel.endpoint import Endpoint
from palaver.kernel.settings import MetricsSettings

_HEAD_BYTES: Final = 8192
_PATIENCE: Final = 5.0  # seconds for a request
_AT_ONCE: Final = 16

log = structlog.get_logger("metrics")


class MetricsServer:
    """Serves ``/metrics`` until closed."""

    __slots__ = ("_local", "_open", "_registry", "_server", "endpoint")

    def __init__(self, registry: CollectorRegistry, endpoint: Endpoint) -> None:
        self._registry = registry
        self._local = endpoint.is_loopback
        self._open = 0
        self._server: asyncio.Server | None = None
        self.endpoint = endpoint

    async def start(self) -> None:
        """Listen; ``endpoint`` then has the port in use. Raises OSError."""
        wanted = self.endpoint
        self._server = await asyncio.start_server(
            self._serve, wanted.address, wanted.port, limit=_HEAD_BYTES
        )
        port = self._server.sockets[0].getsockname()[1]
        self.endpoint = Endpoint(wanted.address, port)

    async def close(self) -> None:
        """Stop listening."""
        if self._server:
            self._server.close()  # A request under way ends by itself, within its patience.

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open <= _AT_ONCE:
                async with asyncio.timeout(_PATIENCE):
                    head = await reader.readuntil(b"\r\n\r\n")
                    writer.write(self._answer(head))
                    await writer.drain()
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError):
            return  # Whoever asked has gone, or never asked.
        except asyncio.CancelledError:
            return  # The server ends. Before Python 3.12 asyncio takes this for an error.
        finally:
            self._open -= 1
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _answer(self, head: bytes) -> bytes:
        request, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, colon, value in (line.partition(":") for line in lines)
            if colon
        }
        method, _, rest = request.partition(" ")
        path = rest.partition(" ")[0].partition("?")[0]
        if not self._is_for_us(headers.get("host", "")):
            return _response("421 Misdirected Request")
        if method not in ("GET", "HEAD"):
            return _response("405 Method Not Allowed")
        if path != "/metrics":
            return _response("404 Not Found")
        encode, kind = choose_encoder(headers.get("accept", ""))
        return _response("200 OK", encode(self._registry), kind, with_body=method == "GET")

    def _is_for_us(self, host: str) -> bool:
        """Refuse a web page that had its name resolve to this machine (DNS rebinding)."""
        if not self._local or not host:
            return True
        name = host if host.endswith("]") or ":" not in host else host.rpartition(":")[0]
        return Endpoint(name.strip("[]"), 0).is_loopback


def _response(
    status: str, body: bytes = b"", kind: str = "text/plain", *, with_body: bool = True
) -> bytes:
    body = body or f"{status}\n".encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + (body if with_body else b"")


async def start(settings: MetricsSettings, registry: CollectorRegistry) -> MetricsServer | None:
    """Serve the registry where the settings say; None when they say nowhere.

    A default port that another server on the machine has taken costs a warning, not the start;
    for an address that was asked for, OSError is raised.
    """
    if not settings.listen:
        return None
    server = MetricsServer(registry, settings.listen)
    try:
        await server.start()
    except OSError as error:
        if "listen" in settings.model_fields_set:
            told = f"cannot listen on {settings.listen} for metrics: {_reason(error)}"
            raise OSError(f'{told}. Set another listen in [metrics], or "" for none') from error
        log.warning(
            "no metrics: their port cannot be opened",
            address=str(settings.listen),
            reason=_reason(error),
            hint="set listen in [metrics]",
        )
        return None
    return server


def _reason(error: OSError) -> str:
    """Say what is wrong; asyncio's own text repeats the address, as Python writes a tuple."""
    number = error.errno or 0
    return os.strerror(number) if number > 0 else str(error)
