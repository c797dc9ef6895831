"""What others than our accounts may send to many of them, and how much (XEP-0033)."""

from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.component import Component
from tests.unit.net.serving import HOST, OTHER, Serving, serving

from palaver.ext.multicast.allowance import Allowance
from palaver.ext.multicast.directed import Directed
from palaver.ext.multicast.extension import cost
from palaver.jid import parse
from palaver.kernel.sharing import NS, RECIPIENTS
from palaver.wire.element import Element as Body
from palaver.wire.stanza import Stanza

IRC = "irc.example"
JULIET = f"juliet@{HOST}/here"
NURSE = f"nurse@{HOST}/here"
CLIENT = "{jabber:client}"
ADDRESS = f"{{{NS}}}address"
SETTINGS = f"""
[components."{IRC}"]
secret = "s3cr3t"
[extensions.multicast]
server_addresses = 4
account_addresses = 3
"""


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    async with serving(tmp_path, authority, SETTINGS) as net:
        for name in ("juliet", "nurse"):
            await net.account(name)
        await net.account("romeo", OTHER)
        yield net


async def online(net: Serving, jid: str) -> Client:
    client = await net.client(jid).connect()
    await client.send("<presence/>")
    await client.barrier()
    client.inbox.clear()
    return client


@pytest.fixture
async def juliet(net: Serving) -> Client:
    return await online(net, JULIET)


@pytest.fixture
async def nurse(net: Serving) -> Client:
    return await online(net, NURSE)


@pytest.fixture
async def irc(net: Serving) -> Component:
    return await net.component(IRC, "s3cr3t").connect()


def addresses(*jids: str, type_: str = "bcc") -> str:
    inside = "".join([f"<address type='{type_}' jid='{jid}'/>" for jid in jids])
    return f"<addresses xmlns='{NS}'>{inside}</addresses>"


def lines(text: str) -> str:
    return (
        f"<addresses xmlns='{NS}'><address type='bcc' jid='{HOST}'>"
        f"<recipients xmlns='{RECIPIENTS}'>{text}</recipients></address></addresses>"
    )


async def send(irc: Component, header: str, kind: str = "message", more: str = "id='1'") -> None:
    body = "<body>Soft</body>" if kind == "message" else ""
    await irc.send(f"<{kind} from='romeo@{IRC}' to='{HOST}' {more}>{body}{header}</{kind}>")


def seen(stanza: Element) -> list[str | None]:
    """Give the addresses that a recipient sees."""
    return [each.get("jid") for each in stanza.iter(ADDRESS)]


async def condition(irc: Component) -> str:
    error = await irc.expect(lambda stanza: stanza.get("type") == "error")
    assert error.get("from") == HOST
    (found,) = [child for child in error if child.tag.endswith("error")]
    return found[0].tag.rpartition("}")[2]


async def test_blind_copies_come_to_all_and_show_only_oneself(
    juliet: Client, nurse: Client, irc: Component
) -> None:
    await send(irc, addresses(JULIET, NURSE))
    assert seen(await juliet.receive()) == [JULIET]
    assert seen(await nurse.receive()) == [NURSE]


async def test_recipients_in_lines_get_what_they_would_have_got_plainly(
    juliet: Client, nurse: Client, irc: Component
) -> None:
    own = addresses(f"x@{IRC}", type_="replyto")
    await send(irc, own + lines("juliet/here\nnurse/here"))
    for client in (juliet, nurse):
        message = await client.receive()
        assert message.findtext(f"{CLIENT}body") == "Soft"
        assert seen(message) == [f"x@{IRC}"]


@pytest.mark.parametrize("other", [f"romeo@{OTHER}", "a@elsewhere.example"])
async def test_nothing_is_relayed_and_nobody_gets_anything(
    juliet: Client, irc: Component, other: str
) -> None:
    await send(irc, addresses(JULIET, other))
    assert await condition(irc) == "forbidden"
    assert await juliet.barrier() == []


async def test_addresses_in_one_stanza_are_bounded(net: Serving, irc: Component) -> None:
    for header in (addresses(*[JULIET] * 5), lines("\n".join("abcde"))):
        await send(irc, header)
        assert await condition(irc) == "not-acceptable"
    for number, expected in ((3, "service-unavailable"), (4, "not-acceptable")):
        client = await online(net, f"juliet@{HOST}/{number}")
        header = addresses(*[f"nobody{each}@{HOST}" for each in range(number)])
        await client.send(f"<message to='{HOST}' id='m'><body>x</body>{header}</message>")
        error = await client.expect(lambda stanza: stanza.get("type") == "error")
        assert any(expected in child.tag for child in error.iter())


