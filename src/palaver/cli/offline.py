"""A stopped server's storage and extensions, for commands that need no more than that."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from palaver.cli import configuration
from palaver.cli.cli_error import CliError, Exit, exit_of
from palaver.kernel.commands import Commands, nobody_watches
from palaver.kernel.config_error import ConfigError
from palaver.kernel.errors import CommandError, LoadError
from palaver.kernel.extension import Progress
from palaver.kernel.settings import LogSettings, Settings
from palaver.kernel.storage import SchemaTooNew, StorageUnavailable
from palaver.obs import logging


@asynccontextmanager
async def opened(settings: Settings, data: Path) -> AsyncIterator[Commands]:
    """Open what a stopped server has; whoever calls holds the lock of the data directory.

    Raises `CliError` when it cannot be opened, and for what a command refuses inside.
    """
    from palaver import app  # here, because commands to a running server need none of it

    logging.configure(LogSettings(level="warning"), data)
    try:
        async with app.assembled(settings, data) as server:
            yield Commands(server.extensions.values())
            await server.log.flush()
    except ConfigError as error:
        raise configuration.failed(error) from None
    except LoadError as error:
        raise CliError(Exit.CONFIGURATION, "extension", str(error)) from None
    except SchemaTooNew as error:
        raise CliError(Exit.STORAGE, "storage", str(error)) from None
    except StorageUnavailable as error:
        raise configuration.unreachable(settings, error) from None
    except CommandError as error:
        raise CliError(exit_of(error.code), error.code, error.text) from None


async def run(
    settings: Settings,
    data: Path,
    name: str,
    arguments: Mapping[str, object],
    progress: Progress = nobody_watches,
) -> object:
    """Run one command; raises `CliError`."""
    async with opened(settings, data) as commands:
        return await commands.run(name, arguments, progress)


async def upgrade(settings: Settings, data: Path) -> None:
    """Bring the database's schema up to date, as opening it does; raises `CliError`."""
    async with opened(settings, data):
        return
