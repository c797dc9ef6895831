"""IQ requests and their handlers: answers, failures, order."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House
from tests.unit.kernel.house import bare_house, use

from palaver import jid
from palaver.kernel.answering import refusal_for
from palaver.kernel.extension import Answer, Extension, Request, Target, iq
from palaver.kernel.outbox import Outbox
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

NS = "urn:x"
EVERYBODY = (Target.ACCOUNT, Target.CONTACT, Target.HOST)
ROMEO = "romeo@montague.example/orchard"


class Oracle(Extension):
    """Answers, at once or when the test opens the gate."""

    name = "oracle"
    gate: asyncio.Event
    asked: list[Request]

    def __init__(self, *given) -> None:
        super().__init__(*given)
        type(self).gate = asyncio.Event()
        type(self).asked = []

    @iq(("get", "set"), NS, "now", to=EVERYBODY)
    def now(self, request: Request) -> Answer:
        self.asked.append(request)
        return Element("now", NS, {"set": str(request.is_set)})

    @iq("get", NS, "later", to=EVERYBODY)
    async def later(self, request: Request) -> Answer:
        self.asked.append(request)
        await self.gate.wait()
        return None

    @iq("get", NS, "refused", to=EVERYBODY)
    def refused(self, _request: Request) -> Answer:
        raise StanzaError("forbidden", "not you")

    @iq("get", NS, "mistake", to=EVERYBODY)
    def mistake(self, _request: Request) -> Answer:
        raise ValueError("a secret")

    @iq("get", NS, "late-mistake", to=EVERYBODY)
    async def late_mistake(self, _request: Request) -> Answer:
        raise ValueError("a secret")

    @iq("get", NS, "outage", to=EVERYBODY)
    async def outage(self, _request: Request) -> Answer:
        raise StorageUnavailable("disk full at /secret")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with bare_house(tmp_path) as opened:
        use(opened, Oracle)
        yield opened


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(ROMEO)


def request(name: str, number: int | str = 1, to: str = "", kind: str = "get") -> str:
    to = f" to='{to}'" if to else ""
    return f"<iq type='{kind}' id='{number}'{to}><{name} xmlns='{NS}'/></iq>"


def ids(answers: list[Element]) -> list[str | None]:
    return [answer.get("id") for answer in answers]


@pytest.mark.parametrize(
    ("to", "answerer"),
    [
        ("", "romeo@montague.example"),
        ("romeo@montague.example", "romeo@montague.example"),
        ("juliet@capulet.example", "juliet@capulet.example"),
        ("capulet.example", "capulet.example"),
    ],
)
async def test_who_is_asked_answers(house: House, romeo: Client, to: str, answerer: str) -> None:
    await house.account("juliet@capulet.example")
    answer = await romeo.ask(request("now", to=to))
    assert (answer.get("type"), answer.get("from")) == ("result", answerer)
    (asked,) = Oracle.asked
    assert asked.session is romeo.session
    assert str(asked.account.jid if asked.account else asked.host.jid) == answerer


async def test_a_set_is_told_from_a_get(romeo: Client) -> None:
    for kind, expected in (("get", "False"), ("set", "True")):
        answer = await romeo.ask(request("now", kind, kind=kind))
        payload = answer.find("now", NS)
        assert payload is not None
        assert payload.get("set") == expected


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("unknown", "service-unavailable"),
        ("refused", "forbidden"),
        ("mistake", "internal-server-error"),
        ("late-mistake", "internal-server-error"),
        ("outage", "resource-constraint"),
    ],
)
async def test_a_refusal_or_a_failure_is_answered_and_tells_no_secret(
    romeo: Client, name: str, condition: str
) -> None:
    answer = await romeo.ask(request(name))
    error = answer.find("error")
    assert error is not None
    assert next(iter(error)).name == condition
    assert b"secret" not in answer.to_bytes()
    assert answer.find(name, NS) is not None, "the request comes along"


async def test_a_handler_of_get_does_not_answer_set(romeo: Client) -> None:
    answer = await romeo.ask(request("later", kind="set"))
    assert answer.get("type") == "error"


async def test_requests_wait_for_a_slow_one_before_them_and_are_answered_in_order(
    house: House, romeo: Client
) -> None:
    for number, name in enumerate(("now", "later", "now", "refused", "later", "now")):
        romeo.send(request(name, number))
    await house.until(lambda: len(Oracle.asked) == 2)
    assert len(romeo.wire.written) == 1
    Oracle.gate.set()
    assert ids(await romeo.taken()) == list("012345")
    assert romeo.session.waiting is None


async def test_a_slow_request_and_those_behind_it_are_not_handled_before_they_are_answered(
    house: House, romeo: Client
) -> None:
    session = romeo.session
    session.outbox = Outbox(session, romeo.wire, 10_000)
    done: list[int] = []
    session.when_done = lambda: done.append(session.finished)
    for number, name in enumerate(("now", "later", "now", "later", "refused"), 1):
        session.handled = number
        romeo.send(request(name, number))
    await house.until(lambda: len(Oracle.asked) == 2)
    assert session.finished == 1
    Oracle.gate.set()
    await romeo.taken()
    assert session.finished == 5
    assert done == [5]


async def test_a_slow_request_holds_up_nothing_else(house: House, romeo: Client) -> None:
    juliet = await house.client("juliet@capulet.example/balcony")
    romeo.send(request("later"))
    romeo.send("<message to='juliet@capulet.example/balcony'><body>hello</body></message>")
    romeo.send(f"<iq type='get' id='9' to='{juliet.session.jid}'><a xmlns='urn:a'/></iq>")
    juliet.send(request("now", to="romeo@montague.example"))
    await house.until(lambda: len(juliet.wire.written) == 3)
    assert romeo.wire.written == []
    Oracle.gate.set()
    assert ids(await romeo.taken()) == ["1"]


async def test_many_requests_that_wait_do_not_pile_up_on_the_stack(
    house: House, romeo: Client
) -> None:
    for number in range(3_000):
        romeo.send(request("later" if number % 100 == 0 else "now", number))
    Oracle.gate.set()
    assert ids(await romeo.taken()) == [str(number) for number in range(3_000)]


async def test_who_is_gone_gets_no_answer_and_asks_no_more(house: House, romeo: Client) -> None:
    for number in range(3):
        romeo.send(request("later", number))
    await house.until(lambda: Oracle.asked)
    romeo.close()
    Oracle.gate.set()
    assert await romeo.taken() == []
    assert len(Oracle.asked) == 1


async def test_requests_from_elsewhere_are_answered_there(house: House) -> None:
    sent: list[Stanza] = []
    house.server.router.remote = sent.append
    stranger = jid.parse("mercutio@elsewhere.example/street")
    for number, name in enumerate(("later", "now", "mistake")):
        attrs = {"type": "get", "id": str(number)}
        stanza = Stanza.make("iq", stranger, jid.parse("capulet.example"), attrs, Element(name, NS))
        house.server.router.route(stanza)
    Oracle.gate.set()
    await house.settled()
    assert {answer.id: answer.type for answer in sent} == {
        "0": "result",
        "1": "result",
        "2": "error",
    }
    assert {str(answer.to) for answer in sent} == {str(stranger)}
    assert all(asked.session is None for asked in Oracle.asked)


async def test_an_answer_for_another_host_of_ours_goes_to_its_session(house: House) -> None:
    juliet = await house.client("juliet@capulet.example/balcony")
    answer = await juliet.ask(request("now", to="montague.example"))
    assert answer.get("from") == "montague.example"


def test_a_mistake_is_an_internal_error_and_an_outage_passes() -> None:
    own = StanzaError("conflict")
    assert refusal_for(own) is own
    assert refusal_for(ValueError("x")).condition == "internal-server-error"
    outage = refusal_for(StorageUnavailable("x"))
    assert (outage.condition, outage.type) == ("resource-constraint", "wait")
