"""The data directory: all that a server writes, and the lock that keeps two from writing it."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from palaver.cli.cli_error import CliError, Exit

LOCK = "palaver.lock"


def create(data: Path) -> None:
    """Make the directory for its owner only (0700); raises `CliError` when it cannot be."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise CliError(Exit.FAILED, "data-directory", f"{data} is not a directory.") from None
    except OSError as error:
        raise CliError(Exit.FAILED, "data-directory", f"{data}: {error.strerror}") from None


def require(data: Path) -> None:
    """Raise `CliError` when there is no data directory."""
    if not data.is_dir():
        raise CliError(
            Exit.NOT_RUNNING,
            "not-set-up",
            f"There is no data directory {data}; name it with --data, or make one with "
            "`palaver setup`.",
        )


class DataLock:
    """Holds the data directory for one process, as a context manager.

    The system takes the lock back when the process ends, however it ends.
    """

    __slots__ = ("_descriptor", "_path")

    def __init__(self, data: Path) -> None:
        self._path = data / LOCK
        self._descriptor = -1

    def acquire(self) -> bool:
        """Take the lock; False when another process has it. Raises `CliError` without access."""
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise CliError(
                Exit.FAILED,
                "data-directory",
                f"{self._path}: {error.strerror}. Run `palaver setup` first, as the same user.",
            ) from None
        if not _lock(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        with suppress(OSError):
            os.truncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def holder(self) -> str:
        """Name the process that has the lock, for a message."""
        with suppress(OSError):
            return f"process {self._path.read_text().strip()}"
        return "another process"

    def __enter__(self) -> Self:
        if not self.acquire():
            raise CliError(
                Exit.IN_USE,
                "in-use",
                f"{self._path.parent} is in use by {self.holder()}; a data directory serves one "
                "server.",
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


if sys.platform == "win32":
    import msvcrt

    # Far behind the process id, which others read: Windows locks are mandatory.
    _FAR = 4096

    def _lock(descriptor: int) -> bool:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
