"""Two people with slixmpp negotiate calls and files (SI, Jingle), on one host and across two."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from slixmpp.exceptions import IqError
from tests.interop.conftest import PASSWORD, Arrive, Fresh
from tests.interop.files import SI, by_stream_initiation, offer
from tests.interop.person import Person, soon
from tests.interop.requests import asked, negotiate, requests_to
from tests.support.jingle import NS, SESSIONS, Step
from tests.support.server import Server

HERE, THERE = "localhost", "example.test"
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
    await negotiate(*pair, {"a73sjjvkla37jfea": session})


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


async def test_a_file_is_offered_accepted_and_sent_in_the_stream(pair: Pair) -> None:
    await by_stream_initiation(*pair, bytes(1022))


@pytest.mark.parametrize(
    ("condition", "detail"), [("forbidden", ""), ("bad-request", "no-valid-streams")]
)
async def test_an_offer_is_refused(pair: Pair, condition: str, detail: str) -> None:
    romeo, juliet = pair
    queue = requests_to(juliet, "si", SI)
    answer = asked(romeo, str(juliet.xmpp.boundjid), offer("a1", 1022))
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
