"""What an attacker who can connect as a server does, and that it gets nowhere."""

import asyncio
import re
import ssl
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.federation.conftest import (
    CAPULET,
    MALLORY,
    MONTAGUE,
    Domain,
    StartDomain,
    error_of,
    is_new_message,
)
from tests.federation.mallory import EXTERNAL, authenticated, connected, header
from tests.federation.peer import Peer, believe, greet
from tests.support.certificates import Authority
from tests.support.client import Client, NothingArrivedError
from tests.support.names import Names

STRANGERS = 30
JULIET = f"juliet@{CAPULET}"
KEY = "b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3"


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    return start_domain(
        CAPULET,
        "juliet",
        federation={"connect_timeout": 2.0},
        limits={
            "login_timeout": 6.0,
            "handshake_timeout": 6.0,
            "connections_per_address": STRANGERS,
        },
        extensions={
            "blocklists": {"block": ["spam.example"]},
            "multicast": {"server_addresses_per_second": 50},
        },
    )


@pytest.fixture(scope="module")
def montague(start_domain: StartDomain) -> Domain:
    return start_domain(MONTAGUE, "romeo")


async def hears_nothing(client: Client) -> None:
    await client.barrier()
    with pytest.raises(NothingArrivedError):
        await client.expect(is_new_message, 0.2)


