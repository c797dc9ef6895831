"""Finds extensions, checks what they declare, and loads them in an order that suits all of them."""

import functools
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

from palaver.kernel.config_error import suggest
from palaver.kernel.errors import LoadError
from palaver.kernel.extension import Extension, ExtensionConfig

if TYPE_CHECKING:
    from palaver.kernel.server import Server

ENTRY_POINTS: Final = "palaver.extensions"
_NAME: Final = re.compile("[a-z][a-z0-9_]*")
Settings = Callable[[type[Extension[Any]], str | None], ExtensionConfig]
"""Gives an extension's checked settings, of a host or (None) in general."""


def discover(builtin: ModuleType) -> dict[str, type[Extension[Any]]]:
    """Return every extension by name: those in the package ``builtin`` and those of other packages.

    Raises:
        LoadError: two have the same name, one of another package cannot be imported, or its entry
            point or declaration is wrong.
    """
    found: dict[str, type[Extension[Any]]] = {}
    for module in pkgutil.walk_packages(builtin.__path__, builtin.__name__ + "."):
        for candidate in _declared_in(importlib.import_module(module.name)):
            _add(found, candidate)
    for entry in entry_points(group=ENTRY_POINTS):
        _add(found, _imported(entry))
    return found


def _declared_in(module: ModuleType) -> list[type[Extension[Any]]]:
    return [
        member
        for _, member in inspect.getmembers(module, inspect.isclass)
        if issubclass(member, Extension)
        and member.__module__ == module.__name__
        and "name" in member.__dict__
    ]


def _imported(entry: EntryPoint) -> type[Extension[Any]]:
    package = f"the package {entry.dist.name}" if entry.dist else "a package"
    where = f"{entry.value}, the extension {entry.name} of {package}"
    try:
        candidate = entry.load()
    except Exception as error:
        raise LoadError(
            f"{where}, cannot be imported: {type(error).__name__}: {error}. Put it right, or "
            "uninstall the package"
        ) from error
    if not (inspect.isclass(candidate) and issubclass(candidate, Extension)):
        raise LoadError(f"{where}, is not a subclass of palaver.kernel.extension.Extension")
    for wrong in _mistakes(candidate):
        raise LoadError(f"{where}: {wrong}")
    return candidate


def _mistakes(extension: type[Extension[Any]]) -> Iterator[str]:
    """Tell what is wrong with the declarations of a class."""
    name = getattr(extension, "name", None)
    if not (isinstance(name, str) and _NAME.fullmatch(name)):
        yield f"its name is {name!r}; it needs one of small letters, digits and underscores"
    if not (inspect.isclass(extension.Config) and issubclass(extension.Config, ExtensionConfig)):
        yield "its Config is not a subclass of palaver.kernel.extension.ExtensionConfig"
    for key, field in extension.Config.model_fields.items():
        if field.is_required():
            yield f"its setting {key} has no default; an extension works when it is just installed"
    for attribute in ("implements", "features", "account_features", "requires", "tables"):
        if not isinstance(getattr(extension, attribute), tuple):
            yield f"{attribute} is not a tuple; a tuple of one has a comma: (x,)"


def _add(found: dict[str, type[Extension[Any]]], extension: type[Extension[Any]]) -> None:
    other = found.setdefault(extension.name, extension)
    if other is not extension:
        raise LoadError(
            f"{extension.__module__} and {other.__module__} both call an extension "
            f"{extension.name}; one of them needs another name"
        )


def without_what_they_require(
    chosen: Mapping[str, type[Extension[Any]]],
    installed: Collection[str],
    explicit: Collection[str],
) -> dict[str, str]:
    """Return the extensions that are on by default only, and require one that was turned off.

    Each with what it requires. Who turns an extension off need not know what builds on it; what is
    turned on by name is an error to leave out.
    """
    left_out: dict[str, str] = {}
    found = True
    while found:
        found = False
        for name, extension in chosen.items():
            missing = [
                other
                for other in extension.requires
                if other in installed and (other not in chosen or other in left_out)
            ]
            if missing and name not in left_out and name not in explicit:
                left_out[name] = missing[0]
                found = True
    return left_out


def order(
    chosen: Mapping[str, type[Extension[Any]]], installed: Collection[str] = ()
) -> list[type[Extension[Any]]]:
    """Return the extensions so that each comes after those it requires.

    ``installed`` names all there are, chosen or not, for the text of the error.

    Raises:
        LoadError: one requires what is not loaded, or they require each other.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in sorted(chosen):
        for other in chosen[name].requires:
            if other not in chosen:
                raise LoadError(_missing(name, other, {*chosen, *installed}))
        sorter.add(name, *chosen[name].requires)
    try:
        return [chosen[name] for name in sorter.static_order()]
    except CycleError as error:
        raise LoadError(f"extensions require each other: {' → '.join(error.args[1])}") from error


def _missing(name: str, other: str, installed: Collection[str]) -> str:
    if other in installed:
        return (
            f"extension {name} requires {other}, which is off; turn it on with enabled = true in "
            f"[extensions.{other}], or turn {name} off"
        )
    return f"extension {name} requires {other}, which is not installed. {suggest(other, installed)}"


def load(
    server: "Server", extensions: Iterable[type[Extension[Any]]], settings: Settings
) -> list[Extension[Any]]:
    """Make the extensions, in the order given."""
    return [_make(server, extension, settings) for extension in extensions]


def _make(server: "Server", extension: type[Extension[Any]], settings: Settings) -> Extension[Any]:
    return extension(server, functools.cache(functools.partial(settings, extension)))
