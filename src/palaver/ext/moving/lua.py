"""Reads Lua tables as Prosody writes them: values only, nothing is ever run."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from palaver.ext.moving.names import FormatError

Table = dict[object, object]
"""A table; what has no key of its own has 1, 2, …"""

_DEEPEST: Final = 130
_LONGEST: Final = 64 << 20  # bytes of one value
_TOKEN: Final = re.compile(
    rb'\s*(?:--[^\n]*\n\s*)*(?:(?P<string>"(?:[^"\\]|\\.)*")'
    rb"|(?P<number>-?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))"
    rb"|(?P<name>[A-Za-z_]\w*)|(?P<sign>[{}\[\]=;,()]))",
    re.DOTALL,
)
_ESCAPE: Final = re.compile(rb"\\(\d{1,3}|x[0-9a-fA-F]{2}|z\s*|\n|.)", re.DOTALL)
_PLAIN: Final = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f"}
_WORDS: Final = {b"true": True, b"false": False, b"nil": None}
_BEGIN: Final = b"item("


def load(path: Path) -> Table:
    """Read ``return {…}``; raises `FormatError` for anything else, and OSError."""
    if path.stat().st_size > _LONGEST:
        raise FormatError(f"{path} is too long")
    data = path.read_bytes().strip()
    reader = _Reader(data, str(path))
    reader.expect(b"return")
    return reader.last_table()


def items(path: Path) -> Iterator[Table]:
    """Iterate over the tables of ``item({…});`` one after the other; raises as `load` does."""
    held: list[bytes] = []
    size = 0
    with path.open("rb") as file:
        for line in file:
            if line.lstrip().startswith(_BEGIN) and held:
                yield _item(held, path)
                held, size = [], 0
            size += len(line)
            if size > _LONGEST:
                raise FormatError(f"{path}: an item is too long")
            if held or line.strip():
                held.append(line)
    if held:
        yield _item(held, path)


def _item(lines: list[bytes], path: Path) -> Table:
    reader = _Reader(b"".join(lines).strip(), str(path))
    reader.expect(b"item")
    reader.expect(b"(")
    table = reader.value()
    reader.expect(b")")
    reader.end()
    if not isinstance(table, dict):
        raise FormatError(f"{path}: an item is no table")
    return table


class _Reader:
    """Reads one value."""

    __slots__ = ("_at", "_data", "_depth", "_where")

    def __init__(self, data: bytes, where: str) -> None:
        self._data = data
        self._where = where
        self._at = 0
        self._depth = 0

    def last_table(self) -> Table:
        """Read a table after which nothing comes."""
        table = self.value()
        self.end()
        if not isinstance(table, dict):
            raise self._wrong()
        return table

    def expect(self, token: bytes) -> None:
        """Read exactly this."""
        if self._next()[1] != token:
            raise self._wrong()

    def end(self) -> None:
        """Read the end."""
        if self._data[self._at :].strip(b" \t\r\n;"):
            raise self._wrong()

    def value(self) -> object:
        """Read a value."""
        return self._value(*self._next())

    def _value(self, kind: str, token: bytes) -> object:
        if kind == "string":
            return _string(token)
        if kind == "number":
            return _number(token)
        if token == b"{":
            return self._table()
        if token in _WORDS:
            return _WORDS[token]
        raise self._wrong()

    def _table(self) -> Table:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._wrong()
        table: Table = {}
        place = 1
        while True:
            kind, token = self._next()
            if token == b"}" and kind == "sign":
                break
            if token in (b";", b",") and kind == "sign":
                continue
            if token == b"[" and kind == "sign":
                key = self.value()
                self.expect(b"]")
                self.expect(b"=")
                if isinstance(key, dict):
                    raise self._wrong()
                table[_key(key)] = self.value()
            elif kind == "name" and token not in _WORDS:
                self.expect(b"=")
                table[token.decode()] = self.value()
            else:
                table[place] = self._value(kind, token)
                place += 1
        self._depth -= 1
        return table

    def _next(self) -> tuple[str, bytes]:
        match = _TOKEN.match(self._data, self._at)
        if match is None or match.lastgroup is None:
            raise self._wrong()
        self._at = match.end()
        return match.lastgroup, match[match.lastgroup]

    def _wrong(self) -> FormatError:
        line = self._data.count(b"\n", 0, self._at) + 1
        return FormatError(f"{self._where}, line {line}: that is not data")


def _key(key: object) -> object:
    """Keep apart what Python takes for one key: ``false`` and 0, ``true`` and 1."""
    return repr(key).lower() if isinstance(key, bool) else key


def _string(token: bytes) -> str:
    return _ESCAPE.sub(_unescaped, token[1:-1]).decode(errors="replace")


def _unescaped(match: re.Match[bytes]) -> bytes:
    what: bytes = match[1]
    if what.isdigit():
        return bytes([min(int(what), 255)])
    if what[:1] == b"x" and len(what) == 3:
        return bytes([int(what[1:], 16)])
    return b"" if what[:1] == b"z" else _PLAIN.get(what, what)


def _number(token: bytes) -> int | float:
    text = token.decode()
    if text[:3].lower().lstrip("-").startswith("0x"):
        return int(text, 16)
    return int(text) if text.lstrip("-").isdigit() and len(text) < 30 else float(text)
