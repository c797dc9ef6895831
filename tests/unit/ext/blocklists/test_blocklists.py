"""Blocked domains and accounts: by configuration, by command, and by real-time lists."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.component import Component
from tests.unit.net.serving import HOST, Serving, serving

from palaver import jid
from palaver.ext.blocklists.extension import (
    AddArguments,
    Blocklists,
    ListArguments,
    RemoveArguments,
)
from palaver.kernel.clock import SystemClock
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import NoArguments

SPAM = f"spam.{HOST}"
MALLORY = f"mallory@{SPAM}"
SERVICE = f"pubsub.{HOST}"
NODE = "muc_bans_sha256"
PUBSUB = "http://jabber.org/protocol/pubsub"
ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
COMPONENT = f'[components."{SPAM}"]\nsecret = "s3cret"\n'
LISTS = f'[extensions.blocklists]\nlists = ["xmpp:{SERVICE}?;node={NODE}"]\n'


class Later(SystemClock):
    """The machine's clock in two hours."""

    def now(self) -> float:
        return super().now() + 7_201


def nothing_done(_done: int, _of: int) -> None:
    """Take no note of progress."""


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    pages = "[extensions.pubsub]\npage = 25\n"
    async with serving(tmp_path, authority, COMPONENT + LISTS + pages) as net:
        for name in ("juliet", "nurse"):
            await net.account(name)
        yield net


@pytest.fixture
async def juliet(net: Serving) -> Client:
    return await online(net, "juliet")


@pytest.fixture
async def spam(net: Serving) -> Component:
    return await net.component(SPAM, "s3cret").connect()


async def online(net: Serving, name: str) -> Client:
    client = await net.client(f"{name}@{HOST}/chamber").connect()
    await client.send("<presence/>")
    await client.barrier()
    client.inbox.clear()
    return client


def blocks(net: Serving) -> Blocklists:
    return net.server.extension(Blocklists)


async def add(net: Serving, address: str, **more: str) -> dict[str, object]:
    return await blocks(net).add(AddArguments(address=address, **more), nothing_done)


async def remove(net: Serving, address: str, host: str = "") -> object:
    return await blocks(net).remove(RemoveArguments(address=address, host=host), nothing_done)


async def listed(net: Serving, host: str = "") -> list[dict[str, object]]:
    return await blocks(net).list(ListArguments(host=host), nothing_done)


def message(body: str, sender: str = MALLORY, **attrs: str) -> str:
    more = "".join(f" {name}='{value}'" for name, value in attrs.items())
    to = f"juliet@{HOST}"
    return f"<message from='{sender}' to='{to}'{more}><body>{body}</body></message>"


def condition(stanza: Any) -> str:
    return next(child.tag.removeprefix(ERRORS) for child in stanza.find("{*}error"))


# -- by command ------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [SPAM, MALLORY])
async def test_a_blocked_sender_gets_an_error_and_nobody_hears_of_it(
    net: Serving, juliet: Client, spam: Component, address: str
) -> None:
    await add(net, address)
    await spam.send(message("buy", id="m1", type="chat"))
    assert condition(await spam.receive()) == "forbidden"
    await spam.send(f"<presence from='{MALLORY}' to='juliet@{HOST}' type='subscribe'/>")
    await spam.send(message("news", type="headline"))
    await spam.send(
        f"<iq from='{MALLORY}/x' to='juliet@{HOST}/chamber' type='get' id='i1'>"
        "<query xmlns='jabber:iq:version'/></iq>"
    )
    assert condition(await spam.receive()) == "forbidden"
    await juliet.barrier()
    assert not juliet.inbox


async def test_blocked_senders_cannot_tell_who_has_an_account(
    net: Serving, spam: Component
) -> None:
    await add(net, SPAM)
    answers = []
    for name in ("juliet", "nobody"):
        await spam.send(
            f"<message from='{MALLORY}' to='{name}@{HOST}' id='x'><body>?</body></message>"
        )
        answers.append(condition(await spam.receive()))
    assert answers == ["forbidden", "forbidden"]


async def test_services_of_a_host_are_kept_from_blocked_senders(
    net: Serving, spam: Component
) -> None:
    await add(net, SPAM, host=HOST)
    ask = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
    await spam.send(f"<iq from='{MALLORY}' to='{SERVICE}' type='get' id='d'>{ask}</iq>")
    assert condition(await spam.receive()) == "forbidden"


