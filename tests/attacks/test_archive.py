"""Lies about archives, and questions to them that nobody should ask."""

import asyncio
import time
from xml.etree.ElementTree import Element

import pytest
from tests.attacks.conftest import HOST, PASSWORD, memory
from tests.support.client import Client
from tests.support.server import Server

MAM = "urn:xmpp:mam:2"
TEXT = "{urn:xmpp:fulltext:0}fulltext"
PING = "<ping xmlns='urn:xmpp:ping'/>"
LATE = "9" * 16
EARLY = "2010-07-07T13:23:54Z"


async def connected(server: Server, name: str, resource: str = "archive") -> Client:
    jid = f"{name}@{HOST}/{resource}"
    return await server.client(jid, PASSWORD, security="direct", mechanism="PLAIN").connect()


def query(fields: str = "", page: str = "") -> str:
    return (
        f"<query xmlns='{MAM}'><x xmlns='jabber:x:data' type='submit'>{fields}</x>"
        f"<set xmlns='http://jabber.org/protocol/rsm'>{page}</set></query>"
    )


def field(name: str, *values: str) -> str:
    return f"<field var='{name}'>{''.join(f'<value>{value}</value>' for value in values)}</field>"


def condition(answer: Element) -> str | None:
    """Return the error in an answer, or None where it is a result."""
    error = answer.find("{jabber:client}error")
    return None if error is None else error[0].tag.rpartition("}")[2]


async def ask(client: Client, number: int, payload: str, to: str = "") -> Element:
    """Return the answer to a question; the messages that come before it are dropped."""
    address = f" to='{to}'" if to else ""
    await client.send(f"<iq type='set' id='q{number}'{address}>{payload}</iq>")
    while (answer := await client.receive()).get("id") != f"q{number}":
        pass
    return answer


async def test_lies_in_the_name_of_the_recipients_archive_do_not_arrive(target: Server) -> None:
    alice, bob = await connected(target, "alice"), await connected(target, "bob")
    mine, true = f"by='bob@{HOST}'", f"bob@{HOST}"
    await alice.send(
        f"<message to='{bob.jid}' type='chat' id='m'><body>hello</body>"
        f"<stanza-id xmlns='urn:xmpp:sid:0' {mine} id='{LATE}'/>"
        f"<stanza-id xmlns='urn:xmpp:sid:0' by='{HOST}' id='{LATE}'/>"
        f"<delay xmlns='urn:xmpp:delay' from='{true}' stamp='{EARLY}'/>"
        f"<delay xmlns='urn:xmpp:delay' from='{HOST}' stamp='{EARLY}'/>"
        f"<delay xmlns='urn:xmpp:delay' from='alice@{HOST}' stamp='{EARLY}'/></message>"
    )
    message = await bob.receive()
    (stamp,) = message.findall("{urn:xmpp:sid:0}stanza-id")
    assert (stamp.get("by"), stamp.get("id") == LATE) == (true, False)
    delays = message.findall("{urn:xmpp:delay}delay")
    assert [each.get("from") for each in delays] == [f"alice@{HOST}"], "her own is hers to tell"
    await bob.send(f"<iq type='set' id='q'>{query('', '<max>1</max><before/>')}</iq>")
    archived = await bob.receive()
    (result,) = archived.findall(f"{{{MAM}}}result")
    assert result.get("id") == stamp.get("id")
    assert LATE not in "".join(str(each.attrib) for each in archived.iter())
    for client in (alice, bob):
        await client.abort()


