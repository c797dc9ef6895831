"""Who administers a host, and who the server."""

from pathlib import Path

import pytest
from tests.support.house import House, open_house

from palaver import jid
from palaver.app import assembled
from palaver.kernel.config import parse
from palaver.kernel.roles import Access, administers, administers_server
from palaver.kernel.storage import NewAccount

BARD = "[server]\nadmins = ['bard@capulet.example']\n"
ALL = set(Access)
NOBODY_SPECIAL = {Access.EVERYBODY}
MEMBER = {Access.EVERYBODY, Access.MEMBERS}
ADMINISTRATOR = MEMBER | {Access.ADMINISTRATORS}
ELSEWHERE = {Access.EVERYBODY, Access.ADMINISTRATORS, Access.SERVER_ADMINISTRATORS}


async def with_role(house: House, address: str, role: str) -> None:
    bare = jid.parse_bare(address)
    new = NewAccount(bare.domain, bare.local, bare.local, "admin" if role == "admin" else "member")
    await house.server.store.create(new)
    await house.client(f"{address}/x")


@pytest.mark.parametrize(
    ("who", "capulet", "montague"),
    [
        ("bard@capulet.example", ALL, ELSEWHERE),
        ("chief@capulet.example", ADMINISTRATOR, NOBODY_SPECIAL),
        ("juliet@capulet.example", MEMBER, NOBODY_SPECIAL),
        ("guest@capulet.example", NOBODY_SPECIAL, NOBODY_SPECIAL),
        ("nobody@capulet.example", NOBODY_SPECIAL, NOBODY_SPECIAL),
        ("stranger@elsewhere.example", NOBODY_SPECIAL, NOBODY_SPECIAL),
    ],
)
async def test_who_may_do_what(
    who: str, capulet: set[Access], montague: set[Access], tmp_path: Path
) -> None:
    async with open_house(tmp_path, "ping", configuration=BARD) as house:
        await with_role(house, "bard@capulet.example", "member")
        await with_role(house, "chief@capulet.example", "admin")
        await with_role(house, "juliet@capulet.example", "member")
        await house.guest("guest@capulet.example/x")
        server, address = house.server, jid.parse(f"{who}/x")
        for host, expected in (("capulet.example", capulet), ("montague.example", montague)):
            allowed = {a for a in Access if a.allows(server, address, server.hosts[host])}
            assert allowed == expected, host


async def test_a_disabled_administrator_administers_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path, "accounts") as house:
        await with_role(house, "chief@capulet.example", "admin")
        chief = jid.parse("chief@capulet.example")
        host = house.server.hosts["capulet.example"]
        assert administers(house.server, chief, host)
        record = await house.server.store.find("capulet.example", "chief")
        assert record is not None
        await house.server.store.set_disabled(record.id, "")
        account = house.server.accounts.loaded(chief.bare)
        assert account is not None
        account.record = await house.server.store.find("capulet.example", "chief")
        assert not administers(house.server, chief, host)


async def test_the_administrator_of_the_only_host_administers_the_server(tmp_path: Path) -> None:
    async with assembled(parse('[hosts."capulet.example"]\n'), tmp_path) as server:
        house = House(server)
        await with_role(house, "chief@capulet.example", "admin")
        assert administers_server(server, jid.parse("chief@capulet.example"))
        await server.stop()
