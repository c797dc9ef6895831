"""The file of a backup: a ZIP archive of rows as JSON lines and of files, with a manifest.

``tables/NAME.jsonl``  a line with the names of the columns, then one line for each row, in which
                       bytes are ``{"b": "<base64>"}``
``files/PATH``         a file of the data directory
``manifest.json``      written last: version, revision of the schema, and the SHA-256 of the rest

So a backup that was cut short has no manifest, and one of any engine can be read by each of them.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

VERSION: Final = 1
TABLES: Final = "tables/"
FILES: Final = "files/"
_MANIFEST: Final = "manifest.json"
_CHUNK: Final = 1 << 20
_LONGEST_LINE: Final = 512 << 20  # bytes
_MOST_MANIFEST: Final = 16 << 20
_MOST_FILE: Final = 64 << 20


class BackupError(Exception):
    """Refuses a file that is no backup, or is damaged."""


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself.

    ``revision``  of the schema when it was taken
    ``rows``      how many each table has
    ``sha256``    of each member, in hexadecimal
    """

    version: int
    palaver: str
    revision: str
    created: str
    database: str
    rows: dict[str, int] = field(default_factory=dict)
    sha256: dict[str, str] = field(default_factory=dict)


def line(values: Sequence[object]) -> bytes:
    """Write a row."""
    plain = [_plain(value) for value in values]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: object) -> object:
    if isinstance(value, bytes | bytearray | memoryview):
        return {"b": base64.b64encode(value).decode()}
    return str(value) if isinstance(value, str) else value


def values(text: bytes) -> list[Any]:
    """Read a row."""
    return [
        base64.b64decode(value["b"]) if isinstance(value, dict) else value
        for value in json.loads(text)
    ]


class Writer:
    """Writes the members of a backup one after the other."""

    def __init__(self, file: IO[bytes], manifest: Manifest) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        self._manifest = manifest
        self._open: IO[bytes] | None = None
        self._name = ""
        self._hash = hashlib.sha256()

    def begin(self, name: str) -> None:
        """Begin a member."""
        self.end()
        self._name = name
        self._hash = hashlib.sha256()
        self._open = self._zip.open(name, "w", force_zip64=True)

    def write(self, data: bytes) -> None:
        """Write on."""
        assert self._open is not None
        self._hash.update(data)
        self._open.write(data)

    def end(self) -> None:
        """End the member."""
        if self._open is not None:
            self._open.close()
            self._open = None
            self._manifest.sha256[self._name] = self._hash.hexdigest()

    def close(self) -> None:
        """Write the manifest and end the file."""
        self.end()
        self._zip.writestr(_MANIFEST, json.dumps(asdict(self._manifest), indent=1))
        self._zip.close()


class Reader:
    """Reads a backup."""

    def __init__(self, path: Path) -> None:
        """Open it; raises `BackupError`."""
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = self._read_manifest()
        except (zipfile.BadZipFile, OSError, KeyError, TypeError, ValueError) as error:
            raise BackupError(f"{path} is no backup, or not a whole one: {error}") from None
        if self.manifest.version != VERSION:
            raise BackupError(f"{path} was made by a version of Palaver that this one cannot read")

    def _read_manifest(self) -> Manifest:
        if self._zip.getinfo(_MANIFEST).file_size > _MOST_MANIFEST:
            raise ValueError("its manifest is too long")
        return Manifest(**json.loads(self._zip.read(_MANIFEST)))

    def check(self) -> None:
        """Compare all members with their checksums; raises `BackupError`."""
        names = {name for name in self._zip.namelist() if name != _MANIFEST}
        if names != self.manifest.sha256.keys():
            raise BackupError("the backup does not have the members that it lists")
        for name, expected in self.manifest.sha256.items():
            if self._digest(name) != expected:
                raise BackupError(f"{name} in the backup is damaged")

    def _digest(self, name: str) -> str:
        hash_ = hashlib.sha256()
        try:
            with self._zip.open(name) as member:
                while data := member.read(_CHUNK):
                    hash_.update(data)
        except (zipfile.BadZipFile, OSError, ValueError, EOFError) as error:
            raise BackupError(f"{name} in the backup is damaged: {error}") from None
        return hash_.hexdigest()

    def tables(self) -> list[str]:
        """Return the names of the tables, in the order in which they were written."""
        return [
            name.removeprefix(TABLES).removesuffix(".jsonl")
            for name in self.manifest.sha256
            if name.startswith(TABLES)
        ]

    def rows(self, table: str) -> Iterator[list[Any]]:
        """Iterate over the names of a table's columns, then its rows."""
        with self._zip.open(f"{TABLES}{table}.jsonl") as member:
            while text := member.readline(_LONGEST_LINE):
                yield values(text)

    def files(self) -> Iterator[tuple[PurePosixPath, bytes]]:
        """Iterate over the files; raises `BackupError` for one that would leave its directory."""
        for name in self.manifest.sha256:
            if name.startswith(FILES):
                path = PurePosixPath(name.removeprefix(FILES))
                if path.is_absolute() or ".." in path.parts or "\\" in name or not path.parts:
                    raise BackupError(f"the backup has a file with the name {path}")
                if self._zip.getinfo(name).file_size > _MOST_FILE:
                    raise BackupError(f"{path} in the backup is too long")
                yield path, self._zip.read(name)


def kept_files(data: Path, without: Iterable[Path]) -> Iterator[Path]:
    """Iterate over the files of a data directory that belong into a backup.

    Not those of the database, which are in it as tables; not logs, and not what a running server
    leaves there.
    """
    excluded = {path.absolute() for path in without}
    for path in sorted(data.rglob("*")):
        if path.absolute() in excluded or path.is_symlink() or not path.is_file():
            continue
        if (
            path.name.endswith((".lock", ".part", "-wal", "-shm", "-journal"))
            or ".log" in path.name
        ):
            continue
        if path.stat().st_size <= _MOST_FILE and not _is_large_format(path):
            yield path


def _is_large_format(path: Path) -> bool:
    """Tell whether a file is an SQLite database, or a backup or another archive."""
    with path.open("rb") as file:
        return file.read(16).startswith((b"SQLite format 3\0", b"PK\x03\x04"))
