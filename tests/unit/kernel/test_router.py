"""The router: who a stanza is from, to whom it goes, and what happens when a handler fails."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.unit.kernel.house import bare_house, use

from palaver import jid
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, on
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.router import check_iq
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.stanza import Stanza

JULIET = "juliet@capulet.example/balcony"
ROMEO = "romeo@montague.example/orchard"
BODY = "<body>hello</body>"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with bare_house(tmp_path) as opened:
        yield opened


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(ROMEO)


@pytest.fixture
async def juliet(house: House) -> Client:
    return await house.client(JULIET)


async def condition(client: Client) -> str:
    (answer,) = await client.taken()
    error = answer.find("error")
    assert error is not None
    return next(iter(error)).name


# -- the sender ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claimed", [ROMEO, "romeo@montague.example", "ROMEO@Montague.Example/orchard"]
)
async def test_the_own_address_may_be_claimed(romeo: Client, juliet: Client, claimed: str) -> None:
    romeo.send(f"<message from='{claimed}' to='{JULIET}'>{BODY}</message>")
    (message,) = await juliet.taken()
    assert message.get("from") == ROMEO


@pytest.mark.parametrize(
    "claimed",
    ["", "@", JULIET, "montague.example", "romeo@montague.example/x", "romeo@capulet.example"],
)
@pytest.mark.parametrize("kind", ["message", "presence", "iq"])
async def test_another_address_may_not(
    romeo: Client, juliet: Client, claimed: str, kind: str
) -> None:
    with pytest.raises(StreamError) as caught:
        romeo.send(f"<{kind} type='get' id='1' from='{claimed}' to='{JULIET}'>{BODY}</{kind}>")
    assert caught.value.condition == "invalid-from"
    assert await juliet.taken() == []
    assert romeo.house.server.router.source is None


# -- the recipient ---------------------------------------------------------------------------------


async def test_a_message_without_address_is_for_the_own_account(house: House) -> None:
    here = await house.client(ROMEO)
    there = await house.client("romeo@montague.example/street")
    here.send(f"<message type='chat'>{BODY}</message>")
    for client in (here, there):
        (message,) = await client.taken()
        assert (message.get("from"), message.get("to")) == (ROMEO, "romeo@montague.example")


@pytest.mark.parametrize("to", ["", " to='romeo@montague.example'"])
async def test_a_request_for_the_own_account_is_answered_by_it(romeo: Client, to: str) -> None:
    answer = await romeo.ask(f"<iq type='get' id='1'{to}><ping xmlns='urn:xmpp:ping'/></iq>")
    assert answer.get("type") == "result"
    assert answer.get("from") == "romeo@montague.example"


async def test_a_presence_without_address_goes_nowhere_by_itself(romeo: Client) -> None:
    romeo.send("<presence/>")
    assert await romeo.taken() == []


@pytest.mark.parametrize("kind", ["message", "presence", "iq"])
async def test_what_is_no_address_is_told(romeo: Client, kind: str) -> None:
    romeo.send(f"<{kind} type='get' id='1' to='a@@b'><a xmlns='b'/></{kind}>")
    assert await condition(romeo) == "jid-malformed"


async def test_a_host_answers_requests_and_reads_no_messages(romeo: Client) -> None:
    romeo.send("<iq type='get' id='1' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>")
    (answer,) = await romeo.taken()
    assert (answer.get("type"), answer.get("from")) == ("result", "capulet.example")
    romeo.send(f"<message to='capulet.example'>{BODY}</message>")
    assert await condition(romeo) == "service-unavailable"
    for silent in (
        "<presence to='capulet.example'/>",
        "<message type='error' to='capulet.example'/>",
    ):
        romeo.send(silent)
        assert await romeo.taken() == []


@pytest.mark.parametrize(
    ("stanza", "refused"),
    [
        ("<message to='a@elsewhere.example'/>", True),
        ("<presence to='a@elsewhere.example'/>", True),
        ("<iq type='get' id='1' to='elsewhere.example'><a xmlns='b'/></iq>", True),
        ("<iq type='result' id='1' to='elsewhere.example'/>", False),
        ("<message type='error' to='a@elsewhere.example'/>", False),
    ],
)
async def test_other_servers_cannot_be_reached(romeo: Client, stanza: str, refused: bool) -> None:
    romeo.send(stanza)
    if refused:
        assert await condition(romeo) == "remote-server-not-found"
    else:
        assert await romeo.taken() == []


async def test_stanzas_for_other_servers_go_to_who_takes_them(house: House, romeo: Client) -> None:
    taken: list[Stanza] = []
    house.server.router.remote = taken.append
    romeo.send(f"<message to='a@elsewhere.example'>{BODY}</message>")
    (stanza,) = taken
    assert (stanza.sender, stanza.to) == (romeo.session.jid, "a@elsewhere.example")
    foreign = Stanza.make("iq", jid.parse("b@elsewhere.example"), jid.parse("capulet.example"),
                          {"type": "get", "id": "1"}, Element("ping", "urn:xmpp:ping"))  # fmt: skip
    house.server.router.route(foreign)
    assert (taken[1].type, taken[1].to) == ("result", "b@elsewhere.example")


ANONYMOUS = '[hosts."guests.example"]\nanonymous = true'


@pytest.mark.parametrize(
    ("stanza", "passes"),
    [
        (f"<message to='a@elsewhere.example'>{BODY}</message>", False),
        ("<presence to='a@elsewhere.example'/>", False),
        ("<presence to='a@elsewhere.example' type='subscribe'/>", False),
        ("<iq type='get' id='1' to='elsewhere.example'><a xmlns='b'/></iq>", False),
        ("<iq type='result' id='1' to='a@elsewhere.example'/>", True),
    ],
)
async def test_who_has_no_account_does_not_reach_other_servers(
    tmp_path: Path, stanza: str, passes: bool
) -> None:
    """XEP-0175 §2: what a client that did not log in as anybody may not begin."""
    async with open_house(tmp_path, "ping", configuration=ANONYMOUS) as house:
        taken: list[Stanza] = []
        house.server.router.remote = taken.append
        guest = await house.guest("x1@guests.example/1")
        guest.send(stanza)
        assert len(taken) == passes
        if not passes:
            assert await condition(guest) == "forbidden"
        known = await house.client("romeo@guests.example/1")
        known.send(stanza)
        assert len(taken) == passes + 1


async def test_stanzas_for_an_account_that_is_loading_wait_in_order(house: House) -> None:
    await house.account("juliet@capulet.example")
    house.server.accounts.forget(jid.parse_bare("juliet@capulet.example"))
    romeo = await house.client(ROMEO)
    for number in range(5):
        romeo.send(f"<message id='{number}' to='juliet@capulet.example'>{BODY}</message>")
    answers = await romeo.taken()
    assert [answer.get("id") for answer in answers] == ["0", "1", "2", "3", "4"]


# -- language --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("own", "expected"), [("", "it"), (" xml:lang='de'", "de")])
@pytest.mark.parametrize("kind", ["message", "presence", "iq"])
async def test_the_language_of_the_stream_is_added_where_a_stanza_has_none(
    romeo: Client, juliet: Client, kind: str, own: str, expected: str
) -> None:
    romeo.session.lang = "it"
    romeo.send(f"<{kind}{own} type='set' id='1' to='{JULIET}'><a xmlns='b'/></{kind}>")
    (came,) = await juliet.taken()
    assert came.get("xml:lang") == expected


# -- rules of IQs ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attrs", "children", "good"),
    [
        ({"type": "get", "id": "1"}, 1, True),
        ({"type": "set", "id": "1"}, 1, True),
        ({"type": "result", "id": "1"}, 0, True),
        ({"type": "result", "id": "1"}, 1, True),
        ({"type": "error", "id": "1"}, 0, True),
        ({"type": "error", "id": "1"}, 2, True),
        ({"id": "1"}, 1, False),
        ({"type": "", "id": "1"}, 1, False),
        ({"type": "put", "id": "1"}, 1, False),
        ({"type": "get"}, 1, False),
        ({"type": "get", "id": ""}, 1, False),
        ({"type": "get", "id": "1"}, 0, False),
        ({"type": "set", "id": "1"}, 2, False),
        ({"type": "result", "id": "1"}, 2, False),
    ],
)
def test_an_iq_follows_the_rules(attrs: dict[str, str], children: int, good: bool) -> None:
    sender = jid.parse(ROMEO)
    stanza = Stanza.make("iq", sender, None, attrs, *[Element("a", "urn:a")] * children)
    if good:
        check_iq(stanza)
        return
    with pytest.raises(StanzaError) as caught:
        check_iq(stanza)
    assert caught.value.condition == "bad-request"


# -- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "type_", "answered"),
    [
        ("message", "chat", True),
        ("message", "error", False),
        ("presence", "", True),
        ("presence", "error", False),
        ("iq", "get", True),
        ("iq", "result", False),
        ("iq", "error", False),
    ],
)
async def test_errors_and_results_are_never_answered_with_errors(
    house: House, romeo: Client, kind: str, type_: str, answered: bool
) -> None:
    attrs = {"id": "1", "type": type_} if type_ else {"id": "1"}
    stanza = Stanza.make(kind, romeo.session.jid, None, attrs)
    house.server.router.refuse(stanza, StanzaError("not-allowed"))
    assert len(await romeo.taken()) == answered


class Failing(Extension):
    """Fails where a stanza says so."""

    name = "failing"

    @on(hooks.outgoing, phase=Phase.GUARD, payload=("urn:fail", "outgoing"))
    def outgoing(self, _stanza: Stanza, _session: Session) -> Verdict:
        raise ValueError("a mistake")

    @on(hooks.incoming, phase=Phase.GUARD, payload=("urn:fail", "incoming"))
    def incoming(self, _stanza: Stanza, _account: Account) -> Verdict:
        raise ValueError("a mistake")

    @on(hooks.outgoing, phase=Phase.GUARD, payload=("urn:fail", "refused"))
    def refused(self, _stanza: Stanza, _session: Session) -> Verdict:
        raise StanzaError("policy-violation")

    @on(hooks.incoming, phase=Phase.GUARD, payload=("urn:fail", "kept-out"))
    def kept_out(self, _stanza: Stanza, _account: Account) -> Verdict:
        raise StanzaError("not-acceptable")

    @on(hooks.outgoing, phase=Phase.GUARD, payload=("urn:fail", "ended"))
    def ended(self, _stanza: Stanza, _session: Session) -> Verdict:
        raise StreamError("policy-violation")

    @on(hooks.sent, payload=("urn:fail", "observed"))
    def observed(self, _stanza: Stanza, _session: Session) -> None:
        raise ValueError("a mistake")


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("outgoing", "internal-server-error"),
        ("incoming", "internal-server-error"),
        ("refused", "policy-violation"),
        ("kept-out", "not-acceptable"),
    ],
)
async def test_a_handler_that_fails_costs_one_stanza(
    house: House, romeo: Client, juliet: Client, where: str, expected: str
) -> None:
    use(house, Failing)
    romeo.send(f"<message to='{JULIET}'><{where} xmlns='urn:fail'/></message>")
    assert await condition(romeo) == expected
    assert await juliet.taken() == []
    romeo.send(f"<message to='{JULIET}'>{BODY}</message>")
    assert await juliet.bodies() == ["hello"]


async def test_an_error_tells_nothing_of_the_mistake(house: House, romeo: Client) -> None:
    use(house, Failing)
    romeo.send(f"<message to='{JULIET}'><outgoing xmlns='urn:fail'/></message>")
    (answer,) = await romeo.taken()
    assert b"mistake" not in answer.to_bytes()


async def test_a_stream_error_of_a_handler_reaches_the_connection(
    house: House, romeo: Client
) -> None:
    use(house, Failing)
    with pytest.raises(StreamError):
        romeo.send(f"<message to='{JULIET}'><ended xmlns='urn:fail'/></message>")


# -- hooks -----------------------------------------------------------------------------------------


SEEN: Slot[list[tuple[str, ...]]] = Slot("seen")


class Editing(Extension):
    """Rewrites and takes away."""

    name = "editing"

    @on(hooks.outgoing, phase=Phase.REWRITE, kind="message")
    def sign(self, stanza: Stanza, _session: Session) -> Verdict:
        return stanza.with_child(Element("signed", "urn:x"))

    @on(hooks.outgoing, phase=Phase.ROUTE, payload=("urn:x", "mine"))
    def take(self, stanza: Stanza, _session: Session) -> Verdict:
        assert stanza.has("signed", "urn:x")
        return STOP

    @on(hooks.incoming, phase=Phase.REWRITE, kind="message")
    def stamp(self, stanza: Stanza, _account: Account) -> Verdict:
        return stanza.with_child(Element("stamped", "urn:x"))

    @on(hooks.incoming, phase=Phase.ROUTE, payload=("urn:x", "theirs"))
    def swallow(self, _stanza: Stanza, _account: Account) -> Verdict:
        return STOP

    @on(hooks.sent, kind="message")
    def saw(self, stanza: Stanza, session: Session) -> None:
        SEEN.set(session, [*(SEEN.get(session) or []), stanza.names])


async def test_handlers_rewrite_and_take_over(house: House, romeo: Client, juliet: Client) -> None:
    use(house, Editing)
    romeo.send(f"<message to='{JULIET}'>{BODY}</message>")
    romeo.send(f"<message to='{JULIET}'><mine xmlns='urn:x'/></message>")
    romeo.send(f"<message to='{JULIET}'><theirs xmlns='urn:x'/></message>")
    (message,) = await juliet.taken()
    assert [child.name for child in message] == ["body", "signed", "stamped"]
    assert SEEN.of(romeo.session) == [
        ("jabber:client body", "urn:x signed"),
        ("urn:x theirs", "urn:x signed"),
    ], "what was taken over was not sent; what was swallowed was"
    assert await romeo.taken() == []
