"""Push notifications from the message to a push service that is a component (XEP-0357)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.component import Component
from tests.support.managed import Managed
from tests.unit.net.serving import HOST, OTHER, Serving, serving

from palaver.ext.push.registrations import registrations

PUSH = f"push.{HOST}"
SECTIONS = f"""
[components."{PUSH}"]
secret = "bird's wing"
[extensions.push]
wait = 0.3
"""
NS = "urn:xmpp:push:0"
PUBSUB = "{http://jabber.org/protocol/pubsub}"
DATA = "{jabber:x:data}"
ERRORS = "{urn:ietf:params:xml:ns:xmpp-stanzas}"
JULIET = f"juliet@{HOST}"
CSI = "urn:xmpp:csi:0"


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    async with serving(tmp_path, authority, SECTIONS) as net:
        for name in ("romeo", "juliet"):
            await net.account(name)
        yield net


@pytest.fixture
async def service(net: Serving) -> Component:
    return await net.component(PUSH, "bird's wing").connect()


@pytest.fixture
async def romeo(net: Serving) -> Client:
    return await net.client(f"romeo@{HOST}/orchard").connect()


def enable(node: str = "yxs32uq", form: str = "") -> str:
    return f"<enable xmlns='{NS}' jid='{PUSH}' node='{node}'>{form}</enable>"


def options(secret: str) -> str:
    return (
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
        "http://jabber.org/protocol/pubsub#publish-options</value></field>"
        f"<field var='secret'><value>{secret}</value></field></x>"
    )


async def phone(net: Serving, resource: str = "phone") -> Managed:
    """Connect a device of Juliet's that can be away, and let it be notified."""
    device = Managed(await net.client(f"{JULIET}/{resource}").connect())
    assert (await device.client.iq("set", enable())).get("type") == "result"
    await device.enable()
    await device.client.send("<presence/>")
    await device.next()
    return device


async def say(romeo: Client, text: str = "But soft!", to: str = JULIET, more: str = "") -> None:
    await romeo.send(f"<message to='{to}' type='chat'><body>{text}</body>{more}</message>")
    await romeo.barrier()


async def notified(service: Component) -> dict[str, str]:
    """Take one notification and answer it; return the fields of its summary."""
    iq = await service.receive()
    assert iq.find(f"{PUBSUB}pubsub/{PUBSUB}publish") is not None
    await service.send(
        f"<iq type='result' id='{iq.get('id')}' from='{PUSH}' to='{iq.get('from')}'/>"
    )
    return summary(iq)


def summary(iq: Element) -> dict[str, str]:
    item = f"{PUBSUB}pubsub/{PUBSUB}publish/{PUBSUB}item/{{{NS}}}notification/{DATA}x/{DATA}field"
    fields = {
        field.get("var", ""): field.findtext(f"{DATA}value", "") for field in iq.iterfind(item)
    }
    assert fields.pop("FORM_TYPE") == "urn:xmpp:push:summary"
    return fields


def waits_its_turn(net: Serving) -> bool:
    """Tell whether another notification is to follow the one under way."""
    account = net.server.accounts.loaded(JULIET)
    assert account is not None
    return any(each.again for each in registrations(account).values())


async def nothing(net: Serving, service: Component) -> None:
    """Check that no notification comes, although there was time for one."""
    await asyncio.sleep(0.6)
    await service.send(
        f"<iq type='get' id='last' from='{PUSH}' to='{HOST}'><ping xmlns='urn:xmpp:ping'/></iq>"
    )
    assert (await service.receive()).get("id") == "last"


# -- registrations ---------------------------------------------------------------------------------


async def test_an_account_says_that_it_can_be_told(net: Serving, romeo: Client) -> None:
    query = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
    answer = await romeo.iq("get", query, to=romeo.bare)
    assert NS in [feature.get("var") for feature in answer[0]]


@pytest.mark.parametrize(
    ("request_", "condition"),
    [
        (f"<enable xmlns='{NS}' node='x'/>", "bad-request"),
        (f"<enable xmlns='{NS}' jid='@'/>", "jid-malformed"),
        (f"<disable xmlns='{NS}'/>", "bad-request"),
        (enable(node="x" * 1_001), "not-acceptable"),
        (enable(form="<x xmlns='jabber:x:data' type='submit'/>"), "bad-request"),
        (enable(form=options("x" * 5_000)), "not-acceptable"),
    ],
)
async def test_a_wrong_request_is_refused(romeo: Client, request_: str, condition: str) -> None:
    answer = await romeo.iq("set", request_)
    assert answer.find(f"*/{ERRORS}{condition}") is not None


