r"""The language between commands and the running server: JSON lines over a Unix socket.

One connection carries one command:

    -> {"command": "user import", "arguments": {…}}\n
    <- {"progress": [100, 10000]}\n          any number of times
    <- {"result": …}\n                       or {"error": {"code": "exists", "text": "…"}}\n
"""

import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LINE_BYTES: Final = 64 * 1024 * 1024
"""Longest line either side accepts: a list of accounts to import travels in one."""

SUPPORTED: Final = hasattr(socket, "AF_UNIX") and sys.platform != "win32"
"""Whether the platform has Unix sockets; elsewhere commands need the server stopped."""

_LONGEST_ADDRESS: Final = 103  # bytes; sun_path is 104 to 108 with its final zero


def encode(message: dict[str, object]) -> bytes:
    """Write a message as a line."""
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> dict[str, object]:
    """Read a line; raises ValueError for anything but a JSON object."""
    message = json.loads(line)
    if not isinstance(message, dict):
        raise ValueError("not an object")
    return message


@contextmanager
def address_of(path: Path) -> Iterator[str]:
    """Give the address to bind or connect to, short enough however deep the directory lies.

    Raises OSError when the directory is missing, or the path too long on a system without /proc.
    """
    if len(os.fsencode(path)) <= _LONGEST_ADDRESS:
        yield str(path)
        return
    if not Path("/proc/self/fd").is_dir():
        raise OSError(f"{path} is too long for a socket; set a shorter one in [control]")
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)
