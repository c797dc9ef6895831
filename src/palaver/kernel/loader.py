"""Finds extensions, checks what they declare, and loads them in an order that suits all of them."""

import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import entry_points
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from palaver.kernel.errors import LoadError
from palaver.kernel.extension import Extension, ExtensionConfig

if TYPE_CHECKING:
    from palaver.kernel.server import Server

ENTRY_POINTS: Final = "palaver.extensions"
Settings = Callable[[type[Extension[Any]], str | None], ExtensionConfig]
"""Gives an extension's checked settings, of a host or (None) in general."""


def discover(builtin: ModuleType) -> dict[str, type[Extension[Any]]]:
    """Return every extension by name: those in the package ``builtin`` and those of other packages.

    Raises:
        LoadError: two have the same name, or an entry point is not an extension.
    """
    found: dict[str, type[Extension[Any]]] = {}
    for module in pkgutil.walk_packages(builtin.__path__, builtin.__name__ + "."):
        for candidate in _declared_in(importlib.import_module(module.name)):
            _add(found, candidate)
    for entry in entry_points(group=ENTRY_POINTS):
        candidate = entry.load()
        if not (inspect.isclass(candidate) and issubclass(candidate, Extension)):
            raise LoadError(f"entry point {entry.name}: {entry.value} is not an Extension")
        _add(found, candidate)
    return found


def _declared_in(module: ModuleType) -> list[type[Extension[Any]]]:
    return [
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Extension)
        and member.__module__ == module.__name__
        and "name" in member.__dict__
    ]


def _add(found: dict[str, type[Extension[Any]]], extension: type[Extension[Any]]) -> None:
    other = found.setdefault(extension.name, extension)
    if other is not extension:
        raise LoadError(
            f"{extension.__module__} and {other.__module__} both call an extension {extension.name}"
        )


def order(chosen: Mapping[str, type[Extension[Any]]]) -> list[type[Extension[Any]]]:
    """Return the extensions so that each comes after those it requires.

    Raises:
        LoadError: one requires what is not loaded, or they require each other.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in sorted(chosen):
        missing = [other for other in chosen[name].requires if other not in chosen]
        if missing:
            raise LoadError(f"extension {name} requires {', '.join(missing)}, which is not enabled")
        sorter.add(name, *chosen[name].requires)
    try:
        return [chosen[name] for name in sorter.static_order()]
    except CycleError as error:
        raise LoadError(f"extensions require each other: {' → '.join(error.args[1])}") from error


def load(
    server: "Server", extensions: Iterable[type[Extension[Any]]], settings: Settings
) -> list[Extension[Any]]:
    """Make the extensions, in the order given."""
    return [_make(server, extension, settings) for extension in extensions]


def _make(server: "Server", extension: type[Extension[Any]], settings: Settings) -> Extension[Any]:
    return extension(server, functools.cache(functools.partial(settings, extension)))
