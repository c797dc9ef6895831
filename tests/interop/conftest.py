"""Accounts and slixmpp clients for the tests with other people's software."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from tests.interop.person import Person
from tests.support.certificates import Authority
from tests.support.server import Server

PASSWORD = "a rose by any other name"
NAMES = ("romeo", "juliet")
ACCOUNTS = 100
"""As many tests use a name at most."""

MEGABYTE = 1_000_000

Fresh = Callable[[str], str]
Arrive = Callable[..., Awaitable[Person]]


@pytest.fixture(scope="session")
def _nobodys(shared_server: Server) -> dict[str, Iterator[str]]:
    """Create accounts for all tests in one go, by name: starting a command takes time."""
    addresses = {
        name: [f"{name}-{number}@localhost" for number in range(ACCOUNTS)] for name in NAMES
    }
    shared_server.add_accounts([(jid, PASSWORD) for jids in addresses.values() for jid in jids])
    return {name: iter(jids) for name, jids in addresses.items()}


@pytest.fixture
def fresh(_nobodys: dict[str, Iterator[str]]) -> Fresh:
    """Give a function that returns an account which no other test has, for one of `NAMES`."""
    return lambda name: next(_nobodys[name])


@pytest.fixture
async def arrive(shared_server: Server, authority: Authority) -> AsyncIterator[Arrive]:
    """Give a function that logs a person in with slixmpp; all quit at the end of the test."""
    async with AsyncExitStack() as people:

        async def log_in(jid: str, **how: Any) -> Person:
            person = Person(shared_server, jid, PASSWORD, **{"trust": authority.trust()} | how)
            return await people.enter_async_context(person)

        yield log_in


@pytest.fixture(scope="session")
def file(request: pytest.FixtureRequest) -> bytes:
    """Give a file: one megabyte for each round, as sending it in the stream takes time."""
    return random.Random(20).randbytes(request.config.getoption("--rounds") * MEGABYTE)


@pytest.fixture
def patience(request: pytest.FixtureRequest) -> float:
    """Give the seconds that files may take on a slow machine."""
    rounds: int = request.config.getoption("--rounds")
    return 60.0 + 30.0 * rounds
