"""What waits for a client that is inactive, and what does not (XEP-0352)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.support.rosters import befriend

from palaver.ext.client_state import state_of
from palaver.kernel import hooks

JULIET = "juliet@capulet.example"
ROMEO = "romeo@montague.example"
CHAT_STATE = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
SELF = "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x>"
OCCUPANT = "<x xmlns='http://jabber.org/protocol/muc#user'><item role='visitor'/></x>"
TUNE = (
    "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
    "<items node='http://jabber.org/protocol/tune'/></event>"
)
READ = (
    "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
    "<items node='urn:xmpp:mds:displayed:0'><item id='r@m'/></items></event>"
)
DELAY = "<delay xmlns='urn:xmpp:delay' stamp='2026-11-21T00:00:00Z'/>"


def copy(inner: str) -> str:
    return (
        "<message from='a@b' type='chat'><received xmlns='urn:xmpp:carbons:2'>"
        "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='c@d/e' "
        f"to='a@b/f' type='chat'>{inner}</message></forwarded></received></message>"
    )


@pytest.mark.parametrize(
    ("stanza", "key"),
    [
        ("<presence from='a@b/c'/>", ("presence", "a@b/c")),
        ("<presence from='a@b/c' type='unavailable'/>", ("presence", "a@b/c")),
        ("<presence from='a@b' type='subscribe'/>", None),
        ("<presence from='a@b' type='error'/>", None),
        (f"<presence from='r@m/me'>{SELF}</presence>", None),
        (f"<presence from='r@m/you'>{OCCUPANT}</presence>", ("presence", "r@m/you")),
        (f"<message from='a@b/c' type='chat'>{CHAT_STATE}</message>", ("state", "a@b/c")),
        (f"<message from='a@b/c' type='chat'>{CHAT_STATE}<body>x</body></message>", None),
        (f"<message from='r@m' type='groupchat'>{CHAT_STATE}</message>", ("state", "r@m")),
        ("<message from='r@m' type='groupchat'><body>x</body></message>", None),
        ("<message from='r@m' type='groupchat'><subject>x</subject></message>", None),
        ("<message from='a@b' type='headline'><body>x</body></message>", None),
        (f"<message from='a@b' type='headline'>{TUNE}</message>",
         ("event", "a@b", "http://jabber.org/protocol/tune")),
        (f"<message from='a@b' type='headline'>{READ}{DELAY}</message>",
         ("event", "a@b", "urn:xmpp:mds:displayed:0", "r@m")),
        (f"<message from='a@b' type='headline'>{READ}<body>x</body></message>", None),
        (f"<message from='a@b/c' type='error'>{CHAT_STATE}</message>", None),
        (copy(CHAT_STATE), ("copy", "a@b/f", "state", "c@d/e")),
        (copy("<body>x</body>"), None),
        ("<iq from='a@b/c' type='get' id='1'><ping xmlns='urn:xmpp:ping'/></iq>", None),
    ],
)  # fmt: skip
def test_what_can_wait(stanza: str, key: tuple[str, ...] | None) -> None:
    assert state_of(stanza.encode()) == key


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, configuration="[extensions.client_state]\nstanzas = 3\n") as it:
        yield it


@pytest.fixture
async def juliet(house: House) -> Client:
    return await house.client(f"{JULIET}/phone")


@pytest.fixture
async def romeo(house: House, juliet: Client) -> Client:
    client = await house.client(f"{ROMEO}/orchard")
    await befriend(client, juliet)
    await juliet.taken()
    return client


def attend(client: Client, *, active: bool) -> None:
    for handle in client.session.host.dispatch.handlers(hooks.client_state):
        handle(client.session, active)


async def test_the_newest_presence_comes_when_the_client_is_active_again(
    juliet: Client, romeo: Client
) -> None:
    attend(juliet, active=False)
    for show in ("away", "dnd", "xa"):
        romeo.send(f"<presence><show>{show}</show></presence>")
    assert await juliet.taken() == []
    attend(juliet, active=True)
    assert [each.text_of("show") for each in await juliet.taken()] == ["xa"]
    romeo.send("<presence/>")
    assert len(await juliet.taken()) == 1


async def test_a_message_takes_along_what_waited_before_it(juliet: Client, romeo: Client) -> None:
    attend(juliet, active=False)
    romeo.send("<presence><show>away</show></presence>")
    romeo.send(f"<message to='{JULIET}' type='chat'>{CHAT_STATE}</message>")
    assert await juliet.taken() == []
    romeo.send(f"<message to='{JULIET}' type='chat'><body>Hi</body></message>")
    assert [each.name for each in await juliet.taken()] == ["presence", "message", "message"]
    romeo.send("<presence/>")
    assert await juliet.taken() == [], "still inactive"


async def test_what_waits_is_bounded(house: House, juliet: Client, romeo: Client) -> None:
    attend(juliet, active=False)
    attend(juliet, active=False)
    for number in range(4):
        other = await house.client(f"{ROMEO}/{number}", available=False)
        other.send("<presence/>")
    assert len(await juliet.taken()) == 4


async def test_a_connection_that_is_lost_opens_the_gate(juliet: Client, romeo: Client) -> None:
    attend(juliet, active=False)
    romeo.send("<presence><show>away</show></presence>")
    late: list[bytes] = []
    juliet.session.carry_by(late.append)
    juliet.session.open_gate()
    assert len(late) == 1
    assert juliet.session.gate is None
    juliet.session.open_gate()
