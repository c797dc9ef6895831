"""Palaver speaks to other people's servers, and to Palaver, by certificates and by dialback."""

import base64
import hashlib
import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from tests.interop.abroad import HERE, SERVERS, Both, EjabberdAbroad, both_running
from tests.interop.neighbours import HOST
from tests.interop.room import MUC, STANZA_ID, Room, archived
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.names import Names

PASSWORD = "a rose by any other name"
JULIET = f"juliet@{HOST}/there"
ROMEO = f"romeo@{HERE}/here"
ROSTER = "<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>"
CLIENT = "{jabber:client}"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
INFO = "http://jabber.org/protocol/disco#info"
TUNE = "http://jabber.org/protocol/tune"
# XEP-0115 §5.1, of the answer further down.
TUNED_IN = base64.b64encode(
    hashlib.sha1(f"client/pc//<{INFO}<{TUNE}+notify<".encode()).digest()
).decode()


@pytest.fixture(scope="module")
def names() -> Iterator[Names]:
    with Names.at_port_53() as names:
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
    """Start both servers."""
    kind, how = request.param
    directory = tmp_path_factory.mktemp(kind)
    with both_running(kind, how, names, authority, palaver_command, directory) as both:
        both.here.add_account(f"romeo@{HERE}", PASSWORD)
        both.abroad.register("juliet", PASSWORD)
        yield both


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
    message = await client.expect(lambda stanza: stanza.get("id") == id_, 60)
    return message.findtext(f"{CLIENT}body") or ""


async def test_both_prove_who_they_are_in_the_way_that_the_other_wants(
    both: Both, romeo: Client, juliet: Client
) -> None:
    await romeo.ping(juliet.domain)
    await juliet.ping(romeo.domain)
    expected = "dialback" if both.how == "dialback" else "certificate"
    methods, shared = {}, False
    for entry in both.here.log():
        if entry.get("event") in ("server connected", "connected to server"):
            methods[entry["pair"]] = entry["method"]
            if entry.get("bidi"):  # XEP-0288: what is proved holds for both directions
                shared = True
                methods[" → ".join(reversed(entry["pair"].split(" → ")))] = entry["method"]
    assert shared != isinstance(both.abroad, EjabberdAbroad)  # not in its Debian version
    assert (methods[f"{HERE} → {HOST}"], methods[f"{HOST} → {HERE}"]) == (expected, expected)


async def test_messages_arrive_both_ways(romeo: Client, juliet: Client) -> None:
    await romeo.send(f"<message to='{JULIET}' id='m1' type='chat'><body>Lady</body></message>")
    assert await heard(juliet, "m1") == "Lady"
    await juliet.send(f"<message to='{ROMEO}' id='m2' type='chat'><body>Ay me</body></message>")
    assert await heard(romeo, "m2") == "Ay me"


async def test_both_see_the_presence_of_each_other(romeo: Client, juliet: Client) -> None:
    for subscriber, contact in ((romeo, juliet), (juliet, romeo)):
        await subscriber.send(f"<presence to='{contact.bare}' type='subscribe'/>")
        await contact.expect(lambda stanza: stanza.get("type") == "subscribe", 60)
        await contact.send(f"<presence to='{subscriber.bare}' type='subscribed'/>")
        jid = contact.jid
        await subscriber.expect(lambda stanza, jid=jid: stanza.get("from") == jid, 60)
        await contact.send("<presence><show>away</show></presence>")
        shown = await subscriber.expect(lambda stanza, jid=jid: stanza.get("from") == jid, 60)
        assert shown.findtext(f"{CLIENT}show") == "away"
    await juliet.send("<presence type='unavailable'/>")
    gone = await romeo.expect(lambda stanza: stanza.get("from") == juliet.jid, 60)
    assert gone.get("type") == "unavailable"
    await juliet.send("<presence/>")
    await romeo.expect(lambda stanza: stanza.get("from") == juliet.jid, 60)
    await juliet.expect(lambda stanza: stanza.get("from") == romeo.jid, 60)  # by a probe


