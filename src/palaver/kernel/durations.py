"""Spans of time as people write them for commands: a number and a unit, such as ``7d``."""

import re
from typing import Final

from palaver.kernel.errors import CommandError

PATTERN: Final = r"^[1-9][0-9]{0,5}[smhdw]$"
"""What a parameter of a command accepts; give it to its ``Field``."""

_SECONDS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_MOST: Final = 100 * 365 * 86_400


def seconds_of(text: str) -> int:
    """Return a span in seconds.

    Raises:
        CommandError: bad-duration, it is none, or longer than 100 years.
    """
    if re.match(PATTERN, text) is None or (found := int(text[:-1]) * _SECONDS[text[-1]]) > _MOST:
        raise CommandError("bad-duration", f"{text!r} is no time such as 30m, 12h, 7d or 2w.")
    return found