async def test_mallory_may_speak_for_itself(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    async with authenticated(capulet, trust) as raw:
        await raw.send(f"<message from='x@{MALLORY}' to='{JULIET}'><body>hello</body></message>")
        heard = await juliet.expect(is_new_message)
        assert heard.get("from") == f"x@{MALLORY}"


async def test_addresses_are_in_their_normal_form_however_mallory_writes_them(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    forms = [
        (f"x@{MALLORY}", JULIET),
        (f"X@{MALLORY.upper()}", JULIET.upper()),
        (f"x@{MALLORY}", f"JULIET@{CAPULET}"),
        (f"x@{MALLORY.title()}", JULIET),
        (f"&#120;@{MALLORY}", JULIET),
    ]
    async with authenticated(capulet, trust) as raw:
        for sender, to in forms:
            await raw.send(f"<message id='1' to='{to}' from='{sender}'><body>a</body></message>")
            heard = await juliet.expect(is_new_message)
            assert dict(heard.attrib) == {"from": f"x@{MALLORY}", "to": JULIET, "id": "1"}


@pytest.mark.parametrize(
    ("sender", "to", "condition"),
    [
        (f"romeo@{MONTAGUE}", JULIET, "invalid-from"),
        (f"nurse@{CAPULET}", JULIET, "invalid-from"),
        (f"x@sub.{MALLORY}", JULIET, "invalid-from"),
        (f"x@{MALLORY}", f"romeo@{MONTAGUE}", "host-unknown"),
        (f"x@{MALLORY}", "romeo@nowhere.example", "host-unknown"),
        (f"x@{MALLORY}", f"news@pubsub.{CAPULET}", "host-unknown"),
        (f"romeo@{MONTAGUE}", "romeo@nowhere.example", "invalid-from"),
        ("", JULIET, "improper-addressing"),
        (f"x@{MALLORY}", "", "improper-addressing"),
        (f"@@{MALLORY}", JULIET, "improper-addressing"),
    ],
)
async def test_a_stanza_that_mallory_may_not_send_ends_the_stream(
    capulet: Domain,
    juliet: Client,
    trust: ssl.SSLContext,
    sender: str,
    to: str,
    condition: str,
) -> None:
    """RFC 6120 §8.1.1.2 and §8.1.2.2."""
    async with authenticated(capulet, trust) as raw:
        await raw.send(
            f"<message from='{sender}' to='{to}'><body>pay me</body></message>"
            f"<message from='x@{MALLORY}' to='{JULIET}'><body>and me</body></message>"
        )
        await raw.read_until(b"</stream:stream>")
        assert f"<{condition} ".encode() in raw.received
    await hears_nothing(juliet)


@pytest.mark.parametrize("sender", [CAPULET, f"pubsub.{CAPULET}"])
async def test_nobody_connects_as_a_domain_of_ours(
    capulet: Domain, trust: ssl.SSLContext, sender: str
) -> None:
    async with connected(capulet, trust, header(sender)) as raw:
        await raw.read_until(b"</stream:stream>")
        assert b"<invalid-from " in raw.received


async def test_a_certificate_is_no_proof_for_other_domains(
    capulet: Domain, trust: ssl.SSLContext
) -> None:
    async with connected(capulet, trust, header(MONTAGUE)) as raw:
        await raw.read_until(b"</stream:features>")
        assert b"EXTERNAL" not in raw.received
        await raw.send(EXTERNAL)
        await raw.read_until(b"</failure>")


async def test_a_forged_key_is_found_out_by_whom_it_claims_to_be_from(
    capulet: Domain, montague: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    async with connected(capulet, trust, header(MONTAGUE)) as raw:
        await raw.read_until(b"</stream:features>")
        await raw.send(f"<db:result from='{MONTAGUE}' to='{CAPULET}'>{KEY}</db:result>")
        await raw.read_until(b"</stream:stream>")
        assert b"type='invalid'" in raw.received
        await raw.send(f"<message from='romeo@{MONTAGUE}' to='{JULIET}'><body>pay</body></message>")
    await hears_nothing(juliet)


async def test_mallory_cannot_answer_for_montague(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    """XEP-0220 §3.1: an answer counts only where it was asked for."""
    for answer in (
        f"<db:verify from='{MONTAGUE}' to='{CAPULET}' id='1' type='valid'/>",
        f"<db:result from='{CAPULET}' to='{MONTAGUE}' type='valid'/>",
    ):
        async with authenticated(capulet, trust) as raw:
            await raw.send(answer)
            await raw.send(
                f"<message from='romeo@{MONTAGUE}' to='{JULIET}'><body>pay</body></message>"
            )
            await raw.read_until(b"</stream:stream>")
    await hears_nothing(juliet)


async def test_keys_of_domains_that_are_elsewhere_are_an_error(
    capulet: Domain, trust: ssl.SSLContext
) -> None:
    async with connected(capulet, trust) as raw:
        await raw.read_until(b"</stream:features>")
        await raw.send(f"<db:verify from='{MALLORY}' to='b.example' id='1'>{KEY}</db:verify>")
        await raw.read_until(b"</db:verify>")
        assert b"<item-not-found " in raw.received
        await raw.send(f"<db:verify from='{MALLORY}' to='{CAPULET}' id='1'>{KEY}</db:verify>")
        await raw.read_until(b"type='invalid'")


async def test_calls_back_are_not_made_without_end(
    names: Names, capulet: Domain, trust: ssl.SSLContext
) -> None:
    names.asked.clear()
    began = asyncio.get_running_loop().time()
    for each in range(4):
        async with connected(capulet, trust) as raw:
            await raw.read_until(b"</stream:features>")
            for number in range(16):
                domain = f"victim{each}x{number}.example"
                await raw.send(f"<db:result from='{domain}' to='{CAPULET}'>0</db:result>")
                await raw.read_until(f"to='{domain}'".encode())
    asked = {name for name, _ in names.asked if "victim" in name}
    seconds = asyncio.get_running_loop().time() - began
    most = 31 + seconds / 2  # in a minute; one may come again every two seconds
    assert 0 < len(asked) <= most * len(("_xmpps-server", "_xmpp-server", "the domain itself"))


async def test_half_finished_streams_are_few_and_must_go(
    capulet: Domain, trust: ssl.SSLContext, juliet: Client
) -> None:
    """RFC 6120 §13.12: they cost little, delay nobody, and make room for others in the end."""
    halves = ["", "<?xml version='1.0'?><stream:stream to='", header()]
    hello = b"\x16\x03\x01\x02\x00\x01"  # the beginning of a ClientHello
    async with AsyncExitStack() as stack:
        raws = []
        for number in range(STRANGERS + 10):
            direct = number < 10
            address = ("127.0.0.1", capulet.direct_port if direct else capulet.port)
            raws.append(await stack.enter_async_context(await Raw.open(address)))
            await raws[-1].send(hello[: number % 6] if direct else halves[number % 3])
        for raw in raws[STRANGERS:]:
            assert b"<resource-constraint " in await raw.read_to_end()
        await juliet.barrier()
        for number, raw in enumerate(raws[:STRANGERS]):
            said = await raw.read_to_end(60)
            assert said == b"" if number < 10 else b"<connection-timeout " in said
    async with authenticated(capulet, trust):
        pass


async def test_a_stanza_is_from_whom_it_is_from_whatever_else_it_says(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    """Attributes of other namespaces, and prefixes that mean what they should not."""
    body = "<body>spoof</body>"
    async with authenticated(capulet, trust) as raw:
        await raw.send(
            f"<message xmlns:x='urn:x' x:from='{JULIET}' from='x@{MALLORY}' to='{JULIET}'>{body}"
            "</message>"
            f"<db:message xmlns:db='jabber:server' from='x@{MALLORY}' to='{JULIET}'>"
            f"<db:body>spoof</db:body></db:message>"
        )
        for _ in range(2):
            heard = await juliet.expect(is_new_message)
            assert heard.get("from") == f"x@{MALLORY}"
            assert heard.findtext("{jabber:client}body") == "spoof"


async def test_a_stream_for_questions_carries_no_stanzas(
    names: Names,
    capulet: Domain,
    juliet: Client,
    trust: ssl.SSLContext,
    authority: Authority,
    tmp_path: Path,
) -> None:
    """What is for a server that is being called back goes by a stream on which that is proved."""
    name = "called.example"
    asked, got = asyncio.Event(), asyncio.Event()

    async def behave(raw: Raw) -> None:
        await greet(raw, name)
        await raw.read_until(b"</db:verify>", b"</db:result>")
        if b"</db:verify>" in raw.received:
            asked.set()
        else:
            await believe(raw)
            await raw.read_until(b"wherefore")
            got.set()
        await raw.read_to_end()

    async with Peer(name, authority, tmp_path, behave) as peer:
        names.service(name, peer.port, direct=True)
        async with connected(capulet, trust, header(name)) as raw:
            await raw.read_until(b"</stream:features>")
            await raw.send(f"<db:result from='{name}' to='{CAPULET}'>{KEY}</db:result>")
            async with asyncio.timeout(60):
                await asked.wait()
            await juliet.send(f"<message to='a@{name}'><body>wherefore</body></message>")
            async with asyncio.timeout(60):
                await got.wait()


LIES = {
    "makes conditions up": "type='error'><error><made-up xmlns='{stanzas}'/></error></db:verify>",
    "knows nothing": "type='error'><error><item-not-found xmlns='{stanzas}'/></error></db:verify>",
    "answers for another stream": "type='valid'/>",
    "says nothing": "",
    "says something else": "type='perhaps'/>",
}


@pytest.mark.parametrize("how", LIES)
async def test_whoever_is_called_back_cannot_confuse_us(
    names: Names,
    capulet: Domain,
    trust: ssl.SSLContext,
    authority: Authority,
    tmp_path: Path,
    how: str,
) -> None:
    """XEP-0220 §2.4.2: the one who waits for it is told that it went wrong."""
    liar = "liar.example"

    async def behave(raw: Raw) -> None:
        await greet(raw, liar)
        await raw.read_until(b"</db:verify>")
        (id_,) = re.findall(r"<db:verify [^>]* id='([^']*)'", raw.received.decode())
        id_ += "x" if how == "answers for another stream" else ""
        rest = LIES[how].replace("{stanzas}", "urn:ietf:params:xml:ns:xmpp-stanzas")
        await raw.send(rest and f"<db:verify from='{liar}' to='{CAPULET}' id='{id_}' {rest}")
        await raw.read_to_end()

    async with Peer(liar, authority, tmp_path, behave) as peer:
        domain = f"{peer.port}.{liar}"
        names.service(domain, peer.port, direct=True)
        async with connected(capulet, trust, header(domain)) as raw:
            await raw.read_until(b"</stream:features>")
            await raw.send(f"<db:result from='{domain}' to='{CAPULET}'>{KEY}</db:result>")
            await raw.read_until(b"</db:result>")
            assert b" type='error'" in raw.received
            assert b"<remote-server-" in raw.received


async def test_a_flood_from_one_server_delays_no_other(
    capulet: Domain, montague: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    flood = f"<message from='x@{MALLORY}' to='nobody@{CAPULET}'><body>x</body></message>" * 200
    async with authenticated(capulet, trust) as raw, montague.client("romeo") as romeo:

        async def pour() -> None:
            while True:
                await raw.send(flood)

        pouring = asyncio.create_task(pour())
        for number in range(3):
            await romeo.send(f"<message to='{JULIET}' id='f{number}'><body>light</body></message>")
            light = await juliet.expect(lambda each: (each.get("id") or "").startswith("f"), 60)
            assert light.get("id") == f"f{number}"
        pouring.cancel()


async def test_a_large_chunk_makes_nobody_faster(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    """Who writes to more than it may is read from no more, whatever came with that (XEP-0033)."""
    addresses = [f"<address type='bcc' jid='{number}@{CAPULET}'/>" for number in range(80)]
    namespace = "http://jabber.org/protocol/address"
    header = f"<addresses xmlns='{namespace}'>{''.join(addresses)}</addresses>"
    body = f"<body>{'x' * 1_000}</body>"
    chunk = f"<message from='x@{MALLORY}' to='nobody@{CAPULET}'>{body}</message>" * 2_000
    async with authenticated(capulet, trust) as raw:
        began = asyncio.get_running_loop().time()
        await raw.send(f"<message from='x@{MALLORY}' to='{CAPULET}'>{header}</message>{chunk}")
        await raw.send(
            f"<message from='x@{MALLORY}' to='{JULIET}' id='last'><body>!</body></message>"
        )
        await juliet.expect(lambda stanza: stanza.get("id") == "last", 60)
        assert asyncio.get_running_loop().time() - began > 80 / 50 - 1


async def test_too_much_before_any_proof_ends_the_stream(
    capulet: Domain, trust: ssl.SSLContext
) -> None:
    async with connected(capulet, trust) as raw:
        await raw.read_until(b"</stream:features>")
        await raw.send(b"<db:result " + b"a='" + b"x" * 100_000 + b"'/>")
        await raw.read_until(b"</stream:stream>")
        assert b"<policy-violation " in raw.received


async def test_a_stanza_that_is_too_large_ends_the_stream(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    async with authenticated(capulet, trust) as raw:
        body = "x" * 600_000
        await raw.send(f"<message from='x@{MALLORY}' to='{JULIET}'><body>{body}</body></message>")
        await raw.read_until(b"</stream:stream>")
        assert b"<policy-violation " in raw.received
    await hears_nothing(juliet)


async def test_a_server_on_a_block_list_is_kept_away(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    async with connected(capulet, trust, header("spam.example")) as raw:
        await raw.read_until(b"</stream:stream>")
        assert b"<policy-violation " in raw.received
    async with connected(capulet, trust) as raw:
        await raw.read_until(b"</stream:features>")
        await raw.send(f"<db:result from='spam.example' to='{CAPULET}'>0</db:result>")
        await raw.read_until(b"</db:result>")
        assert b"<not-acceptable " in raw.received
    await juliet.send("<message to='a@spam.example' id='s1'><body>?</body></message>")
    answer = await juliet.expect(lambda stanza: stanza.get("id") == "s1")
    assert error_of(answer) == "not-allowed"


async def test_a_header_may_leave_out_who_it_is_from(
    capulet: Domain, trust: ssl.SSLContext
) -> None:
    """RFC 6120 §4.7.1: nothing is proved then but by dialback."""
    async with connected(capulet, trust, header().replace(f" from='{MALLORY}'", "")) as raw:
        await raw.read_until(b"</stream:features>")
        assert b"EXTERNAL" not in raw.received
        await raw.send(f"<db:result from='{MALLORY}' to='{CAPULET}'>0</db:result>")
        await raw.read_until(b"type='valid'")  # by its certificate