@pytest.mark.parametrize("what", ["info", "items"])
async def test_both_servers_answer_the_other_ones_users(
    romeo: Client, juliet: Client, what: str
) -> None:
    disco = f"http://jabber.org/protocol/disco#{what}"
    for asker, host in ((romeo, HOST), (juliet, HERE)):
        id_ = f"{what}-{host}"
        await asker.send(f"<iq type='get' id='{id_}' to='{host}'><query xmlns='{disco}'/></iq>")
        answer = await asker.expect(lambda stanza, id_=id_: stanza.get("id") == id_, 60)
        assert answer.get("type") == "result"
        assert len(answer[0]) > 0


async def test_vcards_of_the_other_domain_are_shown(romeo: Client, juliet: Client) -> None:
    card = "<vCard xmlns='vcard-temp'><FN>{}</FN></vCard>"
    for owner, other in ((romeo, juliet), (juliet, romeo)):
        await owner.send(f"<iq type='set' id='v1'>{card.format(owner.local)}</iq>")
        await owner.expect(lambda stanza: stanza.get("id") == "v1")
        ask = "<vCard xmlns='vcard-temp'/>"
        await other.send(f"<iq type='get' id='v2' to='{owner.bare}'>{ask}</iq>")
        answer = await other.expect(lambda stanza: stanza.get("id") == "v2", 60)
        assert answer.findtext("{vcard-temp}vCard/{vcard-temp}FN") == owner.local


async def test_both_archives_have_a_conversation_by_the_ids_that_were_told(
    romeo: Client, juliet: Client
) -> None:
    """XEP-0313, XEP-0359: each client asks its own server."""
    for sender, recipient in ((romeo, juliet), (juliet, romeo)):
        words = f"kept for {recipient.local}"
        await sender.send(
            f"<message to='{recipient.jid}' id='k-{recipient.local}' type='chat'>"
            f"<body>{words}</body></message>"
        )
        id_ = f"k-{recipient.local}"
        came = await recipient.expect(lambda stanza, id_=id_: stanza.get("id") == id_, 60)
        (kept,) = came.findall(STANZA_ID)
        assert kept.get("by") == recipient.bare
        assert (await archived(recipient, "", sender.bare))[words] == kept.get("id")
        assert words in await archived(sender, "", recipient.bare)


async def test_a_contact_is_lost_when_either_ends_the_subscription(
    romeo: Client, juliet: Client
) -> None:
    for one, other in ((romeo, juliet), (juliet, romeo)):
        await subscribe(one, other)
        one.inbox.clear()
        await one.send(f"<presence to='{other.bare}' type='unsubscribe'/>")
        asked = await other.expect(lambda stanza: stanza.get("type") == "unsubscribe", 60)
        assert asked.get("from") == one.bare
        if other is romeo:  # Prosody 0.12 does not tell (RFC 6121 §3.3.3)
            gone = await one.expect(lambda stanza: stanza.get("type") == "unavailable", 60)
            assert gone.get("from") == other.jid
        await subscribe(one, other)
        await other.send(f"<presence to='{one.bare}' type='unsubscribed'/>")
        await one.expect(lambda stanza: stanza.get("type") == "unsubscribed", 60)
        gone = await one.expect(lambda stanza: stanza.get("type") == "unavailable", 60)
        assert (gone.get("from") or "").partition("/")[0] == other.bare


async def test_what_nobody_takes_comes_back(romeo: Client, juliet: Client) -> None:
    for client, host in ((romeo, HOST), (juliet, HERE)):
        for to in (f"nobody@{host}", f"{'juliet' if host == HOST else 'romeo'}@{host}/elsewhere"):
            await client.send(
                f"<iq type='get' id='n1' to='{to}'><query xmlns='jabber:iq:version'/></iq>"
            )
            answer = await client.expect(lambda stanza: stanza.get("id") == "n1", 60)
            assert (answer.get("type"), answer.get("from")) == ("error", to)
            assert answer.find(f"{CLIENT}error/{{{STANZAS}}}service-unavailable") is not None


# -- rooms -----------------------------------------------------------------------------------------


