"""A server started from a terminal: Ctrl-C and the end of the terminal stop it, SIGHUP does not."""

import fcntl
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.cli.process import COMMAND, Palaver, prepared

DEADLINE = 20.0
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Terminal:
    """A terminal with a server in it; what it shows is kept."""

    def __init__(self, palaver: Palaver) -> None:
        self._ours, theirs = pty.openpty()
        self._shown = ""
        self.process = subprocess.Popen(
            [COMMAND, "serve", "--data", palaver.data],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(theirs)

    def shows(self, text: str) -> None:
        """Read until a text is shown."""
        deadline = time.monotonic() + DEADLINE
        while text not in _COLOUR.sub("", self._shown):
            left = deadline - time.monotonic()
            assert select.select([self._ours], [], [], max(0, left))[0], self._shown
            self._shown += os.read(self._ours, 4096).decode(errors="replace")

    def type(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def close(self) -> None:
        if self._ours >= 0:
            os.close(self._ours)
            self._ours = -1


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(prepared(tmp_path / "data"))
    try:
        terminal.shows(" ready")
        yield terminal
    finally:
        terminal.close()
        if terminal.process.poll() is None:
            terminal.process.kill()
        terminal.process.wait()


def test_ctrl_c_stops_the_server_in_order(terminal: Terminal) -> None:
    terminal.type(b"\x03")
    terminal.shows(" stopped")
    assert terminal.process.wait(DEADLINE) == 0


def test_closing_the_terminal_stops_the_server_in_order(terminal: Terminal) -> None:
    terminal.close()
    assert terminal.process.wait(DEADLINE) == 0


def test_sighup_with_the_terminal_open_reads_the_certificates_again(terminal: Terminal) -> None:
    terminal.process.send_signal(signal.SIGHUP)
    terminal.shows("certificates reloaded")
    assert terminal.process.poll() is None
