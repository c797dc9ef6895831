"""Files between a user of ours and one of another domain, whose server is of each kind."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from tests.interop.abroad import HERE, SERVERS, Both, both_running
from tests.interop.conftest import PASSWORD
from tests.interop.files import (
    by_jingle_in_the_stream,
    by_jingle_through_the_proxy,
    by_stream_initiation,
    in_the_stream,
    through_the_proxy,
)
from tests.interop.neighbours import HOST
from tests.interop.person import Person
from tests.interop.requests import negotiate
from tests.support.certificates import Authority
from tests.support.jingle import SESSIONS
from tests.support.names import Names

BIG = 20_000_000
SMALL = 100_000

Pair = tuple[Person, Person]


@pytest.fixture(scope="module", params=SERVERS)
def both(
    request: pytest.FixtureRequest,
    authority: Authority,
    palaver_command: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Both]:
    """Start both servers."""
    kind: str = request.param
    directory = tmp_path_factory.mktemp(kind)
    with (
        Names.at_port_53() as names,
        both_running(kind, "certificate", names, authority, palaver_command, directory) as both,
    ):
        both.here.add_account(f"romeo@{HERE}", PASSWORD)
        both.abroad.register("juliet", PASSWORD)
        yield both


@pytest.fixture(params=["ours begins", "theirs begins"])
async def pair(
    request: pytest.FixtureRequest, both: Both, authority: Authority
) -> AsyncIterator[Pair]:
    """Log both in; the first one begins."""
    addresses = {
        f"romeo@{HERE}": both.here.tls_address,
        f"juliet@{HOST}": both.abroad.client_address,
    }
    async with AsyncExitStack() as stack:
        romeo, juliet = [
            await stack.enter_async_context(
                Person(
                    both.here,
                    jid,
                    PASSWORD,
                    trust=authority.trust(),
                    direct_tls=True,
                    address=address,
                )
            )
            for jid, address in addresses.items()
        ]
        yield (romeo, juliet) if request.param == "ours begins" else (juliet, romeo)


async def test_a_file_in_the_stream(pair: Pair, file: bytes, patience: float) -> None:
    """XEP-0047."""
    async with asyncio.timeout(patience):
        await in_the_stream(*pair, file)


def for_proxy_of(person: Person) -> bytes:
    """Give a file for the proxy of somebody's server: a big one for ours, as Prosody's is slow."""
    size = BIG if person.xmpp.boundjid.domain == HERE else SMALL
    return random.Random(65).randbytes(size)


async def test_a_file_each_way_through_the_proxy_of_who_begins(pair: Pair, patience: float) -> None:
    """XEP-0065; through Prosody's at the third attempt at the latest.

    It now and then keeps what was sent in the moment of its activation.
    """
    file = for_proxy_of(pair[0])
    if pair[0].xmpp.boundjid.domain != HERE:
        for _ in range(2):
            with suppress(TimeoutError):
                async with asyncio.timeout(patience / 3):
                    await through_the_proxy(*pair, file)
                    return
    async with asyncio.timeout(patience):
        await through_the_proxy(*pair, file)


async def test_a_file_that_is_negotiated(pair: Pair, file: bytes, patience: float) -> None:
    """XEP-0096; XEP-0234 over XEP-0261, then over XEP-0260 where the proxy is ours.

    Prosody's now and then loses something, see above.
    """
    async with asyncio.timeout(patience):
        await by_stream_initiation(*pair, file[:SMALL])
        await by_jingle_in_the_stream(*pair, file)
        if pair[0].xmpp.boundjid.domain == HERE:
            await by_jingle_through_the_proxy(*pair, for_proxy_of(pair[0]))


async def test_sessions_are_negotiated_unchanged(pair: Pair, patience: float) -> None:
    sessions = {f"s{number}": steps for number, steps in enumerate(SESSIONS.values())}
    async with asyncio.timeout(patience):
        await negotiate(*pair, sessions)
