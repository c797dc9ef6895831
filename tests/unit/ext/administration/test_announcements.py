"""Announcements, the message of the day and the welcome: who gets them, when, how often."""

import pytest
from tests.support.commands import run
from tests.support.house import Client, House
from tests.unit.ext.administration.conftest import Open

from palaver.ext.accounts import Accounts
from palaver.ext.administration.announcements import Announcements
from palaver.ext.administration.tables import announcements, motd_readers
from palaver.jid import parse_bare
from palaver.kernel.commands import Commands
from palaver.kernel.errors import CommandError

ADMIN = "http://jabber.org/protocol/admin"
HOST = "capulet.example"


async def told(client: Client) -> list[tuple[str | None, str | None, str | None]]:
    """Return sender, subject and body of what came."""
    return [
        (each.get("from"), each.text_of("subject"), each.text_of("body"))
        for each in await client.messages()
    ]


# -- announcements ---------------------------------------------------------------------------------


async def test_an_announcement_goes_to_every_session_that_receives_messages(
    house: House, bard: Client, juliet: Client
) -> None:
    chamber = await house.client(f"juliet@{HOST}/chamber")
    silent = await house.client(f"romeo@{HOST}/orchard", available=False)
    bot = await house.client(f"bot@{HOST}/x", available=False)
    bot.available(-1)
    other = await house.client("romeo@montague.example/orchard")
    await house.account(f"absent@{HOST}")
    lines = ["Attention! This service will be going down.", "We apologize."]
    await run(bard, f"{ADMIN}#announce", {"announcement": lines})
    for client in (juliet, chamber):
        assert await told(client) == [(HOST, "Announcement", "\n".join(lines))]
    for client in (silent, bot, other, bard):
        assert await told(client) == []
    absent = await house.client(f"absent@{HOST}/x")
    assert await told(absent) == []


async def test_each_session_gets_it_at_its_own_address(
    house: House, bard: Client, juliet: Client
) -> None:
    await juliet.taken()
    await run(bard, f"{ADMIN}#announce", {"announcement": "x < y & 'z'"})
    (message,) = await juliet.messages()
    assert message.get("to") == f"juliet@{HOST}/balcony"
    assert message.text_of("body") == "x < y & 'z'"


# -- the message of the day ------------------------------------------------------------------------


async def set_motd(client: Client, text: str, name: str = "set-motd") -> None:
    await run(client, f"{ADMIN}#{name}", {"motd": text})


def motd(text: str) -> tuple[str, str, str]:
    return (HOST, "Message of the day", text)


async def test_it_goes_to_those_who_are_online_at_once_and_not_again(
    house: House, bard: Client, juliet: Client
) -> None:
    await set_motd(bard, "Quiet, please")
    assert await told(juliet) == [motd("Quiet, please")]
    juliet.close()
    assert await told(await house.client(f"juliet@{HOST}/chamber")) == []


async def test_others_get_it_when_they_come_once(house: House, bard: Client) -> None:
    await set_motd(bard, "Quiet, please")
    first = await house.client(f"juliet@{HOST}/balcony")
    assert await told(first) == [motd("Quiet, please")]
    assert await told(await house.client(f"juliet@{HOST}/chamber")) == []
    assert await told(await house.client("romeo@montague.example/x")) == []


async def test_it_outlives_a_restart_and_so_does_who_has_got_it(open_again: Open) -> None:
    async with open_again() as house:
        bard = await house.client(f"bard@{HOST}/globe", available=False)
        await house.client(f"juliet@{HOST}/balcony")
        await set_motd(bard, "Quiet, please")
        await house.settled()
    async with open_again() as house:
        await house.server.extension(Announcements).load()
        assert await told(await house.client(f"juliet@{HOST}/balcony")) == []
        romeo = await house.client(f"romeo@{HOST}/orchard")
        assert await told(romeo) == [motd("Quiet, please")]
    async with open_again() as house:
        await house.server.extension(Announcements).load()
        assert await told(await house.client(f"romeo@{HOST}/orchard")) == []


async def test_a_new_one_goes_to_everybody_even_if_it_says_the_same(
    house: House, bard: Client, juliet: Client
) -> None:
    await set_motd(bard, "Quiet, please")
    await set_motd(bard, "Quiet, please")
    assert len(await told(juliet)) == 2


async def test_an_edited_one_goes_only_to_those_who_had_none(
    house: House, bard: Client, juliet: Client
) -> None:
    await set_motd(bard, "The Globe Stuff")
    await juliet.taken()
    begun = await run(bard, f"{ADMIN}#edit-motd")
    assert begun.values["motd"] == ["The Globe Stuff"]
    await set_motd(bard, "The Globe Staff", "edit-motd")
    assert await told(juliet) == []
    assert await told(await house.client(f"romeo@{HOST}/x")) == [motd("The Globe Staff")]


