import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.component import Component
from tests.support.stream import StreamEndedError
from tests.support.xmlstream import STREAM
from tests.unit.net.serving import Serving, serving

IRC = "irc.capulet.example"
SHARED = "bots.montague.example"
SECRET = "the lark, the herald of the morn"
SECTIONS = f"""
[components."{IRC}"]
secret = "{SECRET}"
[components."{SHARED}"]
secret = "{SECRET}"
share = true
"""
ERRORS = "urn:ietf:params:xml:ns:xmpp-streams"
STANZAS = "urn:ietf:params:xml:ns:xmpp-stanzas"
ACCEPT = "{jabber:component:accept}"
CLIENT = "{jabber:client}"


@pytest.fixture
async def net(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    async with serving(tmp_path, authority, SECTIONS) as net:
        await net.account("juliet")
        yield net


async def ended_with(component: Component, condition: str) -> None:
    error = await component.receive()
    assert error.tag == f"{{{STREAM}}}error"
    assert error[0].tag == f"{{{ERRORS}}}{condition}"
    with pytest.raises(StreamEndedError):
        await component.receive()


# -- shaking hands ---------------------------------------------------------------------------------


async def test_the_header_of_the_answer_has_the_component_as_its_sender(net: Serving) -> None:
    component = await net.component(IRC, SECRET).connect()
    assert component.header["from"] == IRC
    assert component.header["id"]


async def test_who_does_not_know_the_secret_is_not_authorized(net: Serving) -> None:
    component = await net.component(IRC, "guess").open()
    await component.send("<handshake>0123</handshake>")
    await ended_with(component, "not-authorized")


async def test_what_comes_before_the_handshake_is_not_taken(net: Serving) -> None:
    component = await net.component(IRC, SECRET).open()
    await component.send(f"<message from='{IRC}' to='juliet@capulet.example'/>")
    await ended_with(component, "not-authorized")


async def test_a_domain_that_is_not_configured_is_unknown(net: Serving) -> None:
    component = await net.component("capulet.example", SECRET).open()
    await ended_with(component, "host-unknown")


async def test_a_client_at_the_port_of_components_gets_an_error(net: Serving) -> None:
    component = await net.component(IRC, SECRET, "jabber:client").open()
    await ended_with(component, "invalid-namespace")


async def test_another_instance_takes_the_place_of_the_first(net: Serving) -> None:
    first = await net.component(IRC, SECRET).connect()
    second = await net.component(IRC, SECRET).connect()
    await ended_with(first, "conflict")
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    await juliet.send(f"<message to='{IRC}'><body>hail</body></message>")
    assert (await second.receive()).findtext(f"{ACCEPT}body") == "hail"


# -- stanzas ---------------------------------------------------------------------------------------


async def test_stanzas_go_both_ways_in_the_namespace_of_the_other(net: Serving) -> None:
    component = await net.component(IRC, SECRET).connect()
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    await juliet.send(
        f"<message to='#verona@{IRC}/x'><body xmlns='jabber:client'>hail</body><x xmlns='a:b'>"
        "<message xmlns='jabber:client'/></x></message>"
    )
    message = await component.receive()
    assert message.tag == f"{ACCEPT}message"
    assert message.get("from") == juliet.jid
    assert message.findtext(f"{ACCEPT}body") == "hail"
    assert message.find(f"{{a:b}}x/{CLIENT}message") is not None
    await component.send(
        f"<message from='#verona@{IRC}/Mercutio' to='{juliet.jid}'><body>and thou</body>"
        "<y xmlns='jabber:component:accept'/></message>"
    )
    answer = await juliet.receive()
    assert answer.get("from") == f"#verona@{IRC}/Mercutio"
    assert answer.findtext(f"{CLIENT}body") == "and thou"
    assert answer.find(f"{CLIENT}y") is not None


async def test_the_features_for_messages_see_what_a_component_sends(net: Serving) -> None:
    component = await net.component(IRC, SECRET).connect()
    await component.send(
        f"<message from='{IRC}' to='juliet@capulet.example' type='chat'><body>late</body></message>"
    )
    await net.until(lambda: net.server.log.size == 0 and net.server.accounts.all())
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    await juliet.send("<presence/>")
    message = await juliet.expect(lambda stanza: stanza.tag == f"{CLIENT}message")
    assert message.findtext(f"{CLIENT}body") == "late"


async def test_the_server_answers_requests_of_components(net: Serving) -> None:
    component = await net.component(IRC, SECRET).connect()
    await component.send(
        f"<iq from='{IRC}' to='capulet.example' type='get' id='1'>"
        "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
    )
    answer = await component.receive()
    assert (answer.tag, answer.get("type"), answer.get("id")) == (f"{ACCEPT}iq", "result", "1")


@pytest.mark.parametrize("address", ["", "capulet.example", "irc.capulet.example.evil", "@"])
async def test_a_component_speaks_for_its_own_domain_only(net: Serving, address: str) -> None:
    component = await net.component(IRC, SECRET).connect()
    await component.send(f"<message from='{address}' to='juliet@capulet.example'/>")
    await ended_with(component, "invalid-from")


@pytest.mark.parametrize("element", ["<unknown xmlns='urn:example'/>", "<handshake/>"])
async def test_what_is_no_stanza_of_a_component_is_not_supported(
    net: Serving, element: str
) -> None:
    component = await net.component(IRC, SECRET).connect()
    await component.send(element)
    await ended_with(component, "unsupported-stanza-type")


async def test_an_error_of_a_component_ends_its_stream_without_another(net: Serving) -> None:
    component = await net.component(IRC, SECRET).connect()
    await component.send(
        "<stream:error><system-shutdown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
        "</stream:error>"
    )
    with pytest.raises(StreamEndedError):
        await component.receive()


async def test_a_stanza_of_a_component_needs_a_recipient(net: Serving) -> None:
    component = await net.component(IRC, SECRET).connect()
    await component.send(f"<message from='{IRC}'/>")
    await ended_with(component, "improper-addressing")


async def test_a_recipient_that_is_no_address_costs_only_that_stanza(net: Serving) -> None:
    component = await net.component(IRC, SECRET).connect()
    await component.send(f"<message from='{IRC}' to='@nowhere' id='1'/>")
    error = await component.receive()
    assert error.get("type") == "error"
    assert error.find(f"{ACCEPT}error/{{{STANZAS}}}jid-malformed") is not None


async def test_a_sender_that_is_no_address_costs_only_that_stanza(net: Serving) -> None:
    component = await net.component(IRC, SECRET).connect()
    await component.send(
        f"<message from='#verona@{IRC}/\u0378' to='capulet.example'/>"  # unassigned in Unicode
        f"<iq from='{IRC}' to='capulet.example' type='get' id='1'>"
        "<ping xmlns='urn:xmpp:ping'/></iq>"
    )
    assert (await component.receive()).get("id") == "1"


async def test_what_is_for_a_component_that_is_away_is_answered_at_once(net: Serving) -> None:
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    answer = await juliet.iq("get", "<ping xmlns='urn:xmpp:ping'/>", to=IRC)
    assert answer.find(f"{CLIENT}error/{{{STANZAS}}}service-unavailable") is not None
    component = await net.component(IRC, SECRET).connect()
    await component.close()
    answer = await juliet.iq("get", "<ping xmlns='urn:xmpp:ping'/>", to=IRC)
    assert answer.find(f"{CLIENT}error/{{{STANZAS}}}service-unavailable") is not None


async def test_instances_that_share_each_get_the_stanzas_of_some(net: Serving) -> None:
    instances = [await net.component(SHARED, SECRET).connect() for _ in range(2)]
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    for number in range(20):
        await juliet.send(f"<message to='{number % 10}@{SHARED}' id='{number}'/>")
    got: list[list[int]] = [[], []]

    async def read(instance: Component, ids: list[int]) -> None:
        while True:
            ids.append(int((await instance.receive()).get("id", "")))

    async with asyncio.TaskGroup() as tasks:
        readers = [tasks.create_task(read(*each)) for each in zip(instances, got, strict=True)]
        await net.until(lambda: sum(map(len, got)) == 20)
        for reader in readers:
            reader.cancel()
    assert sorted([*got[0], *got[1]]) == list(range(20))
    for ids in got:
        assert ids == sorted(ids)
        assert {id_ % 10 for id_ in ids if id_ < 10} == {id_ % 10 for id_ in ids} != set()


async def test_the_answer_to_a_request_goes_to_the_instance_that_asked(net: Serving) -> None:
    instances = [await net.component(SHARED, SECRET).connect() for _ in range(3)]
    ping = "<ping xmlns='urn:xmpp:ping'/>"
    for number, instance in enumerate(instances):
        for to in ("capulet.example", "nobody@capulet.example", "juliet@capulet.example"):
            request = f"<iq type='get' id='{number}' from='{SHARED}' to='{to}'>{ping}</iq>"
            await instance.send(request)
            answer = await instance.receive()
            assert (answer.get("id"), answer.get("from")) == (str(number), to)


async def test_who_writes_to_a_component_that_does_not_read_is_paused(
    tmp_path: Path, authority: Authority
) -> None:
    more = f"{SECTIONS}[limits]\noutput_bytes = 65536\nstanza_bytes = 65536\n"
    async with serving(tmp_path, authority, more) as net:
        await net.account("juliet")
        component = await net.component(IRC, SECRET).connect()
        component.writer.transport.pause_reading()
        juliet = await net.client("juliet@capulet.example/balcony").connect()
        link = next(iter(net.components.connections))
        message = f"<message to='{IRC}'><body>{'a' * 30_000}</body></message>".encode()
        sent = 0
        while not link.waiters:
            juliet.writer.write(message)
            await asyncio.sleep(0)
            sent += 1
            assert sent < 5_000
        component.writer.transport.resume_reading()
        for _ in range(sent):
            await component.receive()
        await juliet.barrier()


async def test_an_instance_that_is_gone_without_a_word_is_found_out(net: Serving) -> None:
    await net.component(IRC, SECRET).connect()
    (link,) = net.components.connections
    end = link._transport.get_extra_info("socket")
    assert end.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) == 60
    assert end.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 120_000


