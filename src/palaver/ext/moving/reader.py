"""Reads XEP-0227 files piece by piece, whatever their length, and refuses what is a trap."""

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

from palaver.ext.moving.keys import read_key, read_password
from palaver.ext.moving.names import (
    NS,
    NS_SCRAM,
    FormatError,
    Found,
    Key,
    Misfit,
    UserBegins,
    UserEnds,
)
from palaver.ext.portable import Piece
from palaver.wire.element import Element

_INCLUDE: Final = "http://www.w3.org/2001/XInclude include"
_CHUNK: Final = 1 << 16
_MOST_BYTES: Final = 32 << 20  # of one piece, and of one token
_COST: Final = 100  # bytes that an element takes beside its text
_DEEPEST: Final = 100
_MOST_INCLUDES: Final = 8  # within each other
_ROOT, _HOST, _USER, _DATA = range(4)
_LEVELS: Final = {f"{NS} server-data": _ROOT, f"{NS} host": _HOST, f"{NS} user": _USER}
_EXPECTED: Final = ("server-data", "host", "user")
_XML: Final = "http://www.w3.org/XML/1998/namespace "


def read(path: Path, depths: Mapping[str, int]) -> Generator[Found]:
    """Iterate over what a file and those it includes have; ``depths`` as in `Portable`.

    Raises:
        FormatError: it is not XEP-0227, or not safe to read.
        OSError: a file cannot be read.
    """
    yield from _File(path, path.parent.resolve(), depths, "", _ROOT, 0).read()


def read_children(path: Path, root: str) -> Iterator[Element]:
    """Iterate over the children of another format's root element, each as a whole.

    Raises as `read` does.
    """
    file = _File(path, path.parent.resolve(), _Everything(), "", _DATA, 0)
    file.root = root
    for found in file.read():
        if isinstance(found, Piece):
            yield found.element


class _Everything(dict[str, int]):
    """Takes every element for a piece."""

    def __contains__(self, _key: object) -> bool:
        return True


class _Include:
    """A file to go on with."""

    __slots__ = ("href", "level")

    def __init__(self, href: str, level: int) -> None:
        self.href = href
        self.level = level