async def test_an_account_has_so_many_registrations_and_no_more(romeo: Client) -> None:
    for number in range(20):
        assert (await romeo.iq("set", enable(str(number)))).get("type") == "result"
    answer = await romeo.iq("set", enable("20"))
    assert answer.find(f"*/{ERRORS}resource-constraint") is not None
    assert (await romeo.iq("set", enable("19"))).get("type") == "result"


async def test_nobody_enables_notifications_for_somebody_else(romeo: Client) -> None:
    answer = await romeo.iq("set", enable(), to=JULIET)
    assert answer.get("type") == "error"


# -- what is told ----------------------------------------------------------------------------------


async def test_a_message_for_a_device_that_is_away_is_told_of(
    net: Serving, service: Component, romeo: Client
) -> None:
    device = await phone(net)
    await device.client.abort()
    await say(romeo)
    assert await notified(service) == {"message-count": "1"}
    await say(romeo, "It is the east")
    assert await notified(service) == {"message-count": "2"}


async def test_a_message_for_an_account_without_sessions_is_told_of(
    net: Serving, service: Component, romeo: Client
) -> None:
    device = await phone(net)
    await device.client.close()
    await say(romeo)
    assert await notified(service) == {"message-count": "1"}


async def test_the_options_are_published_with_it(
    net: Serving, service: Component, romeo: Client
) -> None:
    juliet = await net.client(f"{JULIET}/phone").connect()
    await juliet.iq("set", enable("old", options("old")))
    await juliet.iq("set", enable("node", options("first")))
    await juliet.iq("set", enable("node", options("second")))
    await juliet.iq("set", f"<disable xmlns='{NS}' jid='{PUSH}' node='old'/>")
    await juliet.close()
    await say(romeo)
    iq = await service.receive()
    assert iq.get("from") == HOST
    publish = iq.find(f"{PUBSUB}pubsub/{PUBSUB}publish")
    assert publish is not None
    assert publish.get("node") == "node"
    form = f"{PUBSUB}pubsub/{PUBSUB}publish-options/{DATA}x/{DATA}field[@var='secret']/{DATA}value"
    assert iq.findtext(form) == "second"


async def test_neither_text_nor_sender_is_told_by_default(
    net: Serving, service: Component, romeo: Client
) -> None:
    device = await phone(net)
    await device.client.close()
    await say(romeo, "a secret")
    iq = await service.receive()
    assert set(summary(iq)) == {"message-count"}


async def test_text_and_sender_are_told_where_the_host_says_so(
    tmp_path: Path, authority: Authority
) -> None:
    async with serving(tmp_path, authority, SECTIONS + "sender = true\nbody = true\n") as net:
        for name in ("romeo", "juliet"):
            await net.account(name)
        service = await net.component(PUSH, "bird's wing").connect()
        romeo = await net.client(f"romeo@{HOST}/orchard").connect()
        await (await phone(net)).client.close()
        await say(romeo)
        assert await notified(service) == {
            "message-count": "1",
            "last-message-sender": f"romeo@{HOST}/orchard",
            "last-message-body": "But soft!",
        }


async def test_there_is_one_notification_at_a_time(
    net: Serving, service: Component, romeo: Client
) -> None:
    device = await phone(net)
    await device.client.abort()
    await say(romeo, "0")
    first = await service.receive()
    for number in range(1, 20):
        await say(romeo, str(number))
    await net.server.log.flush()  # each is told of when it is stored
    await service.send(f"<iq type='result' id='{first.get('id')}' from='{PUSH}' to='{HOST}'/>")
    assert await notified(service) == {"message-count": "20"}
    await nothing(net, service)


async def test_the_next_notification_tells_of_the_last_message(
    tmp_path: Path, authority: Authority
) -> None:
    async with serving(tmp_path, authority, SECTIONS + "body = true\n") as net:
        for name in ("romeo", "juliet"):
            await net.account(name)
        service = await net.component(PUSH, "bird's wing").connect()
        romeo = await net.client(f"romeo@{HOST}/orchard").connect()
        await (await phone(net)).client.close()
        await say(romeo, "first")
        iq = await service.receive()
        await say(romeo, "second")
        await net.until(lambda: waits_its_turn(net))
        await service.send(f"<iq type='result' id='{iq.get('id')}' from='{PUSH}' to='{HOST}'/>")
        assert await notified(service) == {"message-count": "2", "last-message-body": "second"}


