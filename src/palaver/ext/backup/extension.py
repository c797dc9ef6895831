"""The command that takes a backup."""

import asyncio
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Connection, Table, func, inspect, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from palaver import __version__
from palaver.ext.backup.format import FILES, TABLES, VERSION, Manifest, Writer, kept_files, line
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Command, Extension, Progress, command
from palaver.kernel.storage import metadata

_ROWS: Final = 500  # read at once
_DERIVED: Final = frozenset({"log_indexed"})  # the index of words is made anew


class BackupArguments(BaseModel):
    """Says where to."""

    model_config = ConfigDict(extra="forbid")

    file: str = Field(description="File to make.", json_schema_extra={"path": True})


COMMAND: Final = Command("server backup", BackupArguments, offline=True, summary="Take a backup.")
"""The command below, for ``palaver backup``."""


class Backup(Extension):
    """Writes everything a server keeps into one file."""

    name: ClassVar = "backup"

    @command(COMMAND.name, BackupArguments, offline=True)
    async def back_up(self, arguments: BackupArguments, progress: Progress) -> dict[str, object]:
        """Write a backup of the database and the data directory, while the server runs."""
        path = Path(arguments.file)
        partial = path.with_name(f".{path.name}.part")
        await self.server.log.flush()
        try:
            file = _new(path, partial)
            try:
                manifest = await self._write(file, path, progress)
                size = await asyncio.to_thread(_finish, path, partial, file)
            finally:
                file.close()
        except OSError as error:
            raise CommandError("file", f"{path}: {error.strerror}") from None
        finally:
            _remove(partial)
        rows = sum(manifest.rows.values())
        return {"file": str(path), "bytes": size, "rows": rows, "revision": manifest.revision}

    async def _write(self, file: BinaryIO, path: Path, progress: Progress) -> Manifest:
        async with self.server.database.snapshot() as connection:
            revision = await connection.scalar(text("SELECT version_num FROM palaver_schema"))
            created = datetime.now(UTC).isoformat(timespec="seconds")
            dialect = self.server.database.dialect
            manifest = Manifest(VERSION, __version__, str(revision), created, dialect)
            writer = Writer(file, manifest)
            tables = await connection.run_sync(_present)
            total = 0
            for table in tables:
                total += await connection.scalar(select(func.count()).select_from(table)) or 0
            for table in tables:
                done = sum(manifest.rows.values())
                manifest.rows[table.name] = 0
                await _table(writer, manifest, table, connection)
                progress(done + manifest.rows[table.name], total)
        await asyncio.to_thread(_files, writer, self.server.data, path)
        return manifest


def _present(connection: Connection) -> list[Table]:
    """Return the tables that the database has, those that others refer to first."""
    there = set(inspect(connection).get_table_names())
    return [
        table
        for table in metadata.sorted_tables
        if table.name in there and table.name not in _DERIVED
    ]


async def _table(
    writer: Writer, manifest: Manifest, table: Table, connection: AsyncConnection
) -> None:
    writer.begin(f"{TABLES}{table.name}.jsonl")
    writer.write(line([column.name for column in table.columns]))
    query = select(table).order_by(*table.primary_key.columns)
    async with connection.stream(query, execution_options={"yield_per": _ROWS}) as result:
        async for rows in result.partitions(_ROWS):
            manifest.rows[table.name] += len(rows)
            await asyncio.to_thread(_rows, writer, rows)
    writer.end()


def _rows(writer: Writer, rows: Sequence[Sequence[object]]) -> None:
    writer.write(b"".join(map(line, rows)))


def _files(writer: Writer, data: Path, path: Path) -> None:
    for each in kept_files(data, (path, path.with_name(f".{path.name}.part"))):
        writer.begin(FILES + each.relative_to(data).as_posix())
        writer.write(each.read_bytes())
    writer.close()


def _new(path: Path, partial: Path) -> BinaryIO:
    if path.exists():
        raise CommandError("exists", f"{path} exists already; it is left as it is.")
    _remove(partial)
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "w+b")


def _finish(path: Path, partial: Path, file: BinaryIO) -> int:
    file.flush()
    os.fsync(file.fileno())
    size = file.seek(0, os.SEEK_END)
    partial.rename(path)
    return size


def _remove(partial: Path) -> None:
    partial.unlink(missing_ok=True)
