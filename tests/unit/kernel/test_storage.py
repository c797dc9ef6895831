"""What the kernel says about log ids."""

import time

import pytest

from palaver.kernel.storage import now, parse_stanza_id, stanza_id, timestamp_of


@pytest.mark.parametrize("id_", [0, 1, 1_793_000_000_000 << 20, (1 << 63) - 1])
def test_a_stanza_id_leads_back_to_its_log_id(id_: int) -> None:
    assert parse_stanza_id(stanza_id(id_)) == id_


def test_stanza_ids_sort_as_the_log_ids_do() -> None:
    ids = [0, 9, 10, 255, 256, 1 << 20, (1 << 62) - 1, 1 << 62]
    assert sorted(map(stanza_id, ids)) == [stanza_id(id_) for id_ in ids]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "00000000000000000",
        "000000000000000g",
        "000000000000000A",
        " 00000000000000a",
        "+00000000000000a",
        "0x00000000000000",
        "0000_00000000000",
        "8000000000000000",
        "٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠",
    ],
)
def test_what_is_no_stanza_id_of_ours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a stanza-id"):
        parse_stanza_id(text)


def test_a_log_id_tells_its_time_to_the_millisecond() -> None:
    moment = time.time_ns() // 1_000_000
    assert timestamp_of((moment << 20) + 12345) == moment * 1000


def test_now_counts_microseconds() -> None:
    before = time.time_ns()
    assert before // 1000 <= now() <= time.time_ns() // 1000
