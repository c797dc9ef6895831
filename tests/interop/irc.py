"""An IRC server (ngircd), a gateway to it (biboumi), both of Debian, and an IRC client."""

import asyncio
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from tests.support.ports import free_ports

DEADLINE = 60.0
NGIRCD = """\
[Global]
Name = irc.verona.example
Info = Fair Verona
Listen = 127.0.0.1
Ports = {port}
MotdPhrase = "Two households, both alike in dignity"
[Limits]
MaxConnectionsIP = 0
[Options]
DNS = no
Ident = no
PAM = no
"""
BIBOUMI = """\
hostname={domain}
password={secret}
xmpp_server_ip=127.0.0.1
port={port}
db_name={directory}/biboumi.sqlite
identd_port={identd}
log_file={directory}/biboumi.log
log_level=0
"""


@contextmanager
def _running(command: list[str], directory: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (directory / f"{Path(command[0]).name}.out").open("wb") as output:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait()


@contextmanager
def ngircd(directory: Path) -> Iterator[int]:
    """Run an IRC server; give its port, on which it listens."""
    (port,) = free_ports(1)
    configuration = directory / "ngircd.conf"
    configuration.write_text(NGIRCD.format(port=port))
    command = ["ngircd", "--nodaemon", "--config", str(configuration)]
    with _running(command, directory) as process:
        until = time.monotonic() + DEADLINE
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError((directory / "ngircd.out").read_text())
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        yield port


@contextmanager
def biboumi(directory: Path, domain: str, secret: str, port: int) -> Iterator[None]:
    """Run the gateway; it connects to the server's port for components by itself."""
    configuration = directory / "biboumi.cfg"
    (identd,) = free_ports(1)
    configuration.write_text(
        BIBOUMI.format(domain=domain, secret=secret, port=port, directory=directory, identd=identd)
    )
    with _running(["biboumi", str(configuration)], directory):
        yield


class Irc:
    """Somebody on IRC."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def say(self, line: str) -> None:
        """Send a line."""
        self._writer.write(f"{line}\r\n".encode())

    async def hears(self, text: str) -> str:
        """Return the next line that has a text in it."""
        async with asyncio.timeout(DEADLINE):
            while line := (await self._reader.readline()).decode().rstrip():
                if line.startswith("PING"):
                    self.say(line.replace("PING", "PONG", 1))
                if text in line:
                    return line
        raise AssertionError(f"IRC ended before {text!r}")


@asynccontextmanager
async def on_irc(port: int, nick: str) -> AsyncIterator[Irc]:
    """Log in to the IRC server."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        irc = Irc(reader, writer)
        irc.say(f"NICK {nick}")
        irc.say(f"USER {nick} 0 * :{nick}")
        await irc.hears(" 001 ")
        yield irc
    finally:
        writer.close()
        await writer.wait_closed()
