"""Palaver and other people's servers speak to each other, with certificates and by dialback."""

import base64
import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

import pytest
from tests.interop.abroad import NAMESERVER, Abroad, EjabberdAbroad, ProsodyAbroad
from tests.interop.neighbours import HOST
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.config import HostOptions, ServerOptions
from tests.support.names import Names
from tests.support.server import Server, free_ports

PASSWORD = "a rose by any other name"
HERE = "montague.example"
JULIET = f"juliet@{HOST}/there"
ROMEO = f"romeo@{HERE}/here"
ROSTER = "<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>"
CLIENT = "{jabber:client}"
INFO = "http://jabber.org/protocol/disco#info"
TUNE = "http://jabber.org/protocol/tune"
# XEP-0115 §5.1, of the answer further down.
TUNED_IN = base64.b64encode(
    hashlib.sha1(f"client/pc//<{INFO}<{TUNE}+notify<".encode()).digest()
).decode()
SERVERS = {"prosody": ProsodyAbroad, "ejabberd": EjabberdAbroad}


class Both(NamedTuple):
    here: Server
    abroad: Abroad


@pytest.fixture(scope="module")
def names() -> Iterator[Names]:
    with Names((NAMESERVER, 53)) as names:
        yield names


@pytest.fixture(
    scope="module",
    params=[
        *((kind, how) for kind in SERVERS for how in ("certificate", "dialback")),
        ("prosody", "direct"),
    ],
    ids="-".join,
)
def both(
    request: pytest.FixtureRequest,
    names: Names,
    authority: Authority,
    palaver_command: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Both]:
    """Start both servers; with dialback ours has a certificate that the other does not accept.

    "direct" is with certificates, and TLS from the first byte (XEP-0368).
    """
    kind, how = request.param
    secure, direct = how != "dialback", how == "direct"
    directory = tmp_path_factory.mktemp(kind)
    port, direct_port = free_ports(2)
    (directory / "here").mkdir()
    ours = authority if secure else Authority()
    issued = ours.issue([HERE, f"*.{HERE}"], directory)
    tls = {"certificate": str(issued.certificate), "key": str(issued.key)}
    options = ServerOptions(
        hosts={HERE: HostOptions()},
        settings={
            "hosts": {HERE: tls},
            "listen": {
                "servers": [f"127.0.0.1:{port}"],
                "servers_tls": [f"127.0.0.1:{direct_port}"],
            },
            "federation": {
                "enabled": True,
                "authentication": "certificate" if secure else "dialback",
                "ca": str(authority.publish(directory)),
                "nameservers": [names.address],
                "this_machine": True,
            },
        },
    )
    server = Server(options, directory / "here", command=palaver_command, authority=ours)
    (directory / "abroad").mkdir()
    abroad = SERVERS[kind](directory / "abroad", authority, secure=secure)
    ports = (direct_port, abroad.direct_port) if direct else (port, abroad.port)
    for domain, where in zip((HERE, HOST), ports, strict=True):
        for prefix in ("", "conference.", "pubsub."):
            names.forget(prefix + domain)
            names.service(prefix + domain, where, direct=direct)
    with server, abroad.running():
        server.add_account(f"romeo@{HERE}", PASSWORD)
        abroad.register("juliet", PASSWORD)
        yield Both(server, abroad)


@pytest.fixture
async def romeo(both: Both) -> AsyncIterator[Client]:
    async with both.here.client(ROMEO, PASSWORD) as client:
        await client.send(ROSTER)
        await client.send("<presence/>")
        yield client


@pytest.fixture
async def juliet(both: Both) -> AsyncIterator[Client]:
    async with both.abroad.client("juliet", PASSWORD) as client:
        await client.send(ROSTER)
        await client.send("<presence/>")
        yield client


async def heard(client: Client, id_: str) -> str:
    """Give the body of the message with that id."""
    message = await client.expect(lambda stanza: stanza.get("id") == id_, 20)
    return message.findtext(f"{CLIENT}body") or ""