async def test_a_result_that_nobody_asked_for_names_its_sender_and_is_not_archived(
    target: Server,
) -> None:
    alice, carol = await connected(target, "alice"), await connected(target, "carol")
    forwarded = (
        "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='bob@x'>"
        "<body>I owe you money</body></message></forwarded>"
    )
    for claimed in ("", f" from='alice@{HOST}'"):
        await alice.send(
            f"<message to='{carol.jid}'{claimed}><result xmlns='{MAM}' id='{LATE}'>{forwarded}"
            "</result></message>"
        )
        assert (await carol.receive()).get("from") == alice.jid
    answer = await carol.iq("get", f"<metadata xmlns='{MAM}'/>")
    assert len(answer[0]) == 0
    for client in (alice, carol):
        await client.abort()


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (query("", "<max>999999999</max>"), None),
        (query("", "<max>99999999999999999999</max>"), "bad-request"),
        (query("", "<max>-5</max>"), "bad-request"),
        (query("", "<max>1e3</max>"), "bad-request"),
        (query("", f"<max>5</max><after>{LATE}</after>"), "item-not-found"),
        (query("", "<max>5</max><before>' OR 1=1 --</before>"), "item-not-found"),
        (query(field("ids", *[LATE] * 1_000)), "policy-violation"),
        (query(field("after-id", "f" * 16)), "item-not-found"),
        (query(field("start", "2999-01-01T00:00:00Z") + field("end", EARLY)), None),
        (query(field("start", "9999-12-31T23:59:59+00:00")), None),
        (query(field("end", "0001-01-01T00:00:00Z")), None),
        (query(field("start", "now'; DROP TABLE log")), "bad-request"),
        (query(field("with", "a" * 5_000)), "jid-malformed"),
        (query(field("with", "%")), "jid-malformed"),
        (query(field("secret", "1")), "feature-not-implemented"),
        (query(field(TEXT, "a " * 5_000)), "bad-request"),
        (query(field(TEXT, "b " * 400)), None),
        (query(field(TEXT, '&quot;a&quot; * NEAR(b c, 3) % _ + - ( ) &lt;-&gt; :* \\')), None),
        (query(field(TEXT, "\U0001f600\u202e\u0301")), None),
        (query().replace("<query ", "<query node='x' "), "item-not-found"),
    ],
)  # fmt: skip
async def test_an_absurd_question_gets_an_answer(
    target: Server, payload: str, expected: str | None
) -> None:
    bob = await connected(target, "bob")
    assert condition(await ask(bob, 1, payload)) == expected
    assert condition(await ask(bob, 2, query())) is None, "and others are answered after it"
    await bob.abort()


async def test_the_archives_of_others_are_closed_and_do_not_tell_whether_they_exist(
    target: Server,
) -> None:
    carol = await connected(target, "carol")
    for number, owner in enumerate((f"bob@{HOST}", f"nobody@{HOST}")):
        assert condition(await ask(carol, number, query(), owner)) == "forbidden"
    for own in (f"carol@{HOST}", f"CAROL@{HOST}"):
        assert condition(await ask(carol, 9, query(), own)) is None
    await carol.abort()


async def test_a_flood_of_questions_does_not_slow_the_messages_of_others(target: Server) -> None:
    flooder = await connected(target, "alice", "flood")
    bob, carol = await connected(target, "bob", "talk"), await connected(target, "carol", "talk")
    for number in range(300):
        body = f"<body>word {number} {'x' * 200}</body>"
        await flooder.send(f"<message to='alice@{HOST}/none' type='chat'>{body}</message>")
    await flooder.barrier()
    before = memory(target)
    count = 400
    questions = [query(), query("", "<max>0</max>"), query(field(TEXT, "word")), query("x")]
    asked = "".join(
        f"<iq type='set' id='q{number}'>{questions[number % 4]}</iq>" for number in range(count)
    )
    flood = asyncio.create_task(flooder.send(asked))
    answers = asyncio.create_task(_answers(flooder, count))
    slowest = 0.0
    while not answers.done():
        started = time.monotonic()
        await bob.send(f"<message to='{carol.jid}' type='chat'><body>hi</body></message>")
        await carol.receive()
        slowest = max(slowest, time.monotonic() - started)
        await asyncio.sleep(0.01)
    await flood
    assert await answers == [f"q{number}" for number in range(count)]
    assert slowest < 1, "seconds, where nobody floods it is a thousandth of one"
    assert memory(target) - before < 64 << 20
    for client in (flooder, bob, carol):
        await client.abort()


async def _answers(client: Client, count: int) -> list[str | None]:
    found: list[str | None] = []
    while len(found) < count:
        stanza = await client.receive(120)
        if stanza.tag == "{jabber:client}iq":
            found.append(stanza.get("id"))
    return found


async def test_a_flood_of_retractions_is_carried_out_within_bounds(target: Server) -> None:
    alice, bob = await connected(target, "alice", "r"), await connected(target, "bob", "r")
    before = memory(target)
    for number in range(2_000):
        await alice.send(
            f"<message to='{bob.jid}' type='chat' id='r{number}'>"
            f"<retract xmlns='urn:xmpp:message-retract:1' id='none{number}'/></message>"
        )
    for _ in range(2_000):
        await bob.receive()
    started = time.monotonic()
    await bob.iq("get", PING, to=HOST)
    assert time.monotonic() - started < 1
    assert memory(target) - before < 32 << 20
    for client in (alice, bob):
        await client.abort()
