"""Accounts are disabled for ever or for a while, and found when nobody uses them."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.support.client import AuthenticationError
from tests.support.house import House
from tests.unit.ext.account_life.conftest import HOST, Run
from tests.unit.net.serving import Serving, serving

from palaver.ext.last_activity import LastActivity
from palaver.jid import parse_bare
from palaver.kernel.commands import Commands
from palaver.kernel.errors import CommandError

JULIET = f"juliet@{HOST}"
DAY = 86_400.0


class Shifted:
    """A clock that is so many seconds ahead of another."""

    def __init__(self, house: House, seconds: float) -> None:
        self._clock = house.server.clock
        self._seconds = seconds

    def now(self) -> float:
        return self._clock.now() + self._seconds

    def monotonic(self) -> float:
        return self._clock.monotonic()


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    async with serving(tmp_path, authority) as opened:
        await opened.account("juliet")
        yield opened


async def test_a_user_reads_why_and_until_when(net: Serving) -> None:
    run = Commands(net.server.extensions.values()).run
    arguments = {"jid": JULIET, "for_": "7d", "reason": "spam"}
    done = await run("user disable", arguments)
    assert isinstance(done, dict)
    client = await net.client(f"{JULIET}/a").open()
    with pytest.raises(AuthenticationError) as caught:
        await client.authenticate()
    assert caught.value.condition == "account-disabled"
    assert caught.value.text == f"The account is disabled until {done['until']}: spam"


async def test_who_has_another_password_reads_nothing_of_it(net: Serving) -> None:
    run = Commands(net.server.extensions.values()).run
    await run("user disable", {"jid": JULIET, "reason": "spam"})
    client = net.client(f"{JULIET}/a")
    client.password = "another"
    await client.open()
    with pytest.raises(AuthenticationError) as caught:
        await client.authenticate()
    assert (caught.value.condition, caught.value.text) == ("not-authorized", "")


async def test_sessions_end_with_the_reason(house: House, shell: Run) -> None:
    juliet = await house.client(f"{JULIET}/x")
    assert (await shell("user disable", jid=JULIET, reason="spam"))["sessions_ended"] == 1
    assert juliet.wire.error is not None
    assert juliet.wire.error.condition == "not-authorized"
    assert juliet.wire.error.text == "The account is disabled: spam"


async def test_it_comes_back_by_itself(house: House, shell: Run) -> None:
    await house.account(JULIET)
    done = await shell("user disable", jid=JULIET, for_="2h", reason="to cool down")
    shown = await shell("user show", jid=JULIET)
    assert (shown["disabled"], shown["disabled_until"]) == (True, done["until"])
    assert [row["jid"] for row in await shell("user list", disabled=True)] == [JULIET]
    house.server.clock = Shifted(house, 7201)
    shown = await shell("user show", jid=JULIET)
    assert (shown["disabled"], shown["disabled_reason"]) == (False, None)
    assert await shell("user list", disabled=True) == []
    account = await house.server.accounts.get(parse_bare(JULIET))
    assert account is not None
    assert account.record is not None
    assert not account.record.is_disabled(house.server.clock.now())


@pytest.mark.parametrize("text", ["7", "d", "0d", "-1d", "7 d", "1y", "999999w", "1.5h", "٣d"])
async def test_times_that_are_none_are_refused(house: House, shell: Run, text: str) -> None:
    await house.account(JULIET)
    with pytest.raises(CommandError):
        await shell("user disable", jid=JULIET, for_=text)


async def test_accounts_that_nobody_uses_are_found(house: House, shell: Run) -> None:
    juliet, romeo = await house.client(f"{JULIET}/x"), await house.client(f"romeo@{HOST}/x")
    juliet.close()
    await house.settled()
    assert await shell("user list", idle="90d") == []
    house.server.clock = Shifted(house, 91 * DAY)
    assert [row["jid"] for row in await shell("user list", idle="90d")] == [JULIET]
    romeo.close()
    await house.settled()
    house.server.clock = Shifted(house, 91 * DAY)
    found = await shell("user list", idle="90d", host=HOST)
    assert [row["jid"] for row in found] == [JULIET, f"romeo@{HOST}"]


async def test_a_crash_loses_no_more_than_an_hour_of_who_was_there(house: House) -> None:
    juliet = await house.client(f"{JULIET}/x")
    last = house.server.extension(LastActivity)
    house.server.clock = Shifted(house, 30 * DAY)
    await last.still_there()
    seen = await last.of_many([juliet.account.id])
    assert seen[juliet.account.id] == pytest.approx(house.server.clock.now() * 1e6, abs=1e7)
