"""Servers for the tests of the command line."""

import signal
from collections.abc import Iterator

import pytest
from tests.unit.cli.process import Palaver, prepared, started


@pytest.fixture(scope="session")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Palaver:
    """Give a server that is set up and not running; tests use accounts of their own."""
    return prepared(tmp_path_factory.mktemp("stopped") / "data")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Palaver]:
    """Give a server that runs; tests use accounts of their own."""
    palaver = prepared(tmp_path_factory.mktemp("running") / "data")
    with started(palaver) as process:
        yield palaver
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
