import sys
from pathlib import Path

import pytest

from palaver.cli import program


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the program in a virtual environment below the current directory, not in the PATH."""
    file = tmp_path / ".venv/bin/palaver"
    file.parent.mkdir(parents=True)
    file.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PALAVER_DATA", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "argv", [str(file)])
    return file


def test_a_program_outside_the_path_is_told_as_a_path(installed: Path) -> None:
    assert program.call("user add x", Path("data")) == ".venv/bin/palaver user add x"


def test_a_program_called_by_a_relative_path_is_told_so(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/palaver"])
    assert program.call("user add x", Path("data")) == ".venv/bin/palaver user add x"


def test_a_program_in_the_path_is_told_by_its_name(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(installed.parent))
    assert program.call("user add x", Path("data")) == "palaver user add x"


def test_the_data_directory_is_told_unless_it_is_known(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Path("/var/lib/palaver")
    told = program.call("user add x", elsewhere)
    assert told == ".venv/bin/palaver user add x --data /var/lib/palaver"
    monkeypatch.setenv("PALAVER_DATA", str(elsewhere))
    assert program.call("user add x", elsewhere) == ".venv/bin/palaver user add x"
