"""Contacts who move stay contacts, and nobody moves for somebody else (XEP-0283)."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house

from palaver.ext.accounts import Accounts
from palaver.ext.moved import NS
from palaver.ext.presence.extension import Presence
from palaver.ext.roster.roster import roster_of
from palaver.jid import parse_bare
from palaver.kernel.commands import Commands
from palaver.kernel.errors import CommandError

OLD = "juliet@capulet.example"
NEW = "juliet@montague.example"
ROMEO = "romeo@montague.example"
PUBSUB = "http://jabber.org/protocol/pubsub"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        for name in (OLD, NEW, ROMEO):
            await opened.server.extension(Accounts).create(parse_bare(name), "secret")
        one, other = [await opened.account(parse_bare(name)) for name in (OLD, ROMEO)]
        opened.server.extension(Presence).make_contacts(one, other)
        await opened.settled()
        yield opened


async def states(house: House, of: str, *contacts: str) -> list[str]:
    roster = roster_of(await house.account(parse_bare(of)))
    return [roster.subscription_of(parse_bare(each)) for each in contacts]


async def state(client: Client, new: str) -> None:
    moved = f"<moved xmlns='{NS}'><new-jid>{new}</new-jid></moved>"
    item = f"<publish node='{NS}'><item id='current'>{moved}</item></publish>"
    await client.ask(f"<iq type='set' id='p'><pubsub xmlns='{PUBSUB}'>{item}</pubsub></iq>")


def ask(client: Client, old: str = OLD) -> None:
    moved = f"<moved xmlns='{NS}'><old-jid>{old}</old-jid></moved>"
    client.send(f"<presence type='subscribe' to='{ROMEO}'>{moved}</presence>")


async def test_a_contact_who_moved_is_followed(house: House) -> None:
    await state(await house.client(f"{OLD}/x"), NEW)
    romeo = await house.client(f"{ROMEO}/orchard")
    new = await house.client(f"{NEW}/x")
    await romeo.taken()
    ask(new)
    await house.settled()
    assert await states(house, ROMEO, OLD, NEW) == ["to", "from"]
    assert roster_of(romeo.account).item(parse_bare(NEW)).state.pending_out
    told = await romeo.taken()
    assert not [each for each in told if each.get("type") == "subscribe"]
    assert [each.get("type") for each in await new.taken() if each.name == "presence"][-1:]
    assert await states(house, NEW, ROMEO) == ["to"]


@pytest.mark.parametrize("case", ["nothing said", "another address", "no contact", "no address"])
async def test_nobody_moves_without_the_word_of_the_old_account(house: House, case: str) -> None:
    if case == "another address":
        await state(await house.client(f"{OLD}/x"), "tybalt@capulet.example")
    if case == "no contact":
        await state(await house.client("tybalt@capulet.example/x"), NEW)
    romeo = await house.client(f"{ROMEO}/orchard")
    new = await house.client(f"{NEW}/x")
    await romeo.taken()
    ask(new, {"no contact": "tybalt@capulet.example", "no address": "@"}.get(case, OLD))
    (request,) = [each for each in await romeo.taken() if each.get("type") == "subscribe"]
    assert request.find("moved", NS) is not None
    assert await states(house, ROMEO, OLD, NEW) == ["both", "none"]


async def test_a_command_moves_an_account_with_its_contacts(house: House) -> None:
    run = Commands(house.server.extensions.values()).run
    told = await run("user moved", {"jid": OLD, "to": NEW})
    assert told == {"jid": OLD, "to": NEW, "contacts_told": 1}
    await house.settled()
    assert await states(house, ROMEO, OLD, NEW) == ["to", "both"]
    assert await states(house, NEW, ROMEO) == ["both"]
    for to in (OLD, "@", "montague.example", "nobody@montague.example"):
        with pytest.raises(CommandError):
            await run("user moved", {"jid": OLD, "to": to})
    far = await run("user moved", {"jid": OLD, "to": "juliet@far.example"})
    assert isinstance(far, dict)
    assert far["contacts_told"] == 0