@pytest.mark.parametrize("more", ["", addresses(NURSE)])
async def test_addresses_within_addresses_multiply_nothing(
    juliet: Client, nurse: Client, irc: Component, more: str
) -> None:
    """A multicast service is no recipient, whatever resource it is given."""
    again = addresses(f"{HOST}/1", f"{HOST}/2") + more
    await send(irc, again)
    assert await condition(irc) == "bad-request"
    await juliet.send(f"<message to='{HOST}' id='m'>{again}</message>")
    error = await juliet.expect(lambda stanza: stanza.get("type") == "error")
    assert error.get("from") == HOST
    assert await nurse.barrier() == []


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (addresses(), "bad-request"),
        (addresses(HOST), "bad-request"),
        (addresses("@"), "jid-malformed"),
        (lines(""), "jid-malformed"),
        (lines("a\n\nb"), "jid-malformed"),
        (addresses(JULIET, type_="unheard"), "bad-request"),
        (f"<addresses xmlns='{NS}'><address type='to' desc='x'/></addresses>", "bad-request"),
        (
            f"<addresses xmlns='{NS}'><address type='to' uri='im:a@b' node='x'/></addresses>",
            "bad-request",
        ),
    ],
)
async def test_addresses_that_are_none_are_refused(
    irc: Component, header: str, expected: str
) -> None:
    await send(irc, header)
    assert await condition(irc) == expected


async def test_who_got_presence_through_the_service_hears_of_its_end(
    juliet: Client, nurse: Client, irc: Component
) -> None:
    """§5.1; and only those who still have it."""
    await send(irc, addresses(JULIET, NURSE), "presence", "")
    await juliet.expect(lambda stanza: stanza.tag == f"{CLIENT}presence")
    await nurse.expect(lambda stanza: stanza.tag == f"{CLIENT}presence")
    await send(irc, addresses(NURSE), "presence", "type='unavailable'")
    gone = await nurse.expect(lambda stanza: stanza.tag == f"{CLIENT}presence")
    assert gone.get("type") == "unavailable"
    await irc.send(f"<presence from='romeo@{IRC}' to='{HOST}' type='unavailable'/>")
    gone = await juliet.expect(lambda stanza: stanza.tag == f"{CLIENT}presence")
    assert gone.get("type") == "unavailable"
    assert await nurse.barrier() == []


async def test_an_error_is_never_answered_nor_passed_on(juliet: Client, irc: Component) -> None:
    await send(irc, addresses(JULIET), more="type='error' id='e1'")
    await send(irc, addresses("@"), more="id='e2'")
    assert await condition(irc) == "jid-malformed"
    assert await juliet.barrier() == []


async def test_a_large_chunk_makes_nobody_faster(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is left of it is handled in later turns; who sent it is still read from no more."""
    monkeypatch.setattr("palaver.net.components._SLICE", -1.0)
    async with serving(tmp_path, authority, SETTINGS + "server_addresses_per_second = 1") as net:
        irc = await net.component(IRC, "s3cr3t").connect()
        (connection,) = net.components.connections
        header = lines("juliet\nnurse")
        many = f"<message from='romeo@{IRC}' to='{HOST}'>{header}</message>"
        await irc.send(many + f"<message from='romeo@{IRC}' to='{JULIET}'/>" * 100)
        await net.until(lambda: connection._blockers and connection._postponed is None)
        assert not connection._transport.is_reading()


def test_more_recipients_than_allowed_are_waited_for() -> None:
    allowance = Allowance(100, 10.0)
    assert allowance.take("juliet", 100, 0.0) == 0.0
    assert allowance.take("juliet", 50, 0.0) == pytest.approx(5.0)
    assert allowance.take("nurse", 50, 0.0) == 0.0
    assert allowance.take("juliet", 1, 20.0) == 0.0


@pytest.mark.parametrize(("size", "times"), [(0, 1), (4_000, 1), (40_000, 10)])
def test_a_large_stanza_counts_more_as_it_makes_much_of_little(size: int, times: int) -> None:
    body = Body("body", "jabber:client", None, "x" * size)
    stanza = Stanza.make("message", parse(JULIET), parse(HOST), {}, body)
    assert cost(stanza, 50) == 50 * times


def test_what_is_remembered_of_presence_is_bounded() -> None:
    directed = Directed()
    presence = Stanza.make("presence", parse(JULIET), None)
    directed.note(presence, [parse(f"user{number}@{HOST}") for number in range(1_500)])
    kept = directed.forget(parse(JULIET))
    assert len(kept) == 1_000
    assert kept[-1] == f"user1499@{HOST}"
    assert directed.forget(parse(JULIET)) == []


def test_recipients_of_presence_of_all_together_are_bounded() -> None:
    directed = Directed()
    recipients = [parse(f"user{number}@{HOST}") for number in range(1_000)]
    senders = [parse(f"x@elsewhere.example/{number}") for number in range(205)]
    for sender in senders:
        directed.note(Stanza.make("presence", sender, None), recipients)
        directed.note(Stanza.make("presence", sender, None), recipients[:10])
    assert [len(directed.forget(sender)) for sender in senders] == [0] * 5 + [1_000] * 200
    for sender in senders:
        directed.note(Stanza.make("presence", sender, None), recipients)
    assert sum(len(directed.forget(sender)) for sender in senders) == 200_000
