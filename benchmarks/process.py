"""Starts one server process on its own core, and reads what it costs."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil


class ServerError(Exception):
    """A server did not start, stopped, or did not do what a scenario needs of it."""


def free_port() -> int:
    """Return a TCP port that nothing listens on at 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ServerProcess:
    """A server and its children, with CPU time and memory summed over all of them."""

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        core: int | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        # The server must not outlive a load generator that was killed.
        wrapped = ["setpriv", "--pdeathsig", "KILL"]
        if core is not None:
            wrapped += ["taskset", "--cpu-list", str(core)]
        self.log = log
        with log.open("wb") as output:
            self._popen = subprocess.Popen(
                [*wrapped, *command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=os.environ | dict(environment or {}),
                start_new_session=True,  # Ctrl-C is for us; we then stop it ourselves.
            )
        self._root = psutil.Process(self._popen.pid)

    @property
    def running(self) -> bool:
        return self._popen.poll() is None

    def wait_for_ports(self, ports: Sequence[int], seconds: float = 60.0) -> None:
        """Return when all ports accept connections; raise ServerError otherwise."""
        end = time.monotonic() + seconds
        for port in ports:
            while not self._accepts(port):
                if not self.running or time.monotonic() > end:
                    tail = self.log.read_text(errors="replace")[-2000:]
                    raise ServerError(f"does not listen on port {port}; its output:\n{tail}")
                time.sleep(0.05)

    @staticmethod
    def _accepts(port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def cpu_seconds(self) -> float:
        """Return user and system time used so far, children included."""
        total = 0.0
        for process in self._tree():
            with contextlib.suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
        return total

    def memory_bytes(self) -> int:
        """Return the proportional set size: what these processes alone add to the machine."""
        total = 0
        for process in self._tree():
            with contextlib.suppress(psutil.NoSuchProcess):
                total += process.memory_full_info().pss
        return total

    def _tree(self) -> list[psutil.Process]:
        try:
            return [self._root, *self._root.children(recursive=True)]
        except psutil.NoSuchProcess:
            raise ServerError(f"stopped by itself; see {self.log}") from None

    def stop(self) -> None:
        """End the server and wait for it: asked first, then killed."""
        if not self.running:
            return
        children = self._root.children(recursive=True)
        self._popen.terminate()
        try:
            self._popen.wait(10)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()
        for child in psutil.wait_procs(children, timeout=1)[1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
