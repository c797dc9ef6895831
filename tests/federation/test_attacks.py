"""What an attacker who can connect as a server does, and that it gets nowhere."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.attacks.raw import Raw
from tests.federation.conftest import CAPULET, MONTAGUE, Domain, StartDomain, error_of
from tests.support.certificates import Authority
from tests.support.client import Client, NothingArrivedError
from tests.support.names import Names

MALLORY = "mallory.example"
JULIET = f"juliet@{CAPULET}"
SASL = "urn:ietf:params:xml:ns:xmpp-sasl"
EXTERNAL = f"<auth xmlns='{SASL}' mechanism='EXTERNAL'>=</auth>"
KEY = "b4835385f37fe2895af6c196b59097b16862406db80559900d96bf6fa7d23df3"


def header(sender: str = MALLORY, to: str = CAPULET) -> str:
    return (
        f"<?xml version='1.0'?><stream:stream from='{sender}' to='{to}' version='1.0'"
        " xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'"
        " xmlns:db='jabber:server:dialback'>"
    )


@pytest.fixture(scope="module")
def capulet(start_domain: StartDomain) -> Domain:
    return start_domain(
        CAPULET,
        "juliet",
        federation={"connect_timeout": 2.0},
        limits={"login_timeout": 3.0},
        extensions={"blocklists": {"block": ["spam.example"]}},
    )


@pytest.fixture(scope="module")
def montague(start_domain: StartDomain) -> Domain:
    return start_domain(MONTAGUE, "romeo")


@pytest.fixture(scope="module")
def trust(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """Give what mallory has: a good certificate for a domain of its own."""
    issued = authority.issue([MALLORY], tmp_path_factory.mktemp("mallory"))
    issued.trust.load_cert_chain(issued.certificate, issued.key)
    return issued.trust


@pytest.fixture
async def juliet(capulet: Domain) -> AsyncIterator[Client]:
    async with capulet.client("juliet") as client:
        await client.send("<presence/>")
        yield client


@asynccontextmanager
async def connected(
    capulet: Domain, trust: ssl.SSLContext, opening: str = ""
) -> AsyncIterator[Raw]:
    """Connect with direct TLS, and say something first."""
    address = ("127.0.0.1", capulet.direct_port)
    async with await Raw.open(address, trust, CAPULET) as raw:
        await raw.send(opening or header())
        yield raw


@asynccontextmanager
async def authenticated(capulet: Domain, trust: ssl.SSLContext) -> AsyncIterator[Raw]:
    """Connect as mallory, who may send stanzas of its own domain."""
    async with connected(capulet, trust) as raw:
        await raw.read_until(b"</stream:features>")
        assert b"EXTERNAL" in raw.received
        await raw.send(EXTERNAL)
        await raw.read_until(b"<success")
        raw.received = b""
        await raw.send(header())
        await raw.read_until(b"</stream:features>")
        raw.received = b""
        yield raw


async def hears_nothing(client: Client) -> None:
    await client.barrier()
    with pytest.raises(NothingArrivedError):
        await client.expect(lambda stanza: stanza.tag == "{jabber:client}message", 0.2)


async def test_mallory_may_speak_for_itself(
    capulet: Domain, juliet: Client, trust: ssl.SSLContext
) -> None:
    async with authenticated(capulet, trust) as raw:
        await raw.send(f"<message from='x@{MALLORY}' to='{JULIET}'><body>hello</body></message>")
        heard = await juliet.expect(lambda stanza: stanza.tag == "{jabber:client}message")
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
            heard = await juliet.expect(lambda stanza: stanza.tag == "{jabber:client}message")
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
    for each in range(4):
        async with connected(capulet, trust) as raw:
            await raw.read_until(b"</stream:features>")
            for number in range(16):
                domain = f"victim{each}x{number}.example"
                await raw.send(f"<db:result from='{domain}' to='{CAPULET}'>0</db:result>")
                await raw.read_until(f"to='{domain}'".encode())
    asked = {name for name, _ in names.asked if "victim" in name}
    assert 0 < len(asked) <= 30 * len(("_xmpps-server", "_xmpp-server", "the domain itself"))


async def test_who_does_not_say_who_it_is_must_go(capulet: Domain, trust: ssl.SSLContext) -> None:
    async with connected(capulet, trust) as raw:
        await raw.read_until(b"</stream:stream>")
        assert b"<connection-timeout " in raw.received


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
