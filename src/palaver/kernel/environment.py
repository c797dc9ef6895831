"""Overrides of single settings by environment variables."""

import tomllib
from collections.abc import Mapping
from typing import Any

from palaver.kernel.config_error import Location

PREFIX = "PALAVER_"
# Read by the command line itself; every other variable with the prefix names a setting.
COMMAND_LINE = frozenset({"PALAVER_CONFIG", "PALAVER_DATA"})


def overrides(environ: Mapping[str, str]) -> tuple[dict[str, Any], dict[Location, str]]:
    """Read ``PALAVER_LIMITS__DEPTH=50`` as ``limits.depth = 50``.

    Levels are separated by two underscores, letters count as small. A value that is TOML is
    taken as such (``50``, ``true``, ``["a"]``, ``"50"`` for a text of digits), any other as text.
    Returns the nested values, and the variable that set each path.
    """
    values: dict[str, Any] = {}
    variables: dict[Location, str] = {}
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in COMMAND_LINE:
            path = tuple(name.removeprefix(PREFIX).lower().split("__"))
            variables[path] = name
            _put(values, path, _value(environ[name]))
    return values, variables


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one tree of settings over another; lists are replaced, not joined."""
    result = dict(base)
    for name, value in over.items():
        below = result.get(name)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            result[name] = merged(below, value)
        else:
            result[name] = value
    return result


def _put(values: dict[str, Any], path: Location, value: object) -> None:
    section = values
    for part in path[:-1]:
        below = section.setdefault(part, {})
        if not isinstance(below, dict):
            below = section[part] = {}
        section = below
    section[path[-1]] = value


def _value(text: str) -> object:
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return parsed["value"] if len(parsed) == 1 else text