@pytest.fixture(params=["ours", "theirs"])
async def room(
    request: pytest.FixtureRequest, romeo: Client, juliet: Client
) -> AsyncIterator[Room]:
    """Open a room of either domain; its owner is of the same, and its guest of the other."""
    ours = request.param == "ours"
    owner, guest = (romeo, juliet) if ours else (juliet, romeo)
    address = f"verona-{next(_ROOMS)}@conference.{HERE if ours else HOST}"
    room = Room(address, owner, guest)
    await owner.send(f"<presence to='{address}/Owner'><x xmlns='{MUC}'/></presence>")
    await owner.expect(lambda stanza: stanza.get("from") == f"{address}/Owner")
    form = "<x xmlns='jabber:x:data' type='submit'/>"
    await room.done(f"<query xmlns='{MUC}#owner'>{form}</query>")
    invitation = f"<x xmlns='{MUC}#user'><invite to='{guest.bare}'/></x>"
    await owner.send(f"<message to='{address}'>{invitation}</message>")
    invite = f"{{{MUC}#user}}x/{{{MUC}#user}}invite"
    invited = await guest.expect(lambda stanza: stanza.find(invite) is not None, 60)
    assert invited.get("from") == address
    await guest.send(f"<presence to='{address}/Guest'><x xmlns='{MUC}'/></presence>")
    await room.seen(guest, "Guest", own=True)
    await room.seen(owner, "Guest")
    yield room
    await guest.send(f"<presence to='{address}/Guest' type='unavailable'/>")
    await owner.send(f"<presence to='{address}/Owner' type='unavailable'/>")
    for each in (guest, owner):
        await each.barrier()


_ROOMS = itertools.count()


async def test_occupants_of_both_domains_talk_and_find_it_in_the_archive(room: Room) -> None:
    said = {
        words: await room.says(speaker, nick, words)
        for speaker, nick, words in (
            (room.guest, "Guest", "He jests at scars"),
            (room.owner, "Owner", "But soft"),
        )
    }
    for each in (room.owner, room.guest):
        found = await archived(each, room.address)
        assert {words: found.get(words) for words in said} == said


async def test_occupants_of_both_domains_whisper(room: Room) -> None:
    for one, other, nick, own in (
        (room.owner, room.guest, "Guest", "Owner"),
        (room.guest, room.owner, "Owner", "Guest"),
    ):
        await one.send(
            f"<message to='{room.address}/{nick}' type='chat' id='w1'><body>Psst</body>"
            f"<x xmlns='{MUC}#user'/></message>"
        )
        heard = await other.expect(lambda stanza: stanza.get("id") == "w1", 60)
        assert heard.get("from") == f"{room.address}/{own}"


async def test_a_guest_of_the_other_domain_takes_another_nickname(room: Room) -> None:
    await room.guest.send(f"<presence to='{room.address}/Stranger'/>")
    assert "303" in await room.seen(room.guest, "Guest", kind="unavailable", own=True)
    await room.seen(room.guest, "Stranger", own=True)
    assert "303" in await room.seen(room.owner, "Guest", kind="unavailable")
    await room.seen(room.owner, "Stranger")
    await room.says(room.guest, "Stranger", "What's in a name")
    await room.guest.send(f"<presence to='{room.address}/Guest'/>")
    await room.seen(room.owner, "Guest")


async def test_a_guest_of_the_other_domain_is_kicked_and_banned(room: Room) -> None:
    admin = f"<query xmlns='{MUC}#admin'>{{}}</query>"
    await room.done(admin.format("<item nick='Guest' role='none'/>"))
    assert "307" in await room.seen(room.guest, "Guest", kind="unavailable", own=True)
    assert "307" in await room.seen(room.owner, "Guest", kind="unavailable")
    await room.guest.send(
        f"<message to='{room.address}' type='groupchat' id='o1'><body>?</body></message>"
    )
    refused = await room.guest.expect(lambda stanza: stanza.get("id") == "o1", 60)
    assert refused.find(f"{CLIENT}error/{{{STANZAS}}}not-acceptable") is not None
    await room.done(admin.format(f"<item jid='{room.guest.bare}' affiliation='outcast'/>"))
    await room.guest.send(f"<presence to='{room.address}/Guest'><x xmlns='{MUC}'/></presence>")
    refused = await room.guest.expect(lambda stanza: stanza.get("type") == "error", 60)
    assert refused.find(f"{CLIENT}error/{{{STANZAS}}}forbidden") is not None


# -- personal events -------------------------------------------------------------------------------


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
        await contact.expect(lambda stanza: stanza.get("type") == "subscribe", 60)
        await contact.send(f"<presence to='{subscriber.bare}' type='subscribed'/>")
        await subscriber.expect(lambda stanza: stanza.get("from") == contact.jid, 60)


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
            await listener.expect(lambda stanza: stanza.get("id") == "b1", 60)
            await publish(owner)
