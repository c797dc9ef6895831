"""slixmpp logs in: STARTTLS and direct TLS, SCRAM with and without channel binding."""

import ssl

import pytest
from tests.interop.conftest import PASSWORD, Arrive, Fresh
from tests.interop.person import Person
from tests.support.certificates import Authority
from tests.support.server import Server


@pytest.mark.parametrize("direct_tls", [False, True], ids=["STARTTLS", "direct TLS"])
async def test_it_logs_in_with_scram(fresh: Fresh, arrive: Arrive, direct_tls: bool) -> None:
    jid = fresh("romeo")
    romeo = await arrive(f"{jid}/orchard", direct_tls=direct_tls)
    assert romeo.mechanism == "SCRAM-SHA-512"
    assert str(romeo.xmpp.boundjid) == f"{jid}/orchard"


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512", "PLAIN"])
async def test_it_logs_in_with_each_mechanism(fresh: Fresh, arrive: Arrive, mechanism: str) -> None:
    jid = fresh("romeo")
    romeo = await arrive(jid, mechanism=mechanism)
    assert romeo.mechanism == mechanism
    assert romeo.xmpp.boundjid.bare == jid
    assert romeo.xmpp.boundjid.resource


@pytest.mark.parametrize("direct_tls", [False, True], ids=["STARTTLS", "direct TLS"])
async def test_it_binds_the_channel_where_python_lets_it(
    fresh: Fresh, arrive: Arrive, authority: Authority, direct_tls: bool
) -> None:
    jid = fresh("romeo")
    trust = authority.trust()
    # slixmpp binds by tls-unique alone, which TLS 1.3 has not (RFC 9266 §4.2).
    trust.maximum_version = ssl.TLSVersion.TLSv1_2
    romeo = await arrive(jid, trust=trust, direct_tls=direct_tls)
    assert romeo.mechanism == "SCRAM-SHA-512-PLUS"


async def test_it_is_told_that_the_password_is_wrong(
    shared_server: Server, authority: Authority, fresh: Fresh
) -> None:
    jid = fresh("romeo")
    romeo = Person(
        shared_server, jid, f"{PASSWORD}?", trust=authority.trust(), mechanism="SCRAM-SHA-256"
    )
    romeo.connect()
    assert (await romeo.came("failed_auth"))["condition"] == "not-authorized"
    await romeo.came("disconnected")


async def test_it_learns_the_limits_of_the_stream(fresh: Fresh, arrive: Arrive) -> None:
    jid = fresh("romeo")
    romeo = await arrive(jid)
    assert romeo.xmpp.limits.max_bytes > 10_000
