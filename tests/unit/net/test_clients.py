"""All connections together: counting, look-ups for logins, the end."""

import asyncio
from pathlib import Path

import pytest
from tests.attacks.raw import Raw
from tests.support.certificates import Authority
from tests.support.client import AuthenticationError, StreamEndedError
from tests.unit.net.serving import HOST, OTHER, Serving, serving

from palaver.jid import parse_bare
from palaver.kernel.storage import Credential, StorageUnavailable
from palaver.net.clients import network
from palaver.net.lookups import _choose
from palaver.sasl import Hash

HEADER = (
    f"<stream:stream to='{HOST}' version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>"
)


# -- counting --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_an_ipv6_network_counts_as_one_address(address: str, counted: str) -> None:
    assert network(address) == counted


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8:0:0:ffff::1"),
        ("::1", "0:0:0:0:0:0:0:2"),
        ("2001:db8:0:1::", "2001:db8:0:1:1:1:1:1"),
    ],
)
def test_short_forms_of_ipv6_addresses_count_as_their_network(one: str, other: str) -> None:
    assert network(one) == network(other)


def test_networks_that_differ_only_behind_a_short_form_count_apart() -> None:
    assert network("2001:db8::1:0:0:0:1") != network("2001:db8:0:2::1")


async def test_who_logged_in_is_no_stranger(net: Serving) -> None:
    juliet = await net.client(f"juliet@{HOST}/a").connect()
    assert net.clients._strangers == {}
    async with await Raw.open(net.address("starttls")):
        await net.until(lambda: net.clients._strangers == {"127.0.0.1": 1})
    await net.until(lambda: net.clients._strangers == {})
    await juliet.abort()
    await net.until(lambda: not net.clients.connections)
    assert net.clients._strangers == {}


async def test_logins_and_traffic_are_counted(net: Serving) -> None:
    clients = net.clients
    juliet = await net.client(f"juliet@{HOST}/a").connect()
    wrong = net.client(f"romeo@{HOST}")
    wrong.password = "wrong"
    await wrong.open()
    with pytest.raises(AuthenticationError, match="not-authorized"):
        await wrong.authenticate()
    assert clients.logins == {("PLAIN", "success"): 1, ("PLAIN", "not-authorized"): 1}
    before = clients.traffic.stanzas_in, clients.traffic.bytes_in, clients.traffic.bytes_out
    await juliet.send("<message type='error'/>" * 3)
    await juliet.barrier()
    assert clients.traffic.stanzas_in - before[0] >= 3 + 1  # and those of the barrier
    assert clients.traffic.bytes_in > before[1]
    assert clients.traffic.bytes_out > before[2]


# -- look-ups --------------------------------------------------------------------------------------


def credential(hash_: Hash, iterations: int = 4096) -> Credential:
    return Credential(f"SCRAM-{hash_}", b"salt", iterations, b"stored", b"server")


def test_the_keys_of_the_hash_asked_for_are_chosen_or_the_strongest() -> None:
    stored = [credential(Hash.SHA_1), credential(Hash.SHA_256)]
    for asked, expected in (
        (Hash.SHA_1, Hash.SHA_1),
        (Hash.SHA_256, Hash.SHA_256),
        (Hash.SHA_512, None),
        (None, Hash.SHA_256),
    ):
        chosen = _choose(stored, asked)
        assert (chosen.hash if chosen else None) == expected
    assert _choose([], None) is None


class Outage:
    """Takes the place of the account store's look-up while storage does not answer."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def __call__(self, host: str, name: str) -> None:
        raise self.error


@pytest.mark.parametrize("error", [StorageUnavailable("disk"), ValueError("a mistake")])
async def test_a_login_that_cannot_be_checked_fails_for_now(
    net: Serving, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    client = await net.client(f"juliet@{HOST}/a").open()
    with monkeypatch.context() as patch:
        patch.setattr(net.server.store, "find_with_keys", Outage(error))
        with pytest.raises(AuthenticationError, match="temporary-auth-failure"):
            await client.authenticate()
    await client.authenticate()
    await client.bind()


async def test_a_disabled_account_does_not_log_in(net: Serving) -> None:
    record = await net.server.store.find(HOST, "juliet")
    assert record is not None
    await net.server.store.set_disabled(record.id, "gone")
    client = await net.client(f"juliet@{HOST}/a").open()
    with pytest.raises(AuthenticationError, match="account-disabled"):
        await client.authenticate()


async def test_hosts_have_accounts_of_their_own(net: Serving) -> None:
    client = await net.client(f"juliet@{OTHER}/a").open()
    with pytest.raises(AuthenticationError, match="not-authorized"):
        await client.authenticate()


async def test_a_client_that_goes_during_its_look_up_leaves_nothing(net: Serving) -> None:
    for _ in range(10):
        client = await net.client(f"juliet@{HOST}/a").open()
        await client._auth("PLAIN", b"\0juliet\0wherefore")
        await client.abort()
    await net.until(lambda: not net.clients.connections)
    assert net.server.sessions() == []
    assert net.clients._strangers == {}


async def test_a_client_that_goes_while_it_binds_leaves_nothing(net: Serving) -> None:
    bind = "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"
    for _ in range(10):
        net.server.accounts.forget(parse_bare(f"juliet@{HOST}"))  # binding has to wait for it
        client = await net.client(f"juliet@{HOST}/a").open()
        await client.authenticate()
        await client.send(bind)
        await client.abort()
    await net.until(lambda: not net.clients.connections)
    await net.until(lambda: not net.server.sessions())


# -- the end ---------------------------------------------------------------------------------------


async def test_closing_ends_every_stream_with_system_shutdown(
    tmp_path: Path, authority: Authority
) -> None:
    async with serving(tmp_path, authority) as net:
        await net.account("juliet")
        juliet = await net.client(f"juliet@{HOST}/a").connect()
        async with await Raw.open(net.address("starttls")) as raw:
            await raw.send(HEADER)
            await raw.read_until(b"</stream:features>")
            closing = asyncio.create_task(net.clients.close())
            assert b"<system-shutdown " in await raw.read_to_end()
        error = await juliet.receive()
        assert "system-shutdown" in error[0].tag
        with pytest.raises(StreamEndedError):
            await juliet.receive()
        await juliet.abort()
        await closing
        assert net.clients.connections == set()
        assert net.server.sessions() == []
