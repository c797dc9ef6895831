"""Registration by approval: a reason, a queue, a decision, and nobody in before it."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from tests.support.certificates import Authority
from tests.support.client import AuthenticationError, Client
from tests.unit.net.serving import HOST, Serving, serving

from palaver.ext.invitations.extension import CreateArguments, Inviting
from palaver.ext.registration.queue import AccountArguments, HostArguments, RegistrationQueue
from palaver.ext.registration.requests import Requests
from palaver.kernel.clock import SystemClock
from palaver.kernel.errors import CommandError
from palaver.kernel.storage import StorageUnavailable

NS = "jabber:iq:register"
ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
SECTION = """
[extensions.registration]
open = true
approval = true
approval_days = 3
approval_queue = 2
"""


class Later(SystemClock):
    """The machine's clock in four days."""

    def now(self) -> float:
        return super().now() + 4 * 86_400


class InTwoHours(SystemClock):
    """The machine's clock in two hours."""

    def now(self) -> float:
        return super().now() + 2 * 3_600


def nothing_done(_done: int, _of: int) -> None:
    """Take no note of progress."""


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    async with serving(tmp_path, authority, SECTION) as net:
        yield net


async def apply(net: Serving, name: str, reason: str = "I am a friend") -> Element:
    visitor = await net.client(HOST).open()
    values = {"FORM_TYPE": NS, "username": name, "password": "wherefore", "text": reason}
    fields = "".join(f"<field var='{k}'><value>{v}</value></field>" for k, v in values.items())
    form = f"<x xmlns='jabber:x:data' type='submit'>{fields}</x>"
    return await visitor.iq("set", f"<query xmlns='{NS}'>{form}</query>", to=HOST)


def condition(answer: Element) -> str:
    error = answer.find("{jabber:client}error")
    return "registered" if error is None else error[0].tag.removeprefix(ERRORS)


def queue(net: Serving) -> RegistrationQueue:
    return net.server.extension(RegistrationQueue)


async def listed(net: Serving) -> list[dict[str, object]]:
    return await queue(net).list(HostArguments(host=HOST), nothing_done)


async def decide(net: Serving, name: str, *, approve: bool) -> object:
    call = queue(net).approve if approve else queue(net).reject
    return await call(AccountArguments(jid=f"{name}@{HOST}"), nothing_done)


async def log_in(net: Serving, name: str) -> Client:
    return await net.client(f"{name}@{HOST}/x").connect()


async def test_the_form_asks_for_a_reason_and_says_what_will_be(net: Serving) -> None:
    visitor = await net.client(HOST).open()
    answer = await visitor.iq("get", f"<query xmlns='{NS}'/>", to=HOST)
    query = answer[0]
    assert [child.tag.rpartition("}")[2] for child in query] == [
        "instructions", "username", "password", "text", "x",
    ]  # fmt: skip
    assert "administrator" in (query.findtext(f"{{{NS}}}instructions") or "")
    variables = [field.get("var") for field in query.iter("{jabber:x:data}field")]
    assert variables == ["FORM_TYPE", "username", "password", "text"]


async def test_nobody_logs_in_before_the_approval_and_the_error_says_why(net: Serving) -> None:
    assert condition(await apply(net, "newcomer")) == "registered"
    with pytest.raises(AuthenticationError) as refused:
        await log_in(net, "newcomer")
    assert refused.value.condition == "account-disabled"
    stranger = await net.client(HOST).open()
    proof = base64.b64encode(b"\0newcomer\0wherefore").decode()
    sasl = "urn:ietf:params:xml:ns:xmpp-sasl"
    await stranger.send(f"<auth xmlns='{sasl}' mechanism='PLAIN'>{proof}</auth>")
    assert "approval" in ((await stranger.receive()).findtext(f"{{{sasl}}}text") or "")
    (row,) = await listed(net)
    assert (row["jid"], row["reason"]) == (f"newcomer@{HOST}", "I am a friend")
    assert row["from"] == "127.0.0.1"
    await decide(net, "newcomer", approve=True)
    assert await listed(net) == []
    await log_in(net, "newcomer")


async def test_a_wrong_password_does_not_tell_who_waits(net: Serving) -> None:
    await apply(net, "newcomer")
    client = net.client(f"newcomer@{HOST}/x")
    client.password = "guessed"
    with pytest.raises(AuthenticationError) as refused:
        await client.connect()
    assert "not-authorized" in str(refused.value)


