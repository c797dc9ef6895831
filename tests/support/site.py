"""A web server of a test's own, which answers as badly as the test wants it to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

Answer = bytes | Callable[[asyncio.StreamWriter], object]


def answer(body: bytes | str, status: str = "200 OK", **headers: str) -> bytes:
    """Write an answer; two words of a header are joined by an underscore."""
    data = body.encode() if isinstance(body, str) else body
    fields = {"Content-Type": "application/xml", "Content-Length": str(len(data)), **headers}
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items()]
    return f"HTTP/1.1 {status}\r\n{''.join(lines)}\r\n".encode() + data


class Site:
    """What is on it by path, and what was asked of it."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[dict[str, str]] = []
        self.port = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a page."""
        return f"http://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, or begin to."""
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            path = lines[0].split()[1]
            fields = (line.partition(": ") for line in lines[1:] if line)
            self.asked.append({"path": path, **{n.lower(): v for n, _, v in fields}})
            page = self.pages.get(path, answer("", "404 Not Found"))
            if isinstance(page, bytes):
                writer.write(page)
            else:
                done = page(writer)
                if asyncio.iscoroutine(done):
                    await done
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    """Open a site on loopback."""
    made = Site()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