async def test_who_is_blocked_is_put_out_of_rooms(
    net: Serving, juliet: Client, spam: Component
) -> None:
    room = f"balcony@conference.{HOST}"
    join = "<x xmlns='http://jabber.org/protocol/muc'/>"
    await juliet.send(f"<presence to='{room}/juliet'>{join}</presence>")
    form = "<x xmlns='jabber:x:data' type='submit'/>"
    owner = f"<query xmlns='http://jabber.org/protocol/muc#owner'>{form}</query>"
    await juliet.iq("set", owner, to=room)
    await spam.send(f"<presence from='{MALLORY}/x' to='{room}/mallory'>{join}</presence>")
    await spam.barrier()
    await juliet.barrier()
    juliet.inbox.clear()
    await add(net, SPAM, host="montague.example")
    await add(net, SPAM, host=HOST)
    gone = await juliet.receive()
    assert (gone.get("from"), gone.get("type")) == (f"{room}/mallory", "unavailable")
    assert [each.get("code") for each in gone.iterfind(".//{*}status")] == ["301"]
    assert [each.get("affiliation") for each in gone.iterfind(".//{*}item")] == ["outcast"]
    spam.inbox.clear()
    await spam.send(f"<presence from='{MALLORY}/x' to='{room}/mallory'>{join}</presence>")
    await spam.send(
        f"<message from='{MALLORY}/x' to='{room}' type='groupchat'><body>!</body></message>"
    )
    while "message" not in (came := await spam.receive()).tag:
        pass
    assert condition(came) == "forbidden"
    await juliet.barrier()
    assert not juliet.inbox


async def test_who_is_not_blocked_is_heard(net: Serving, juliet: Client, spam: Component) -> None:
    await add(net, MALLORY)
    await spam.send(message("hello", f"honest@{SPAM}"))
    assert (await juliet.receive()).findtext("{*}body") == "hello"


async def test_nothing_is_sent_to_a_blocked_address(
    net: Serving, juliet: Client, spam: Component
) -> None:
    await add(net, SPAM)
    await juliet.send(f"<message to='{MALLORY}' id='m'><body>Who are you?</body></message>")
    assert condition(await juliet.receive()) == "not-allowed"
    await juliet.send(f"<presence to='{MALLORY}'/>")
    await juliet.barrier()
    await remove(net, SPAM)
    await spam.barrier()
    assert not spam.inbox


async def test_a_subscription_ends_though_the_contact_is_blocked(
    net: Serving, juliet: Client, spam: Component
) -> None:
    await juliet.iq("get", "<query xmlns='jabber:iq:roster'/>")
    await spam.send(f"<presence from='{MALLORY}' to='juliet@{HOST}' type='subscribe'/>")
    await juliet.receive()
    await juliet.send(f"<presence to='{MALLORY}' type='subscribed'/>")
    await juliet.barrier()
    juliet.inbox.clear()
    await add(net, MALLORY)
    await spam.send(f"<presence from='{MALLORY}' to='juliet@{HOST}' type='unsubscribe'/>")
    while "unsubscribe" not in (came := await juliet.receive()).get("type", ""):
        pass
    assert came.get("from") == MALLORY


async def test_a_block_can_be_lifted_and_counts_where_it_was_made(
    net: Serving, juliet: Client, spam: Component
) -> None:
    await add(net, MALLORY, host="montague.example")
    await spam.send(message("hello"))
    assert (await juliet.receive()).findtext("{*}body") == "hello"
    await add(net, MALLORY, host=HOST, reason="Sold gold.")
    assert [row["reason"] for row in await listed(net, HOST)] == ["Sold gold."]
    await remove(net, MALLORY, HOST)
    await spam.send(message("again"))
    assert (await juliet.receive()).findtext("{*}body") == "again"
    with pytest.raises(CommandError):
        await remove(net, MALLORY, HOST)


async def test_blocks_are_there_after_a_restart_and_end_in_time(
    tmp_path: Path, authority: Authority
) -> None:
    who = jid.parse(MALLORY)
    async with serving(tmp_path, authority) as net:
        await add(net, MALLORY, time="2h")
        await add(net, "other.example", time="30d")
    async with serving(tmp_path, authority) as net:
        found = blocks(net)
        assert found.found(HOST, who) is not None
        net.server.clock = Later()
        assert found.found(HOST, who) is None
        await found.expire()
        assert [row["address"] for row in await listed(net)] == ["other.example"]


