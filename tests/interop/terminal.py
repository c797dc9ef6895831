"""A program on a terminal of its own, driven through tmux as a person would drive it."""

import asyncio
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

DEADLINE = 60.0
"""Seconds for a text to appear."""

_AGAIN = 0.05
_COLUMNS, _ROWS = 160, 50
_SESSION = "terminal"


class Terminal:
    """Runs one command in a tmux server of its own; an async context manager that ends both.

    ``directory`` is the program's home, ``environment`` is added to the little that it gets.
    """

    def __init__(self, command: str, directory: Path, environment: Mapping[str, str]) -> None:
        self._command = command
        self._directory = directory
        # Short, because the path of a socket may have some hundred bytes only.
        self._sockets = tempfile.TemporaryDirectory(prefix="palaver-tmux-")
        self._environment = {
            "HOME": str(directory),
            "LANG": "C.UTF-8",
            "PATH": os.environ["PATH"],
            "TERM": "xterm-256color",
            **environment,
        }

    def type(self, line: str) -> None:
        """Type a line and press Enter."""
        self._tmux("send-keys", "-t", _SESSION, "-l", "--", line)
        self._tmux("send-keys", "-t", _SESSION, "Enter")

    def screen(self) -> str:
        """Return what the terminal shows."""
        return self._tmux("capture-pane", "-t", _SESSION, "-p")

    async def shows(self, text: str) -> None:
        """Wait until the terminal shows a text; line breaks and runs of spaces count as one."""
        if not await self.shows_within(DEADLINE, text):
            raise AssertionError(f"the terminal does not show {text!r}:\n{self.screen()}")

    async def shows_within(self, seconds: float, text: str) -> bool:
        """Wait so long for the terminal to show a text; tell whether it does."""
        deadline = time.monotonic() + seconds
        while text not in " ".join(self.screen().split()):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(_AGAIN)
        return True

    async def ended(self) -> None:
        """Wait until the program has ended, which ends its tmux server."""
        deadline = time.monotonic() + DEADLINE
        while self._alive():
            if time.monotonic() > deadline:
                raise AssertionError(f"{self._command} does not end:\n{self.screen()}")
            await asyncio.sleep(_AGAIN)

    async def __aenter__(self) -> Self:
        self._tmux(
            *("-f", "/dev/null", "new-session", "-d", "-s", _SESSION),
            *("-x", str(_COLUMNS), "-y", str(_ROWS), "-c", str(self._directory), self._command),
        )
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._alive():
            self._tmux("kill-server")
        self._sockets.cleanup()

    def _alive(self) -> bool:
        return self._run("has-session", "-t", _SESSION).returncode == 0

    def _tmux(self, *arguments: str) -> str:
        done = self._run(*arguments)
        assert done.returncode == 0, f"tmux {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["tmux", "-S", f"{self._sockets.name}/socket", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
        )
