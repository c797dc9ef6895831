"""The server's end of the control socket: takes commands from its owner only."""

import asyncio
import os
import socket
import stat
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

import structlog
from pydantic_core import to_jsonable_python

from palaver.cli import control_protocol
from palaver.kernel.commands import subject
from palaver.kernel.errors import CommandError

Progress = Callable[[int, int], None]
Run = Callable[[str, Mapping[str, object], Progress], Awaitable[object]]
"""Runs a command by name; raises `CommandError` to refuse."""

log = structlog.get_logger("control")

_PATIENCE = 30.0  # seconds for a request to arrive
_PROGRESS_EVERY = 0.1  # seconds


class ControlServer:
    """Listens on the control socket until closed.

    The file is the owner's (0600), and where the system tells who connects, others than the
    owner and root are turned away even if they got at the file.
    """

    __slots__ = ("_connections", "_path", "_run", "_server")

    def __init__(self, path: Path, run: Run) -> None:
        self._path = path
        self._run = run
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen; raises OSError when another server answers on the socket."""
        listener = _listener(self._path)
        self._server = await asyncio.start_unix_server(
            self._connected, sock=listener, limit=control_protocol.LINE_BYTES
        )

    async def close(self) -> None:
        """Stop listening, and stop the commands that still run."""
        if self._server is None:
            return
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        self._path.unlink(missing_ok=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            if _is_owner(writer.get_extra_info("socket")):
                await self._serve(reader, writer)
        except (OSError, TimeoutError):
            log.debug("a command's connection was lost")
        except asyncio.CancelledError:
            # By `close` alone. Before Python 3.12 asyncio takes a cancelled task for an error.
            log.debug("a command was cut short")
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                request = control_protocol.decode(await reader.readline())
            name, arguments = request["command"], request.get("arguments") or {}
            if not isinstance(name, str) or not isinstance(arguments, dict):
                raise TypeError
        except (ValueError, KeyError, TypeError):
            await _send(writer, _error("bad-request", "not a request"))
            return
        work = asyncio.ensure_future(self._answer(name, arguments, writer))
        gone = asyncio.ensure_future(reader.read(1))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                await _send(writer, work.result())
        finally:
            # Whoever gave the command has gone, or the server stops: so does the command.
            for each in (work, gone):
                each.cancel()
            await asyncio.gather(work, gone, return_exceptions=True)

    async def _answer(
        self, name: str, arguments: Mapping[str, object], writer: asyncio.StreamWriter
    ) -> dict[str, object]:
        clock = asyncio.get_running_loop().time
        told = clock()

        def progress(done: int, total: int) -> None:
            nonlocal told
            if clock() - told >= _PROGRESS_EVERY:
                told = clock()
                writer.write(control_protocol.encode({"progress": [done, total]}))

        log.info("command", command=name, **subject(arguments))
        try:
            result = await self._run(name, arguments, progress)
            return {"result": to_jsonable_python(result)}
        except CommandError as error:
            return _error(error.code, error.text)
        except Exception:
            log.exception("command failed", command=name)
            return _error("internal-error", "The command failed; the server's log says why.")


def _error(code: str, text: str) -> dict[str, object]:
    return {"error": {"code": code, "text": text}}


async def _send(writer: asyncio.StreamWriter, message: dict[str, object]) -> None:
    writer.write(control_protocol.encode(message))
    await writer.drain()


def _listener(path: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    try:
        with control_protocol.address_of(path) as address:
            _remove_stale(path, address)
            before = os.umask(0o177)  # Nobody else may open it, not even before a chmod.
            try:
                listener.bind(address)
            finally:
                os.umask(before)
    except BaseException:
        listener.close()
        raise
    return listener


def _remove_stale(path: Path, address: str) -> None:
    """Remove what a killed server left; raises OSError when a living one answers."""
    try:
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise OSError(f"{path} is there and not a socket")
    except FileNotFoundError:
        return
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(address)
        except ConnectionRefusedError:
            path.unlink()
            return
    raise OSError(f"another server answers on {path}")


def _is_owner(peer: socket.socket) -> bool:
    if not hasattr(socket, "SO_PEERCRED"):
        return True  # The file's mode is all there is.
    size = struct.calcsize("3i")
    _, user, _ = struct.unpack("3i", peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    if user in (0, os.geteuid()):
        return True
    log.warning("another user tried to give commands", uid=user)
    return False