async def test_without_a_block_no_stanza_is_looked_at(net: Serving) -> None:
    assert net.server.router.barrier is None
    await add(net, MALLORY)
    assert net.server.router.barrier is not None
    await remove(net, MALLORY)
    assert net.server.router.barrier is None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"address": HOST}, "served-here"),
        ({"address": f"juliet@{HOST}"}, "served-here"),
        ({"address": "@"}, "bad-jid"),
        ({"address": "*.mallory@x"}, "bad-jid"),
        ({"address": "x.example", "host": "nowhere.example"}, "unknown-host"),
        ({"address": "x.example", "time": "soon"}, "bad-duration"),
        ({"address": "x.example", "reason": "ü" * 501}, "too-long"),
    ],
)
async def test_blocks_that_cannot_be(net: Serving, arguments: dict[str, str], code: str) -> None:
    with pytest.raises(CommandError) as refused:
        await blocks(net).add(AddArguments(**arguments), nothing_done)
    assert refused.value.code == code


async def test_the_configuration_blocks(tmp_path: Path, authority: Authority) -> None:
    section = '[extensions.blocklists]\nblock = ["Spam.Example", "*.bad.example"]\n'
    async with serving(tmp_path, authority, section) as net:
        found = blocks(net)
        for address in ("x@spam.example", "spam.example/r", "a.b.bad.example", "x@c.bad.example"):
            assert found.found(HOST, jid.parse(address)) is not None, address
        for address in ("x@sub.spam.example", "bad.example", f"x@{HOST}"):
            assert found.found(HOST, jid.parse(address)) is None, address
        assert [row["source"] for row in await listed(net)] == 4 * ["configuration"]


# -- real-time lists -------------------------------------------------------------------------------


def digest(address: str) -> str:
    return sha256(address.encode()).hexdigest()


async def ask(client: Client, inner: str) -> None:
    answer = await client.iq("set", f"<pubsub xmlns='{PUBSUB}'>{inner}</pubsub>", to=SERVICE)
    assert answer.get("type") == "result"


async def publish(client: Client, item: str) -> None:
    report = "<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'/>"
    await ask(client, f"<publish node='{NODE}'><item id='{item}'>{report}</item></publish>")


async def refresh(net: Serving) -> dict[str, object]:
    (found,) = await blocks(net).refresh(NoArguments(), nothing_done)  # type: ignore[misc]
    return found  # type: ignore[no-any-return]


def blocked(net: Serving, address: str) -> bool:
    return blocks(net).found(HOST, jid.parse(address)) is not None


async def test_a_list_is_read_and_followed(net: Serving, juliet: Client) -> None:
    nurse = await online(net, "nurse")
    assert (await refresh(net))["current"] is False
    await publish(nurse, digest(MALLORY))
    shown = await refresh(net)
    assert (shown["items"], shown["current"], shown["problem"]) == (1, True, "")
    assert blocked(net, f"{MALLORY}/x")
    await publish(nurse, digest("spam.example"))
    await publish(nurse, "plain.example")
    await publish(nurse, "no address @@")
    await net.until(lambda: blocked(net, "a@plain.example"))
    assert blocked(net, "anybody@spam.example")
    block = blocks(net).found(HOST, jid.parse("anybody@spam.example"))
    assert block is not None
    assert block.reason == "spam"
    retract = f"<retract node='{NODE}' notify='1'><item id='{digest(MALLORY)}'/></retract>"
    await ask(nurse, retract)
    await net.until(lambda: not blocked(net, MALLORY))


async def test_a_list_of_many_pages_is_read_whole(net: Serving, juliet: Client) -> None:
    field = "<field var='pubsub#max_items'><value>max</value></field>"
    form = f"<x xmlns='jabber:x:data' type='submit'>{field}</x>"
    await ask(juliet, f"<create node='{NODE}'/><configure>{form}</configure>")
    for number in range(60):
        await publish(juliet, digest(f"{number}@spam.example"))
    assert (await refresh(net))["items"] == 60


async def test_a_list_stays_in_force_while_its_service_is_away(
    tmp_path: Path, authority: Authority
) -> None:
    async with serving(tmp_path, authority, LISTS) as net:
        await net.account("juliet")
        juliet = await online(net, "juliet")
        await publish(juliet, digest(MALLORY))
        await refresh(net)
        await publish(juliet, digest("late.example"))
        await net.until(lambda: blocked(net, "late.example"))
    without = LISTS + "[extensions.pubsub]\nenabled = false\n"
    async with serving(tmp_path, authority, without) as net:
        assert blocked(net, MALLORY)
        assert blocked(net, "x@late.example")
        assert (await refresh(net))["current"] is False
    async with serving(tmp_path, authority) as net:
        assert not blocked(net, MALLORY)


