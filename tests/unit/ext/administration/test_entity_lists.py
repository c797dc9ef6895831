"""The lists of those with whom a host exchanges nothing, or alone (XEP-0133 §4.11, §4.12)."""

import pytest
from tests.support.commands import Refused, run
from tests.support.house import Client, House
from tests.unit.ext.administration.conftest import Open

from palaver import jid
from palaver.ext.administration.entity_lists import EntityList, EntityLists

ADMIN = "http://jabber.org/protocol/admin"
HOST = "capulet.example"
NOBODY = "service-unavailable"  # what those get who write to no account


@pytest.fixture
async def romeo(house: House) -> Client:
    return await house.client("romeo@montague.example/orchard")


async def block(bard: Client, *jids: str) -> None:
    await run(bard, f"{ADMIN}#edit-blacklist", {"blacklistjids": list(jids)})


async def allow(bard: Client, *jids: str) -> None:
    await run(bard, f"{ADMIN}#edit-whitelist", {"whitelistjids": list(jids)})


async def arrives(sender: Client, to: Client, refusal: str = "not-allowed") -> bool:
    """Send a message and tell whether it comes; if not, its sender is told so."""
    await sender.taken()
    await to.taken()
    sender.send(f"<message to='{to.session.jid}' type='chat'><body>x</body></message>")
    came = bool(await to.messages())
    back = await sender.messages()
    if came:
        assert back == []
    else:
        assert [each.get("type") for each in back] == ["error"]
        error = back[0].find("error", "jabber:client")
        assert error is not None
        assert next(iter(error)).name == refusal
    return came


@pytest.mark.parametrize(
    ("blocked", "allowed", "peer", "permitted"),
    [
        ((), (), "romeo@montague.example/x", True),
        (("montague.example",), (), "romeo@montague.example/x", False),
        (("montague.example",), (), "montague.example", False),
        (("romeo@montague.example",), (), "romeo@montague.example/x", False),
        (("romeo@montague.example",), (), "other@montague.example/x", True),
        (("romeo@montague.example/x",), (), "romeo@montague.example/x", False),
        (("romeo@montague.example/x",), (), "romeo@montague.example/y", True),
        (("montague.example/x",), (), "romeo@montague.example/x", False),
        (("montague.example/x",), (), "romeo@montague.example/y", True),
        (("montague.example",), (), "romeo@sub.montague.example/x", True),
        ((), ("montague.example",), "romeo@montague.example/x", True),
        ((), ("montague.example",), "romeo@elsewhere.example/x", False),
        (("montague.example",), ("romeo@montague.example",), "romeo@montague.example/x", True),
        (("montague.example",), ("romeo@montague.example",), "other@montague.example/x", False),
        (("romeo@montague.example",), ("montague.example",), "romeo@montague.example/x", False),
        (("montague.example",), ("montague.example",), "romeo@montague.example/x", False),
    ],
)
def test_the_most_exact_entry_decides(
    blocked: tuple[str, ...], allowed: tuple[str, ...], peer: str, permitted: bool
) -> None:
    lists = EntityList(frozenset(blocked), frozenset(allowed))
    assert lists.permits(jid.parse(peer)) is permitted


async def test_nothing_goes_to_and_from_a_blocked_domain(
    bard: Client, juliet: Client, romeo: Client
) -> None:
    assert await arrives(juliet, romeo)
    await block(bard, "montague.example")
    assert not await arrives(juliet, romeo)
    assert not await arrives(romeo, juliet, NOBODY)
    await block(bard)
    assert await arrives(juliet, romeo)
    assert await arrives(romeo, juliet)


async def test_a_blocked_user_of_the_host_is_cut_off_from_the_others(
    house: House, bard: Client, juliet: Client
) -> None:
    tybalt = await house.client(f"tybalt@{HOST}/hall")
    await block(bard, f"tybalt@{HOST}")
    assert not await arrives(juliet, tybalt)
    assert not await arrives(tybalt, juliet, NOBODY)
    own = await house.client(f"tybalt@{HOST}/street")
    assert await arrives(tybalt, own)
    answer = await tybalt.ask(
        f"<iq type='get' id='p' to='{HOST}'><ping xmlns='urn:xmpp:ping'/></iq>"
    )
    assert answer.get("type") == "result"


