"""Two people with slixmpp send each other files, in the stream and through the proxy."""

import asyncio
import random

import pytest
from tests.interop.conftest import Arrive, Fresh
from tests.interop.files import (
    by_jingle_in_the_stream,
    by_jingle_through_the_proxy,
    in_the_stream,
    through_the_proxy,
)
from tests.interop.person import Person

BIG = 20_000_000


@pytest.fixture
async def pair(fresh: Fresh, arrive: Arrive) -> tuple[Person, Person]:
    return await arrive(fresh("romeo")), await arrive(fresh("juliet"))


async def test_a_file_in_the_stream(
    pair: tuple[Person, Person], file: bytes, patience: float
) -> None:
    async with asyncio.timeout(patience):
        await in_the_stream(*pair, file)
        await in_the_stream(*pair[::-1], file)


async def test_a_big_file_through_the_proxy(pair: tuple[Person, Person], patience: float) -> None:
    file = random.Random(65).randbytes(BIG)
    async with asyncio.timeout(patience):
        await through_the_proxy(*pair, file)
        await through_the_proxy(*pair[::-1], file)


async def test_a_file_that_is_negotiated(
    pair: tuple[Person, Person], file: bytes, patience: float
) -> None:
    async with asyncio.timeout(patience):
        await by_jingle_in_the_stream(*pair, file)
        await by_jingle_through_the_proxy(*pair[::-1], file)
