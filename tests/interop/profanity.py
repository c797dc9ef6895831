"""Profanity, a client for terminals, as a person would use it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tests.interop.history import Line
from tests.interop.terminal import Terminal


def profanity(home: Path) -> Terminal:
    """Make a terminal with profanity, whose files are all in ``home``."""
    home.mkdir(exist_ok=True)
    places = {"CACHE": "cache", "CONFIG": "config", "DATA": "data"}
    return Terminal(
        "profanity", home, {f"XDG_{name}_HOME": str(home / path) for name, path in places.items()}
    )


async def log_in(
    terminal: Terminal, jid: str, password: str, *, port: int, tls: str, first: bool
) -> None:
    """Connect and log in; the first time, accept the certificate for good."""
    await terminal.shows("Type '/help'")
    terminal.type(f"/connect {jid} server 127.0.0.1 port {port} tls {tls}")
    await terminal.shows("Enter password:")
    terminal.type(password)
    if first:
        await terminal.shows("Use '/tls always' to accept this certificate permanently.")
        terminal.type("/tls always")
    await terminal.shows("logged in successfully, online")


def kept(home: Path) -> Iterator[Line]:
    """Read what profanity keeps of all conversations, in the order in which it got it.

    What was sent from here or another device has no id, unless it came from the archive.
    """
    for file in home.glob("data/profanity/database/*/chatlog.db"):
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
            query = "SELECT archive_id, message FROM ChatLogs ORDER BY id"
            yield from (Line(*row) for row in database.execute(query))
