"""What roles let people do: commands by chat, and rights."""

from pathlib import Path

import pytest
from tests.support.commands import NS as COMMANDS
from tests.support.commands import Refused, run
from tests.support.house import Client, House
from tests.unit.ext.account_life.conftest import HOST, Run, with_role

from palaver.app import assembled
from palaver.kernel.commands import Commands
from palaver.kernel.config import parse
from palaver.kernel.errors import CommandError
from palaver.kernel.permissions import Caller
from palaver.wire.element import Element

COMMAND = "urn:x-palaver:command:"
ADMIN = "http://jabber.org/protocol/admin#"
JULIET = f"juliet@{HOST}"
ITEMS = "http://jabber.org/protocol/disco#items"


@pytest.fixture
async def operator(house: House) -> Client:
    return await with_role(house, f"nurse@{HOST}/x", "operator")


async def nodes(client: Client) -> set[str]:
    """Return the commands that somebody finds."""
    query = f"<query xmlns='{ITEMS}' node='{COMMANDS}'/>"
    answer = await client.ask(f"<iq type='get' id='d' to='{HOST}'>{query}</iq>")
    found = answer.find("query", ITEMS)
    assert found is not None
    return {each.get("node", "") for each in found}


async def refused(client: Client, command: str, **fields: str | list[str]) -> str:
    with pytest.raises(Refused) as caught:
        await run(client, command, dict(fields))
    return caught.value.condition


async def test_an_operator_finds_and_runs_what_the_role_gives(
    house: House, operator: Client
) -> None:
    await house.account(JULIET)
    found = await nodes(operator)
    assert {f"{COMMAND}user-list", f"{ADMIN}end-user-session"} <= found
    assert f"{COMMAND}user-delete" not in found
    assert f"{COMMAND}report-list" not in found
    await run(operator, f"{COMMAND}user-disable", {"jid": JULIET})
    assert await refused(operator, f"{COMMAND}user-delete", jid=JULIET) == "forbidden"


async def test_members_find_none_of_the_commands_of_the_shell(house: House) -> None:
    juliet = await house.client(f"{JULIET}/x")
    assert not [node for node in await nodes(juliet) if node.startswith(COMMAND)]


async def test_an_administrator_runs_them_for_the_own_host_alone(house: House) -> None:
    chief = await with_role(house, f"chief@{HOST}/x", "admin")
    await house.account("romeo@montague.example")
    assert f"{COMMAND}user-delete" in await nodes(chief)
    assert f"{COMMAND}announcement-send" not in await nodes(chief)
    romeo = {"jid": "romeo@montague.example"}
    assert await refused(chief, f"{COMMAND}user-disable", **romeo) == "forbidden"
    listed = await run(chief, f"{COMMAND}user-list", {"prefix": ""})
    assert f"chief@{HOST}" in listed.form.to_bytes().decode()
    assert "romeo" not in listed.form.to_bytes().decode()


@pytest.mark.parametrize("target", ["chief", "bard", "other"])
async def test_nobody_gets_hold_of_those_who_have_more_to_say(
    house: House, operator: Client, target: str
) -> None:
    await with_role(house, f"chief@{HOST}/x", "admin")
    await house.client(f"bard@{HOST}/x")
    await with_role(house, f"other@{HOST}/x", "operator")
    jid = f"{target}@{HOST}"
    password = {"jid": jid, "password": "not thine own"}
    assert await refused(operator, f"{COMMAND}user-passwd", **password) == "forbidden"
    assert await refused(operator, f"{COMMAND}user-reset-password", jid=jid) == "forbidden"
    fields: dict[str, str | list[str]] = {"accountjid": jid, "password": "not thine own"}
    assert await refused(operator, f"{ADMIN}change-user-password", **fields) == "not-allowed"
    ended: dict[str, str | list[str]] = {"accountjids": [jid]}
    assert await refused(operator, f"{ADMIN}end-user-session", **ended) == "not-allowed"


async def test_nobody_gives_a_role_that_has_more_to_say(house: House, operator: Client) -> None:
    await house.account(JULIET)
    for jid in (JULIET, f"nurse@{HOST}"):
        for role in ("admin", "operator"):
            fields = {"jid": jid, "role": role}
            assert await refused(operator, f"{COMMAND}user-role", **fields) == "forbidden"
    new = {"jid": f"paris@{HOST}", "password": "x", "role": "admin"}
    assert await refused(operator, f"{COMMAND}user-add", **new) == "forbidden"
    admins: dict[str, str | list[str]] = {"adminjids": [f"nurse@{HOST}"]}
    assert await refused(operator, f"{ADMIN}edit-admin", **admins) == "forbidden"
    await run(operator, f"{COMMAND}user-role", {"jid": JULIET, "role": "restricted"})