async def test_editing_none_sets_one(bard: Client, juliet: Client) -> None:
    await set_motd(bard, "Quiet, please", "edit-motd")
    assert await told(juliet) == [motd("Quiet, please")]


async def test_a_deleted_one_goes_to_nobody(house: House, bard: Client) -> None:
    await set_motd(bard, "Quiet, please")
    answer = await run(bard, f"{ADMIN}#delete-motd")
    assert answer.notes == [("info", "The message of the day was deleted.")]
    assert await told(await house.client(f"juliet@{HOST}/x")) == []
    answer = await run(bard, f"{ADMIN}#delete-motd")
    assert answer.notes == [("info", "There is no message of the day.")]
    async with house.server.database.connect() as connection:
        assert (await connection.execute(announcements.select())).all() == []


async def test_who_has_got_it_is_stored_in_one_row_an_account(
    house: House, bard: Client, juliet: Client
) -> None:
    for _ in range(3):
        await set_motd(bard, "Quiet, please")
    await house.settled()
    async with house.server.database.connect() as connection:
        assert len((await connection.execute(motd_readers.select())).all()) == 1


async def test_guests_get_it_each_time(house: House, bard: Client) -> None:
    await set_motd(bard, "Quiet, please")
    assert await told(await house.guest(f"guest@{HOST}/x")) == [motd("Quiet, please")]


# -- the welcome -----------------------------------------------------------------------------------

WELCOME = (HOST, "Welcome", "Welcome to\nShakespeare.lit")


async def set_welcome(bard: Client) -> None:
    lines = ["Welcome to", "Shakespeare.lit"]
    await run(bard, f"{ADMIN}#set-welcome", {"welcome": lines})


async def newcomer(house: House, resource: str = "x") -> Client:
    """Log in as the server does, which notes the time."""
    client = await house.client(f"newcomer@{HOST}/{resource}")
    house.server.store.touch_login(client.account.id)
    return client


async def test_a_new_user_is_welcomed_at_the_first_login_only(house: House, bard: Client) -> None:
    await set_welcome(bard)
    address = parse_bare(f"newcomer@{HOST}")
    await house.server.extension(Accounts).create(address, "secret")
    first = await newcomer(house)
    assert await told(first) == [WELCOME]
    assert await told(await newcomer(house, "y")) == []
    first.close()
    house.server.accounts.forget(address)
    assert await told(await newcomer(house)) == []


async def test_who_has_been_here_before_is_not_welcomed(
    house: House, bard: Client, juliet: Client
) -> None:
    await set_welcome(bard)
    assert await told(juliet) == []
    juliet.send("<presence type='unavailable'/>")
    juliet.available()
    assert await told(juliet) == []


async def test_the_form_shows_the_present_welcome_as_in_example_97(bard: Client) -> None:
    await set_welcome(bard)
    begun = await run(bard, f"{ADMIN}#set-welcome")
    assert begun.values["welcome"] == ["Welcome to", "Shakespeare.lit"]


async def test_a_deleted_welcome_is_told_to_nobody(house: House, bard: Client) -> None:
    await set_welcome(bard)
    answer = await run(bard, f"{ADMIN}#delete-welcome")
    assert answer.notes == [("info", "The welcome message was deleted.")]
    assert await told(await newcomer(house)) == []


async def test_a_newcomer_gets_the_welcome_and_the_message_of_the_day(
    house: House, bard: Client
) -> None:
    await set_welcome(bard)
    await set_motd(bard, "Quiet, please")
    assert await told(await newcomer(house)) == [WELCOME, motd("Quiet, please")]


# -- commands --------------------------------------------------------------------------------------


async def test_the_same_by_commands(house: House, juliet: Client) -> None:
    commands = Commands(house.server.extensions.values())
    say = {"host": HOST, "text": "Quiet, please"}
    assert await commands.run("announcement send", say) == {"sessions": 1}
    await commands.run("motd set", say)
    await commands.run("welcome set", say)
    assert [subject for _, subject, _ in await told(juliet)] == [
        "Announcement",
        "Message of the day",
    ]
    for kind in ("motd", "welcome"):
        await commands.run(f"{kind} delete", {"host": HOST})
        with pytest.raises(CommandError, match="has none"):
            await commands.run(f"{kind} delete", {"host": HOST})
    with pytest.raises(CommandError, match="is not served here"):
        await commands.run("motd set", {"host": "elsewhere.example", "text": "x"})