async def test_what_comes_while_a_notification_is_under_way_is_told_of_though_others_were_read(
    net: Serving, service: Component, romeo: Client
) -> None:
    device = await phone(net)
    await device.client.abort()
    await say(romeo, "read")
    iq = await service.receive()
    await device.resume(net.client(f"{JULIET}/phone"))
    await device.read(1)
    await device.acknowledge()
    await device.ask()
    await device.client.abort()
    await say(romeo, "not read")
    await net.until(lambda: waits_its_turn(net))
    await service.send(f"<iq type='result' id='{iq.get('id')}' from='{PUSH}' to='{HOST}'/>")
    assert await notified(service) == {"message-count": "1"}


async def test_chat_states_and_receipts_wake_nobody(
    net: Serving, service: Component, romeo: Client
) -> None:
    device = await phone(net)
    await device.client.abort()
    for child in (
        "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
        "<received xmlns='urn:xmpp:receipts' id='1'/><store xmlns='urn:xmpp:hints'/>",
        "<displayed xmlns='urn:xmpp:chat-markers:0' id='1'/>",
    ):
        await romeo.send(f"<message to='{JULIET}' type='chat'>{child}</message>")
    await nothing(net, service)


@pytest.mark.parametrize(
    "child",
    [
        "<encrypted xmlns='urn:xmpp:omemo:2'/><store xmlns='urn:xmpp:hints'/>",
        "<propose xmlns='urn:xmpp:jingle-message:0' id='1'/><store xmlns='urn:xmpp:hints'/>",
        "<invite xmlns='urn:xmpp:call-invites:0' id='1'/><store xmlns='urn:xmpp:hints'/>",
    ],
)
async def test_what_says_something_without_a_body_is_told_of(
    net: Serving, service: Component, romeo: Client, child: str
) -> None:
    device = await phone(net)
    await device.client.abort()
    await romeo.send(f"<message to='{JULIET}' type='chat'>{child}</message>")
    assert await notified(service) == {"message-count": "1"}


async def test_a_request_for_a_subscription_is_told_of(
    net: Serving, service: Component, romeo: Client
) -> None:
    device = await phone(net)
    await device.client.close()
    await romeo.send(f"<presence type='subscribe' to='{JULIET}'/>")
    assert await notified(service) == {"pending-subscription-count": "1"}


# -- to whom, and when -----------------------------------------------------------------------------


async def test_what_a_client_is_reading_is_not_told_of(
    net: Serving, service: Component, romeo: Client
) -> None:
    await (await phone(net)).client.close()
    desk = await net.client(f"{JULIET}/desk").connect()
    await desk.send("<presence/>")
    await desk.barrier()
    await say(romeo)
    await nothing(net, service)


async def test_what_a_client_acknowledges_is_not_told_of(
    net: Serving, service: Component, romeo: Client
) -> None:
    device = await phone(net)
    await say(romeo)
    await device.read(1)
    await device.acknowledge()
    await nothing(net, service)


async def test_what_no_client_acknowledges_is_told_of_after_a_while(
    net: Serving, service: Component, romeo: Client
) -> None:
    device = await phone(net)
    await say(romeo)
    await device.read(1)
    assert await notified(service) == {"message-count": "1"}


async def test_a_client_that_nobody_looks_at_does_not_count_as_reading(
    net: Serving, service: Component, romeo: Client
) -> None:
    await (await phone(net)).client.close()
    desk = await net.client(f"{JULIET}/desk").connect()
    await desk.send(f"<presence/><inactive xmlns='{CSI}'/>")
    await desk.barrier()
    await say(romeo)
    assert await notified(service) == {"message-count": "1"}


async def test_a_device_that_has_the_message_is_not_notified_of_it(
    net: Serving, service: Component, romeo: Client
) -> None:
    device = await phone(net)
    await device.client.send(f"<inactive xmlns='{CSI}'/>")
    await device.ask()
    await say(romeo)
    await device.read(1)
    await device.acknowledge()
    await nothing(net, service)


async def test_each_host_waits_as_long_as_it_wants(tmp_path: Path, authority: Authority) -> None:
    long = f'[hosts."{OTHER}".extensions.push]\nwait = 60.0\n'
    async with serving(tmp_path, authority, SECTIONS + long) as net:
        for host in (HOST, OTHER):
            await net.account("juliet", host)
        service = await net.component(PUSH, "bird's wing").connect()
        await net.account("romeo")
        romeo = await net.client(f"romeo@{HOST}/orchard").connect()
        for host in (OTHER, HOST):
            device = Managed(await net.client(f"juliet@{host}/phone").connect())
            await device.client.iq("set", enable())
            await device.enable()
            await device.client.send("<presence/>")
            await device.next()
            await say(romeo, to=f"juliet@{host}")
            await device.read(1)
        iq = await service.receive()
        assert iq.get("from") == HOST


