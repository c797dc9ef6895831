"""Runs the real console command in processes of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = Path(sys.executable).with_name("palaver")
QUIET = """\
[listen]
starttls = ["127.0.0.1:0"]
tls = ["127.0.0.1:0"]
[metrics]
listen = ""
[sasl]
iterations = 4096
"""


class Palaver:
    """A data directory, and the command used on it."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(
        self, *arguments: str | Path, stdin: str = "", **environ: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the command."""
        return subprocess.run(
            [COMMAND, *arguments],
            input=stdin,
            text=True,
            capture_output=True,
            timeout=120,
            check=False,
            env=os.environ | {"PALAVER_DATA": str(self.data)} | environ,
        )

    def __call__(
        self, *arguments: str | Path, stdin: str = "", exit_code: int = 0, **environ: str
    ) -> str:
        """Run the command, and return standard output, or standard error when it must fail."""
        done = self.run(*arguments, stdin=stdin, **environ)
        assert done.returncode == exit_code, done.stdout + done.stderr
        return done.stderr if exit_code else done.stdout

    def report(self, *arguments: str | Path) -> Any:
        """Run a command that does its work, but not all of it; return what it wrote."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 1, done.stdout + done.stderr
        return json.loads(done.stdout)

    def json(self, *arguments: str | Path, stdin: str = "", exit_code: int = 0) -> Any:
        """Run the command with --json, and return what it wrote."""
        return json.loads(self(*arguments, "--json", stdin=stdin, exit_code=exit_code))


def prepared(data: Path) -> Palaver:
    """Set up a server that takes no fixed port."""
    palaver = Palaver(data)
    data.mkdir(mode=0o700)
    (data / "palaver.toml").write_text(QUIET)
    palaver("setup", "--yes", "--password-stdin", stdin="secret\n")
    return palaver


def started(palaver: Palaver) -> subprocess.Popen[str]:
    """Start the server and return when it says that it is ready."""
    process = subprocess.Popen(
        [COMMAND, "serve", "--data", palaver.data],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    told = []
    for line in process.stderr:
        told.append(line)
        if " ready " in line:
            return process
    pytest.fail(f"the server did not start:\n{''.join(told)}")