async def test_messages_arrive_both_ways(romeo: Client, juliet: Client) -> None:
    await romeo.send(f"<message to='{JULIET}' id='m1' type='chat'><body>Lady</body></message>")
    assert await heard(juliet, "m1") == "Lady"
    await juliet.send(f"<message to='{ROMEO}' id='m2' type='chat'><body>Ay me</body></message>")
    assert await heard(romeo, "m2") == "Ay me"


async def test_both_see_the_presence_of_each_other(romeo: Client, juliet: Client) -> None:
    for subscriber, contact in ((romeo, juliet), (juliet, romeo)):
        await subscriber.send(f"<presence to='{contact.bare}' type='subscribe'/>")
        await contact.expect(lambda stanza: stanza.get("type") == "subscribe", 20)
        await contact.send(f"<presence to='{subscriber.bare}' type='subscribed'/>")
        jid = contact.jid
        await subscriber.expect(lambda stanza, jid=jid: stanza.get("from") == jid, 20)
        await contact.send("<presence><show>away</show></presence>")
        shown = await subscriber.expect(lambda stanza, jid=jid: stanza.get("from") == jid, 20)
        assert shown.findtext(f"{CLIENT}show") == "away"
    await juliet.send("<presence type='unavailable'/>")
    gone = await romeo.expect(lambda stanza: stanza.get("from") == juliet.jid, 20)
    assert gone.get("type") == "unavailable"
    await juliet.send("<presence/>")
    await romeo.expect(lambda stanza: stanza.get("from") == juliet.jid, 20)
    await juliet.expect(lambda stanza: stanza.get("from") == romeo.jid, 20)  # by a probe


@pytest.mark.parametrize("what", ["info", "items"])
async def test_both_servers_answer_the_other_ones_users(
    romeo: Client, juliet: Client, what: str
) -> None:
    disco = f"http://jabber.org/protocol/disco#{what}"
    for asker, host in ((romeo, HOST), (juliet, HERE)):
        id_ = f"{what}-{host}"
        await asker.send(f"<iq type='get' id='{id_}' to='{host}'><query xmlns='{disco}'/></iq>")
        answer = await asker.expect(lambda stanza, id_=id_: stanza.get("id") == id_, 20)
        assert answer.get("type") == "result"
        assert len(answer[0]) > 0


async def test_vcards_of_the_other_domain_are_shown(romeo: Client, juliet: Client) -> None:
    card = "<vCard xmlns='vcard-temp'><FN>{}</FN></vCard>"
    for owner, other in ((romeo, juliet), (juliet, romeo)):
        await owner.send(f"<iq type='set' id='v1'>{card.format(owner.local)}</iq>")
        await owner.expect(lambda stanza: stanza.get("id") == "v1")
        ask = "<vCard xmlns='vcard-temp'/>"
        await other.send(f"<iq type='get' id='v2' to='{owner.bare}'>{ask}</iq>")
        answer = await other.expect(lambda stanza: stanza.get("id") == "v2", 20)
        assert answer.findtext("{vcard-temp}vCard/{vcard-temp}FN") == owner.local


async def test_rooms_of_both_domains_have_occupants_of_both(romeo: Client, juliet: Client) -> None:
    muc = "http://jabber.org/protocol/muc"
    for owner, guest, host in ((romeo, juliet, HERE), (juliet, romeo, HOST)):
        room = f"verona@conference.{host}"
        await owner.send(f"<presence to='{room}/Owner'><x xmlns='{muc}'/></presence>")
        await owner.expect(lambda stanza, me=f"{room}/Owner": stanza.get("from") == me)
        await owner.send(
            f"<iq type='set' id='o1' to='{room}'><query xmlns='{muc}#owner'>"
            "<x xmlns='jabber:x:data' type='submit'/></query></iq>"
        )
        await owner.expect(lambda stanza: stanza.get("id") == "o1")
        await guest.send(f"<presence to='{room}/Guest'><x xmlns='{muc}'/></presence>")
        entered = await guest.expect(
            lambda stanza, me=f"{room}/Guest": stanza.get("from") == me, 20
        )
        assert entered.get("type") is None
        for speaker, listener, nick in ((guest, owner, "Guest"), (owner, guest, "Owner")):
            words = f"{nick} of {host}"
            await speaker.send(
                f"<message to='{room}' type='groupchat'><body>{words}</body></message>"
            )
            said = await listener.expect(
                lambda stanza, words=words: stanza.findtext(f"{CLIENT}body") == words, 20
            )
            assert said.get("from") == f"{room}/{nick}"
        for each, nick in ((guest, "Guest"), (owner, "Owner")):
            await each.send(f"<presence to='{room}/{nick}' type='unavailable'/>")


