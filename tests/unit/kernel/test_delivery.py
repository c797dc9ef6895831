"""The tables of RFC 6121 §8.5, row by row, as the kernel alone follows them.

What extensions add (offline messages, subscriptions, probes) is tested with them.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House
from tests.unit.kernel.house import bare_house, use

from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, on
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.session import Session
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

JULIET = "juliet@capulet.example"
NOBODY = "nobody@capulet.example"
ROMEO = "romeo@montague.example/orchard"
BODY = "<body>hello</body>"
QUERY = "<query xmlns='urn:unknown'/>"

MESSAGES = ("normal", "chat", "groupchat", "headline", "error")
PRESENCES = ("", "unavailable", "error")
ANSWERS = ("result", "error")


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with bare_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(ROMEO)


async def juliet(house: House, resource: str, priority: int | None = 0) -> Client:
    """Open a session; without a priority it is connected and not available."""
    client = await house.client(f"{JULIET}/{resource}", available=False)
    if priority is not None:
        client.available(priority)
    return client


def stanza(kind: str, type_: str, to: str) -> str:
    inside = {"message": BODY, "presence": "", "iq": QUERY if type_ in ("get", "set") else ""}[kind]
    type_ = f" type='{type_}'" if type_ else ""
    return f"<{kind} id='1'{type_} to='{to}'>{inside}</{kind}>"


async def got(client: Client) -> int:
    return len(await client.taken())


async def condition(client: Client) -> str | None:
    """Return the condition of the one error that came back, None when nothing did."""
    came = await client.taken()
    if not came:
        return None
    (answer,) = came
    assert answer.get("type") == "error"
    error = answer.find("error")
    assert error is not None
    return next(iter(error)).name


# -- §8.5.1: no such user --------------------------------------------------------------------------


@pytest.mark.parametrize("to", [NOBODY, f"{NOBODY}/x"])
@pytest.mark.parametrize(
    ("kind", "type_", "answer"),
    [
        *[("message", type_, "service-unavailable") for type_ in MESSAGES if type_ != "error"],
        ("message", "error", None),
        *[("presence", type_, None) for type_ in (*PRESENCES, "subscribe", "unsubscribed")],
        *[("iq", type_, "service-unavailable") for type_ in ("get", "set")],
        *[("iq", type_, None) for type_ in ANSWERS],
    ],
)
async def test_no_such_user(romeo: Client, to, kind, type_, answer) -> None:
    romeo.send(stanza(kind, type_, to))
    assert await condition(romeo) == answer


# -- §8.5.2.1: bare JID, available resources -------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "receives", "answer"),
    [
        ("normal", True, None),
        ("chat", True, None),
        ("made-up", True, None),
        ("headline", True, None),
        ("groupchat", False, "service-unavailable"),
        ("error", False, None),
    ],
)
async def test_message_for_a_bare_jid_goes_to_all_that_want_messages(
    house: House, romeo: Client, type_: str, receives: bool, answer: str | None
) -> None:
    high, low = await juliet(house, "high", 10), await juliet(house, "low", 0)
    negative, silent = await juliet(house, "negative", -1), await juliet(house, "silent", None)
    romeo.send(stanza("message", type_, JULIET))
    assert [await got(client) for client in (high, low)] == [receives, receives]
    assert [await got(client) for client in (negative, silent)] == [0, 0]
    assert await condition(romeo) == answer


async def test_sessions_are_served_by_priority(house: House) -> None:
    for resource, priority in (("a", 0), ("b", 5), ("c", 5), ("d", -1)):
        client = await juliet(house, resource, priority)
    order = [session.jid.resource for session in client.account.receivers]
    assert order == ["b", "c", "a"]


@pytest.mark.parametrize("type_", PRESENCES)
async def test_presence_for_a_bare_jid_goes_to_all_that_are_available(
    house: House, romeo: Client, type_: str
) -> None:
    available = [await juliet(house, "a"), await juliet(house, "negative", -1)]
    silent = await juliet(house, "silent", None)
    romeo.send(stanza("presence", type_, JULIET))
    assert [await got(client) for client in (*available, silent)] == [1, 1, 0]
    assert await condition(romeo) is None


@pytest.mark.parametrize("type_", ["subscribe", "subscribed", "probe"])
async def test_other_presence_for_a_bare_jid_reaches_no_session(
    house: House, romeo: Client, type_: str
) -> None:
    client = await juliet(house, "a")
    romeo.send(stanza("presence", type_, JULIET))
    assert await got(client) == 0
    assert await condition(romeo) is None


# -- §8.5.2.2: bare JID, no available resources ----------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "answer"),
    [
        ("normal", "service-unavailable"),
        ("chat", "service-unavailable"),
        ("groupchat", "service-unavailable"),
        ("headline", None),
        ("error", None),
    ],
)
@pytest.mark.parametrize("priority", [None, -1])
async def test_message_for_a_bare_jid_where_nobody_wants_messages(
    house: House, romeo: Client, type_: str, answer: str | None, priority: int | None
) -> None:
    client = await juliet(house, "a", priority)
    romeo.send(stanza("message", type_, JULIET))
    assert await got(client) == 0
    assert await condition(romeo) == answer


class Keeping(Extension):
    """Keeps messages, and remembers what it is told."""

    name = "keeping-for-tests"
    seen: "list[tuple[str, int]]"

    def __init__(self, *given) -> None:
        super().__init__(*given)
        type(self).seen = self.mine = []

    @on(hooks.unreachable, phase=Phase.REWRITE)
    def mark(self, message: Stanza, _account: Account) -> Verdict:
        return message.with_child(Element("marked", "urn:x"))

    @on(hooks.unreachable, phase=Phase.ROUTE)
    def keep(self, message: Stanza, _account: Account) -> Verdict:
        assert message.has("marked", "urn:x")
        return STOP

    @on(hooks.delivered)
    def delivered(self, message: Stanza, _account: Account, to: tuple[Session, ...]) -> None:
        self.mine.append((message.type, len(to)))


@pytest.mark.parametrize("type_", ["normal", "chat"])
async def test_message_that_is_kept_gets_no_error(house: House, romeo: Client, type_: str) -> None:
    use(house, Keeping)
    await house.account(JULIET)
    romeo.send(stanza("message", type_, JULIET))
    assert await condition(romeo) is None
    assert Keeping.seen == [(type_, 0)]


@pytest.mark.parametrize("type_", ["groupchat", "headline", "error"])
async def test_message_of_these_types_is_not_kept(house: House, romeo: Client, type_: str) -> None:
    use(house, Keeping)
    await house.account(JULIET)
    romeo.send(stanza("message", type_, JULIET))
    await romeo.taken()
    assert Keeping.seen == []


# -- §8.5.2: IQ for a bare JID ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "answer"),
    [
        ("get", "service-unavailable"),
        ("set", "service-unavailable"),
        ("result", None),
        ("error", None),
    ],
)
async def test_iq_for_a_bare_jid_is_the_servers(
    house: House, romeo: Client, type_: str, answer: str | None
) -> None:
    client = await juliet(house, "a")
    romeo.send(stanza("iq", type_, JULIET))
    assert await got(client) == 0
    assert await condition(romeo) == answer


# -- §8.5.3.1: full JID that is connected ----------------------------------------------------------


@pytest.mark.parametrize("priority", [0, -1, None])
@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        *[("message", type_) for type_ in MESSAGES],
        *[("presence", type_) for type_ in PRESENCES],
        *[("iq", type_) for type_ in ("get", "set", *ANSWERS)],
    ],
)
async def test_stanza_for_a_connected_resource_goes_there_and_nowhere_else(
    house: House, romeo: Client, kind: str, type_: str, priority: int | None
) -> None:
    wanted, other = await juliet(house, "wanted", priority), await juliet(house, "other")
    romeo.send(stanza(kind, type_, f"{JULIET}/wanted"))
    assert [await got(client) for client in (wanted, other)] == [1, 0]
    assert await condition(romeo) is None


async def test_stanza_arrives_with_its_sender_and_the_address_it_was_sent_to(
    house: House, romeo: Client
) -> None:
    client = await juliet(house, "balcony")
    romeo.send(stanza("message", "chat", JULIET))
    romeo.send(stanza("message", "chat", "JULIET@Capulet.Example/balcony"))
    bare, full = await client.taken()
    assert (bare.get("from"), bare.get("to")) == (ROMEO, JULIET)
    assert (full.get("from"), full.get("to")) == (ROMEO, f"{JULIET}/balcony")


# -- §8.5.3.2: full JID that is not connected ------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "receives", "answer"),
    [
        ("chat", True, None),
        ("normal", False, "service-unavailable"),
        ("groupchat", False, "service-unavailable"),
        ("headline", False, "service-unavailable"),
        ("error", False, None),
    ],
)
async def test_message_for_a_resource_that_is_gone(
    house: House, romeo: Client, type_: str, receives: bool, answer: str | None
) -> None:
    client = await juliet(house, "here")
    romeo.send(stanza("message", type_, f"{JULIET}/gone"))
    assert await got(client) == receives
    assert await condition(romeo) == answer


async def test_chat_message_for_a_resource_that_is_gone_is_kept_where_nobody_is(
    house: House, romeo: Client
) -> None:
    use(house, Keeping)
    await house.account(JULIET)
    romeo.send(stanza("message", "chat", f"{JULIET}/gone"))
    assert await condition(romeo) is None
    assert Keeping.seen == [("chat", 0)]


@pytest.mark.parametrize("type_", PRESENCES)
async def test_presence_for_a_resource_that_is_gone_is_ignored(
    house: House, romeo: Client, type_: str
) -> None:
    client = await juliet(house, "here")
    romeo.send(stanza("presence", type_, f"{JULIET}/gone"))
    assert await got(client) == 0
    assert await condition(romeo) is None


@pytest.mark.parametrize(
    ("type_", "answer"),
    [
        ("get", "service-unavailable"),
        ("set", "service-unavailable"),
        ("result", None),
        ("error", None),
    ],
)
async def test_iq_for_a_resource_that_is_gone(
    house: House, romeo: Client, type_: str, answer: str | None
) -> None:
    client = await juliet(house, "here")
    romeo.send(stanza("iq", type_, f"{JULIET}/gone"))
    assert await got(client) == 0
    assert await condition(romeo) == answer


async def test_a_resource_of_nobody_looks_like_one_that_is_gone(
    house: House, romeo: Client
) -> None:
    await house.account(JULIET)
    answers = []
    for to in (f"{JULIET}/gone", f"{NOBODY}/gone"):
        romeo.send(stanza("iq", "get", to))
        answers += [
            answer.to_bytes().replace(b"nobody", b"juliet") for answer in await romeo.taken()
        ]
    assert answers[0] == answers[1]


# -- hand-over -------------------------------------------------------------------------------------


async def test_who_was_handed_a_message_is_told(house: House, romeo: Client) -> None:
    use(house, Keeping)
    for resource in ("a", "b"):
        await juliet(house, resource)
    romeo.send(stanza("message", "chat", JULIET))
    romeo.send(stanza("message", "normal", f"{JULIET}/a"))
    await romeo.taken()
    assert Keeping.seen == [("chat", 2), ("normal", 1)]


@pytest.mark.parametrize("kind", ["message", "presence", "iq"])
async def test_a_writer_waits_for_a_reader_that_is_congested(
    house: House, romeo: Client, kind: str
) -> None:
    client = await juliet(house, "a")
    client.wire.congested = True
    romeo.send(stanza(kind, {"iq": "get", "message": "chat"}.get(kind, ""), f"{JULIET}/a"))
    assert romeo.wire.waits_for == [client.wire]
    assert await got(client) == 1, "what was on its way is written all the same"


async def test_nobody_waits_for_a_stanza_of_the_servers_own(house: House, romeo: Client) -> None:
    client = await juliet(house, "a")
    client.wire.congested = True
    own = Stanza.make("message", client.session.bare, client.session.jid, None)
    house.server.router.route(own)
    assert romeo.wire.waits_for == []
    assert await got(client) == 1