async def test_requests_are_refused_and_presence_disappears(
    bard: Client, juliet: Client, romeo: Client
) -> None:
    await block(bard, "montague.example")
    ping = "<ping xmlns='urn:xmpp:ping'/>"
    answer = await romeo.ask(f"<iq type='get' id='p' to='juliet@{HOST}/balcony'>{ping}</iq>")
    assert answer.get("type") == "error"
    await juliet.taken()
    await romeo.taken()
    romeo.send(f"<presence to='juliet@{HOST}'/>")
    romeo.send(f"<presence to='juliet@{HOST}' type='subscribe'/>")
    assert await juliet.taken() == []
    assert [each for each in await romeo.taken() if each.get("type") == "error"] == []


async def test_with_a_whitelist_others_are_shut_out_but_not_the_hosts_own_users(
    house: House, bard: Client, juliet: Client, romeo: Client
) -> None:
    nurse = await house.client(f"nurse@{HOST}/kitchen")
    await allow(bard, "verona.example")
    assert not await arrives(juliet, romeo)
    assert not await arrives(romeo, juliet, NOBODY)
    assert await arrives(juliet, nurse)
    await allow(bard, "verona.example", "romeo@montague.example")
    assert await arrives(juliet, romeo)
    assert await arrives(romeo, juliet)


async def test_a_list_is_one_hosts_own(
    house: House, bard: Client, juliet: Client, romeo: Client
) -> None:
    await run(
        bard,
        f"{ADMIN}#edit-blacklist",
        {"blacklistjids": "elsewhere.example"},
        to="montague.example",
    )
    assert house.server.extension(EntityLists).lists(house.server.hosts[HOST]) == EntityList()
    assert await arrives(juliet, romeo)


async def test_the_forms_show_the_lists_as_in_examples_42_and_46(bard: Client) -> None:
    await block(bard, "marlowe.lit", "Denmark.lit", "marlowe.lit")
    begun = await run(bard, f"{ADMIN}#edit-blacklist")
    assert begun.values["blacklistjids"] == ["denmark.lit", "marlowe.lit"]
    await allow(bard, "verona.it")
    begun = await run(bard, f"{ADMIN}#edit-whitelist")
    assert begun.values["whitelistjids"] == ["verona.it"]


async def test_the_lists_outlive_a_restart(open_again: Open) -> None:
    async with open_again() as house:
        bard = await house.client(f"bard@{HOST}/globe", available=False)
        await block(bard, "france.lit", "denmark.lit")
        await allow(bard, "verona.it")
    async with open_again() as house:
        extension, host = house.server.extension(EntityLists), house.server.hosts[HOST]
        await extension.load()
        expected = EntityList(frozenset({"france.lit", "denmark.lit"}), frozenset({"verona.it"}))
        assert extension.lists(host) == expected
        bard = await house.client(f"bard@{HOST}/globe", available=False)
        await block(bard)
        await allow(bard)
    async with open_again() as house:
        await house.server.extension(EntityLists).load()
        assert house.server.extension(EntityLists).lists(host) == EntityList()


async def test_a_form_without_the_list_changes_nothing(house: House, bard: Client) -> None:
    await block(bard, "marlowe.lit")
    await run(bard, f"{ADMIN}#edit-blacklist", {})
    lists = house.server.extension(EntityLists).lists(house.server.hosts[HOST])
    assert lists.blocked == {"marlowe.lit"}


@pytest.mark.parametrize("wrong", [HOST, "a@@b", "not a domain"])
async def test_what_cannot_be_blocked(bard: Client, wrong: str) -> None:
    with pytest.raises(Refused) as caught:
        await block(bard, wrong)
    assert caught.value.detail == "bad-payload"


async def test_a_refusal_does_not_tell_who_has_an_account(
    bard: Client, juliet: Client, romeo: Client
) -> None:
    await block(bard, "montague.example")
    for stanza in (
        "<message to='{}' type='chat'><body>x</body></message>",
        "<iq id='v' type='get' to='{}'><vCard xmlns='vcard-temp'/></iq>",
    ):
        errors = []
        for name in (f"juliet@{HOST}", f"nobody@{HOST}"):
            await romeo.taken()
            romeo.send(stanza.format(name))
            answer = (await romeo.taken())[-1]
            errors.append(str(answer.find("error")).replace(name, ""))
        assert errors[0] == errors[1]
