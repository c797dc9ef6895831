"""Limits on how often somebody acts, and what counts as one address."""

import pytest

from palaver.kernel.rate_limit import RateLimit, network


def test_a_key_may_act_so_many_times_at_once() -> None:
    limit = RateLimit(3, 60.0)
    assert [limit.take("a", 100.0) for _ in range(3)] == [0, 0, 0]
    assert limit.take("a", 100.0) == pytest.approx(20.0)


def test_what_was_taken_comes_back_evenly() -> None:
    limit = RateLimit(3, 60.0)
    for _ in range(3):
        limit.take("a", 0.0)
    assert limit.take("a", 19.0) == pytest.approx(1.0)
    assert limit.take("a", 20.0) == 0
    assert limit.take("a", 20.0) > 0


def test_waiting_longer_than_an_interval_gives_no_more() -> None:
    limit = RateLimit(2, 60.0)
    assert [limit.take("a", 10_000.0) for _ in range(2)] == [0, 0]
    assert limit.take("a", 10_000.0) > 0


def test_a_refusal_does_not_count() -> None:
    limit = RateLimit(1, 60.0)
    limit.take("a", 0.0)
    assert [limit.take("a", 30.0) for _ in range(5)] == [pytest.approx(30.0)] * 5
    assert limit.take("a", 60.0) == 0


def test_keys_do_not_share() -> None:
    limit = RateLimit(1, 60.0)
    assert limit.take("a", 0.0) == 0
    assert limit.take("b", 0.0) == 0


def test_what_is_given_back_can_be_taken_again() -> None:
    limit = RateLimit(1, 60.0)
    limit.take("a", 0.0)
    limit.give_back("a")
    assert limit.take("a", 0.0) == 0


def test_memory_is_bounded_and_the_longest_silent_are_forgotten() -> None:
    limit = RateLimit(1, 60.0, keys=10)
    for number in range(1_000):
        limit.take(str(number), 0.0)
    assert len(limit) == 10
    assert limit.take("999", 0.0) > 0
    assert limit.take("0", 0.0) == 0


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:2", "2001:db8::/64"),
        ("2001:db8:0:0:1:2:3:4", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_an_address_is_ipv4_or_a_64_of_ipv6(address: str, counts_as: str) -> None:
    assert network(address) == counts_as
