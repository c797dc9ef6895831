"""Presence goes to those who may see it (RFC 6121 §4.2, §4.4, §4.5)."""

from pathlib import Path

import pytest
from tests.support.house import Client, House, RecordingWire, open_house
from tests.support.rosters import befriend, connect, heard

from palaver.kernel import hooks

JULIET = "juliet@capulet.example/balcony"
ROMEO = "romeo@montague.example/orchard"


@pytest.fixture
async def friends(juliet: Client, romeo: Client) -> tuple[Client, Client]:
    await befriend(juliet, romeo)
    return juliet, romeo


async def test_initial_presence_comes_back_to_its_sender(house: House) -> None:
    juliet = await house.client(JULIET)
    assert await heard(juliet) == [f"available {JULIET}"]


async def test_resources_of_one_account_see_each_other(house: House, juliet: Client) -> None:
    chamber = await house.client("juliet@capulet.example/chamber")
    assert await heard(juliet) == ["available juliet@capulet.example/chamber"]
    assert await heard(chamber) == [
        "available juliet@capulet.example/chamber",
        f"available {JULIET}",
    ]


async def test_a_connected_resource_sees_nothing(
    house: House, friends: tuple[Client, Client]
) -> None:
    hall = await house.client("juliet@capulet.example/hall", available=False)
    for client in friends:
        client.send("<presence><show>away</show></presence>")
    assert await heard(hall) == []


async def test_subscribers_see_every_change(friends: tuple[Client, Client]) -> None:
    juliet, romeo = friends
    juliet.send("<presence xml:lang='en' id='7'><show>dnd</show><status>Bye</status></presence>")
    [seen] = await romeo.taken()
    assert seen.to_bytes() == (
        b"<presence from='juliet@capulet.example/balcony' to='romeo@montague.example'"
        b" xml:lang='en' id='7'><show>dnd</show><status>Bye</status></presence>"
    )
    assert await heard(juliet) == [f"available {JULIET} dnd Bye"]


async def test_those_who_are_not_subscribed_see_nothing(
    house: House, juliet: Client, romeo: Client
) -> None:
    romeo.send("<presence type='subscribe' to='juliet@capulet.example'/>")
    await juliet.taken()
    await romeo.taken()
    juliet.send("<presence><show>away</show></presence>")
    assert await heard(romeo) == []


async def test_presence_is_shown_one_way_when_the_subscription_is(
    juliet: Client, romeo: Client
) -> None:
    romeo.send("<presence type='subscribe' to='juliet@capulet.example'/>")
    await juliet.taken()
    juliet.send("<presence type='subscribed' to='romeo@montague.example'/>")
    await juliet.taken()
    await romeo.taken()
    romeo.send("<presence><show>away</show></presence>")
    assert await heard(juliet) == []
    juliet.send("<presence><show>away</show></presence>")
    assert await heard(romeo) == [f"available {ROMEO} away", f"available {JULIET} away"]


async def test_unavailable_presence_keeps_its_status(friends: tuple[Client, Client]) -> None:
    juliet, romeo = friends
    juliet.send("<presence type='unavailable'><status>gone</status></presence>")
    assert await heard(romeo) == [f"unavailable {JULIET} gone"]
    assert await heard(juliet) == [f"unavailable {JULIET} gone"]
    assert not juliet.session.available
    assert not juliet.session.receives
    juliet.send("<presence type='unavailable'/>")
    romeo.send("<presence><show>away</show></presence>")
    assert await heard(juliet) == []
    assert await heard(romeo) == [f"available {ROMEO} away"]


async def test_the_end_of_a_session_says_goodbye_for_it(
    house: House, friends: tuple[Client, Client]
) -> None:
    juliet, romeo = friends
    chamber = await connect(house, "juliet@capulet.example/chamber")
    await juliet.taken()
    await romeo.taken()
    juliet.close()
    assert await heard(romeo) == [f"unavailable {JULIET}"]
    assert await heard(chamber) == [f"unavailable {JULIET}"]
    assert await heard(juliet) == []


