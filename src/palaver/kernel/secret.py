"""The server's secret: a file beside the database, not in it.

What is derived from it means nothing to somebody who has read the database or a backup of it.
"""

import base64
import hmac
import secrets
from pathlib import Path
from typing import Final

_FILE: Final = "secret.key"
_BYTES: Final = 32


class Secret:
    """Derives what nobody else can."""

    __slots__ = ("key",)

    def __init__(self, data: Path) -> None:
        """Read the secret from the data directory; make it at the first start."""
        self.key = _read(data / _FILE)

    def derive(self, purpose: str, *parts: str) -> bytes:
        """Return 32 bytes that are the same for the same ``purpose`` and ``parts``."""
        return hmac.digest(self.key, "\0".join((purpose, *parts)).encode(), "sha256")

    def name(self, purpose: str, *parts: str) -> str:
        """Return the same as a short text for addresses and ids: 100 bits in 20 characters.

        Small letters and digits, so that it can be typed and is no option of a command.
        """
        return base64.b32encode(self.derive(purpose, *parts))[:20].decode().lower()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        secret = secrets.token_bytes(_BYTES)
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(secret)
        return secret
