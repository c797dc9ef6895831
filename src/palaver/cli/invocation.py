"""Runs a declared command: in the server if it runs, else on its storage directly."""

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path

import typer

from palaver.cli import (
    configuration,
    control_client,
    control_protocol,
    data_directory,
    offline,
    output,
)
from palaver.cli.cli_error import CliError, Exit
from palaver.cli.command_line import Common
from palaver.cli.data_directory import DataLock
from palaver.kernel.extension import Command
from palaver.kernel.settings import Settings

_PATIENCE = 10.0  # seconds for a server that starts, or another command
_AGAIN = 0.05


def run(command: Command, arguments: Mapping[str, object], common: Common) -> None:
    """Run a command and print its result; raises `CliError`.

    A result that lists ``problems`` makes the exit code 1, after it has been printed.
    """
    settings = configuration.load(common.data, common.config)
    data_directory.require(common.data)
    with output.progress_bar(command.name, quiet=common.as_json) as progress:
        result = _result(command, arguments, settings, common.data, progress)
    output.show(result, as_json=common.as_json)
    if isinstance(result, Mapping) and result.get("problems"):
        raise typer.Exit(Exit.FAILED)


def upgrade(data: Path, config: Path | None) -> None:
    """Migrate the database of a stopped server; raises `CliError`."""
    settings = configuration.load(data, config)
    data_directory.require(data)
    with DataLock(data):
        asyncio.run(offline.upgrade(settings, data))


def _result(
    command: Command,
    arguments: Mapping[str, object],
    settings: Settings,
    data: Path,
    progress: output.Progress,
) -> object:
    lock = DataLock(data)
    until = time.monotonic() + _PATIENCE
    while True:
        if control_protocol.SUPPORTED:
            try:
                return control_client.ask(
                    data / settings.control.socket, command.name, arguments, progress
                )
            except (ConnectionRefusedError, FileNotFoundError):
                pass
            except PermissionError:
                raise _not_the_owner(data) from None
        if lock.acquire():
            try:
                return _alone(command, arguments, settings, data, progress)
            finally:
                lock.release()
        if time.monotonic() > until:
            raise CliError(
                Exit.IN_USE,
                "in-use",
                f"{data} is in use by {lock.holder()}, which does not answer.",
            )
        time.sleep(_AGAIN)


def _alone(
    command: Command,
    arguments: Mapping[str, object],
    settings: Settings,
    data: Path,
    progress: output.Progress,
) -> object:
    if not command.offline:
        raise CliError(
            Exit.NOT_RUNNING, "not-running", f"`{command.name}` needs the server, which is stopped."
        )
    return asyncio.run(offline.run(settings, data, command.name, arguments, progress))


def _not_the_owner(data: Path) -> CliError:
    return CliError(
        Exit.FAILED, "forbidden", f"Only the user who owns {data} may give this server commands."
    )