async def test_a_session_that_was_never_available_goes_in_silence(
    house: House, friends: tuple[Client, Client]
) -> None:
    juliet, romeo = friends
    hall = await house.client("juliet@capulet.example/hall", available=False)
    hall.close()
    assert await heard(romeo) == []
    assert await heard(juliet) == []


async def test_priorities_order_the_sessions_of_an_account(house: House) -> None:
    low = await house.client("juliet@capulet.example/low", available=False)
    high = await house.client("juliet@capulet.example/high", available=False)
    low.available(1)
    high.available(5)
    assert low.account.receivers == (high.session, low.session)
    high.available(-1)
    assert low.account.receivers == (low.session,)
    low.available(127)
    high.available(-128)
    assert (low.session.priority, high.session.priority) == (127, -128)


@pytest.mark.parametrize("content", ["<priority>128</priority>", "<priority>x</priority>"])
async def test_a_bad_priority_changes_nothing(friends: tuple[Client, Client], content: str) -> None:
    juliet, romeo = friends
    juliet.send(f"<presence>{content}</presence>")
    assert await heard(juliet) == ["presence error juliet@capulet.example bad-request"]
    assert await heard(romeo) == []
    assert juliet.session.priority == 0


@pytest.mark.parametrize(
    "presence",
    [
        "<presence type='available'/>",
        "<presence type='invisible'/>",
        "<presence type='available' to='romeo@montague.example'/>",
        "<presence type='Unavailable' to='romeo@montague.example'/>",
        "<presence type='subscribe'/>",
        "<presence type='probe'/>",
    ],
)
async def test_presence_of_no_known_type_is_a_bad_request(
    juliet: Client, romeo: Client, presence: str
) -> None:
    juliet.send(presence)
    [answer] = await heard(juliet)
    assert answer.startswith("presence error")
    assert answer.endswith("bad-request")
    assert await heard(romeo) == []


async def test_an_error_of_nobody_is_not_answered(juliet: Client) -> None:
    juliet.send("<presence type='error'/>")
    juliet.send("<presence type='error' to='nobody@capulet.example'/>")
    await juliet.taken()
    juliet.send("<presence type='error' to='romeo@montague.example/orchard'/>")
    assert [came for came in await heard(juliet) if "error" in came] in (
        [],
        ["presence error juliet@capulet.example bad-request"],
    )


async def test_contacts_that_are_not_in_use_are_not_loaded(tmp_path: Path) -> None:
    async with open_house(tmp_path, "roster", "presence") as house:
        juliet = await connect(house, JULIET)
        await befriend(juliet, await connect(house, ROMEO))
    async with open_house(tmp_path, "roster", "presence") as house:
        juliet = await connect(house, JULIET)
        juliet.send("<presence><show>away</show></presence>")
        juliet.close()
        await house.settled()
        assert house.server.accounts.loaded("romeo@montague.example") is None


async def test_session_available_is_told_when_messages_may_come(house: House) -> None:
    heard_of: list[str] = []
    host = house.server.hosts["capulet.example"]
    handlers = host.dispatch._hooks
    entry = handlers[hooks.session_closed][0]

    def note(session: object, stanza: object) -> None:
        heard_of.append(repr(session))

    handlers[hooks.session_available] = [type(entry)("test", entry.mark, note)]
    juliet = await house.client(JULIET, available=False)
    juliet.available(-1)
    assert len(heard_of) == 0
    juliet.available(0)
    juliet.available(3)
    assert len(heard_of) == 1
    juliet.available(-1)
    juliet.available(1)
    assert len(heard_of) == 2
    juliet.send("<presence type='unavailable'/>")
    juliet.available()
    assert len(heard_of) == 3


async def test_all_recipients_share_one_write_each(friends: tuple[Client, Client]) -> None:
    juliet, romeo = friends
    assert isinstance(romeo.wire, RecordingWire)
    for _ in range(3):
        juliet.send("<presence><show>xa</show></presence>")
    assert len(romeo.wire.written) == 3
