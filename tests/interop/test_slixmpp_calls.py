"""Two people with slixmpp negotiate calls and files (SI, Jingle), on one host and across two."""

import asyncio
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from slixmpp.exceptions import IqError
from tests.interop.conftest import PASSWORD, Arrive, Fresh
from tests.interop.person import Person, soon
from tests.interop.requests import asked, requests_to, same
from tests.support.jingle import NS, SESSIONS, Step
from tests.support.server import Server

HERE, THERE = "localhost", "example.test"
SI = "http://jabber.org/protocol/si"
BESIDE = "http://jabber.org/protocol/bytestreams"
IN_BAND = "http://jabber.org/protocol/ibb"
UNKNOWN = "<unknown-session xmlns='urn:xmpp:jingle:errors:1'/>"


@pytest.fixture(scope="module")
def neighbours(shared_server: Server) -> Iterator[str]:
    """Make accounts on the other host, for all tests in one go."""
    names = [f"juliet-calls-{number}@{THERE}" for number in range(10)]
    shared_server.add_accounts([(jid, PASSWORD) for jid in names])
    return iter(names)


Pair = tuple[Person, Person]


@pytest.fixture(params=[HERE, THERE])
async def pair(
    request: pytest.FixtureRequest, fresh: Fresh, arrive: Arrive, neighbours: Iterator[str]
) -> Pair:
    """Log two people in: on one host, and on two of one server."""
    other = fresh("juliet") if request.param == HERE else next(neighbours)
    return await arrive(fresh("romeo")), await arrive(other)


@pytest.mark.parametrize("session", SESSIONS.values(), ids=list(SESSIONS))
async def test_a_session_is_negotiated_unchanged(pair: Pair, session: tuple[Step, ...]) -> None:
    romeo, juliet = pair
    addresses = (str(romeo.xmpp.boundjid), str(juliet.xmpp.boundjid))
    queues = {id(each): requests_to(each) for each in pair}
    for step in session:
        sender, receiver = pair if step.by_initiator else pair[::-1]
        payload = step.payload(*addresses, sid="a73sjjvkla37jfea")
        answer = asked(sender, str(receiver.xmpp.boundjid), payload)
        came = await soon(queues[id(receiver)].get())
        assert came["from"] == sender.xmpp.boundjid
        assert same(came.xml[0], payload)
        came.reply().send()
        assert (await soon(answer))["type"] == "result"


async def test_an_error_comes_back_as_it_was_given(pair: Pair) -> None:
    romeo, juliet = pair
    queue = requests_to(juliet)
    payload = f"<jingle xmlns='{NS}' action='session-info' sid='none'/>"
    answer = asked(romeo, str(juliet.xmpp.boundjid), payload)
    came = await soon(queue.get())
    reply = came.reply()
    reply["type"] = "error"
    reply["error"]["type"] = "cancel"
    reply["error"]["condition"] = "item-not-found"
    reply["error"].xml.append(ET.fromstring(UNKNOWN))
    reply.send()
    with pytest.raises(IqError) as refused:
        await soon(answer)
    error = refused.value.iq["error"]
    assert error["condition"] == "item-not-found"
    assert error.xml.find("{urn:xmpp:jingle:errors:1}unknown-session") is not None


async def test_a_call_to_a_client_that_is_not_there_is_refused(pair: Pair) -> None:
    romeo, juliet = pair
    payload = f"<jingle xmlns='{NS}' action='session-initiate' sid='1'/>"
    with pytest.raises(IqError) as refused:
        await soon(asked(romeo, f"{juliet.xmpp.boundjid.bare}/elsewhere", payload))
    assert refused.value.condition == "service-unavailable"


# -- stream initiation (XEP-0095, XEP-0096) --------------------------------------------------------


def offer(sid: str) -> str:
    """Return the offer of a file, in the stream or beside it."""
    return (
        f"<si xmlns='{SI}' id='{sid}' mime-type='text/plain' profile='{SI}/profile/file-transfer'>"
        f"<file xmlns='{SI}/profile/file-transfer' name='test.txt' size='1022'>"
        "<desc>Ünïcode &amp; &lt;markup/&gt;</desc><range/></file>"
        "<feature xmlns='http://jabber.org/protocol/feature-neg'>"
        "<x xmlns='jabber:x:data' type='form'><field var='stream-method' type='list-single'>"
        f"<option><value>{BESIDE}</value></option><option><value>{IN_BAND}</value></option>"
        "</field></x></feature></si>"
    )


ACCEPTED = (
    f"<si xmlns='{SI}'><feature xmlns='http://jabber.org/protocol/feature-neg'>"
    "<x xmlns='jabber:x:data' type='submit'><field var='stream-method'>"
    f"<value>{IN_BAND}</value></field></x></feature></si>"
)


async def test_a_file_is_offered_accepted_and_sent_in_the_stream(pair: Pair) -> None:
    romeo, juliet = pair
    queue = requests_to(juliet, "si", SI)
    for each in pair:
        each.xmpp.register_plugin("xep_0047", {"auto_accept": True})
    answer = asked(romeo, str(juliet.xmpp.boundjid), offer("a0"))
    came = await soon(queue.get())
    assert same(came.xml[0], offer("a0"))
    reply = came.reply()
    reply.append(ET.fromstring(ACCEPTED))
    reply.send()
    assert same((await soon(answer)).xml[0], ACCEPTED)
    opened: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    juliet.xmpp.add_event_handler("ibb_stream_start", opened.set_result, disposable=True)
    ibb = romeo.xmpp.plugin["xep_0047"]
    stream = await soon(ibb.open_stream(juliet.xmpp.boundjid, sid="a0", block_size=512))
    coming = asyncio.ensure_future((await soon(opened)).gather())
    await asyncio.sleep(0)  # until it listens
    await stream.sendall(bytes(1022))
    await stream.close()
    assert await soon(coming) == bytes(1022)


@pytest.mark.parametrize(
    ("condition", "detail"), [("forbidden", ""), ("bad-request", "no-valid-streams")]
)
async def test_an_offer_is_refused(pair: Pair, condition: str, detail: str) -> None:
    romeo, juliet = pair
    queue = requests_to(juliet, "si", SI)
    answer = asked(romeo, str(juliet.xmpp.boundjid), offer("a1"))
    reply = (await soon(queue.get())).reply()
    reply["type"] = "error"
    reply["error"]["condition"] = condition
    if detail:
        reply["error"].xml.append(ET.Element(f"{{{SI}}}{detail}"))
    reply.send()
    with pytest.raises(IqError) as refused:
        await soon(answer)
    error = refused.value.iq["error"]
    assert error["condition"] == condition
    assert not detail or error.xml.find(f"{{{SI}}}{detail}") is not None
