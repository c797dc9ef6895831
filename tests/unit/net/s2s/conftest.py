from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.names import Names


@pytest.fixture
def names() -> Iterator[Names]:
    with Names() as names:
        yield names


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Give a place for what the peer has."""
    (tmp_path / "peer").mkdir()
    return tmp_path / "peer"
