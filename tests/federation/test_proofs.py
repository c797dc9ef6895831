"""How servers prove who they are: certificates good and bad, dialback, and what is asked for."""

import asyncio
import json
import re
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.federation.conftest import Domain, StartDomain, error_of
from tests.support.certificates import Authority
from tests.support.client import Client

EASY = "easy.example"  # takes certificates and dialback
STRICT = "strict.example"  # takes certificates only
GOOD = "good.example"
STRANGE = "strange.example"  # from an authority that nobody knows
EXPIRED = "expired.example"
ELSEWHERE = "elsewhere.example"  # has the certificate of another domain
BAD = (STRANGE, EXPIRED, ELSEWHERE)


def issue(
    authority: Authority, name: str, directory: Path, until: datetime | None = None
) -> dict[str, str]:
    directory.mkdir()
    issued = authority.issue([name], directory, until=until)
    return {"certificate": str(issued.certificate), "key": str(issued.key)}


@pytest.fixture(scope="module")
def many(
    start_domain: StartDomain, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Domain:
    """Start one server with hosts whose certificates have different faults."""
    directory = tmp_path_factory.mktemp("certificates")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    hosts = {
        GOOD: issue(authority, GOOD, directory / "good"),
        STRANGE: issue(Authority(), STRANGE, directory / "strange"),
        EXPIRED: issue(authority, EXPIRED, directory / "expired", yesterday),
        ELSEWHERE: issue(authority, "nowhere.example", directory / "elsewhere"),
    }
    return start_domain(GOOD, "romeo", others=hosts, federation={"hold_time": 0})


@pytest.fixture(scope="module")
def easy(start_domain: StartDomain) -> Domain:
    return start_domain(EASY, "juliet", federation={"hold_time": 0})


@pytest.fixture(scope="module")
def strict(start_domain: StartDomain) -> Domain:
    return start_domain(
        STRICT, "juliet", federation={"authentication": "certificate", "hold_time": 0}
    )


@asynccontextmanager
async def both(one: Domain, other: Domain, host: str) -> AsyncIterator[tuple[Client, Client]]:
    async with one.client("juliet") as juliet, other.client("romeo", host=host) as romeo:
        for each in (juliet, romeo):
            await each.send("<presence/>")
        yield juliet, romeo


async def send(sender: Client, to: Client) -> None:
    await sender.send(f"<message to='{to.jid}' id='m'><body>Good night</body></message>")


def methods(domain: Domain, pair: str) -> set[str]:
    """Give the methods by which the server let somebody connect."""
    return {
        entry["method"]
        for entry in domain.server.log()
        if entry.get("event") == "server connected" and entry["pair"] == pair
    }


@pytest.mark.parametrize("host", [GOOD, *BAD])
async def test_a_server_that_allows_dialback_speaks_to_all(
    easy: Domain, many: Domain, host: str
) -> None:
    async with both(easy, many, host) as (juliet, romeo):
        await send(romeo, juliet)
        message = await juliet.expect(lambda stanza: stanza.get("id") == "m")
        assert message.get("from") == romeo.jid
        await send(juliet, romeo)
        message = await romeo.expect(lambda stanza: stanza.get("id") == "m")
        assert message.get("from") == juliet.jid
    expected = "certificate" if host == GOOD else "dialback"
    assert methods(easy, f"{host} → {EASY}") == {expected}


async def test_a_server_that_wants_certificates_takes_good_ones(
    strict: Domain, many: Domain
) -> None:
    async with both(strict, many, GOOD) as (juliet, romeo):
        await send(romeo, juliet)
        await juliet.expect(lambda stanza: stanza.get("id") == "m")
        await send(juliet, romeo)
        await romeo.expect(lambda stanza: stanza.get("id") == "m")


@pytest.mark.parametrize("host", BAD)
async def test_a_server_that_wants_certificates_takes_no_bad_ones(
    strict: Domain, many: Domain, host: str
) -> None:
    async with both(strict, many, host) as (juliet, romeo):
        await send(juliet, romeo)
        answer = await juliet.expect(lambda stanza: stanza.get("id") == "m")
        assert error_of(answer) == "remote-server-timeout"
        await send(romeo, juliet)
        answer = await romeo.expect(lambda stanza: stanza.get("id") == "m", 60)
        assert error_of(answer) == "remote-server-timeout"
    assert methods(strict, f"{host} → {STRICT}") == set()


async def test_a_service_that_the_certificate_of_its_host_does_not_name_has_to_call_back(
    start_domain: StartDomain, strict: Domain, many: Domain
) -> None:
    service = f"conference.{GOOD}"
    info = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
    # With bidi the answer comes on the stream that was made for the question.
    single = {"hold_time": 0, "bidi": False}
    easy = start_domain("single.example", "juliet", federation=single)
    async with easy.client("juliet") as juliet:
        assert (await juliet.iq("get", info, to=service)).get("type") == "result"
    assert methods(easy, f"{service} → {easy.name}") == {"dialback"}
    async with strict.client("juliet") as juliet:
        refused = await juliet.iq("get", info, to=service)
        assert error_of(refused) == "remote-server-timeout"
    failures = strict.server.command("federation", "failures", "--domain", service).stdout
    assert f"its certificate is not accepted: it is not for {service}" in failures


async def test_a_service_may_have_a_certificate_of_its_own(
    start_domain: StartDomain,
    easy: Domain,
    strict: Domain,
    authority: Authority,
    tmp_path: Path,
) -> None:
    name, service = "apart.example", "conference.apart.example"
    own = issue(authority, service, tmp_path / "service")
    # Without bidi it has to show it on the streams that it opens too.
    start_domain(name, certificates={service: own}, federation={"bidi": False})
    info = "<query xmlns='http://jabber.org/protocol/disco#info'/>"
    for other in (easy, strict):
        async with other.client("juliet") as juliet:
            assert (await juliet.iq("get", info, to=service)).get("type") == "result"
    streams = strict.server.command("federation", "list", "--domain", service, "--json").stdout
    assert {each["method"] for each in json.loads(streams)} == {"certificate"}


async def test_administrators_see_streams_and_what_failed(
    easy: Domain, strict: Domain, many: Domain
) -> None:
    async with both(easy, many, EXPIRED) as (juliet, romeo):
        await send(romeo, juliet)
        await juliet.expect(lambda stanza: stanza.get("id") == "m")
    streams = easy.server.command("federation", "list", "--domain", EXPIRED, "--json").stdout
    (stream,) = [each for each in json.loads(streams) if each["direction"] == "in"]
    assert (stream["from"], stream["to"], stream["method"]) == (EXPIRED, EASY, "dialback")
    async with both(strict, many, EXPIRED) as (juliet, romeo):
        await send(juliet, romeo)
        await juliet.expect(lambda stanza: stanza.get("id") == "m")
    failures = strict.server.command("federation", "failures", "--json").stdout
    assert "its certificate is not accepted: it expired on" in failures


async def test_metrics_count_streams(easy: Domain, many: Domain) -> None:
    async with both(easy, many, GOOD) as (juliet, romeo):
        await send(romeo, juliet)
        await juliet.expect(lambda stanza: stanza.get("id") == "m")
    url = f"http://127.0.0.1:{easy.server.ports.metrics}/metrics"
    with await asyncio.to_thread(urllib.request.urlopen, url, timeout=10) as answer:
        text = answer.read().decode()
    (streams,) = re.findall(r'palaver_server_streams\{direction="in"\} (\S+)', text)
    assert float(streams) >= 1
    assert "palaver_server_stanzas_waiting 0.0" in text
