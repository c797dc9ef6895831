"""Database URLs as administrators write them."""

import sys
from pathlib import Path

import pytest

from palaver.kernel.config_error import ConfigError
from palaver.store.address import driver_url

DATA = Path("/var/lib/palaver")


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("sqlite:///palaver.sqlite3", "sqlite+aiosqlite:////var/lib/palaver/palaver.sqlite3"),
        ("sqlite:////srv/chat.db", "sqlite+aiosqlite:////srv/chat.db"),
        ("sqlite+aiosqlite:///x?timeout=3", "sqlite+aiosqlite:////var/lib/palaver/x?timeout=3"),
        ("postgresql://u:p@h:1/d", "postgresql+asyncpg://u:p@h:1/d"),
        ("postgres://u@h/d?sslmode=require", "postgresql+asyncpg://u@h/d?ssl=require"),
        ("postgresql:///d?host=/run/pg", "postgresql+asyncpg:///d?host=%2Frun%2Fpg"),
        ("mysql://u:p%40@h/d", "mysql+asyncmy://u:p%40@h/d?charset=utf8mb4"),
        ("mariadb://h/d?ssl_ca=x", "mysql+asyncmy://h/d?charset=utf8mb4&ssl_ca=x"),
        ("mysql://h/d?charset=latin1", "mysql+asyncmy://h/d?charset=utf8mb4"),
    ],
)
def test_a_url_gets_its_driver_and_keeps_its_parameters(written: str, used: str) -> None:
    assert driver_url(written, DATA).render_as_string(hide_password=False) == used


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("palaver.sqlite3", "is not a database URL"),
        ("", "is not a database URL"),
        ("postgresql://h:port/d", "is not a database URL"),
        ("oracle://h/d", 'there is no database "oracle"'),
        ("postgresql+psycopg://h/d", 'driver "psycopg"'),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:///file:x?mode=memory", "needs a file"),
        ("sqlite://palaver.sqlite3", "needs a file"),
        ("sqlite://data/palaver.sqlite3", "no host"),
    ],
)
def test_a_url_that_cannot_be_used_is_explained(written: str, reason: str) -> None:
    with pytest.raises(ConfigError, match=reason) as caught:
        driver_url(written, DATA)
    assert caught.value.problems[0].path == "storage.url"
    assert caught.value.problems[0].hint


@pytest.mark.parametrize(
    ("url", "module", "extra"),
    [
        ("postgresql://h/d", "asyncpg", "postgresql"),
        ("mysql://h/d", "asyncmy", "mysql"),
        ("mariadb://h/d", "asyncmy", "mysql"),
    ],
)
def test_a_driver_that_is_not_installed_is_named_with_its_extra(
    url: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)  # what the import system takes for "missing"
    with pytest.raises(ConfigError, match=rf"{module} is not installed[^$]*palaver\[{extra}\]"):
        driver_url(url, DATA)