async def test_who_is_rejected_is_gone_and_the_name_is_free(net: Serving) -> None:
    await apply(net, "newcomer")
    assert condition(await apply(net, "newcomer")) == "conflict"
    await decide(net, "newcomer", approve=False)
    with pytest.raises(AuthenticationError) as refused:
        await log_in(net, "newcomer")
    assert "not-authorized" in str(refused.value)
    assert condition(await apply(net, "newcomer")) == "registered"


async def test_there_is_an_end_to_the_queue_and_requests_end_in_time(net: Serving) -> None:
    outcomes = [condition(await apply(net, name)) for name in ("a1", "b2", "c3")]
    assert outcomes == ["registered", "registered", "resource-constraint"]
    await queue(net).expire()
    assert len(await listed(net)) == 2
    net.server.clock = Later()
    await queue(net).expire()
    assert await listed(net) == []
    assert await net.server.store.find(HOST, "a1") is None


async def test_who_is_enabled_in_another_way_stays(net: Serving) -> None:
    await apply(net, "newcomer")
    record = await net.server.store.find(HOST, "newcomer")
    assert record is not None
    await net.server.store.set_disabled(record.id, None)
    assert await listed(net) == []
    net.server.clock = Later()
    await queue(net).expire()
    assert await net.server.store.find(HOST, "newcomer")
    await log_in(net, "newcomer")


async def test_administrators_are_told(net: Serving) -> None:
    await net.account("boss")
    record = await net.server.store.find(HOST, "boss")
    assert record is not None
    await net.server.store.set_role(record.id, "admin")
    boss = await log_in(net, "boss")
    await boss.send("<presence/>")
    await boss.barrier()
    boss.inbox.clear()
    await apply(net, "newcomer", "To see Juliet")
    told = await boss.receive()
    assert told.get("from") == HOST
    assert f"newcomer@{HOST}" in (told.findtext("{*}body") or "")
    assert "To see Juliet" in (told.findtext("{*}body") or "")


async def test_who_is_invited_need_not_wait(net: Serving) -> None:
    inviting = net.server.extension(Inviting)
    made = await inviting.make(CreateArguments(host=HOST), nothing_done)
    token = str(made["uri"]).rpartition("preauth=")[2]
    visitor = await net.client(HOST).open()
    await visitor.iq("set", f"<preauth xmlns='urn:xmpp:pars:0' token='{token}'/>", to=HOST)
    fields = "<username>guest</username><password>wherefore</password>"
    answer = await visitor.iq("set", f"<query xmlns='{NS}'>{fields}</query>", to=HOST)
    assert condition(answer) == "registered"
    await log_in(net, "guest")


async def test_a_long_reason_is_cut(net: Serving) -> None:
    assert condition(await apply(net, "newcomer", "ü" * 2_500)) == "registered"
    (row,) = await listed(net)
    assert row["reason"] == "ü" * 2_000


@pytest.mark.parametrize("name", ["nobody", "boss"])
async def test_there_is_nothing_to_decide_about_others(net: Serving, name: str) -> None:
    await net.account("boss")
    for approve in (True, False):
        with pytest.raises(CommandError) as refused:
            await decide(net, name, approve=approve)
        assert refused.value.code == "not-found"
    with pytest.raises(CommandError):
        await queue(net).list(HostArguments(host="nowhere.example"), nothing_done)
    assert await net.server.store.find(HOST, "boss")


async def test_of_two_decisions_at_once_one_counts(net: Serving) -> None:
    for number in range(4):
        name = f"newcomer{number}"
        assert condition(await apply(net, name)) == "registered"
        both = [decide(net, name, approve=bool(which ^ number % 2)) for which in (0, 1)]
        outcomes = await asyncio.gather(*both, return_exceptions=True)
        (made,) = [each for each in outcomes if not isinstance(each, BaseException)]
        assert isinstance(made, dict)
        record = await net.server.store.find(HOST, name)
        assert (record is not None) == ("approved" in made)
        (refused,) = [each for each in outcomes if isinstance(each, BaseException)]
        assert isinstance(refused, CommandError)
        assert refused.code == "not-found"


async def test_an_account_that_was_made_only_half_is_deleted(
    net: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise StorageUnavailable("the machine stops here")

    with monkeypatch.context() as broken:
        broken.setattr(Requests, "add", fail)
        assert condition(await apply(net, "newcomer")) != "registered"
    await queue(net).expire()
    record = await net.server.store.find(HOST, "newcomer")
    assert record is not None
    assert record.is_disabled(net.server.clock.now())
    assert condition(await apply(net, "another")) == "registered"
    net.server.clock = InTwoHours()
    await queue(net).expire()
    assert await net.server.store.find(HOST, "newcomer") is None
    assert [row["jid"] for row in await listed(net)] == [f"another@{HOST}"]
