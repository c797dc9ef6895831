"""The commands that export and import accounts."""

import asyncio
import os
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from palaver.ext.accounts import AccountArguments, Accounts
from palaver.ext.moving import ejabberd, exporter, openfire, prosody, reader
from palaver.ext.moving.importer import Importer, depths
from palaver.ext.moving.names import Found
from palaver.kernel.config_error import ConfigError
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, Progress, Xep, command
from palaver.kernel.storage import OtherDatabase

_FLUSH: Final = 1 << 20  # bytes
PATH: Final[dict[str, JsonValue]] = {"path": True}


class ExportHostArguments(BaseModel):
    """Says which host to export, and where to."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field(description="Host to export, with all its accounts.")
    file: str = Field(description="File to make.", json_schema_extra=PATH)


class ExportAccountArguments(AccountArguments):
    """Says which account to export, and where to."""

    file: str = Field(description="File to make.", json_schema_extra=PATH)


class ImportArguments(BaseModel):
    """Says what to import."""

    model_config = ConfigDict(extra="forbid")

    file: str = Field(
        description="File, directory, or URL of a database, to read.", json_schema_extra=PATH
    )
    dry_run: bool = Field(False, description="Only read the file and tell what it has.")


class ImportOfHostArguments(ImportArguments):
    """Says what to import, and where it does not say so itself, of which host it is."""

    host: str | None = Field(None, description="Host of the accounts, where the file has none.")


class Moving(Extension):
    """Exports and imports accounts with all their data."""

    name: ClassVar = "moving"
    implements: ClassVar = (Xep(227, "1.1"),)
    requires: ClassVar = ("accounts",)

    @command("export host", ExportHostArguments, offline=True)
    async def export_host(
        self, arguments: ExportHostArguments, progress: Progress
    ) -> dict[str, object]:
        """Write all accounts of a host into an XEP-0227 file."""
        if arguments.host not in self.server.hosts:
            raise CommandError("unknown-host", f"{arguments.host} is not served here.")
        total = await self.server.store.count(arguments.host)
        count = 0

        def done() -> None:
            nonlocal count
            count += 1
            progress(count, max(count, total))

        size = await save(arguments.file, exporter.host(self.server, arguments.host, done))
        return {"accounts": count, "file": arguments.file, "bytes": size}

    @command("export account", ExportAccountArguments, offline=True)
    async def export_account(
        self, arguments: ExportAccountArguments, progress: Progress
    ) -> dict[str, object]:
        """Write an account into an XEP-0227 file."""
        return await self._export_account(arguments)

    @command("user export-data", ExportAccountArguments, offline=True)
    async def export_data(
        self, arguments: ExportAccountArguments, progress: Progress
    ) -> dict[str, object]:
        """Write all that an account has into a file, for people who ask for their data."""
        return await self._export_account(arguments)

    async def _export_account(self, arguments: ExportAccountArguments) -> dict[str, object]:
        jid, _ = await self.server.extension(Accounts).record(arguments.jid)
        account = await self.server.accounts.get(jid)
        if account is None:
            raise CommandError("not-found", f"There is no account {jid}.")
        size = await save(arguments.file, exporter.single(self.server, account))
        return {"jid": str(jid), "file": arguments.file, "bytes": size}

    @command("import xep0227", ImportArguments, offline=True)
    async def import_file(
        self, arguments: ImportArguments, progress: Progress
    ) -> dict[str, object]:
        """Import accounts from an XEP-0227 file, as servers export them."""
        path = Path(arguments.file)
        return await self.load(reader.read(path, depths(self.server)), progress, arguments.dry_run)

    @command("import prosody", ImportArguments, offline=True)
    async def import_prosody(
        self, arguments: ImportArguments, progress: Progress
    ) -> dict[str, object]:
        """Import accounts from Prosody's data directory or its database."""
        if await asyncio.to_thread(os.path.isdir, arguments.file):
            found = prosody.read(Path(arguments.file), depths(self.server))
            return await self.load(found, progress, arguments.dry_run)
        async with self._database(arguments.file) as database:
            found = prosody.read(database, depths(self.server))
            return await self.load(found, progress, arguments.dry_run)

    @command("import ejabberd", ImportOfHostArguments, offline=True)
    async def import_ejabberd(
        self, arguments: ImportOfHostArguments, progress: Progress
    ) -> dict[str, object]:
        """Import accounts from ejabberd's database; its exports are XEP-0227."""
        async with self._database(arguments.file) as database:
            found = ejabberd.read(database, arguments.host, depths(self.server))
            return await self.load(found, progress, arguments.dry_run)

    @command("import openfire", ImportOfHostArguments, offline=True)
    async def import_openfire(
        self, arguments: ImportOfHostArguments, progress: Progress
    ) -> dict[str, object]:
        """Import accounts from what Openfire's plugin "User Import Export" has written."""
        host = arguments.host or (next(iter(self.server.hosts)))
        if arguments.host is None and len(self.server.hosts) > 1:
            raise CommandError("bad-arguments", "Say with --host whose accounts these are.")
        found = openfire.read(Path(arguments.file), host, depths(self.server))
        return await self.load(found, progress, arguments.dry_run)

    @asynccontextmanager
    async def _database(self, name: str) -> AsyncIterator[OtherDatabase]:
        """Open the database of the other server; raises `CommandError`."""
        if "://" not in name and not await asyncio.to_thread(os.path.isfile, name):
            raise CommandError("bad-file", f"{name} is no file.")
        try:
            database = self.server.database.other(name)
        except ConfigError as error:
            raise CommandError("bad-file", str(error)) from None
        try:
            yield database
        finally:
            await asyncio.to_thread(database.close)

    async def load(
        self, found: Generator[Found], progress: Progress, dry_run: bool, total: int = 0
    ) -> dict[str, object]:
        """Import what a reader finds; raises `CommandError`."""
        try:
            return await Importer(self.server, progress, total, dry_run=dry_run).run(found)
        finally:
            await asyncio.to_thread(found.close)


async def save(name: str, parts: AsyncIterator[bytes]) -> int:
    """Write a new file that only its owner may read (XEP-0227 §6); it is whole or not there.

    Returns its size in bytes; raises `CommandError`.
    """
    path = Path(name)
    partial = path.with_name(f".{path.name}.part")
    try:
        with _new(path, partial) as file:
            file.write(exporter.HEAD)
            async for part in parts:
                file.write(part)
            file.write(exporter.TAIL)
            return _finish(path, partial, file)
    except OSError as error:
        raise CommandError("file", f"{path}: {error.strerror}") from None
    finally:
        _remove(partial)


def _new(path: Path, partial: Path) -> BinaryIO:
    if path.exists():
        raise CommandError("exists", f"{path} exists already; it is left as it is.")
    _remove(partial)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "wb", buffering=_FLUSH)


def _finish(path: Path, partial: Path, file: BinaryIO) -> int:
    file.flush()
    os.fsync(file.fileno())
    partial.rename(path)
    return file.tell()


def _remove(partial: Path) -> None:
    partial.unlink(missing_ok=True)
