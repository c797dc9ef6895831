"""Invitations from the link to the account and the contact (XEP-0379, XEP-0401, XEP-0445)."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.unit.net.serving import HOST, Serving, serving

from palaver.ext.invitations.extension import CreateArguments, HostArguments, Inviting
from palaver.ext.invitations.extension import RevokeArguments as Revoke
from palaver.ext.roster.roster import roster_of
from palaver.kernel.errors import CommandError

PARS = "urn:xmpp:pars:0"
REGISTER = "jabber:iq:register"
ROSTER = "{jabber:iq:roster}"
COMMANDS = "http://jabber.org/protocol/commands"
DATA = "{jabber:x:data}"
ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
OPEN = "[extensions.invitations]\nusers = true\npage = 'https://example.org/invite/'\n"


def nothing_done(_done: int, _of: int) -> None:
    """Take no note of progress."""


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    async with serving(tmp_path, authority, OPEN) as net:
        await net.account("romeo")
        yield net


@pytest.fixture
async def romeo(net: Serving) -> Client:
    client = await net.client(f"romeo@{HOST}/orchard").connect()
    await client.iq("get", "<query xmlns='jabber:iq:roster'/>")
    await client.send("<presence/>")
    await client.barrier()
    client.inbox.clear()
    return client


async def visitor(net: Serving) -> Client:
    """Connect somebody who has no account yet."""
    return await net.client(HOST).open()


async def ask(client: Client, kind: str, payload: str) -> Element:
    return await client.iq(kind, payload, to=HOST)


async def authorise(client: Client, token: str) -> Element:
    return await ask(client, "set", f"<preauth xmlns='{PARS}' token='{token}'/>")


async def register(client: Client, name: str) -> Element:
    fields = f"<username>{name}</username><password>a long password</password>"
    return await ask(client, "set", f"<query xmlns='{REGISTER}'>{fields}</query>")


async def invited(romeo: Client) -> dict[str, str]:
    """Let Romeo make an invitation; return its fields."""
    node = "urn:xmpp:invite#invite"
    command = f"<command xmlns='{COMMANDS}' node='{node}' action='execute'/>"
    answer = await ask(romeo, "set", command)
    fields = answer.iter(f"{DATA}field")
    return {field.get("var", ""): field.findtext(f"{DATA}value", "") for field in fields}


async def made(net: Serving, **arguments: object) -> str:
    """Make an invitation by the command; return its token."""
    given = CreateArguments(host=HOST, **arguments)  # type: ignore[arg-type]
    found = await net.server.extension(Inviting).make(given, nothing_done)
    return str(found["uri"]).rpartition("preauth=")[2]


def condition(answer: Element) -> str | None:
    error = answer.find("{jabber:client}error")
    return None if error is None else error[0].tag.removeprefix(ERRORS)


async def contacts(client: Client) -> dict[str, str]:
    answer = await client.iq("get", "<query xmlns='jabber:iq:roster'/>")
    items = answer.iter(f"{ROSTER}item")
    return {item.get("jid", ""): item.get("subscription", "") for item in items}


async def until_contacts(client: Client, expected: dict[str, str]) -> None:
    """Wait until a roster is this; subscriptions take their turns."""
    async with asyncio.timeout(10):
        while await contacts(client) != expected:
            pass


async def log_in(net: Serving, name: str) -> Client:
    client = net.client(f"{name}@{HOST}/balcony")
    client.password = "a long password"
    return await client.connect()


# -- making an account -----------------------------------------------------------------------------


async def test_registration_with_a_token_is_advertised(net: Serving) -> None:
    features = (await visitor(net)).features
    assert features is not None
    assert features.find("{urn:xmpp:ibr-token:0}register") is not None


async def test_who_is_invited_makes_an_account_and_has_a_contact(
    net: Serving, romeo: Client
) -> None:
    fields = await invited(romeo)
    match = re.fullmatch(rf"xmpp:romeo@{HOST}\?roster;preauth=([\w-]{{20,}});ibr=y", fields["uri"])
    assert match is not None
    assert fields["landing-url"] == f"https://example.org/invite/#{fields['uri'][5:]}"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", fields["expire"])
    stranger = await visitor(net)
    assert condition(await register(stranger, "juliet")) == "service-unavailable"
    assert (await authorise(stranger, match[1])).get("type") == "result"
    form = await ask(stranger, "get", f"<query xmlns='{REGISTER}'/>")
    assert form.find(f"{{{REGISTER}}}query/{{{REGISTER}}}username") is not None
    assert (await register(stranger, "juliet")).get("type") == "result"
    juliet = await log_in(net, "juliet")
    await until_contacts(juliet, {f"romeo@{HOST}": "both"})
    await until_contacts(romeo, {f"juliet@{HOST}": "both"})
    again = await visitor(net)
    assert condition(await authorise(again, match[1])) == "item-not-found"


@pytest.mark.parametrize("token", ["", "guess", "a" * 5_000])
async def test_a_token_that_nobody_made_is_good_for_nothing(net: Serving, token: str) -> None:
    stranger = await visitor(net)
    assert condition(await authorise(stranger, token)) == "item-not-found"
    assert condition(await register(stranger, "juliet")) == "service-unavailable"


async def test_an_invitation_for_one_name_is_for_no_other(net: Serving) -> None:
    token = await made(net, username="juliet")
    stranger = await visitor(net)
    await authorise(stranger, token)
    assert condition(await register(stranger, "rosaline")) == "not-acceptable"
    assert (await register(stranger, "Juliet")).get("type") == "result"
    assert await contacts(await log_in(net, "juliet")) == {}


async def test_a_name_that_somebody_is_invited_to_is_kept(net: Serving) -> None:
    await made(net, username="juliet")
    token = await made(net)
    stranger = await visitor(net)
    await authorise(stranger, token)
    assert condition(await register(stranger, "juliet")) == "conflict"
    assert (await register(stranger, "rosaline")).get("type") == "result"


async def test_an_invitation_is_used_up_by_success_alone(net: Serving, romeo: Client) -> None:
    token = await made(net, uses=2)
    first, second, third = [await visitor(net) for _ in range(3)]
    for stranger in (first, second, third):
        assert (await authorise(stranger, token)).get("type") == "result"
    assert condition(await register(first, "romeo")) == "conflict"
    assert (await register(first, "tybalt")).get("type") == "result"
    assert (await register(second, "paris")).get("type") == "result"
    assert condition(await register(third, "benvolio")) == "not-allowed"


async def test_an_invitation_that_is_over_is_good_for_nothing(
    net: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = await made(net, days=1)
    later = net.server.clock.now() + 86_401
    monkeypatch.setattr(type(net.server.clock), "now", lambda _: later)
    assert condition(await authorise(await visitor(net), token)) == "item-not-found"
    inviting = net.server.extension(Inviting)
    await inviting.tidy()
    assert await inviting.list(HostArguments(host=HOST), nothing_done) == []


async def test_an_invitation_of_another_host_is_good_for_nothing_here(net: Serving) -> None:
    given = CreateArguments(host="montague.example")
    found = await net.server.extension(Inviting).make(given, nothing_done)
    token = str(found["uri"]).rpartition("preauth=")[2]
    assert condition(await authorise(await visitor(net), token)) == "item-not-found"


# -- becoming a contact ----------------------------------------------------------------------------


async def test_who_has_an_account_already_becomes_a_contact(net: Serving, romeo: Client) -> None:
    await net.account("juliet")
    juliet = await net.client(f"juliet@{HOST}/balcony").connect()
    token = (await invited(romeo))["uri"].partition("preauth=")[2].partition(";")[0]
    preauth = f"<preauth xmlns='{PARS}' token='{token}'/>"
    await juliet.send(f"<presence to='romeo@{HOST}' type='subscribed'/>")  # a pre-approval
    await juliet.send(f"<presence to='romeo@{HOST}' type='subscribe'>{preauth}</presence>")
    await until_contacts(juliet, {f"romeo@{HOST}": "both"})
    await until_contacts(romeo, {f"juliet@{HOST}": "both"})


async def test_a_request_with_the_token_of_somebody_else_waits_like_any_other(
    net: Serving, romeo: Client
) -> None:
    for name in ("juliet", "tybalt"):
        await net.account(name)
    token = (await invited(romeo))["uri"].partition("preauth=")[2].partition(";")[0]
    tybalt = await net.client(f"tybalt@{HOST}/street").connect()
    preauth = f"<preauth xmlns='{PARS}' token='{token}'/>"
    await tybalt.send(f"<presence to='juliet@{HOST}' type='subscribe'>{preauth}</presence>")
    await until_contacts(tybalt, {f"juliet@{HOST}": "none"})
    juliet = net.server.accounts.loaded(f"juliet@{HOST}")
    assert juliet is not None
    await net.until(lambda: roster_of(juliet).requests)
    assert [str(item.contact) for item in roster_of(juliet).requests] == [f"tybalt@{HOST}"]


# -- who may invite --------------------------------------------------------------------------------


async def test_users_invite_only_where_they_may(tmp_path: Path, authority: Authority) -> None:
    async with serving(tmp_path, authority) as net:
        await net.account("romeo")
        romeo = await net.client(f"romeo@{HOST}/orchard").connect()
        node = "urn:xmpp:invite#invite"
        answer = await ask(romeo, "set", f"<command xmlns='{COMMANDS}' node='{node}'/>")
        assert condition(answer) == "forbidden"


async def test_users_may_invite_contacts_alone_while_administrators_invite_to_accounts(
    tmp_path: Path, authority: Authority
) -> None:
    more = "[extensions.invitations]\nusers = true\naccounts = false\n"
    async with serving(tmp_path, authority, more) as net:
        await net.account("romeo")
        romeo = await net.client(f"romeo@{HOST}/orchard").connect()
        uri = (await invited(romeo))["uri"]
        assert "ibr=y" not in uri
        token = uri.partition("preauth=")[2]
        assert condition(await authorise(await visitor(net), token)) == "item-not-found"
        by_administrator = await made(net, contact=f"romeo@{HOST}")
        stranger = await visitor(net)
        assert (await authorise(stranger, by_administrator)).get("type") == "result"
        assert (await register(stranger, "juliet")).get("type") == "result"


async def test_a_user_has_so_many_open_invitations_and_no_more(romeo: Client) -> None:
    for _ in range(10):
        assert (await invited(romeo))["uri"]
    assert await invited(romeo) == {}


async def test_users_do_not_make_accounts_by_name(romeo: Client) -> None:
    node = "urn:xmpp:invite#create-account"
    answer = await ask(romeo, "set", f"<command xmlns='{COMMANDS}' node='{node}'/>")
    assert condition(answer) in ("forbidden", "item-not-found")


async def test_an_administrator_lists_and_revokes(net: Serving) -> None:
    inviting = net.server.extension(Inviting)
    token = await made(net, username="juliet")
    (found,) = await inviting.list(HostArguments(host=HOST), nothing_done)
    assert found["username"] == "juliet"
    assert token not in str(found)
    with pytest.raises(CommandError, match="taken"):
        await made(net, username="juliet")
    await inviting.revoke(Revoke(host=HOST, id=str(found["id"])), nothing_done)
    assert condition(await authorise(await visitor(net), token)) == "item-not-found"
    with pytest.raises(CommandError, match="no invitation"):
        await inviting.revoke(Revoke(host=HOST, id="none"), nothing_done)
