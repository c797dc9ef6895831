"""``palaver config``: check, show and explain the configuration."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from palaver import ext
from palaver.cli.cli_error import CliError, Exit
from palaver.cli.implemented import Extensions
from palaver.cli.reference import toml
from palaver.kernel import config, config_schema, loader
from palaver.kernel.config_error import ConfigError, dotted
from palaver.kernel.errors import LoadError
from palaver.kernel.settings import LogSettings, Settings
from palaver.obs import logging
from palaver.obs.log_text import HIDDEN


def extensions() -> Extensions:
    """Find every installed extension, by name; raises `CliError` when one cannot be loaded."""
    try:
        return dict(sorted(loader.discover(ext).items()))
    except LoadError as error:
        raise CliError(Exit.CONFIGURATION, "extension", str(error)) from error


def load(data: Path, file: Path | None) -> Settings:
    """Read the settings; raises `CliError` with every problem of the file."""
    try:
        return config.load(data, file)
    except ConfigError as error:
        raise failed(error) from None


def check(data: Path, file: Path | None) -> Settings:
    """Read the settings and check those of extensions too; raises `CliError`."""
    settings = load(data, file)
    try:
        config.check_extensions(
            settings, {name: each.Config for name, each in extensions().items()}
        )
    except ConfigError as error:
        raise failed(error) from None
    return settings


def check_certificates(settings: Settings, data: Path) -> None:
    """Read all certificates as the server would; raises `CliError` when one cannot be used."""
    from palaver import app  # here, as few commands need it

    logging.configure(LogSettings(level="warning"), data)
    try:
        app.check_certificates(settings, data)
    except OSError as error:
        raise CliError(Exit.CONFIGURATION, "certificate", str(error)) from None


def failed(error: ConfigError) -> CliError:
    """Make the command's failure of wrong settings."""
    count = len(error.problems)
    head = "The configuration has an error:" if count == 1 else f"{count} configuration errors:"
    return CliError(Exit.CONFIGURATION, "configuration", f"{head}\n{error}")


def unreachable(settings: Settings, error: Exception) -> CliError:
    """Make the command's failure of a database that cannot be opened or used."""
    told = f"The database {_masked(settings.storage.url)} cannot be used: {error}"
    return CliError(Exit.STORAGE, "storage-unavailable", told)


def shown(settings: Settings) -> dict[str, Any]:
    """Give all settings as plain values, secrets hidden, for JSON."""
    values = settings.model_dump(mode="json", exclude_none=True)
    root = config_schema.schema_of(Settings)
    return {name: _without_secrets(root, (name,), value) for name, value in values.items()}


def as_toml(values: Mapping[str, Any]) -> str:
    """Write plain settings as a TOML file would have them."""
    return "\n".join(_tables((), values)).strip()


def _without_secrets(root: config_schema.Node, path: tuple[str, ...], value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_secrets(root, (*path, name), each) for name, each in value.items()}
    node = config_schema.node_at(root, path)
    if path[0] != "extensions" and "extensions" not in path[2:3]:
        return _masked(value) if node and node.get("secret") else value
    return HIDDEN if _is_private(path[-1]) else value


def _is_private(name: str) -> bool:
    return any(word in name for word in ("password", "secret", "token"))


def _masked(value: object) -> str:
    try:
        return make_url(str(value)).render_as_string(hide_password=True)
    except ArgumentError:
        return HIDDEN


def _tables(path: tuple[str, ...], values: Mapping[str, Any]) -> Iterator[str]:
    plain = {name: value for name, value in values.items() if not isinstance(value, dict)}
    if path and (plain or not values):
        yield f"[{dotted(path)}]"
    for name, value in plain.items():
        yield f"{name} = {toml(value)}"
    if plain or (path and not values):
        yield ""
    for name, value in values.items():
        if isinstance(value, dict) and (value or len(path) > 0):
            yield from _tables((*path, name), value) if value or path == ("hosts",) else ()