# -- the server's own requests ---------------------------------------------------------------------


async def items(client: Client) -> list[str | None]:
    query = "<query xmlns='http://jabber.org/protocol/disco#items'/>"
    answer = await client.iq("get", query, to="capulet.example")
    return [item.get("jid") for item in answer[0]]


async def test_components_that_are_connected_are_items_of_their_host(net: Serving) -> None:
    component = await net.component(IRC, SECRET).connect()
    await net.component(SHARED, SECRET).connect()
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    assert IRC in await items(juliet)
    assert SHARED not in await items(juliet)
    await component.close()
    assert IRC not in await items(juliet)


async def test_a_gateway_is_found_and_registered_with(net: Serving) -> None:
    """Clients find it and its kind (XEP-0100 §4.1), and its requests pass both ways."""
    gateway = await net.component(IRC, SECRET).connect()
    juliet = await net.client("juliet@capulet.example/balcony").connect()
    assert IRC in await items(juliet)
    for kind, namespace, answer in (
        ("get", "http://jabber.org/protocol/disco#info", "<identity category='gateway' type='x'/>"),
        ("get", "jabber:iq:register", "<instructions>Name?</instructions><username/>"),
        ("set", "jabber:iq:register", ""),
        ("get", "jabber:iq:gateway", "<desc>Whom?</desc><prompt/>"),
        ("set", "jabber:iq:gateway", "<jid>them@irc.capulet.example</jid>"),
    ):
        query = f"<query xmlns='{namespace}'>{{}}</query>"
        asked = asyncio.ensure_future(juliet.iq(kind, query.format(""), to=IRC))
        request = await gateway.receive()
        assert (request.get("from"), request[0].tag) == (juliet.jid, f"{{{namespace}}}query")
        await gateway.send(
            f"<iq type='result' id='{request.get('id')}' from='{IRC}' to='{juliet.jid}'>"
            f"{query.format(answer)}</iq>"
        )
        result = await asked
        assert result.get("type") == "result"
        assert len(result[0]) == answer.count("<") - answer.count("</")
