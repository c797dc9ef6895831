"""Where the servers of a domain are, from a real DNS server."""

from collections import Counter

import pytest
from tests.support.names import Names

from palaver.kernel.endpoint import Endpoint
from palaver.net.s2s.resolver import Place, Resolver, UnreachableError

SERVER, DIRECT = "_xmpp-server._tcp.im.example", "_xmpps-server._tcp.im.example"


def resolver(names: Names, *, this_machine: bool = False) -> Resolver:
    return Resolver([Endpoint.parse(names.address)], this_machine=this_machine)


async def test_records_of_both_kinds_are_one_set_by_priority(names: Names) -> None:
    names.set(SERVER, "SRV", "1 0 5269 a.im.example.", "3 0 5269 c.im.example.")
    names.set(DIRECT, "SRV", "2 0 443 b.im.example.")
    assert await resolver(names).places("im.example") == [
        Place("a.im.example", 5269),
        Place("b.im.example", 443, direct=True),
        Place("c.im.example", 5269),
    ]


async def test_weights_share_the_work(names: Names) -> None:
    names.set(SERVER, "SRV", "1 30 5269 a.im.example.", "1 10 5269 b.im.example.")
    asked = resolver(names)
    first = Counter([(await asked.places("im.example"))[0].host for _ in range(1000)])
    assert 650 < first["a.im.example"] < 850


async def test_of_very_many_records_few_are_looked_at_and_none_are_kept(names: Names) -> None:
    names.set(SERVER, "SRV", *[f"1 0 {number} a.im.example." for number in range(1, 501)])
    names.set(DIRECT, "SRV", "1 0 5270 a.im.example.")
    asked = resolver(names)
    for _ in range(2):
        assert len(await asked.places("im.example")) == 65
    assert Counter(name for name, _ in names.asked) == {SERVER: 2, DIRECT: 1}


async def test_without_records_the_domain_is_its_own_server(names: Names) -> None:
    names.set("im.example", "A", "192.0.2.1")
    assert await resolver(names).places("im.example") == [Place("im.example", 5269)]


async def test_the_root_says_that_there_is_no_server(names: Names) -> None:
    names.set(SERVER, "SRV", "0 0 5269 .")
    with pytest.raises(UnreachableError) as caught:
        await resolver(names).places("im.example")
    assert caught.value.failure.condition == "remote-server-not-found"
    assert caught.value.failure.permanent


async def test_one_kind_may_be_switched_off(names: Names) -> None:
    names.set(SERVER, "SRV", "0 0 5269 .")
    names.set(DIRECT, "SRV", "0 0 5270 im.example.")
    places = await resolver(names).places("im.example")
    assert places == [Place("im.example", 5270, direct=True)]


async def test_names_are_asked_for_as_dns_has_them(names: Names) -> None:
    names.set("_xmpp-server._tcp.xn--bcher-kva.example", "SRV", "0 0 5269 a.im.example.")
    assert await resolver(names).places("bücher.example") == [Place("a.im.example", 5269)]


async def test_a_name_server_that_fails_is_a_passing_trouble(names: Names) -> None:
    names.broken.update((SERVER, DIRECT))
    with pytest.raises(UnreachableError) as caught:
        await resolver(names).places("im.example")
    assert caught.value.failure.condition == "remote-server-timeout"
    assert not caught.value.failure.permanent


@pytest.mark.parametrize("broken", [SERVER, DIRECT])
async def test_who_fails_for_one_kind_may_know_the_other(names: Names, broken: str) -> None:
    names.set(SERVER, "SRV", "0 0 5269 im.example.")
    names.set(DIRECT, "SRV", "0 0 5270 im.example.")
    names.broken.add(broken)
    (place,) = await resolver(names).places("im.example")
    assert place.direct is (broken == SERVER)


@pytest.mark.parametrize("broken", [SERVER, DIRECT])
async def test_nobody_knows_whether_what_fails_is_not_there(names: Names, broken: str) -> None:
    """Only where both are not there, the domain itself may be the server."""
    names.set("im.example", "A", "192.0.2.1")
    names.broken.add(broken)
    with pytest.raises(UnreachableError) as caught:
        await resolver(names).places("im.example")
    assert not caught.value.failure.permanent


async def test_addresses_of_both_kinds_take_turns(names: Names) -> None:
    names.set("im.example", "A", "192.0.2.1", "192.0.2.2")
    names.set("im.example", "AAAA", "2001:db8::1", "2001:db8::2")
    addresses = await resolver(names).addresses("im.example")
    assert [":" in address for address in addresses] == [True, False, True, False]


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("A", "127.0.0.1"),
        ("A", "127.8.8.8"),
        ("A", "0.0.0.0"),
        ("A", "169.254.169.254"),
        ("A", "224.0.0.1"),
        ("AAAA", "::1"),
        ("AAAA", "::"),
        ("AAAA", "::ffff:127.0.0.1"),
        ("AAAA", "fe80::1"),
    ],
)
async def test_dns_does_not_lead_to_this_machine(names: Names, kind: str, address: str) -> None:
    names.set("im.example", kind, address)
    with pytest.raises(UnreachableError) as caught:
        await resolver(names).addresses("im.example")
    assert caught.value.failure.reason == "im.example is said to be on this machine"
    assert await resolver(names, this_machine=True).addresses("im.example") == [address]


async def test_an_address_needs_no_dns(names: Names) -> None:
    assert await resolver(names).places("[2001:db8::1]") == [Place("2001:db8::1", 5269)]
    assert await resolver(names).addresses("2001:db8::1") == ["2001:db8::1"]
    assert names.asked == []


async def test_answers_are_remembered(names: Names) -> None:
    names.set(SERVER, "SRV", "0 0 5269 a.im.example.")
    asked = resolver(names)
    for _ in range(3):
        await asked.places("im.example")
    assert Counter(names.asked)[SERVER, "SRV"] == 1
