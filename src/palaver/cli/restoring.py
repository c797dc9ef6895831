"""``palaver restore``: makes a server of a backup."""

import asyncio
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from palaver.cli import configuration, data_directory
from palaver.cli.cli_error import CliError, Exit
from palaver.cli.data_directory import LOCK, DataLock
from palaver.ext.backup.format import BackupError, Reader
from palaver.kernel.config import FILE_NAME
from palaver.kernel.config_error import ConfigError
from palaver.kernel.settings import LogSettings, Settings
from palaver.kernel.storage import SchemaTooNew, StorageUnavailable
from palaver.obs import logging


def restore(file: Path, data: Path, config: Path | None) -> dict[str, object]:
    """Restore a backup into an empty database and data directory; raises `CliError`.

    The configuration is the one given, else the one in the backup.
    """
    try:
        backup = Reader(file)
        backup.check()
        files = dict(backup.files())
    except BackupError as error:
        raise CliError(Exit.FAILED, "bad-backup", f"{error}.") from None
    _refuse_used(data)
    data_directory.create(data)
    with DataLock(data):
        try:
            _write(data, files)
            rows = _fill(_settings(data, config), data, backup)
        except BaseException:
            _empty(data)
            raise
    return {"rows": rows, "files": len(files), "from": backup.manifest.created}


def _refuse_used(data: Path) -> None:
    if data.is_dir() and any(each.name != LOCK for each in data.iterdir()):
        raise CliError(
            Exit.FAILED, "not-empty", f"{data} is not empty; restore into a new directory."
        )


def _write(data: Path, files: Mapping[PurePosixPath, bytes]) -> None:
    for name, content in files.items():
        path = data / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600, exist_ok=False)
        path.write_bytes(content)


def _empty(data: Path) -> None:
    """Take away what a restore that failed has written: nothing else was there."""
    for each in data.iterdir():
        if each.is_dir():
            shutil.rmtree(each)
        elif each.name != LOCK:
            each.unlink()


def _settings(data: Path, config: Path | None) -> Settings:
    if config is None and not (data / FILE_NAME).exists():
        raise CliError(
            Exit.CONFIGURATION,
            "no-configuration",
            "The backup has no configuration, as that was elsewhere; name it with --config.",
        )
    return configuration.load(data, config)


def _fill(settings: Settings, data: Path, backup: Reader) -> int:
    from palaver import app  # here, as few commands need it

    logging.configure(LogSettings(level="warning"), data)
    configuration.extensions()  # which declare the tables
    try:
        return asyncio.run(app.restore(settings, data, backup))
    except app.RestoreError as error:
        raise CliError(Exit.FAILED, "not-restored", f"{error}; nothing was restored.") from None
    except ConfigError as error:
        raise configuration.failed(error) from None
    except SchemaTooNew as error:
        raise CliError(Exit.STORAGE, "storage", str(error)) from None
    except StorageUnavailable as error:
        raise configuration.unreachable(settings, error) from None