async def test_registrations_outlive_a_restart(tmp_path: Path, authority: Authority) -> None:
    async with serving(tmp_path, authority, SECTIONS) as net:
        for name in ("romeo", "juliet"):
            await net.account(name)
        await (await phone(net)).client.close()
    async with serving(tmp_path, authority, SECTIONS) as net:
        service = await net.component(PUSH, "bird's wing").connect()
        romeo = await net.client(f"romeo@{HOST}/orchard").connect()
        await say(romeo)
        assert await notified(service) == {"message-count": "1"}


# -- the end of it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("node", ["", " node='yxs32uq'"])
async def test_after_disabling_nothing_is_told(
    net: Serving, service: Component, romeo: Client, node: str
) -> None:
    juliet = await net.client(f"{JULIET}/phone").connect()
    await juliet.iq("set", enable())
    await juliet.iq("set", f"<disable xmlns='{NS}' jid='{PUSH}'{node}/>")
    await juliet.close()
    await say(romeo)
    await nothing(net, service)


async def test_a_service_that_refuses_is_not_asked_again(
    net: Serving, service: Component, romeo: Client
) -> None:
    await (await phone(net)).client.close()
    await say(romeo)
    iq = await service.receive()
    await service.send(
        f"<iq type='error' id='{iq.get('id')}' from='{PUSH}' to='{HOST}'><error type='cancel'>"
        "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
    )
    await net.until(lambda: not _places(net))
    await say(romeo)
    await nothing(net, service)


async def test_a_service_that_is_away_is_told_when_it_is_back(
    net: Serving, romeo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("palaver.ext.push.publishing._AGAIN", (0.1, 0.1, 30.0))
    await (await phone(net)).client.close()
    await say(romeo)
    service = await net.component(PUSH, "bird's wing").connect()
    assert await notified(service) == {"message-count": "1"}


async def test_a_service_may_end_it(net: Serving, service: Component, romeo: Client) -> None:
    await (await phone(net)).client.close()
    affiliation = f"<affiliation jid='{JULIET}' affiliation='none'/>"
    pubsub = f"<pubsub xmlns='http://jabber.org/protocol/pubsub' node='%s'>{affiliation}</pubsub>"
    await romeo.send(f"<message to='{JULIET}'>{pubsub % 'yxs32uq'}</message>")  # not its service
    await service.send(f"<message from='{PUSH}' to='{JULIET}'>{pubsub % 'other'}</message>")
    await romeo.barrier()
    assert _places(net)
    await service.send(f"<message from='{PUSH}' to='{JULIET}'>{pubsub % 'yxs32uq'}</message>")
    await net.until(lambda: not _places(net))


def _places(net: Serving) -> object:
    account = net.server.accounts.loaded(JULIET)
    return account and registrations(account)


BOOKMARKS = {
    "private storage": (
        "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'>"
        "<bookmark/></storage></query>",
        "storage:bookmarks",
    ),
    "node": (
        "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:bookmarks:1'>"
        f"<item id='romeo@{HOST}'><bookmark/></item></publish></pubsub>",
        "urn:xmpp:bookmarks:1",
    ),
}


# -- wishes (XEP-0492) -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("<never/>", False),
        ("<always/>", True),
        ("<on-mention/>", False),
        ("<always/><never identity-category='client'/>", False),
        ("<never/><always identity-category='client' identity-type='phone'/>", True),
        ("<always/><never identity-category='client' identity-type='pc'/>", True),
    ],
)
@pytest.mark.parametrize("kind", ["private storage", "node"])
async def test_a_chat_can_be_silent(
    net: Serving, service: Component, romeo: Client, settings: str, told: bool, kind: str
) -> None:
    device = await phone(net)
    notify = f"<notify xmlns='urn:xmpp:notification-settings:1'>{settings}</notify>"
    content, namespace = BOOKMARKS[kind]
    bookmark = (
        f"<conference xmlns='{namespace}' jid='romeo@{HOST}'>"
        f"<extensions>{notify}</extensions></conference>"
    )
    await device.client.iq("set", content.replace("<bookmark/>", bookmark))
    await device.client.abort()
    await say(romeo)
    if told:
        await notified(service)
    else:
        await nothing(net, service)
