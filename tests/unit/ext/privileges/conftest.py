"""A server with a component that may do a lot on one host, and nothing on the other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.component import Component
from tests.unit.net.serving import Serving, serving

HELPER = "helper.capulet.example"
ROGUE = "rogue.capulet.example"
WATCHER = "watcher.capulet.example"
SECRET = "the lark, the herald of the morn"
PUBSUB = "http://jabber.org/protocol/pubsub"
SECTIONS = f"""
[components."{ROGUE}"]
secret = "{SECRET}"
[components."{HELPER}"]
secret = "{SECRET}"
[components."{HELPER}".privileges."capulet.example"]
roster = "both"
message = "outgoing"
presence = "managed_entity"
iq."{PUBSUB}" = "both"
iq."jabber:iq:version" = "get"
[components."{WATCHER}"]
secret = "{SECRET}"
[components."{WATCHER}".privileges."capulet.example"]
roster = "get"
roster_push = false
presence = "roster"
"""


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    async with serving(tmp_path, authority, SECTIONS) as net:
        await net.account("juliet")
        await net.account("nurse")
        await net.account("romeo", "montague.example")
        yield net


@pytest.fixture
async def helper(net: Serving) -> Component:
    return await entering(net, HELPER)


@pytest.fixture
async def rogue(net: Serving) -> Component:
    return await net.component(ROGUE, SECRET).connect()


@pytest.fixture
async def juliet(net: Serving) -> Client:
    return await net.client("juliet@capulet.example/balcony").connect()


async def entering(net: Serving, domain: str) -> Component:
    """Connect a component and take what it is told first."""
    component = await net.component(domain, SECRET).connect()
    for _ in range(2):
        await component.receive()
    return component
