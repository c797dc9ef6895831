"""What an account wants in its archive (XEP-0441), applied to the next message."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house

from palaver import jid
from palaver.ext.archive.preferences import Preferences
from palaver.kernel.storage import LogFilter
from palaver.wire.element import Element

JULIET = "juliet@capulet.example"
NURSE = "nurse@capulet.example"
ROMEO = "romeo@montague.example"
NS = "urn:xmpp:mam:2"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        for address in (JULIET, NURSE):
            await opened.account(address)
        yield opened


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(f"{ROMEO}/orchard")


def prefs(default: str, always: str = "", never: str = "") -> str:
    lists = "".join(
        f"<{name}><jid>{address}</jid></{name}>"
        for name, address in (("always", always), ("never", never))
        if address
    )
    return f"<iq type='set' id='p'><prefs xmlns='{NS}' default='{default}'>{lists}</prefs></iq>"


def condition(answer: Element) -> str:
    error = answer.find("error")
    assert error is not None, answer.to_bytes()
    return next(iter(error)).name


async def kept(house: House, address: str) -> int:
    await house.settled()
    return await house.server.log.count((await house.account(address)).id, LogFilter())


async def say(house: House, client: Client, *recipients: str) -> None:
    for to in recipients:
        client.send(f"<message to='{to}' type='chat'><body>a</body></message>")
    await house.settled()


async def test_everything_is_archived_where_nobody_chose(romeo: Client) -> None:
    answer = await romeo.ask(f"<iq type='get' id='p'><prefs xmlns='{NS}'/></iq>")
    found = answer.find("prefs", NS)
    assert found is not None
    assert found.get("default") == "always"
    assert [(child.name, list(child)) for child in found] == [("always", []), ("never", [])]


async def test_a_change_counts_from_the_next_message_on(house: House, romeo: Client) -> None:
    await say(house, romeo, JULIET)
    await romeo.ask(prefs("never"))
    await say(house, romeo, JULIET)
    assert await kept(house, ROMEO) == 1
    assert await kept(house, JULIET) == 2, "the archives of others are theirs"
    await romeo.ask(prefs("always"))
    await say(house, romeo, JULIET)
    assert await kept(house, ROMEO) == 2


async def test_messages_received_follow_the_sender(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    await juliet.ask(prefs("always", never=ROMEO))
    await say(house, romeo, JULIET, f"{JULIET}/balcony", NURSE)
    assert [m.find("stanza-id", "urn:xmpp:sid:0") for m in await juliet.messages()] == [None] * 2
    assert await kept(house, JULIET) == 0
    assert await kept(house, NURSE) == 1


async def test_what_is_not_archived_still_waits_for_its_reader(house: House, romeo: Client) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    await juliet.ask(prefs("never"))
    juliet.close()
    await say(house, romeo, JULIET)
    juliet = await house.client(f"{JULIET}/chamber")
    assert await juliet.bodies() == ["a"]
    assert await kept(house, JULIET) == 0


async def test_roster_means_contacts_and_oneself(house: House, romeo: Client) -> None:
    await romeo.ask(
        f"<iq type='set' id='r'><query xmlns='jabber:iq:roster'><item jid='{JULIET}'/></query></iq>"
    )
    await romeo.ask(prefs("roster"))
    await say(house, romeo, f"{JULIET}", NURSE, ROMEO)
    assert await kept(house, ROMEO) == 2


async def test_preferences_last(house: House, romeo: Client) -> None:
    await romeo.ask(prefs("roster", JULIET, f"{NURSE}/kitchen"))
    house.server.accounts.forget(romeo.account.jid)
    again = await house.client(f"{ROMEO}/street")
    answer = await again.ask(f"<iq type='get' id='p'><prefs xmlns='{NS}'/></iq>")
    found = answer.find("prefs", NS)
    assert found is not None
    assert found.get("default") == "roster"
    assert [[each.text for each in child] for child in found] == [[JULIET], [f"{NURSE}/kitchen"]]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (prefs("sometimes"), "bad-request"),
        (prefs("always").replace(" default='always'", ""), "bad-request"),
        (prefs("always", "a@@b"), "jid-malformed"),
        (prefs("always", "</jid>" + "<jid>a@b</jid>" * 1001 + "<jid>c@d"), "policy-violation"),
        (prefs("always").replace("<iq", f"<iq to='{JULIET}'"), "forbidden"),
        (prefs("always").replace("<iq", "<iq to='nobody@capulet.example'"), "forbidden"),
    ],
)
async def test_wrong_preferences_are_refused(romeo: Client, request_: str, expected: str) -> None:
    assert condition(await romeo.ask(request_)) == expected


async def test_a_host_has_a_default(tmp_path: Path) -> None:
    choice = '[hosts."montague.example".extensions.archive]\ndefault = "never"\n'
    async with open_house(tmp_path, configuration=choice) as house:
        romeo = await house.client(f"{ROMEO}/orchard")
        await house.account(JULIET)
        await say(house, romeo, JULIET)
        assert (await kept(house, ROMEO), await kept(house, JULIET)) == (0, 1)
        await romeo.ask(prefs("always"))
        await say(house, romeo, JULIET)
        assert (await kept(house, ROMEO), await kept(house, JULIET)) == (1, 2)


@pytest.mark.parametrize(
    ("peer", "expected"),
    [("a@b/c", True), ("a@b/d", False), ("a@b", False), ("x@y/z", False), ("x@y", True)],
)
async def test_what_is_said_of_a_resource_outweighs_the_rest(
    house: House, romeo: Client, peer: str, expected: bool
) -> None:
    both = frozenset({jid.parse("a@b/c"), jid.parse("x@y")})
    never = frozenset({jid.parse("a@b"), jid.parse("x@y/z")})
    found = Preferences("never", both, never).wants(jid.parse(peer), romeo.account)
    assert found is expected
