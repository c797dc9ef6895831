"""How to run this program once more, for texts that tell people what to type."""

import os
import shutil
import sys
from pathlib import Path

from palaver.cli.command_line import DATA

_NAME = "palaver"


def call(command: str, data: Path) -> str:
    """Return what to type for a command such as ``user add`` on this data directory.

    That is the program as it was called, by its mere name if the shell would find the same one.
    """
    called = Path(sys.argv[0])
    found = shutil.which(_NAME)
    if called.name != _NAME or (found is not None and Path(found).resolve() == called.resolve()):
        program = _NAME
    else:
        program = os.path.relpath(called) if called.is_relative_to(Path.cwd()) else str(called)
    known = data == DATA or os.environ.get("PALAVER_DATA") == str(data)
    return f"{program} {command}" + ("" if known else f" --data {data}")
