"""What is derived from the server's secret."""

import re
from pathlib import Path

from palaver.kernel.secret import Secret


def test_it_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    first = Secret(tmp_path)
    assert Secret(tmp_path).key == first.key
    assert len(first.key) == 32
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_what_is_derived_depends_on_all_parts_and_where_they_end(tmp_path: Path) -> None:
    secret = Secret(tmp_path)
    assert secret.derive("a", "b") == secret.derive("a", "b")
    others = [secret.derive(*parts) for parts in (("a", "c"), ("b", "b"), ("a", "b", ""), ("ab",))]
    assert len({secret.derive("a", "b"), *others}) == 5


def test_names_can_be_typed(tmp_path: Path) -> None:
    secret = Secret(tmp_path)
    names = {secret.name("device", str(number)) for number in range(100)}
    assert len(names) == 100
    assert all(re.fullmatch("[a-z2-7]{20}", name) for name in names)
