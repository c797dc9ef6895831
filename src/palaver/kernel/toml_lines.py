"""Where each key of a TOML document stands, for error messages.

The standard library's parser gives values without positions. This one gives positions without
values, of a document which that parser has already accepted; so it only has to tell keys from
values, and values from what looks like keys inside strings and comments.
"""

import re
import tomllib
from collections.abc import Mapping

KeyPath = tuple[str, ...]

_KEY = re.compile(r"""[ \t]*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)[ \t]*""")
# What can hold a bracket, a newline or a hash sign: strings first, longest quotes first.
_VALUE_PART = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[\[{]|[\]}]|\n|.''',
    re.DOTALL,
)
_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")


def key_lines(document: str) -> Mapping[KeyPath, int]:
    """Map the path of each table and key to its first line (1 is the first).

    Keys inside inline tables are not listed: their line is that of the key that holds them.
    ``document`` must be valid TOML.
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    place = _skip_blank(document, 0)
    while place < len(document):
        line = document.count("\n", 0, place) + 1
        if document[place] == "[":
            table, place = _key(document, place + 2 if document[place + 1] == "[" else place + 1)
            _note(lines, table, line, 0)
            place = document.find("\n", place)
            place = len(document) if place < 0 else place
        else:
            key, place = _key(document, place)
            _note(lines, table + key, line, len(table))
            place = _skip_value(document, place + 1)
        place = _skip_blank(document, place)
    return lines


def _note(lines: dict[KeyPath, int], path: KeyPath, line: int, known: int) -> None:
    for depth in range(known + 1, len(path) + 1):
        lines.setdefault(path[:depth], line)


def _skip_blank(document: str, place: int) -> int:
    match = _BLANK.match(document, place)
    return match.end() if match else place


def _key(document: str, place: int) -> tuple[KeyPath, int]:
    """Read a dotted key; the place returned is that of the ``=`` or ``]`` after it."""
    parts: list[str] = []
    while match := _KEY.match(document, place):
        parts.append(_unquoted(match[1]))
        place = match.end()
        if document[place : place + 1] != ".":
            break
        place += 1
    return tuple(parts), place


def _unquoted(part: str) -> str:
    if part[0] not in "\"'":
        return part
    value: str = tomllib.loads(f"key = {part}")["key"]
    return value


def _skip_value(document: str, place: int) -> int:
    depth = 0
    while match := _VALUE_PART.match(document, place):
        place = match.end()
        part = match[0]
        if part in ("[", "{"):
            depth += 1
        elif part in ("]", "}"):
            depth -= 1
        elif part == "\n" and not depth:
            break
    return place
