"""Databases with Palaver's tables to copy: the way through all migrations takes its time."""

import asyncio
import atexit
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from palaver.store.engine import open_database
from palaver.store.migrations import upgrade


def migrate(url: str, directory: Path) -> None:
    """Bring the database of a URL up to date, wherever an event loop may be running."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _migrate(url, directory)).result()


@cache
def sqlite_file() -> Path:
    """Give an SQLite file with all tables and no rows, of this process's own."""
    directory = Path(tempfile.mkdtemp(prefix="palaver-template-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    file = directory / "palaver.sqlite3"
    migrate(f"sqlite:///{file}", directory)
    return file


async def _migrate(url: str, directory: Path) -> None:
    opened = await open_database(url, directory)
    await upgrade(opened)
    await opened.close()
