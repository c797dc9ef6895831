"""What administrators read when a database cannot be used."""

import errno
import socket

import pytest
from sqlalchemy.exc import OperationalError

from palaver.store.outages import reason_of


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connect call failed"), "Connection refused"),
        (FileNotFoundError(errno.ENOENT, "No such", "/a/b"), "No such file or directory: /a/b"),
        (socket.gaierror(-2, "Name or service not known"), "Name or service not known"),
        (TimeoutError(), "TimeoutError"),
        (ValueError("strange"), "ValueError: strange"),
    ],
)
def test_a_reason_is_a_text_for_people(error: BaseException, told: str) -> None:
    assert reason_of(error) == told


def test_a_reason_is_the_databases_own_without_the_statement() -> None:
    cause = RuntimeError(1049, "Unknown database 'nodb'")
    error = OperationalError("SELECT secret", {"key": "value"}, cause)
    assert reason_of(error) == "Unknown database 'nodb' (1049)"
