"""Finds code that nothing uses, with vulture; see [tool.vulture] in pyproject.toml.

Extensions and their settings are used by what they declare, so what the loader finds counts as
used; nobody has to list it.
"""

import sys
from collections.abc import Iterator

from vulture.config import make_config
from vulture.core import Vulture

from palaver import ext
from palaver.kernel.adhoc import AdHocCommand
from palaver.kernel.extension import Command, declarations
from palaver.kernel.loader import discover


def declared() -> Iterator[str]:
    """Name the extensions, the fields of their settings, and what their commands declare."""
    for extension in discover(ext).values():
        yield extension.__name__
        yield from extension.Config.model_fields
        for _, mark in declarations(extension):
            if isinstance(mark, Command):
                yield from mark.parameters.model_fields
            elif isinstance(mark, AdHocCommand) and mark.offered:
                yield mark.offered


def main() -> int:
    """Report what is unused, and return the exit code."""
    config = make_config()
    vulture = Vulture(
        ignore_names=config["ignore_names"], ignore_decorators=config["ignore_decorators"]
    )
    vulture.scavenge(config["paths"], exclude=config["exclude"])
    vulture.used_names.update(declared())
    return int(vulture.report(min_confidence=config["min_confidence"]))


if __name__ == "__main__":
    sys.exit(main())
