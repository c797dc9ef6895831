"""Which specifications Palaver implements, as its parts declare them, and where."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import palaver
from palaver.kernel.extension import Extension
from palaver.specifications import Rfc, Xep

Extensions = Mapping[str, type[Extension[Any]]]


class Implemented(NamedTuple):
    """A specification, and the extension or the package that implements it."""

    where: str
    what: Xep | Rfc


def xeps(extensions: Extensions) -> list[Implemented]:
    """List the XEPs, by number and then by who implements them."""
    found = [
        *(Implemented(name, xep) for name, each in extensions.items() for xep in each.implements),
        *(each for each in _of_packages() if isinstance(each.what, Xep)),
    ]
    return sorted(found, key=lambda each: (each.what.number, each.where))


def rfcs() -> list[Implemented]:
    """List the RFCs, by number and then by who implements them."""
    found = [each for each in _of_packages() if isinstance(each.what, Rfc)]
    return sorted(found, key=lambda each: (each.what.number, each.where))


def _of_packages() -> Iterator[Implemented]:
    for module in pkgutil.iter_modules(palaver.__path__, "palaver."):
        if module.name.endswith(".__main__"):
            continue
        for what in getattr(importlib.import_module(module.name), "IMPLEMENTS", ()):
            yield Implemented(module.name, what)
