"""The name of a deleted account is nobody's for a while."""

from pathlib import Path

import pytest
from tests.support.house import House, open_house
from tests.unit.ext.account_life.conftest import HOST, Run

from palaver.ext.account_life.tombstones import Tombstones
from palaver.ext.accounts import Accounts
from palaver.jid import parse_bare
from palaver.kernel.commands import Commands
from palaver.kernel.errors import CommandError

JULIET = f"juliet@{HOST}"


async def made(shell: Run, jid: str = JULIET, **more: object) -> None:
    await shell("user add", jid=jid, password="wherefore", **more)


@pytest.fixture
async def buried(house: House, shell: Run) -> None:
    await made(shell)
    await shell("user delete", jid=JULIET)


@pytest.mark.usefixtures("buried")
async def test_the_name_cannot_be_taken_by_a_command_unless_forced(shell: Run) -> None:
    with pytest.raises(CommandError, match="was deleted") as caught:
        await made(shell)
    assert caught.value.code == "tombstone"
    await made(shell, despite_tombstone=True)


@pytest.mark.usefixtures("buried")
async def test_names_that_look_like_it_are_kept_too(shell: Run) -> None:
    with pytest.raises(CommandError) as caught:
        await made(shell, f"ju1iet@{HOST}")
    assert caught.value.code == "tombstone"


@pytest.mark.usefixtures("buried")
async def test_it_is_listed_and_lifted(shell: Run) -> None:
    [row] = await shell("tombstone list")
    assert row["jid"] == JULIET
    assert row["deleted"] < row["until"]
    assert await shell("tombstone list", host=HOST) == [row]
    assert await shell("tombstone list", host="montague.example") == []
    await shell("tombstone lift", jid=JULIET)
    assert await shell("tombstone list") == []
    await made(shell)
    with pytest.raises(CommandError, match="is not kept"):
        await shell("tombstone lift", jid=JULIET)


@pytest.mark.usefixtures("buried")
async def test_an_import_leaves_it_out_and_says_so(shell: Run) -> None:
    table = f"{JULIET},wherefore\nromeo@{HOST},wherefore\n"
    report = await shell("user import", file=table)
    assert report["created"] == 1
    [problem] = report["problems"]
    assert problem["line"] == 1
    assert "was deleted" in problem["problem"]


@pytest.mark.usefixtures("buried")
async def test_nobody_is_invited_to_it(shell: Run) -> None:
    with pytest.raises(CommandError, match="was deleted"):
        await shell("invite create", host=HOST, username="juliet")


async def test_a_name_can_be_given_free_at_the_deletion(shell: Run) -> None:
    await made(shell)
    await shell("user delete", jid=JULIET, free_name=True)
    await made(shell)


async def test_a_host_can_do_without(tmp_path: Path) -> None:
    none = "[extensions.tombstones]\ndays = 0\n[sasl]\niterations = 4096\n"
    async with open_house(tmp_path, configuration=none) as house:
        run = Commands(house.server.extensions.values()).run
        for _ in range(2):
            await run("user add", {"jid": JULIET, "password": "wherefore"})
            await run("user delete", {"jid": JULIET})


async def test_it_ends(tmp_path: Path) -> None:
    async with open_house(tmp_path, configuration="[sasl]\niterations = 4096\n") as house:
        accounts, clock = house.server.extension(Accounts), house.server.clock
        await accounts.delete(await accounts.create(parse_bare(JULIET), "wherefore"))

        class Later:
            def now(self) -> float:
                return clock.now() + 91 * 86_400

            def monotonic(self) -> float:
                return clock.monotonic()

        house.server.clock = Later()
        await accounts.create(parse_bare(JULIET), "wherefore")
        await house.server.extension(Tombstones).tidy()
        run = Commands(house.server.extensions.values()).run
        house.server.clock = clock
        assert await run("tombstone list", {}) == []
