"""Many accounts at once, from a table: ``palaver user import``."""

import asyncio
import csv
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from palaver.ext.accounts import Accounts, credentials_of, new_account
from palaver.jid import BareJID
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, Progress, command
from palaver.kernel.storage import NewAccount, Role

_COLUMNS: Final[tuple[str, ...]] = ("jid", "password", "role")
_CHUNK: Final = 10  # accounts a thread derives in one go
_CHUNKS_STORED: Final = 40  # chunks stored in one go
_NICE: Final = 10  # those who are logged in come first

Trouble = dict[str, object]


class ImportArguments(BaseModel):
    """Says what to import."""

    model_config = ConfigDict(extra="forbid")

    file: str = Field(
        description="CSV file (UTF-8) with the columns jid,password and perhaps role; a first "
        "line may name them.",
        json_schema_extra={"file": True, "grants": "roles"},
    )
    dry_run: bool = Field(False, description="Only check the lines; make nothing.")
    strict: bool = Field(False, description="Make nothing if any line is wrong.")


@dataclass(frozen=True, slots=True)
class Row:
    """An account to make, and the line of the file it is on."""

    line: int
    jid: BareJID
    password: str
    role: Role


@dataclass(frozen=True, slots=True)
class Derived:
    """Some accounts with their keys, and the lines whose password cannot be used."""

    made: list[tuple[BareJID, NewAccount]]
    problems: list[Trouble]


class AccountImport(Extension):
    """Makes many accounts at once, from a table."""

    name = "account_import"
    requires = ("accounts",)

    @command("user import", ImportArguments, offline=True)
    async def load(self, arguments: ImportArguments, progress: Progress) -> dict[str, object]:
        """Make accounts from a CSV file; those that exist are left as they are.

        Wrong lines are told with their number, and stop the others only with ``strict``.
        """
        rows, problems = self._read(arguments.file)
        if arguments.strict and problems:
            told = "\n".join(f"line {each['line']}: {each['problem']}" for each in problems)
            raise CommandError("bad-lines", f"Nothing was imported.\n{told}")
        if arguments.dry_run:
            existed = await self._existing(rows, progress)
            return {"created": 0, "valid": len(rows), "existed": existed, "problems": problems}
        existed, unusable = await self._make(rows, progress)
        return {
            "created": len(rows) - len(existed) - len(unusable),
            "valid": len(rows) - len(unusable),
            "existed": existed,
            "problems": problems + unusable,
        }

    def _read(self, text: str) -> tuple[list[Row], list[Trouble]]:
        accounts = self.server.extension(Accounts)
        rows: list[Row] = []
        problems: list[Trouble] = []
        seen: dict[str, int] = {}
        for line, fields in _lines(text):
            try:
                row = _row(accounts, line, fields)
                if row.jid in seen:
                    raise CommandError("twice", f"{row.jid} is on line {seen[row.jid]} too.")
            except CommandError as error:
                problems.append(_trouble(line, error.text))
                continue
            seen[row.jid] = line
            rows.append(row)
        return rows, problems

    async def _existing(self, rows: Sequence[Row], progress: Progress) -> list[str]:
        found = []
        for done, row in enumerate(rows):
            progress(done, len(rows))
            if await self.server.store.find(row.jid.domain, row.jid.local):
                found.append(str(row.jid))
        return found

    async def _make(
        self, rows: Sequence[Row], progress: Progress
    ) -> tuple[list[str], list[Trouble]]:
        """Make the accounts: while some are stored, the keys of the next are derived."""
        existed: list[str] = []
        rows, problems = await self._allowed(rows)
        step_back = _step_back if self.server.sessions() else None
        workers = ThreadPoolExecutor(os.cpu_count(), "keys", initializer=step_back)
        try:
            chunks = self._derived(workers, rows)
            for start in range(0, len(chunks), _CHUNKS_STORED):
                derived = await asyncio.gather(*chunks[start : start + _CHUNKS_STORED])
                for chunk in derived:
                    problems += chunk.problems
                existed += await self._store([each for chunk in derived for each in chunk.made])
                progress(min((start + _CHUNKS_STORED) * _CHUNK, len(rows)), len(rows))
        finally:
            workers.shutdown(wait=False, cancel_futures=True)
        return existed, problems

    async def _allowed(self, rows: Sequence[Row]) -> tuple[list[Row], list[Trouble]]:
        """Leave out those whose names are kept from everybody."""
        accounts = self.server.extension(Accounts)
        allowed: list[Row] = []
        problems: list[Trouble] = []
        for row in rows:
            try:
                await accounts.check_name(row.jid)
                allowed.append(row)
            except CommandError as error:
                problems.append(_trouble(row.line, error.text))
        return allowed, problems

    def _derived(
        self, workers: ThreadPoolExecutor, rows: Sequence[Row]
    ) -> list[asyncio.Future[Derived]]:
        loop = asyncio.get_running_loop()
        iterations = self.server.settings.sasl.iterations
        return [
            loop.run_in_executor(workers, _derive, rows[start : start + _CHUNK], iterations)
            for start in range(0, len(rows), _CHUNK)
        ]

    async def _store(self, made: Sequence[tuple[BareJID, NewAccount]]) -> list[str]:
        """Store accounts, and return the addresses of those that existed."""
        refused = await self.server.store.create_many(account for _, account in made)
        there = {id(account) for account in refused}
        accounts = self.server.extension(Accounts)
        for jid, account in made:
            if id(account) not in there:
                await accounts.announce(jid)
        return [str(jid) for jid, account in made if id(account) in there]


def _derive(rows: Sequence[Row], iterations: int) -> Derived:
    """Make the keys of some accounts; runs in a thread."""
    derived = Derived([], [])
    for row in rows:
        try:
            keys = credentials_of(row.password, iterations)
            derived.made.append((row.jid, new_account(row.jid, keys, row.role)))
        except ValueError as error:
            derived.problems.append(_trouble(row.line, f"The password cannot be used: {error}"))
    return derived


def _step_back() -> None:
    """Let the threads that serve come first; Linux has priorities for threads."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Iterate over (line number, fields) of the table; raises `CommandError` for a bad header."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    columns = _COLUMNS
    try:
        for at, cells in enumerate(reader):
            if at == 0 and len(cells) == 1 and (";" in cells[0] or "\t" in cells[0]):
                raise CommandError("bad-file", "line 1: columns are separated by commas")
            if at == 0 and cells and cells[0].strip().lower() == "jid":
                columns = _header(cells)
            elif any(cell.strip() for cell in cells):
                yield reader.line_num, dict(zip(columns, cells, strict=False))
    except csv.Error as error:
        raise CommandError("bad-file", f"line {reader.line_num}: not CSV: {error}") from None


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    columns = tuple(cell.strip().lower() for cell in cells)
    unknown = [name for name in columns if name not in _COLUMNS]
    if unknown or "password" not in columns:
        raise CommandError(
            "bad-file", f"line 1: the columns are {', '.join(_COLUMNS)}, not {', '.join(columns)}"
        )
    return columns


def _row(accounts: Accounts, line: int, fields: dict[str, str]) -> Row:
    role = fields.get("role", "").strip() or "member"
    if not fields.get("password"):
        raise CommandError("bad-password", "There is no password.")
    jid = accounts.address(fields["jid"].strip())
    accounts.check_role(role, jid.domain)
    return Row(line, jid, fields["password"], role)


def _trouble(line: int, problem: str) -> Trouble:
    return {"line": line, "problem": problem}
