"""Input that is put off to the next turn of the loop is neither lost nor taken in another order."""

import asyncio
from itertools import pairwise

import pytest
from tests.support.client import Client
from tests.unit.net.serving import HOST, Serving

from palaver.net import turn
from palaver.net.turn import Turn

PING = "<iq type='get' id='{}' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>"


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every turn be over once it has begun."""
    monkeypatch.setattr(turn, "_LONGEST", -1.0)


async def connected(net: Serving, jid: str) -> Client:
    return await net.client(jid).connect()


async def test_what_is_put_off_comes_in_its_order_a_part_in_each_turn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turn, "_LONGEST", 0.0)
    ours, done, turns = Turn(), list[int](), list[int]()
    assert not ours.is_over
    for number in range(5):
        ours.put_off(lambda number=number: done.append(number))
    while len(done) < 5:
        await asyncio.sleep(0)
        turns.append(len(done))
    assert done == [0, 1, 2, 3, 4]
    assert all(after - before <= 1 for before, after in pairwise(turns))


@pytest.mark.usefixtures("late")
async def test_stanzas_put_off_arrive_in_the_order_in_which_they_were_sent(net: Serving) -> None:
    romeo = await connected(net, f"romeo@{HOST}/orchard")
    juliet = await connected(net, f"juliet@{HOST}/balcony")
    for number in range(50):
        await romeo.send(f"<message to='{juliet.jid}' id='{number}'><body>a</body></message>")
    await juliet.barrier_from(romeo)
    assert [stanza.get("id") for stanza in juliet.inbox] == [str(n) for n in range(50)]


@pytest.mark.usefixtures("late")
async def test_what_a_client_said_before_it_left_is_not_lost(net: Serving) -> None:
    romeo = await connected(net, f"romeo@{HOST}/orchard")
    juliet = await connected(net, f"juliet@{HOST}/balcony")
    farewell = f"<message to='{juliet.jid}' id='adieu'><body>Adieu!</body></message>"
    await romeo.send(f"{farewell}</stream:stream>")
    await romeo.abort()
    came = await juliet.expect(lambda each: each.get("id") == "adieu")
    assert came.get("from") == f"romeo@{HOST}/orchard"
