"""Offline messages: what is kept, what the recipient gets and in which order, what is refused."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete
from tests.support.house import Client, House, open_house

from palaver.jid import parse_bare
from palaver.kernel.storage import parse_stanza_id
from palaver.store.accounts_table import accounts
from palaver.wire.element import Element

JULIET = "juliet@capulet.example"
EXTENSIONS = ("offline", "stanza_ids")
ROMEO = "romeo@montague.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, *EXTENSIONS) as opened:
        await opened.account(JULIET)
        yield opened


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client(f"{ROMEO}/orchard")


def say(text: str, type_: str = "chat", more: str = "") -> str:
    return f"<message to='{JULIET}' type='{type_}' id='m'><body>{text}</body>{more}</message>"


async def pending(house: House) -> int:
    await house.settled()
    account = await house.account(JULIET)
    return await house.server.log.count_pending(account.id)


def condition(answer: Element) -> str:
    error = answer.find("error", "jabber:client")
    assert error is not None
    return next(iter(error)).name


async def test_messages_wait_for_the_next_login_and_keep_their_order(
    house: House, romeo: Client
) -> None:
    for number in range(250):
        romeo.send(say(str(number), "chat" if number % 2 else "normal"))
    assert await romeo.messages() == []
    juliet = await house.client(f"{JULIET}/balcony")
    assert await juliet.bodies() == [str(number) for number in range(250)]
    assert await pending(house) == 0
    again = await house.client(f"{JULIET}/chamber")
    assert await again.messages() == []


async def test_a_delivered_message_tells_when_it_was_received_and_the_id_of_its_row(
    house: House, romeo: Client
) -> None:
    before = house.server.clock.now()
    romeo.send(say("Lady", more="<thread>t</thread>"))
    (row,) = await house.server.log.pending((await house.account(JULIET)).id)
    juliet = await house.client(f"{JULIET}/balcony")
    (message,) = await juliet.messages()
    assert message.attrs["from"] == f"{ROMEO}/orchard"
    assert message.attrs["to"] == JULIET
    assert message.text_of("thread") == "t"
    delay = message.find("delay", "urn:xmpp:delay")
    assert delay is not None
    assert delay.attrs["from"] == "capulet.example"
    stamp = delay.attrs["stamp"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", stamp)
    id_ = message.find("stanza-id", "urn:xmpp:sid:0")
    assert id_ is not None
    assert id_.attrs["by"] == JULIET
    assert parse_stanza_id(id_.attrs["id"]) == row.id
    assert abs((row.id >> 20) / 1000 - before) < 10


async def test_what_waits_survives_the_server(tmp_path: Path) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        await house.account(JULIET)
        romeo = await house.client(f"{ROMEO}/orchard")
        romeo.send(say("one"))
        romeo.send(say("two"))
        await house.settled()
    async with open_house(tmp_path, *EXTENSIONS) as house:
        juliet = await house.client(f"{JULIET}/balcony")
        assert await juliet.bodies() == ["one", "two"]
        assert await pending(house) == 0


@pytest.mark.parametrize("type_", ["headline", "error", "groupchat"])
async def test_some_types_are_never_kept(house: House, romeo: Client, type_: str) -> None:
    romeo.send(say("news", type_))
    assert await pending(house) == 0


async def test_chat_states_are_dropped_without_an_answer(house: House, romeo: Client) -> None:
    romeo.send(
        f"<message to='{JULIET}' type='chat'>"
        "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
    )
    assert await romeo.messages() == []
    assert await pending(house) == 0


async def test_a_message_that_must_not_be_stored_is_refused(house: House, romeo: Client) -> None:
    romeo.send(say("psst", more="<no-store xmlns='urn:xmpp:hints'/>"))
    (answer,) = await romeo.messages()
    assert condition(answer) == "service-unavailable"
    assert await pending(house) == 0


async def test_one_that_must_not_be_archived_waits_all_the_same(
    house: House, romeo: Client
) -> None:
    romeo.send(say("psst", more="<no-permanent-store xmlns='urn:xmpp:hints'/>"))
    assert await pending(house) == 1


async def test_the_sender_of_too_many_messages_is_told(tmp_path: Path) -> None:
    async with open_house(
        tmp_path, *EXTENSIONS, configuration="[extensions.offline]\nmax_messages = 2"
    ) as house:
        await house.account(JULIET)
        romeo = await house.client(f"{ROMEO}/orchard")
        for number in range(4):
            romeo.send(say(str(number)))
        first, second = await romeo.messages()
        assert condition(first) == condition(second) == "service-unavailable"
        assert await pending(house) == 2
        juliet = await house.client(f"{JULIET}/balcony")
        assert await juliet.bodies() == ["0", "1"]
        juliet.close()
        romeo.send(say("again"))
        assert await romeo.messages() == []
        assert await pending(house) == 1


async def test_the_limit_counts_what_waited_before_the_start(tmp_path: Path) -> None:
    for expected in ([], ["service-unavailable"]):
        async with open_house(
            tmp_path, *EXTENSIONS, configuration="[extensions.offline]\nmax_messages = 2"
        ) as house:
            await house.account(JULIET)
            romeo = await house.client(f"{ROMEO}/orchard")
            romeo.send(say("one"))
            await house.settled()
            romeo.send(say("two"))
            assert [condition(each) for each in await romeo.messages()] == expected


async def test_a_message_sent_during_the_handing_over_comes_after_the_older_ones(
    house: House, romeo: Client
) -> None:
    romeo.send(say("old"))
    await house.settled()
    juliet = await house.client(f"{JULIET}/balcony")
    romeo.send(say("new"))
    romeo.send(f"<message to='{JULIET}/balcony' type='headline'><body>newer</body></message>")
    assert juliet.wire.written == []
    assert await juliet.bodies() == ["old", "new", "newer"]


async def test_the_first_of_two_sessions_gets_what_waited_and_both_what_follows(
    house: House, romeo: Client
) -> None:
    romeo.send(say("old"))
    await house.settled()
    balcony = await house.client(f"{JULIET}/balcony")
    chamber = await house.client(f"{JULIET}/chamber")
    romeo.send(say("new"))
    assert await balcony.bodies() == ["old", "new"]
    assert await chamber.bodies() == ["new"]


async def test_another_session_gets_the_rest_when_the_first_ends(
    house: House, romeo: Client
) -> None:
    romeo.send(say("old"))
    await house.settled()
    balcony = await house.client(f"{JULIET}/balcony")
    chamber = await house.client(f"{JULIET}/chamber")
    balcony.close()
    assert await chamber.bodies() == ["old"]


async def test_what_nobody_stayed_for_goes_on_waiting(house: House, romeo: Client) -> None:
    romeo.send(say("one"))
    await house.settled()
    balcony = await house.client(f"{JULIET}/balcony")
    romeo.send(say("two"))
    balcony.close()
    assert await pending(house) == 2
    assert await (await house.client(f"{JULIET}/chamber")).bodies() == ["one", "two"]


async def test_a_negative_priority_is_not_the_place_for_messages(
    house: House, romeo: Client
) -> None:
    romeo.send(say("Lady"))
    juliet = await house.client(f"{JULIET}/balcony", available=False)
    juliet.available(priority=-1)
    assert await juliet.bodies() == []
    juliet.available(priority=0)
    assert await juliet.bodies() == ["Lady"]


async def test_a_slow_reader_is_waited_for(house: House, romeo: Client) -> None:
    for number in range(150):
        romeo.send(say(str(number)))
    await house.settled()
    juliet = await house.client(f"{JULIET}/balcony", available=False)
    juliet.wire.congested = True
    juliet.available()
    await house.until(lambda: juliet.wire.written)
    assert len(juliet.wire.written) == 100
    juliet.wire.congested = False
    assert len(await juliet.bodies()) == 150


async def test_a_message_to_an_account_that_was_just_deleted_comes_back_as_from_none(
    house: House, romeo: Client
) -> None:
    account = await house.account(JULIET)
    async with house.server.database.begin() as connection:
        await connection.execute(delete(accounts).where(accounts.c.id == account.id))
    romeo.send(say("Lady"))
    (answer,) = await romeo.messages()
    assert condition(answer) == "service-unavailable"


async def test_a_message_is_refused_when_too_much_waits_to_be_stored(tmp_path: Path) -> None:
    async with open_house(
        tmp_path, *EXTENSIONS, configuration="[storage]\nqueue_rows = 100"
    ) as house:
        await house.account(JULIET)
        romeo = await house.client(f"{ROMEO}/orchard")
        for number in range(201):
            romeo.send(say(str(number)))
        (answer,) = await romeo.messages()
        assert condition(answer) == "resource-constraint"
        assert await pending(house) == 200


async def test_nothing_is_kept_for_a_temporary_account(house: House, romeo: Client) -> None:
    house.server.temporary_account(parse_bare("guest@capulet.example"))
    romeo.send("<message to='guest@capulet.example'><body>hello</body></message>")
    (answer,) = await romeo.messages()
    assert condition(answer) == "service-unavailable"


async def test_hosts_advertise_offline_messages(house: House) -> None:
    assert "msgoffline" in house.server.features(house.server.hosts["capulet.example"])


async def test_a_stop_in_the_middle_of_the_handing_over_loses_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        await house.account(JULIET)
        romeo = await house.client(f"{ROMEO}/orchard")
        for number in range(150):
            romeo.send(say(str(number)))
        await house.settled()
        juliet = await house.client(f"{JULIET}/balcony", available=False)
        juliet.wire.congested = True
        juliet.available()
        await house.until(lambda: juliet.wire.written)
        romeo.send(say("new"))
        assert len(juliet.wire.written) == 100
    async with open_house(tmp_path, *EXTENSIONS) as house:
        juliet = await house.client(f"{JULIET}/balcony")
        # What was written had not left the process, so it is written again.
        assert await juliet.bodies() == [*map(str, range(150)), "new"]


async def test_a_stop_before_the_handing_over_has_begun_loses_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path, *EXTENSIONS) as house:
        await house.account(JULIET)
        romeo = await house.client(f"{ROMEO}/orchard")
        romeo.send(say("old"))
        await house.settled()
        await house.client(f"{JULIET}/balcony")
        romeo.send(say("new"))
        await house.server.stop()
    async with open_house(tmp_path, *EXTENSIONS) as house:
        juliet = await house.client(f"{JULIET}/balcony")
        assert await juliet.bodies() == ["old", "new"]
