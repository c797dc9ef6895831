"""Turns: work on one account in order, others meanwhile, nothing left behind."""

import asyncio

from palaver.ext.roster.turns import Turns


async def test_work_runs_in_the_order_in_which_it_began() -> None:
    turns = Turns()
    order: list[int] = []

    async def work(number: int) -> None:
        async with turns.of(1):
            await asyncio.sleep(0)
            order.append(number)

    await asyncio.gather(*(work(number) for number in range(10)))
    assert order == list(range(10))
    assert not turns.taken(1)


async def test_other_accounts_do_not_wait() -> None:
    turns = Turns()
    async with turns.of(1), turns.of(2):
        assert turns.taken(1)
        assert turns.taken(2)
        assert not turns.taken(3)


async def test_a_failure_lets_the_next_go_on() -> None:
    turns = Turns()

    async def fail() -> None:
        async with turns.of(1):
            raise ValueError

    await asyncio.gather(fail(), fail(), return_exceptions=True)
    assert not turns.taken(1)