async def test_only_the_service_itself_changes_a_list(
    net: Serving, juliet: Client, spam: Component
) -> None:
    await publish(juliet, digest(MALLORY))
    await refresh(net)
    forged = (
        f"<message from='{SPAM}' to='{HOST}'><event xmlns='{PUBSUB}#event'><items node='{NODE}'>"
        f"<retract id='{digest(MALLORY)}'/><item id='honest.example'/></items></event></message>"
    )
    await spam.send(forged)
    await juliet.send(forged.replace(f"from='{SPAM}' ", ""))
    await spam.barrier()
    await juliet.barrier()
    assert blocked(net, MALLORY)
    assert not blocked(net, "honest.example")


async def test_a_list_that_is_purged_or_deleted(net: Serving, juliet: Client) -> None:
    await publish(juliet, digest(MALLORY))
    await refresh(net)
    owner = f"<pubsub xmlns='{PUBSUB}#owner'><purge node='{NODE}'/></pubsub>"
    await juliet.iq("set", owner, to=SERVICE)
    await net.until(lambda: not blocked(net, MALLORY))
    await publish(juliet, digest("x.example"))
    await net.until(lambda: blocked(net, "x.example"))
    await juliet.iq("set", owner.replace("purge", "delete"), to=SERVICE)
    found = blocks(net)._followers[0].list
    await net.until(lambda: not found.fresh)
    assert blocked(net, "x.example")


async def test_a_list_that_is_too_long_is_not_taken(tmp_path: Path, authority: Authority) -> None:
    async with serving(tmp_path, authority, LISTS + "list_items = 2\n") as net:
        await net.account("juliet")
        juliet = await online(net, "juliet")
        for number in range(3):
            await publish(juliet, digest(f"{number}@spam.example"))
        shown = await refresh(net)
        assert shown["problem"] == "the list has more than 2 items"
        assert not shown["current"]


async def answer(service: Component, inner: str) -> Any:
    """Answer the next request of the server, and return what it asked."""
    while (asked := await service.receive()).get("type") not in ("get", "set"):
        pass
    attrs = f"from='{SPAM}' to='{asked.get('from')}' id='{asked.get('id')}' type='result'"
    await service.send(f"<iq {attrs}><pubsub xmlns='{PUBSUB}'>{inner}</pubsub></iq>")
    return asked[0][0]


async def test_a_list_elsewhere_is_read_page_by_page_and_followed(
    tmp_path: Path, authority: Authority
) -> None:
    section = f'[extensions.blocklists]\nlists = ["xmpp:{SPAM}?;node=spam_source_domains"]\n'
    async with serving(tmp_path, authority, COMPONENT + section) as net:
        service = await net.component(SPAM, "s3cret").connect()
        reading = asyncio.create_task(refresh(net))
        wish = await answer(service, "")
        assert wish.tag == f"{{{PUBSUB}}}subscribe"
        assert (wish.get("jid"), wish.get("node")) == (HOST, "spam_source_domains")
        rsm = "<set xmlns='http://jabber.org/protocol/rsm'><last>{}</last></set>"
        items = "<items node='spam_source_domains'>{}</items>"
        await answer(service, items.format("<item id='a.example'/>") + rsm.format("a.example"))
        await answer(service, items.format("<item id='b.example'/>") + rsm.format("b.example"))
        await answer(service, items.format("<item id='b.example'/>"))
        assert (await reading)["items"] == 2
        event = items.format("<retract id='a.example'/><item id='c.example'/>")
        await service.send(
            f"<message from='{SPAM}' to='{HOST}'><event xmlns='{PUBSUB}#event'>{event}</event>"
            "</message>"
        )
        await net.until(lambda: blocked(net, "x@c.example"))
        assert not blocked(net, "x@a.example")
        assert blocked(net, "x@b.example")


async def test_a_service_that_lets_nobody_read_its_list_is_reported(
    tmp_path: Path, authority: Authority
) -> None:
    section = f'[extensions.blocklists]\nlists = ["{SPAM}"]\n'
    async with serving(tmp_path, authority, COMPONENT + section) as net:
        service = await net.component(SPAM, "s3cret").connect()
        reading = asyncio.create_task(refresh(net))
        asked = await service.receive()
        attrs = f"from='{SPAM}' to='{HOST}' id='{asked.get('id')}' type='error'"
        condition = "<forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
        await service.send(f"<iq {attrs}><error type='auth'>{condition}</error></iq>")
        assert (await reading)["problem"] == "forbidden"
