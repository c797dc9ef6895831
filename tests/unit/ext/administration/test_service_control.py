"""Stopping and restarting the server (XEP-0133 §4.30, §4.31)."""

import pytest
from tests.support.commands import NS, Refused, give, run, submitted
from tests.support.house import Client, House

from palaver.ext.administration.service_control import ServiceControl

ADMIN = "http://jabber.org/protocol/admin"


@pytest.fixture
def stopped(house: House) -> list[bool]:
    """Give what the server is asked: False to stop, True to start again."""
    asked: list[bool] = []
    house.server.please_stop = asked.append
    return asked


@pytest.mark.parametrize(("name", "again"), [("shutdown", False), ("restart", True)])
async def test_without_a_delay_it_happens_now_after_the_answer(
    house: House, bard: Client, stopped: list[bool], name: str, again: bool
) -> None:
    answer = await run(bard, f"{ADMIN}#{name}", {})
    assert answer.status == "completed"
    await house.settled()
    assert stopped == [again]


async def test_everybody_on_every_host_hears_the_announcement(
    house: House, bard: Client, juliet: Client, stopped: list[bool]
) -> None:
    romeo = await house.client("romeo@montague.example/orchard")
    lines = ["The service will be shut down!", "--The Admins"]
    await run(bard, f"{ADMIN}#shutdown", {"announcement": lines})
    assert await juliet.bodies() == ["\n".join(lines)]
    assert await romeo.bodies() == ["\n".join(lines)]


async def test_it_waits_for_the_delay_and_the_latest_request_counts(
    house: House, bard: Client, stopped: list[bool]
) -> None:
    control = house.server.extension(ServiceControl)
    begun = await run(bard, f"{ADMIN}#shutdown")
    other = await run(bard, f"{ADMIN}#restart")
    filled = submitted({"delay": "120"})
    bard.send(
        f"<iq type='set' id='s' to='capulet.example'><command xmlns='{NS}' "
        f"node='{ADMIN}#shutdown' sessionid='{begun.session}'>{filled}</command></iq>"
    )
    await house.until(lambda: control._waiting)
    first = control._waiting
    assert first is not None
    assert stopped == []
    await give(bard, f"{ADMIN}#restart", session=other.session, inner=submitted({}))
    assert first.cancelled()
    assert stopped == [True]


@pytest.mark.parametrize("delay", ["1", "-1", "soon"])
async def test_only_the_delays_offered_are_taken(
    bard: Client, stopped: list[bool], delay: str
) -> None:
    with pytest.raises(Refused) as caught:
        await run(bard, f"{ADMIN}#shutdown", {"delay": delay})
    assert caught.value.detail == "bad-payload"
    assert stopped == []
