"""``palaver serve``."""

from pathlib import Path

from palaver.cli import configuration, data_directory
from palaver.cli.cli_error import CliError, Exit
from palaver.cli.data_directory import DataLock
from palaver.kernel.config_error import ConfigError
from palaver.kernel.errors import LoadError
from palaver.kernel.storage import SchemaTooNew, StorageUnavailable


def serve(data: Path, config: Path | None) -> None:
    """Run the server until it is stopped; raises `CliError` when it cannot start."""
    settings = configuration.check(data, config)
    data_directory.create(data)
    from palaver import app  # here, because other commands start faster without the server

    with DataLock(data):
        try:
            app.serve(settings, data)
        except ConfigError as error:
            raise configuration.failed(error) from None
        except LoadError as error:
            raise CliError(Exit.CONFIGURATION, "extension", str(error)) from None
        except (SchemaTooNew, StorageUnavailable) as error:
            raise CliError(Exit.STORAGE, "storage", str(error)) from None
        except OSError as error:
            raise CliError(Exit.FAILED, "start", str(error)) from None
