"""How long an archive keeps what it has."""

from pathlib import Path

import pytest
from tests.support.house import House, open_house

from palaver.ext.archive.extension import Archive
from palaver.kernel.commands import Commands
from palaver.kernel.errors import CommandError
from palaver.kernel.storage import LogEntry, LogFilter

JULIET = "juliet@capulet.example"
NURSE = "nurse@capulet.example"
ROMEO = "romeo@montague.example"
DAY = 86_400_000  # milliseconds


async def keep(house: House, address: str, age: int, *, pending: bool = False) -> None:
    """Put a message of so many days into an account's archive."""
    account = await house.account(address)
    now = int(house.server.clock.now() * 1000)
    id_ = (now - age * DAY << 20) + pending
    entry = LogEntry(account.id, id_, False, ROMEO, "", b"<message/>", pending, True)
    house.server.log.append(entry)
    await house.server.log.flush()


async def left(house: House, address: str) -> int:
    account = await house.account(address)
    return await house.server.log.count(account.id, LogFilter())


async def test_old_messages_go_where_the_host_says_so(tmp_path: Path) -> None:
    days = '[hosts."capulet.example".extensions.archive]\ndays = 30\n'
    async with open_house(tmp_path, configuration=days) as house:
        for address in (JULIET, ROMEO):
            for age in (1, 29, 31, 400):
                await keep(house, address, age)
        await keep(house, JULIET, 31, pending=True)
        await house.server.extension(Archive).expire()
        assert await left(house, JULIET) == 3, "two young ones, and one that nobody has read"
        assert await left(house, ROMEO) == 4


async def test_what_was_said_for_an_account_outweighs_its_host(tmp_path: Path) -> None:
    days = '[hosts."capulet.example".extensions.archive]\ndays = 30\n'
    async with open_house(tmp_path, configuration=days) as house:
        commands = Commands(house.server.extensions.values())
        for address in (JULIET, NURSE, ROMEO):
            for age in (1, 31, 400):
                await keep(house, address, age)
        await commands.run("archive keep", {"jid": JULIET, "days": "forever"})
        await commands.run("archive keep", {"jid": ROMEO, "days": 100})
        await house.server.extension(Archive).expire()
        assert [await left(house, each) for each in (JULIET, NURSE, ROMEO)] == [3, 1, 2]
        await commands.run("archive keep", {"jid": JULIET, "days": "host"})
        await house.server.extension(Archive).expire()
        assert await left(house, JULIET) == 1


async def test_the_time_to_keep_messages_is_checked(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.account(JULIET)
        commands = Commands(house.server.extensions.values())
        for days in (0, -3, 40_000, "yesterday"):
            with pytest.raises(CommandError) as refused:
                await commands.run("archive keep", {"jid": JULIET, "days": days})
            assert refused.value.code == "bad-arguments"
