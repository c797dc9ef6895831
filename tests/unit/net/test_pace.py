"""How fast a session may send: the arithmetic, and what its client sees of it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.certificates import Authority
from tests.unit.net.serving import serving
from tests.unit.net.test_connection import PING, connection_of

from palaver.net.pace import Pace

BURST = 2  # seconds' worth


def test_a_burst_goes_through_after_a_rest() -> None:
    pace = Pace(100, 0)
    assert pace.take(BURST * 100, 1, now=50.0) == 0
    assert pace.take(1, 1, now=50.0) == pytest.approx(0.01)
    assert pace.take(0, 1, now=51.0) == 0


def test_bytes_count_as_well_as_stanzas() -> None:
    pace = Pace(100, 1000)
    assert pace.take(1, 3000, now=50.0) == pytest.approx(1.0)


def test_zero_is_no_limit() -> None:
    pace = Pace(0, 0)
    assert pace.take(10**9, 10**12, now=50.0) == 0


@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0, 0.2)), max_size=200))
def test_whoever_waits_as_told_never_sends_faster_than_allowed(
    sent: list[tuple[int, float]],
) -> None:
    pace, start = Pace(100, 0), 1000.0
    now, total, last = start, 0, 0
    for stanzas, idle in sent:
        total += stanzas
        last = stanzas
        now += idle + pace.take(stanzas, stanzas, now + idle)
    # What came last is handled at once, and waited for afterwards.
    assert total - last <= 100 * (now - start + BURST) + 1e-3


async def test_a_session_that_sends_too_fast_is_read_later_and_loses_nothing(
    tmp_path: Path, authority: Authority
) -> None:
    async with serving(tmp_path, authority, "[limits]\nstanzas_per_second = 200\n") as net:
        await net.account("juliet")
        await net.account("romeo")
        juliet = await net.client("juliet@capulet.example/balcony").connect()
        romeo = await net.client("romeo@capulet.example/orchard").connect()
        connection, count = connection_of(net, juliet), 500
        juliet.writer.write(b"".join(PING.format(number).encode() for number in range(count)))
        await net.until(lambda: connection._blockers)
        assert not connection._transport.is_reading()
        await romeo.barrier()  # nobody else waits
        answers = [(await juliet.receive()).get("id") for _ in range(count)]
        assert answers == [str(number) for number in range(count)]
        await net.until(lambda: not connection._blockers)
        await juliet.barrier()
