import stat
import subprocess
import sys
from pathlib import Path

import pytest

from palaver.cli import data_directory
from palaver.cli.cli_error import CliError, Exit
from palaver.cli.data_directory import DataLock

HOLDER = """
import sys
from pathlib import Path
from palaver.cli.data_directory import DataLock
with DataLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_directory_is_its_owners_only(tmp_path: Path) -> None:
    data_directory.create(tmp_path / "a" / "data")
    assert stat.S_IMODE((tmp_path / "a" / "data").stat().st_mode) == 0o700


def test_one_process_has_the_directory_until_it_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(CliError, match=f"process {holder.pid}") as caught, DataLock(tmp_path):
            pytest.fail("two have the lock")
        assert caught.value.exit_code is Exit.IN_USE
        holder.kill()
        holder.wait()
        with DataLock(tmp_path):
            assert not DataLock(tmp_path).acquire()


def test_a_missing_directory_is_explained(tmp_path: Path) -> None:
    with pytest.raises(CliError, match="palaver setup"):
        DataLock(tmp_path / "none").acquire()