async def test_published_items_are_told_to_contacts_of_the_other_domain(
    romeo: Client, juliet: Client
) -> None:
    """By XEP-0163, to a contact whose capabilities the other server asked for."""
    caps = (
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://listener.example'"
        f" ver='{TUNED_IN}'/>"
    )
    for one, other in ((romeo, juliet), (juliet, romeo)):
        await subscribe(one, other)  # each knows what the other wants by its presence
    for owner, listener in ((romeo, juliet), (juliet, romeo)):
        listener.inbox.clear()
        await listener.send(f"<presence>{caps}</presence>")
        await publish(owner)
        await told(listener, owner)


async def publish(owner: Client) -> None:
    await owner.send(
        "<iq type='set' id='p1'><pubsub xmlns='http://jabber.org/protocol/pubsub'>"
        f"<publish node='{TUNE}'><item id='current'><tune xmlns='{TUNE}'><title>Queen Mab"
        "</title></tune></item></publish></pubsub></iq>"
    )
    published = await owner.expect(lambda stanza: stanza.get("id") == "p1")
    assert published.get("type") == "result"


async def subscribe(subscriber: Client, contact: Client) -> None:
    """Let one see the presence of the other, if it does not yet."""
    await subscriber.send(ROSTER.replace("'roster'", "'r2'", 1))
    roster = await subscriber.expect(lambda stanza: stanza.get("id") == "r2")
    seen = [item.get("jid") for item in roster[0] if item.get("subscription") in ("to", "both")]
    if contact.bare not in seen:
        await subscriber.send(f"<presence to='{contact.bare}' type='subscribe'/>")
        await contact.expect(lambda stanza: stanza.get("type") == "subscribe", 20)
        await contact.send(f"<presence to='{subscriber.bare}' type='subscribed'/>")
        await subscriber.expect(lambda stanza: stanza.get("from") == contact.jid, 20)


async def told(listener: Client, owner: Client) -> None:
    """Wait for the event; both servers ask before what the client wants to hear of.

    ejabberd forgets what was published before it had the answer.
    """
    event = "{http://jabber.org/protocol/pubsub#event}event"
    query = f"{{{INFO}}}query"

    def is_event(stanza: Element) -> bool:
        return stanza.find(event) is not None and stanza.get("from") == owner.bare

    while True:
        stanza = await listener.expect(
            lambda stanza: (
                is_event(stanza) or (stanza.find(query) is not None and stanza.get("type") == "get")
            ),
            20,
        )
        if is_event(stanza):
            return
        await listener.send(
            f"<iq type='result' id='{stanza.get('id')}' to='{stanza.get('from')}'>"
            f"<query xmlns='{INFO}' node='http://listener.example#{TUNED_IN}'>"
            "<identity category='client' type='pc'/>"
            f"<feature var='{INFO}'/><feature var='{TUNE}+notify'/></query></iq>"
        )
        if stanza.get("from") == owner.jid:
            ping = f"<iq type='get' id='b1' to='{owner.domain}'><ping xmlns='urn:xmpp:ping'/></iq>"
            await listener.send(ping)
            await listener.expect(lambda stanza: stanza.get("id") == "b1", 20)
            await publish(owner)
