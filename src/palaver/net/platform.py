"""What depends on the operating system: the event loop, signals, descriptor limits.

With uvloop where there is one (Linux and macOS, CPython), the standard loop elsewhere.
"""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

import structlog

log = structlog.get_logger()

T = TypeVar("T")


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine to its end in the best loop there is, and return what it returns."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        return runner.run(main())


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def on_signals(stop: Callable[[], None], reload: Callable[[], None]) -> None:
    """Call ``stop`` on Ctrl-C or SIGTERM, and ``reload`` on SIGHUP where there is one.

    SIGHUP stops as well when it comes because the terminal was closed: nobody would see the server
    any more, and it would hold its data directory and ports.
    """
    loop = asyncio.get_running_loop()
    if sys.platform == "win32":
        for number in (signal.SIGINT, signal.SIGBREAK):
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop))
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    from_terminal = _has_terminal()
    loop.add_signal_handler(
        signal.SIGHUP, lambda: stop() if from_terminal and not _has_terminal() else reload()
    )


def _has_terminal() -> bool:
    """Tell whether a person's terminal is at the other end of standard input, and still there."""
    return sys.stdin is not None and not sys.stdin.closed and sys.stdin.isatty()


def share_the_interpreter() -> None:
    """Let other threads run often: the log's writer must keep up with a busy event loop.

    At the interpreter's own 5 ms, each hand-over to that thread would wait so long.
    """
    sys.setswitchinterval(0.0005)


def raise_descriptor_limit() -> None:
    """Allow as many open connections as the system lets this user have."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError) as error:
        log.warning("descriptor limit stays as it is", limit=soft, reason=str(error))


def run_again() -> NoReturn:
    """Run this process's own command line again, in its place.

    The process id stays the same, so whoever supervises it (systemd, a terminal) notices nothing.
    On Windows, where a process cannot be replaced, this one waits for the new one.
    """
    command = [sys.executable, *sys.orig_argv[1:]]
    sys.stdout.flush()
    sys.stderr.flush()
    if sys.platform == "win32":
        sys.exit(subprocess.call(command))  # noqa: S603 - what it was started with
    os.execv(sys.executable, command)  # noqa: S606 - what it was started with
