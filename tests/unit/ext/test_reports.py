"""Reports of abuse: kept with what is reported, listed, shown, and dealt with (XEP-0377)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.unit.net.serving import HOST, Serving, serving

from palaver.ext.reports import NS, IdArguments, ListArguments, Reports
from palaver.kernel.errors import CommandError

SPAM = "urn:xmpp:reporting:spam"
STANZA_ID = "{urn:xmpp:sid:0}stanza-id"


def nothing_done(_done: int, _of: int) -> None:
    """Take no note of progress."""


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    async with serving(tmp_path, authority, "[extensions.reports]\nper_hour = 3\n") as net:
        for name in ("romeo", "juliet"):
            await net.account(name)
        yield net


@pytest.fixture
async def juliet(net: Serving) -> Client:
    client = await net.client(f"juliet@{HOST}/chamber").connect()
    await client.send("<presence/>")
    await client.barrier()
    client.inbox.clear()
    return client


def block(inside: str, jid: str = f"romeo@{HOST}") -> str:
    return f"<block xmlns='urn:xmpp:blocking'><item jid='{jid}'>{inside}</item></block>"


def report(inside: str = "", reason: str = SPAM) -> str:
    return f"<report xmlns='{NS}' reason='{reason}'>{inside}</report>"


async def listed(net: Serving) -> list[dict[str, object]]:
    return await net.server.extension(Reports).list(ListArguments(), nothing_done)


async def test_a_report_is_kept_with_the_messages_it_is_about(net: Serving, juliet: Client) -> None:
    romeo = await net.client(f"romeo@{HOST}/orchard").connect()
    await romeo.send(f"<message to='juliet@{HOST}' type='chat'><body>Buy gold!</body></message>")
    message = await juliet.receive()
    found = message.find(STANZA_ID)
    assert found is not None
    named = f"<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@{HOST}' id='{found.get('id')}'/>"
    answer = await juliet.iq("set", block(report(f"{named}<text>Never came trouble</text>")))
    assert answer.get("type") == "result"
    (kept,) = await listed(net)
    assert kept["by"] == f"juliet@{HOST}"
    assert kept["about"] == f"romeo@{HOST}"
    assert kept["reason"] == "spam"
    assert kept["text"] == "Never came trouble"
    reports, which = net.server.extension(Reports), IdArguments(id=int(str(kept["id"])))
    shown = await reports.show(which, nothing_done)
    assert "Buy gold!" in str(shown["messages"])
    await reports.delete(which, nothing_done)
    assert await listed(net) == []
    with pytest.raises(CommandError):
        await reports.show(which, nothing_done)


async def test_messages_of_others_are_not_reported_as_his(net: Serving, juliet: Client) -> None:
    await net.account("nurse")
    nurse = await net.client(f"nurse@{HOST}/hall").connect()
    await nurse.send(f"<message to='juliet@{HOST}' type='chat'><body>Madam!</body></message>")
    found = (await juliet.receive()).find(STANZA_ID)
    assert found is not None
    named = f"<stanza-id xmlns='urn:xmpp:sid:0' by='juliet@{HOST}' id='{found.get('id')}'/>"
    await juliet.iq("set", block(report(named)))
    (kept,) = await listed(net)
    which = IdArguments(id=int(str(kept["id"])))
    shown = await net.server.extension(Reports).show(which, nothing_done)
    assert shown["messages"] == []


@pytest.mark.parametrize(
    "inside", ["", f"<report xmlns='{NS}'/>", "<report xmlns='urn:other' reason='x'/>"]
)
async def test_blocking_without_a_report_reports_nothing(
    net: Serving, juliet: Client, inside: str
) -> None:
    assert (await juliet.iq("set", block(inside))).get("type") == "result"
    assert await listed(net) == []


async def test_a_flood_of_reports_blocks_and_is_not_kept(net: Serving, juliet: Client) -> None:
    for number in range(10):
        answer = await juliet.iq("set", block(report("x" * 100), f"spammer{number}@{HOST}"))
        assert answer.get("type") == "result"
    assert len(await listed(net)) == 3


async def test_what_is_too_long_is_cut(net: Serving, juliet: Client) -> None:
    text = f"<text>{'é' * 9_000}</text>" + "<stanza-id xmlns='urn:xmpp:sid:0' by='x' id='y'/>" * 50
    await juliet.iq("set", block(report(text, "urn:x:" + "é" * 500)))
    (kept,) = await listed(net)
    assert len(str(kept["text"])) == 5_000
