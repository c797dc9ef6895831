"""Members of groups that administrators keep are in each other's rosters."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.support.house import Client, House, open_house

from palaver.ext.accounts import Accounts
from palaver.ext.roster.roster import roster_of
from palaver.ext.shared_groups.extension import SharedGroups
from palaver.jid import parse_bare
from palaver.kernel.commands import Commands
from palaver.kernel.errors import CommandError
from palaver.wire.element import Element

HOST = "capulet.example"
JULIET = f"juliet@{HOST}"
NURSE = f"nurse@{HOST}"
PETER = f"peter@{HOST}"
NS = "jabber:iq:roster"


@pytest.fixture
async def house(migrated_url: str, tmp_path: Path) -> AsyncIterator[House]:
    storage = f"[storage]\nurl = {json.dumps(migrated_url)}\n"
    async with open_house(tmp_path, configuration=storage) as opened:
        for name in (JULIET, NURSE, PETER):
            await opened.server.extension(Accounts).create(parse_bare(name), "secret")
        await opened.server.extension(SharedGroups).start()
        yield opened


async def run(house: House, command: str, /, **arguments: object) -> Any:
    given = arguments if command.startswith(("group add", "group remove")) else {"host": HOST}
    return await Commands(house.server.extensions.values()).run(command, {**given, **arguments})


async def team(house: House, *members: str, name: str = "Team") -> None:
    await run(house, "group create", name=name)
    for each in members:
        await run(house, "group add", jid=each, name=name)


def shown(query: Element) -> dict[str | None, tuple[str | None, list[str]]]:
    """Return subscriptions and groups of the contacts that a roster, or a push, shows."""
    return {
        item.get("jid"): (item.get("subscription"), [group.text for group in item])
        for item in query.find_all("item")
    }


async def roster(client: Client, version: str | None = None) -> Element:
    ver = "" if version is None else f" ver='{version}'"
    answer = await client.ask(f"<iq type='get' id='r'><query xmlns='{NS}'{ver}/></iq>")
    return answer.find("query", NS) or answer


async def pushes(client: Client) -> dict[str | None, tuple[str | None, list[str]]]:
    found = {}
    for each in await client.taken():
        query = each.find("query", NS)
        if each.get("type") == "set" and query is not None:
            found |= shown(query)
    return found


async def presences(client: Client) -> list[tuple[str | None, str | None]]:
    came = await client.taken()
    return [(each.get("from"), each.get("type")) for each in came if each.name == "presence"]


async def test_members_are_in_each_others_rosters(house: House) -> None:
    await team(house, JULIET, NURSE)
    juliet = await house.client(f"{JULIET}/balcony")
    assert shown(await roster(juliet)) == {NURSE: ("both", ["Team"])}
    peter = await house.client(f"{PETER}/x")
    assert shown(await roster(peter)) == {}


async def test_members_see_each_other_without_asking(house: House) -> None:
    await team(house, JULIET, NURSE)
    juliet = await house.client(f"{JULIET}/balcony")
    await juliet.taken()
    nurse = await house.client(f"{NURSE}/hall")
    assert (f"{NURSE}/hall", None) in await presences(juliet)
    assert (f"{JULIET}/balcony", None) in await presences(nurse)


async def test_changes_are_pushed_and_presence_follows(house: House) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    nurse = await house.client(f"{NURSE}/hall")
    await roster(juliet)
    await team(house, JULIET, NURSE)
    came = await juliet.taken()
    assert [each.get("from") for each in came if each.name == "presence"][-1] == f"{NURSE}/hall"
    await run(house, "group rename", name="Team", to="Staff")
    assert await pushes(juliet) == {NURSE: ("both", ["Staff"])}
    await run(house, "group remove", jid=NURSE, name="Staff")
    came = await juliet.taken()
    assert [(e.get("from"), e.get("type")) for e in came if e.name == "presence"] == [
        (f"{NURSE}/hall", "unavailable")
    ]
    assert [shown(e.find("query", NS) or e) for e in came if e.name == "iq"] == [
        {NURSE: ("remove", [])}
    ]
    assert (f"{JULIET}/balcony", "unavailable") in await presences(nurse)


async def test_versions_know_of_changes_that_nobody_was_pushed(house: House) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    version = (await roster(juliet)).get("ver")
    juliet.close()
    await team(house, JULIET, NURSE)
    juliet = await house.client(f"{JULIET}/balcony")
    query = await roster(juliet, version)
    assert shown(query) == {NURSE: ("both", ["Team"])}
    assert list(await roster(juliet, query.get("ver"))) == []
    juliet.close()
    await run(house, "group delete", name="Team")
    juliet = await house.client(f"{JULIET}/balcony")
    assert shown(await roster(juliet, query.get("ver"))) == {}


async def test_groups_are_there_after_a_restart(house: House) -> None:
    await team(house, JULIET, NURSE)
    for name in (JULIET, NURSE):
        house.server.accounts.forget(parse_bare(name))
    await house.server.extension(SharedGroups).start()
    juliet = await house.client(f"{JULIET}/balcony")
    assert shown(await roster(juliet)) == {NURSE: ("both", ["Team"])}


async def test_a_contact_by_group_cannot_be_removed_or_left(house: House) -> None:
    await team(house, JULIET, NURSE)
    juliet = await house.client(f"{JULIET}/balcony")
    await roster(juliet)
    item = f"<item jid='{NURSE}' subscription='remove'/>"
    answer = await juliet.ask(f"<iq type='set' id='1'><query xmlns='{NS}'>{item}</query></iq>")
    error = answer.find("error")
    assert error is not None
    assert error.find("not-allowed", "urn:ietf:params:xml:ns:xmpp-stanzas") is not None
    await juliet.taken()
    for kind in ("unsubscribe", "unsubscribed"):
        juliet.send(f"<presence type='{kind}' to='{NURSE}'/>")
        (refused,) = await juliet.taken()
        assert refused.get("type") == "error"
    for kind in ("subscribe", "subscribed"):
        juliet.send(f"<presence type='{kind}' to='{NURSE}'/>")
        assert await juliet.taken() == []
    assert shown(await roster(juliet)) == {NURSE: ("both", ["Team"])}


async def test_names_and_groups_of_ones_own_are_kept(house: House) -> None:
    await team(house, JULIET, NURSE)
    juliet = await house.client(f"{JULIET}/balcony")
    await roster(juliet)
    await juliet.taken()
    item = f"<item jid='{NURSE}' name='Angelica'><group>Mine</group><group>Team</group></item>"
    await juliet.ask(f"<iq type='set' id='1'><query xmlns='{NS}'>{item}</query></iq>")
    assert await pushes(juliet) == {NURSE: ("both", ["Mine", "Team"])}
    own = roster_of(juliet.account).item(parse_bare(NURSE))
    assert (own.name, own.groups, own.state.subscription) == ("Angelica", ("Mine",), "none")
    await run(house, "group delete", name="Team")
    assert await pushes(juliet) == {NURSE: ("none", ["Mine"])}


async def test_a_group_of_everybody_has_those_who_come(house: House) -> None:
    juliet = await house.client(f"{JULIET}/balcony")
    await roster(juliet)
    await run(house, "group create", name="All", everybody=True)
    assert await pushes(juliet) == {NURSE: ("both", ["All"]), PETER: ("both", ["All"])}
    romeo = parse_bare(f"romeo@{HOST}")
    await house.server.extension(Accounts).create(romeo, "secret")
    assert await pushes(juliet) == {romeo: ("both", ["All"])}
    await run(house, "group everybody", name="All", everybody=False)
    assert {each for each, _ in (await pushes(juliet)).values()} == {"remove"}


async def test_a_deleted_account_leaves_its_groups(house: House) -> None:
    await team(house, JULIET, NURSE)
    juliet = await house.client(f"{JULIET}/balcony")
    nurse = await house.client(f"{NURSE}/hall")
    await roster(juliet)
    await juliet.taken()
    await Commands(house.server.extensions.values()).run("user delete", {"jid": NURSE})
    assert await pushes(juliet) == {NURSE: ("remove", [])}
    assert (await run(house, "group show", name="Team"))["members"] == [JULIET]
    assert nurse.session.bare == NURSE
    async with house.server.database.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM shared_group_members")) == 1


async def test_who_only_sees_is_not_seen_in_the_roster(house: House) -> None:
    """A group shown to another one: its members are watched, and know nothing of who watches."""
    await team(house, JULIET, name="Family")
    await team(house, PETER, name="Servants")
    await run(house, "group show-to", name="Servants", to="Family")
    juliet = await house.client(f"{JULIET}/balcony")
    peter = await house.client(f"{PETER}/kitchen")
    assert shown(await roster(juliet)) == {PETER: ("to", ["Servants"])}
    assert shown(await roster(peter)) == {}
    assert (f"{PETER}/kitchen", None) in await presences(juliet)
    assert all(who != f"{JULIET}/balcony" for who, _ in await presences(peter))
    await run(house, "group hide-from", name="Servants", to="Family")
    assert shown(await roster(juliet)) == {}


async def test_what_cannot_be_is_refused(house: House) -> None:
    await team(house, JULIET)
    for name, arguments in (
        ("group create", {"name": "Team"}),
        ("group create", {"name": " "}),
        ("group create", {"name": "a\nb"}),
        ("group create", {"name": "x" * 600}),
        ("group create", {"name": "x", "host": "nowhere.example"}),
        ("group delete", {"name": "Nobody"}),
        ("group rename", {"name": "Team", "to": "Team"}),
        ("group add", {"jid": JULIET, "name": "Team"}),
        ("group add", {"jid": f"nobody@{HOST}", "name": "Team"}),
        ("group remove", {"jid": NURSE, "name": "Team"}),
        ("group show-to", {"name": "Team", "to": "Nobody"}),
    ):
        with pytest.raises(CommandError):
            await run(house, name, **arguments)
    listed = await run(house, "group list")
    assert [(each["name"], each["members"]) for each in listed] == [("Team", 1)]


async def test_commands_at_once_are_checked_one_after_the_other(house: House) -> None:
    await team(house, JULIET)
    await team(house, name="Other")
    once = await asyncio.gather(
        *(run(house, "group create", name="New") for _ in range(2)),
        *(run(house, "group rename", name=name, to="Best") for name in ("Team", "Other")),
        return_exceptions=True,
    )
    assert sorted(str(each.code) for each in once if isinstance(each, CommandError)) == [
        "exists",
        "exists",
    ]
    gone = await asyncio.gather(
        run(house, "group delete", name="New"),
        run(house, "group show-to", name="Best", to="New"),
        run(house, "group add", name="New", jid=NURSE),
        return_exceptions=True,
    )
    assert [each.code for each in gone if isinstance(each, CommandError)] == ["not-found"] * 2
    assert not any(isinstance(each, Exception) for each in gone[:1])


async def test_a_group_costs_rows_for_its_members_not_for_their_rosters(house: House) -> None:
    names = [f"m{number}" for number in range(40)]
    for name in names:
        await house.server.extension(Accounts).create(parse_bare(f"{name}@{HOST}"), "x")
    await team(house, *(f"{name}@{HOST}" for name in names))
    accounts = [await house.account(parse_bare(f"{name}@{HOST}")) for name in names]
    assert all(len(roster_of(each).items) == 39 for each in accounts)
    assert len({id(roster_of(each).shared) for each in accounts}) == 1
    async with house.server.database.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM shared_group_members")) == 40
        assert await connection.scalar(text("SELECT count(*) FROM roster")) == 0
