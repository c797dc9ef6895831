"""Logging in with SASL2 on real connections: XEP-0388, XEP-0386, and XEP-0198 §6."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar
from xml.etree.ElementTree import Element

import pytest
from tests.attacks.raw import stream_error
from tests.support.client import AuthenticationError, Client
from tests.support.managed import Managed
from tests.support.sasl2 import (
    BIND,
    NS,
    OTHER_AGENT,
    SM,
    log_in,
    names,
    request,
    succeed,
    user_agent,
)
from tests.support.scram import plain
from tests.unit.net.serving import HOST, PASSWORD, Serving
from tests.unit.net.test_stream_management import condition

from palaver.ext.accounts import Accounts
from palaver.kernel import hooks
from palaver.kernel.extension import Extension, ExtensionConfig, on
from palaver.kernel.server import Server
from palaver.kernel.session import Session
from palaver.kernel.storage import LogEntry
from palaver.wire.element import Element as Payload

JULIET = f"juliet@{HOST}"
ROMEO = f"romeo@{HOST}"
CARBONS = "urn:xmpp:carbons:2"
CSI = "urn:xmpp:csi:0"
MAM = "urn:xmpp:mam:2"


def bind(inner: str = "", tag: str = "AwesomeXMPP") -> str:
    return f"<bind xmlns='{BIND}'><tag>{tag}</tag>{inner}</bind>"


def enable(attributes: str = "resume='true'") -> str:
    return f"<enable xmlns='{SM}' {attributes}/>"


def message(to: str, text: str) -> str:
    return f"<message to='{to}' type='chat'><body>{text}</body></message>"


async def opened(net: Serving, jid: str = JULIET) -> Client:
    return await net.client(jid).open()


async def bound(net: Serving, inner: str = "", agent: str = user_agent()) -> Client:
    client = await opened(net)
    await log_in(client, agent + bind(inner))
    return client


async def managed(net: Serving) -> Managed:
    client = await opened(net)
    success = await log_in(client, user_agent() + bind(enable()))
    found = Managed(client)
    enabled = success.find(f"{{{BIND}}}bound/{{{SM}}}enabled")
    assert enabled is not None
    found.token = enabled.get("id", "")
    return found


def sessions(net: Serving) -> list[str]:
    return sorted(str(session.jid) for session in net.server.sessions())


def identifier(success: Element) -> str:
    return success.findtext(f"{{{NS}}}authorization-identifier") or ""


# -- the profile -----------------------------------------------------------------------------------


async def test_what_is_offered(net: Serving) -> None:
    client = await opened(net)
    assert client.features is not None
    offer = client.features.find(f"{{{NS}}}authentication")
    assert offer is not None
    assert [each.text for each in offer.findall(f"{{{NS}}}mechanism")] == client.mechanisms
    inline = offer.find(f"{{{NS}}}inline")
    assert inline is not None
    assert {"bind", "sm"} <= set(names(inline))
    found = inline.findall(f"{{{BIND}}}bind/{{{BIND}}}inline/{{{BIND}}}feature")
    assert [each.get("var") for each in found] == [CARBONS, CSI, SM]


async def test_it_is_not_offered_before_tls(net: Serving) -> None:
    client = net.client(JULIET, direct=False)
    client.security = "plain"
    await client.open()
    assert client.features is not None
    assert client.features.find(f"{{{NS}}}authentication") is None
    await client.send(request("PLAIN", plain("juliet", PASSWORD), ""))
    answer = await client.receive()
    assert (answer.tag, names(answer)[0]) == (f"{{{NS}}}failure", "encryption-required")


async def test_a_login_without_more_goes_on_without_a_restart(net: Serving) -> None:
    client = await opened(net)
    success = await log_in(client)
    assert (names(success), identifier(success)) == (["authorization-identifier"], JULIET)
    assert client.features is not None
    assert {"bind", "session", "sm"} <= set(names(client.features))
    assert (await client.bind()).startswith(f"{JULIET}/")
    await client.barrier()


@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-256", "SCRAM-SHA-512-PLUS"])
async def test_scram_proves_both_sides(net: Serving, mechanism: str) -> None:
    client = await opened(net)
    success = await log_in(client, user_agent(), mechanism=mechanism)
    assert names(success) == ["additional-data", "authorization-identifier"]
    await client.bind()


async def test_a_failure_changes_nothing(net: Serving) -> None:
    client = await opened(net)
    client.password = "wrong"
    with pytest.raises(AuthenticationError, match="not-authorized"):
        await log_in(client, user_agent() + bind())
    assert sessions(net) == []
    client.password = PASSWORD
    await log_in(client, user_agent() + bind())
    assert len(sessions(net)) == 1


async def test_the_old_profile_works_after_a_failure_in_the_new_one(net: Serving) -> None:
    client = await opened(net)
    client.password = "wrong"
    with pytest.raises(AuthenticationError):
        await log_in(client)
    client.password = PASSWORD
    await client.authenticate()
    await client.bind()


async def test_large_stanzas_may_come_after_the_login(net: Serving) -> None:
    """The limit before a login is small, and no restart of the stream raises it."""
    client = await bound(net)
    await client.send(message(JULIET, "x" * 100_000))
    await client.barrier()


async def test_a_stream_from_somebody_else_is_not_logged_in(net: Serving) -> None:
    client = net.client(JULIET)
    client.sender = ROMEO
    await client.open()
    with pytest.raises(AuthenticationError, match="invalid-authzid"):
        await log_in(client)


async def test_a_stream_from_oneself_is_logged_in(net: Serving) -> None:
    client = net.client(JULIET)
    client.sender = JULIET
    await client.open()
    await log_in(client, bind())


# -- binding ---------------------------------------------------------------------------------------


async def test_a_resource_is_the_tag_and_a_name_of_ours(net: Serving) -> None:
    client = await bound(net)
    assert client.jid.startswith(f"{JULIET}/AwesomeXMPP/")
    assert len(client.jid.rpartition("/")[2]) == 20
    assert client.features is not None
    assert "bind" not in names(client.features)


async def test_a_device_gets_the_same_resource_each_time_and_others_another(net: Serving) -> None:
    first = await bound(net)
    await first.close()
    again = await bound(net)
    other = await bound(net, agent=user_agent(OTHER_AGENT))
    nobody = await bound(net, agent="")
    assert again.jid == first.jid
    assert len({first.jid, other.jid, nobody.jid}) == 3
    assert sessions(net) == sorted([first.jid, other.jid, nobody.jid])


async def test_the_resource_does_not_show_the_id_of_the_device(net: Serving) -> None:
    assert "d4565fa7" not in (await bound(net)).jid


@pytest.mark.parametrize("tag", ["AwesomeXMPP", "Another"])
async def test_a_device_that_logs_in_again_ends_its_older_session(net: Serving, tag: str) -> None:
    older = await bound(net)
    newer = await opened(net)
    await log_in(newer, user_agent() + bind(tag=tag))
    assert await condition(older) == "conflict"
    await newer.barrier()
    assert sessions(net) == [newer.jid]


async def test_a_tag_that_cannot_be_in_an_address_is_left_out(net: Serving) -> None:
    client = await opened(net)
    await log_in(client, user_agent() + bind(tag="x" * 2000))
    assert len(client.jid) < 100


class Slow(Extension):
    """Takes its time until it is told to go on."""

    name: ClassVar = "slow"

    def __init__(self, server: Server) -> None:
        super().__init__(server, lambda _host: ExtensionConfig())
        self.go_on = asyncio.Event()

    @on(hooks.session_bound)
    def greet(self, session: Session) -> None:
        """Have something written to the session, sooner than one should."""
        session.write(f"<message from='{ROMEO}' to='{session.jid}'/>".encode())

    @on(hooks.bind_requested, after=("carbons",))
    async def begin(self, _session: Session, _request: Payload) -> None:
        """Wait."""
        await self.go_on.wait()


@pytest.fixture
def slow(net: Serving) -> Slow:
    found = Slow(net.server)
    net.server.use([*net.server.extensions.values(), found])
    return found


async def test_nothing_reaches_a_client_before_it_knows_of_its_session(
    net: Serving, slow: Slow
) -> None:
    client = await opened(net)
    await client.send(request("PLAIN", plain("juliet", PASSWORD), user_agent() + bind(enable())))
    await net.until(lambda: net.server.sessions())
    other = await net.client(f"{JULIET}/other").connect()
    await other.send(message(sessions(net)[0], "early"))
    await other.barrier()
    slow.go_on.set()
    await succeed(client)
    juliet = Managed(client)
    assert (await juliet.next()).find("body") is None
    assert await juliet.read(1) == ["early"]
    await juliet.acknowledge()
    await juliet.ask()


async def test_a_device_that_comes_twice_at_once_has_one_session(net: Serving, slow: Slow) -> None:
    first, second = await opened(net), await opened(net)
    wish = request("PLAIN", plain("juliet", PASSWORD), user_agent() + bind())
    await first.send(wish)
    await net.until(lambda: net.server.sessions())
    await second.send(wish)
    assert await condition(first) == "conflict"
    slow.go_on.set()
    await succeed(second)
    await second.drain()
    assert sessions(net) == [second.jid]


async def test_who_goes_away_meanwhile_leaves_no_session(net: Serving, slow: Slow) -> None:
    client = await opened(net)
    await client.send(request("PLAIN", plain("juliet", PASSWORD), user_agent() + bind()))
    await net.until(lambda: net.server.sessions())
    await client.abort()
    slow.go_on.set()
    await net.until(lambda: not net.server.sessions())


async def test_a_new_password_ends_a_login_that_goes_on(net: Serving, slow: Slow) -> None:
    client = await opened(net)
    await client.send(request("PLAIN", plain("juliet", PASSWORD), user_agent() + bind()))
    await net.until(lambda: net.server.sessions())
    accounts = net.server.extension(Accounts)
    _, record = await accounts.record(JULIET)
    await accounts.change_password(record, "another")
    slow.go_on.set()
    with pytest.raises(AuthenticationError, match="not-authorized"):
        await succeed(client)
    assert sessions(net) == []


async def test_carbons_are_on_from_the_beginning(net: Serving) -> None:
    client = await bound(net, f"<enable xmlns='{CARBONS}'/>")
    other = net.client(f"{JULIET}/other")
    await other.connect()
    await other.send(message(f"{ROMEO}", "ciao"))
    copy = await client.receive()
    assert copy.find(f"{{{CARBONS}}}sent") is not None


async def test_a_client_may_begin_inactive(net: Serving) -> None:
    client = await bound(net, f"<inactive xmlns='{CSI}'/>")
    (session,) = net.server.sessions()
    assert session.gate is not None
    await client.send(f"<active xmlns='{CSI}'/>")
    await client.barrier()
    assert session.gate is None


async def test_a_client_learns_where_its_archive_ends(net: Serving) -> None:
    romeo = await net.client(f"{ROMEO}/orchard").connect()
    for text in ("one", "two"):
        await romeo.send(message(JULIET, text))
    await romeo.barrier()
    client = await opened(net)
    success = await log_in(client, user_agent() + bind())
    found = success.find(f"{{{BIND}}}bound/{{{MAM}}}metadata")
    assert found is not None
    start, end = found
    assert start.get("id") != end.get("id")
    answer = await client.iq("get", f"<metadata xmlns='{MAM}'/>")
    assert [each.attrib for each in answer[0]] == [each.attrib for each in found]


async def test_messages_that_are_archived_do_not_come_again_as_offline_messages(
    net: Serving,
) -> None:
    romeo = await net.client(f"{ROMEO}/orchard").connect()
    await romeo.send(message(JULIET, "one"))
    await romeo.barrier()
    client = await bound(net)
    await client.send("<presence/>")
    arrived = await client.drain()
    assert [each for each in arrived if each.tag == "{jabber:client}message"] == []
    await client.close()
    old = await net.client(f"{JULIET}/old").connect()
    await old.send("<presence/>")
    assert [each for each in await old.drain() if each.tag == "{jabber:client}message"] == []


# -- stream management -----------------------------------------------------------------------------


async def test_a_stream_is_managed_from_the_beginning(net: Serving) -> None:
    client = await opened(net)
    success = await log_in(client, user_agent() + bind(enable()))
    enabled = success.find(f"{{{BIND}}}bound/{{{SM}}}enabled")
    assert enabled is not None
    assert enabled.get("resume") == "true"
    assert client.features is not None
    assert "sm" not in names(client.features)
    juliet = Managed(client)
    assert await juliet.ask() == 0
    await client.send("<presence/>")
    assert await juliet.ask() == 1


async def test_nonsense_in_enable_fails_and_the_session_goes_on(net: Serving) -> None:
    client = await opened(net)
    success = await log_in(client, user_agent() + bind(enable("max='soon'")))
    failed = success.find(f"{{{BIND}}}bound/{{{SM}}}failed")
    assert failed is not None
    assert names(failed) == ["bad-request"]
    await client.barrier()


async def test_what_arrives_as_the_messages_before_are_let_go_of_is_handed_over(
    net: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    romeo = await net.client(f"{ROMEO}/orchard").connect()
    await romeo.send(message(JULIET, "before"))
    await romeo.barrier()
    log = net.server.log

    async def pending(account: int, *, after_id: int = 0, limit: int = 1) -> Sequence[LogEntry]:
        found = await type(log).pending(log, account, after_id=after_id, limit=limit)
        await romeo.send(message(JULIET, "meanwhile"))
        await romeo.barrier()
        return found

    client = await opened(net)
    with monkeypatch.context() as patch:
        patch.setattr(log, "pending", pending)
        await log_in(client, user_agent() + bind())
    await client.send("<presence/>")
    assert (await client.expect(lambda each: each.tag.endswith("}message")))[0].text == "meanwhile"


async def test_a_session_is_resumed_along_with_the_login(net: Serving) -> None:
    juliet = await managed(net)
    before = juliet.client.jid
    await juliet.client.send("<presence/>")
    await juliet.next()
    await juliet.client.abort()
    romeo = await net.client(f"{ROMEO}/orchard").connect()
    await romeo.send(message(JULIET, "meanwhile"))
    await romeo.barrier()
    client = await opened(net)
    resume = f"<resume xmlns='{SM}' h='{juliet.handled}' previd='{juliet.token}'/>"
    success = await log_in(client, user_agent() + resume + bind(enable()))
    assert names(success) == ["authorization-identifier", "resumed"]
    assert identifier(success) == before
    resumed = success.find(f"{{{SM}}}resumed")
    assert resumed is not None
    assert (resumed.get("previd"), resumed.get("h")) == (juliet.token, "1")
    juliet.client = client
    assert await juliet.read(1) == ["meanwhile"]
    assert sessions(net) == sorted([before, romeo.jid])


async def test_a_session_that_is_no_more_is_followed_by_a_new_one(net: Serving) -> None:
    client = await opened(net)
    resume = f"<resume xmlns='{SM}' h='0' previd='gone'/>"
    success = await log_in(client, user_agent() + resume + bind(enable()))
    failed = success.find(f"{{{SM}}}failed")
    assert failed is not None
    assert names(failed) == ["item-not-found"]
    assert success.find(f"{{{BIND}}}bound/{{{SM}}}enabled") is not None
    await Managed(client).ask()


async def test_a_failed_resumption_without_bind_leaves_a_resource_to_be_bound(
    net: Serving,
) -> None:
    client = await opened(net)
    success = await log_in(client, f"<resume xmlns='{SM}' h='0' previd='gone'/>")
    assert names(success) == ["authorization-identifier", "failed"]
    await client.bind()


async def test_a_device_that_binds_anew_gives_up_the_session_it_could_resume(
    net: Serving,
) -> None:
    juliet = await managed(net)
    await juliet.client.abort()
    await net.until(lambda: all(s.outbox.detached for s in net.server.sessions() if s.outbox))
    newer = await managed(net)
    assert sessions(net) == [newer.client.jid]


async def test_a_session_from_an_old_login_is_the_devices_that_resumes_it(net: Serving) -> None:
    old = Managed(await net.client(f"{JULIET}/old").connect())
    await old.enable()
    await old.client.abort()
    again = await opened(net)
    resume = f"<resume xmlns='{SM}' h='0' previd='{old.token}'/>"
    await log_in(again, user_agent() + resume)
    newer = await bound(net)
    assert await condition(again) == "conflict"
    assert sessions(net) == [newer.jid]


async def test_who_acknowledges_too_much_is_told_so_and_ends_only_itself(net: Serving) -> None:
    juliet = await managed(net)
    client = await opened(net)
    await client.send(
        request(
            "PLAIN",
            plain("juliet", PASSWORD),
            f"<resume xmlns='{SM}' h='99' previd='{juliet.token}'/>",
        )
    )
    assert stream_error(await client.receive()) is not None
    await juliet.client.barrier()