async def test_an_import_by_an_operator_of_the_only_host_makes_no_administrators(
    tmp_path: Path,
) -> None:
    configuration = f'[hosts."{HOST}"]\n[roles.operator]\ncommands = ["user *", "export *"]\n'
    async with assembled(parse(configuration), tmp_path) as server:
        house = House(server)
        operator = await with_role(house, f"nurse@{HOST}/x", "operator")
        table = f"tybalt@{HOST},secret,admin"
        assert await refused(operator, f"{COMMAND}user-import", file=table) == "forbidden"
        commands = Commands(server.extensions.values())
        caller = Caller(server, operator.session.jid, server.hosts[HOST])
        for name in ("user export-data", "user import"):
            arguments = {"jid": f"nurse@{HOST}", "file": "x"} if "export" in name else {"file": ""}
            with pytest.raises(CommandError, match="You may not"):
                await commands.run(name, arguments, caller=caller)
        await server.stop()


async def test_what_concerns_all_hosts_is_not_for_a_role_of_one(house: House) -> None:
    reader = await with_role(house, f"reader@{HOST}/x", "reader")
    assert f"{COMMAND}user-list" in await nodes(reader)
    assert f"{COMMAND}report-show" not in await nodes(reader)


async def test_a_role_can_differ_on_a_host(house: House) -> None:
    reader = await with_role(house, "reader@montague.example/x", "reader")
    query = f"<query xmlns='{ITEMS}' node='{COMMANDS}'/>"
    answer = await reader.ask(f"<iq type='get' id='d' to='montague.example'>{query}</iq>")
    assert b"user-list" not in answer.to_bytes()


async def test_a_change_of_role_takes_effect_at_once(
    house: House, operator: Client, shell: Run
) -> None:
    await shell("user role", jid=f"nurse@{HOST}", role="member")
    assert await refused(operator, f"{COMMAND}user-list") == "forbidden"
    assert (await shell("user show", jid=f"nurse@{HOST}"))["role"] == "member"


async def test_a_role_that_there_is_not_is_refused(house: House, shell: Run) -> None:
    await house.account(JULIET)
    with pytest.raises(CommandError, match="'boss' is no role; there are member, admin, restrict"):
        await shell("user role", jid=JULIET, role="boss")


# -- restricted ------------------------------------------------------------------------------------


async def sent(client: Client, xml: str) -> list[str]:
    """Send something and return the conditions of the errors that came."""
    client.send(xml)
    errors = [each.find("error", "jabber:client") for each in await client.taken()]
    return [child.name for error in errors if error for child in error if child.name != "text"]


async def test_restricted_accounts_write_to_their_host_and_their_contacts(
    house: House, shell: Run
) -> None:
    juliet, romeo = (
        await house.client(f"{JULIET}/x"),
        await house.client("romeo@montague.example/y"),
    )
    message = "<message type='chat' to='{}'><body>!</body></message>"
    await house.account(f"nurse@{HOST}")
    await shell("user role", jid=JULIET, role="restricted")
    assert await sent(juliet, message.format("romeo@montague.example")) == ["forbidden"]
    assert await sent(juliet, "<presence type='subscribe' to='romeo@montague.example'/>") == [
        "forbidden"
    ]
    assert await sent(juliet, message.format(f"x@elsewhere.{HOST}")) == ["forbidden"]  # no service
    assert await sent(juliet, message.format(f"nurse@{HOST}")) == []
    romeo.send(f"<presence type='subscribe' to='{JULIET}'/>")
    assert [each.name for each in await juliet.taken()] == []
    await shell("user role", jid=JULIET, role="member")
    assert await sent(juliet, message.format("romeo@montague.example")) == []
    assert await romeo.bodies() == ["!"]


async def make_node(client: Client) -> Element:
    create = "<pubsub xmlns='http://jabber.org/protocol/pubsub'><create node='x'/></pubsub>"
    return await client.ask(f"<iq type='set' id='c' to='pubsub.{HOST}'>{create}</iq>")


async def test_restricted_accounts_make_no_nodes_and_no_rooms(house: House, shell: Run) -> None:
    juliet = await house.client(f"{JULIET}/x")
    await shell("user role", jid=JULIET, role="restricted")
    assert (await make_node(juliet)).get("type") == "error"
    enter = "<x xmlns='http://jabber.org/protocol/muc'/>"
    room = f"<presence to='verona@conference.{HOST}/juliet'>{enter}</presence>"
    assert await sent(juliet, room) == ["not-allowed"]
    await shell("user role", jid=JULIET, role="member")
    assert (await make_node(juliet)).get("type") == "result"
