"""All commands of XEP-0133: there they are, for administrators and nobody else."""

import pytest
from tests.support.commands import NS, Refused, give
from tests.support.house import Client, House

ADMIN = "http://jabber.org/protocol/admin"

#: The commands of the registry, each with the fields of its form; None where it has no form.
COMMANDS: dict[str, tuple[str, ...] | None] = {
    "add-user": ("accountjid", "password", "password-verify", "email", "given_name", "surname"),
    "delete-user": ("accountjids",),
    "disable-user": ("accountjids",),
    "reenable-user": ("accountjids",),
    "end-user-session": ("accountjids",),
    "change-user-password": ("accountjid", "password"),
    "get-user-roster": ("accountjids",),
    "get-user-lastlogin": ("accountjids",),
    "user-stats": ("accountjid",),
    "edit-blacklist": ("blacklistjids",),
    "edit-whitelist": ("whitelistjids",),
    "get-registered-users-num": None,
    "get-disabled-users-num": None,
    "get-online-users-num": None,
    "get-active-users-num": None,
    "get-idle-users-num": None,
    "get-registered-users-list": ("max_items",),
    "get-disabled-users-list": ("max_items",),
    "get-online-users-list": ("max_items",),
    "get-active-users": ("max_items",),
    "get-idle-users": ("max_items",),
    "announce": ("announcement",),
    "set-motd": ("motd",),
    "edit-motd": ("motd",),
    "delete-motd": None,
    "set-welcome": ("welcome",),
    "delete-welcome": None,
    "edit-admin": ("adminjids",),
    "restart": ("delay", "announcement"),
    "shutdown": ("delay", "announcement"),
}
FOR_THE_SERVER = {"restart", "shutdown"}
EVERY = pytest.mark.parametrize("name", COMMANDS)


@EVERY
async def test_each_asks_with_the_form_of_the_specification(name: str, bard: Client) -> None:
    answer = await give(bard, f"{ADMIN}#{name}")
    fields = COMMANDS[name]
    if fields is None:
        assert answer.status == "completed"
        return
    assert answer.status == "executing"
    assert answer.actions == ("complete", {"complete"})
    form = answer.form
    assert form.get("type") == "form"
    assert form.text_of("title")
    assert form.text_of("instructions")
    assert [field.get("var") for field in form.find_all("field")] == ["FORM_TYPE", *fields]
    assert answer.values["FORM_TYPE"] == [ADMIN]
    await give(bard, f"{ADMIN}#{name}", session=answer.session, action="cancel")


@EVERY
async def test_nobody_else_may_run_any(name: str, juliet: Client, house: House) -> None:
    strangers = [juliet, await house.client("chief@montague.example/x")]
    strangers.append(await house.guest("guest@capulet.example/x"))
    for each in strangers:
        with pytest.raises(Refused) as caught:
            await give(each, f"{ADMIN}#{name}", to="capulet.example")
        assert caught.value.condition == "forbidden"
        assert caught.value.type == "cancel"


@EVERY
async def test_the_administrator_of_a_host_runs_those_of_that_host(
    name: str, chief: Client
) -> None:
    if name not in FOR_THE_SERVER:
        await give(chief, f"{ADMIN}#{name}")
    for host in ("montague.example", *(["capulet.example"] if name in FOR_THE_SERVER else [])):
        with pytest.raises(Refused) as caught:
            await give(chief, f"{ADMIN}#{name}", to=host)
        assert caught.value.condition == "forbidden"


async def test_an_administrator_who_is_one_no_longer_cannot_go_on(
    chief: Client, house: House
) -> None:
    begun = await give(chief, f"{ADMIN}#announce")
    await house.server.store.set_role(chief.account.id, "member")
    chief.account.record = await house.server.store.find("capulet.example", "chief")
    with pytest.raises(Refused) as caught:
        await give(chief, f"{ADMIN}#announce", session=begun.session)
    assert caught.value.condition == "forbidden"


async def listed(client: Client) -> set[str | None]:
    answer = await client.ask(
        "<iq type='get' id='d' to='capulet.example'>"
        f"<query xmlns='http://jabber.org/protocol/disco#items' node='{NS}'/></iq>"
    )
    return {item.get("node") for item in next(iter(answer))}


async def test_administrators_find_them_all_and_others_none(
    bard: Client, chief: Client, juliet: Client
) -> None:
    every = {f"{ADMIN}#{name}" for name in COMMANDS}
    found = {node for node in await listed(bard) if node and node.startswith(ADMIN)}
    assert found == every
    found = {node for node in await listed(chief) if node and node.startswith(ADMIN)}
    assert found == every - {f"{ADMIN}#{name}" for name in FOR_THE_SERVER}
    assert not {node for node in await listed(juliet) if node and node.startswith(ADMIN)}


async def test_passwords_cannot_be_got(bard: Client) -> None:
    with pytest.raises(Refused) as caught:
        await give(bard, f"{ADMIN}#get-user-password")
    assert caught.value.condition == "item-not-found"