class _File:
    """One file of an export, which begins at some level (XEP-0227 §5)."""

    def __init__(
        self,
        path: Path,
        root: Path,
        depths: Mapping[str, int],
        host: str,
        level: int,
        includes: int,
    ) -> None:
        self._path = path
        self._root = root
        self._depths = depths
        self._host = host
        self._first_level = level
        self._level = level
        self._includes = includes
        self._events: list[Found | _Include] = []
        self._stack: list[Element] = []
        self._piece_at = 0  # depth in the stack at which pieces are
        self._size = 0
        self._skipped = 0  # elements around that nobody knows
        self.root: str | None = None
        self._parser = expat.ParserCreate(None, " ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self) -> Iterator[Found]:
        """Iterate over what the file has."""
        if not self._path.is_file():
            raise FormatError(f"{self._path.name} is no file")
        with self._path.open("rb") as file:
            fed = 0
            while True:
                data = file.read(_CHUNK)
                fed += len(data)
                trouble = self._feed(data)
                if trouble is None and fed - max(self._parser.CurrentByteIndex, 0) > _MOST_BYTES:
                    trouble = FormatError(f"{self._path.name}: something is too long to read")
                events, self._events = self._events, []
                for event in events:
                    if isinstance(event, _Include):
                        yield from self._included(event)
                    else:
                        yield event
                if trouble is not None:
                    raise trouble
                if not data:
                    return

    def _feed(self, data: bytes) -> FormatError | None:
        """Parse, and return what is wrong: what came before that is good."""
        try:
            self._parser.Parse(data, not data)
        except expat.ExpatError as error:
            where = f"{self._path.name}, line {error.lineno}"
            return FormatError(f"{where}: {expat.ErrorString(error.code)}")
        except FormatError as error:
            return error
        return None

    def _included(self, include: _Include) -> Iterator[Found]:
        """Go on with another file, of the same directory or below it."""
        url = urlsplit(include.href)
        if self._includes >= _MOST_INCLUDES:
            raise FormatError(f"{self._path.name}: files include each other too deep")
        if url.scheme or url.netloc or not url.path or "\0" in unquote(url.path):
            raise FormatError(f"{self._path.name} includes {include.href!r}, which is no file here")
        path = (self._path.parent / unquote(url.path)).resolve()
        if not path.is_relative_to(self._root):
            raise FormatError(f"{self._path.name} includes {include.href!r}, outside its directory")
        yield from _File(
            path, self._root, self._depths, self._host, include.level, self._includes + 1
        ).read()

    def _refuse(self, *_: object) -> None:
        raise FormatError(f"{self._path.name} has a document type declaration")

    # -- from the parser ---------------------------------------------------------------------------

    def _start(self, key: str, attrs: dict[str, str]) -> None:
        if self._skipped:
            self._skipped += 1
        elif self.root is not None:
            self._enter_root(key)
        elif self._stack:
            self._open(key, attrs)
        elif key == _INCLUDE and self._first_level < self._level <= _DATA:
            self._include(attrs)
        elif self._level < _DATA:
            self._enter(key, attrs)
        elif key == f"{NS_SCRAM} scram-credentials" or key in self._depths:
            self._piece_at = self._depths.get(key, 0) + 1
            self._open(key, attrs)
        else:
            self._events.append(Misfit(f"<{key}/> is not understood"))
            self._skipped = 1

    def _enter_root(self, key: str) -> None:
        if key != self.root:
            raise FormatError(f"{self._path.name} begins with <{key}/>, not with <{self.root}/>")
        self.root = None
        self._level += 1

    def _include(self, attrs: Mapping[str, str]) -> None:
        self._skipped = 1
        if "parse" in attrs or "xpointer" in attrs or "href" not in attrs:
            self._events.append(Misfit("an <include/> of an unknown kind"))
        else:
            self._events.append(_Include(attrs["href"], self._level))

    def _enter(self, key: str, attrs: Mapping[str, str]) -> None:
        if _LEVELS.get(key) != self._level:
            if self._level == self._first_level and self._level < _DATA:
                expected = _EXPECTED[self._level]
                raise FormatError(f"{self._path.name} begins with <{key}/>, not with <{expected}/>")
            self._events.append(Misfit(f"<{key}/> is not understood"))
            self._skipped = 1
            return
        if self._level == _HOST:
            self._host = attrs.get("jid", "")
        elif self._level == _USER:
            name, password = attrs.get("name", ""), attrs.get("password")
            self._user(name, password or None)
        self._level += 1

    def _user(self, name: str, password: str | None) -> None:
        """Begin a user; where ejabberd exports one, the password can be keys."""
        try:
            key = None if password is None else read_password(password)
        except ValueError as error:
            self._events.append(UserBegins(self._host, name))
            self._events.append(Misfit(f"keys of an account: {error}"))
            return
        self._events.append(UserBegins(self._host, name, password if key is None else None))
        if key is not None:
            self._events.append(Key(key))

    def _open(self, key: str, attrs: dict[str, str]) -> None:
        if len(self._stack) >= _DEEPEST:
            raise FormatError(f"{self._path.name}: elements are too deep in each other")
        space, _, name = key.rpartition(" ")
        element = Element(name, space)
        element.attrs = {
            ("xml:" + k[len(_XML) :] if k.startswith(_XML) else k): v for k, v in attrs.items()
        }
        self._weigh(_COST + sum(len(k) + len(v) + _COST for k, v in attrs.items()))
        if len(self._stack) >= self._piece_at:
            self._stack[-1].children.append(element)
        self._stack.append(element)

    def _weigh(self, size: int) -> None:
        self._size += size
        if self._size > _MOST_BYTES:
            raise FormatError(f"{self._path.name}: a piece of data is too long")

    def _text(self, text: str) -> None:
        if self._stack and not self._skipped and len(self._stack) >= self._piece_at:
            self._weigh(len(text))
            self._stack[-1].children.append(text)

    def _end(self, _key: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif self._stack:
            self._close()
        else:
            self._level -= 1
            if self._level == _USER:
                self._events.append(UserEnds())

    def _close(self) -> None:
        element = self._stack.pop()
        if len(self._stack) + 1 < self._piece_at:
            self._size = 0  # a shell, which was handed over with its pieces
        elif len(self._stack) + 1 == self._piece_at:
            self._size = 0
            if element.ns == NS_SCRAM:
                self._key(element)
            else:
                self._events.append(Piece(element, tuple(self._stack)))

    def _key(self, element: Element) -> None:
        try:
            self._events.append(Key(read_key(element)))
        except ValueError as error:
            self._events.append(Misfit(f"scram-credentials: {error}"))
