"""Stream management on real connections: XEP-0198 from the first element to the resumption."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from tests.attacks.raw import stream_error
from tests.support.certificates import Authority
from tests.support.client import Client, StreamEndedError
from tests.support.managed import NS, REQUEST, Managed
from tests.unit.net.serving import HOST, OTHER, Serving, serving

from palaver.kernel.storage import LogEntry, StorageUnavailable
from palaver.net.connection import ClientConnection

ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas"
JULIET = f"juliet@{HOST}/balcony"
ROMEO = f"romeo@{HOST}/orchard"


def body(number: int | str, to: str = f"juliet@{HOST}") -> str:
    return f"<message to='{to}' type='chat' id='m{number}'><body>{number}</body></message>"


def failure(element: Element) -> str:
    assert element.tag == f"{{{NS}}}failed"
    return element[0].tag.removeprefix(f"{{{ERRORS}}}")


async def condition(client: Client) -> str | None:
    """Read to the end of the stream; return the error that it ended with."""
    found = None
    try:
        async with asyncio.timeout(10):
            while True:
                found = stream_error(await client.receive()) or found
    except StreamEndedError:
        return found


@pytest.fixture
async def juliet(net: Serving) -> Managed:
    return Managed(await net.client(JULIET).connect())


@pytest.fixture
async def romeo(net: Serving) -> Client:
    return await net.client(ROMEO).connect()


@pytest.fixture
async def online(net: Serving, juliet: Managed) -> Managed:
    await juliet.enable()
    await juliet.client.send("<presence/>")
    await juliet.next()
    return juliet


async def pending(net: Serving) -> int:
    account = net.server.accounts.loaded(f"juliet@{HOST}")
    assert account is not None
    return await net.server.log.count_pending(account.id)


# -- enabling ------------------------------------------------------------------------------------


async def test_the_feature_is_advertised_once_a_client_has_logged_in(net: Serving) -> None:
    client = net.client(JULIET)
    await client.open()
    assert client.features.find(f"{{{NS}}}sm") is None
    await client.authenticate()
    assert client.features.find(f"{{{NS}}}sm") is not None


async def test_enabling_gives_a_token_for_resumption_and_how_long_it_is_good(
    juliet: Managed,
) -> None:
    enabled = await juliet.enable()
    assert enabled.tag == f"{{{NS}}}enabled"
    assert len(enabled.get("id", "")) >= 40
    assert (enabled.get("resume"), enabled.get("max")) == ("true", "600")


async def test_a_client_may_want_less_time_but_gets_no_more(net: Serving, romeo: Client) -> None:
    assert (await Managed(romeo).enable("resume='1' max='30'")).get("max") == "30"
    other = Managed(await net.client(JULIET).connect())
    assert (await other.enable("resume='true' max='999999'")).get("max") == "600"


async def test_without_resume_there_is_no_token(juliet: Managed) -> None:
    assert (await juliet.enable("")).attrib == {}


async def test_enabling_twice_fails_and_ends_the_stream(juliet: Managed) -> None:
    await juliet.enable()
    assert failure(await juliet.enable()) == "unexpected-request"
    assert await condition(juliet.client) == "policy-violation"


async def test_enabling_before_a_resource_is_bound_fails_and_the_client_may_still_bind(
    net: Serving,
) -> None:
    client = net.client(JULIET)
    await client.open()
    assert failure(await Managed(client).enable()) == "unexpected-request"
    await client.authenticate()
    assert failure(await Managed(client).enable()) == "unexpected-request"
    assert await client.bind() == JULIET


async def test_elements_of_stream_management_before_it_is_enabled_fail(juliet: Managed) -> None:
    for element in (
        REQUEST,
        f"<a xmlns='{NS}' h='0'/>",
        f"<resume xmlns='{NS}' h='0' previd='x'/>",
    ):
        await juliet.client.send(element)
        assert failure(await juliet.client.receive()) == "unexpected-request"


# -- acknowledgements ----------------------------------------------------------------------------


async def test_the_server_acknowledges_what_it_handled_since_it_was_enabled(
    juliet: Managed, romeo: Client
) -> None:
    await juliet.client.send("<presence/>")
    await juliet.enable()
    assert await juliet.ask() == 0
    for number in range(7):
        await juliet.client.send(body(number, ROMEO))
    assert await juliet.ask() == 7
    assert await juliet.ask() == 7


async def test_the_server_asks_for_an_acknowledgement_once_and_not_for_each_stanza(
    online: Managed, romeo: Client
) -> None:
    for number in range(40):
        await romeo.send(body(number))
    await online.read(40)
    await online.client.ping(HOST)
    requests = [found for found in online.client.inbox if found.tag == f"{{{NS}}}r"]
    assert len(requests) <= 1


async def test_an_acknowledged_message_is_not_kept(
    net: Serving, online: Managed, romeo: Client
) -> None:
    for number in range(10):
        await romeo.send(body(number))
    await online.read(10)
    assert await pending(net) == 10
    await online.acknowledge()
    await online.ask()
    assert await pending(net) == 0


@pytest.mark.parametrize("h", ["5", "4294967295", "4294967296"])
async def test_acknowledging_what_was_never_sent_ends_the_stream(juliet: Managed, h: str) -> None:
    await juliet.enable()
    await juliet.client.send(f"<a xmlns='{NS}' h='{h}'/>")
    error = await juliet.client.receive()
    detail = error.find(f"{{{NS}}}handled-count-too-high")
    assert detail is not None
    assert (detail.get("h"), detail.get("send-count")) == (h, "0")


@pytest.mark.parametrize("h", ["", "-1", "one", "1.5"])
async def test_an_acknowledgement_without_a_number_ends_the_stream(juliet: Managed, h: str) -> None:
    await juliet.enable()
    await juliet.client.send(f"<a xmlns='{NS}' h='{h}'/>")
    assert await condition(juliet.client) == "bad-format"


async def test_nothing_follows_the_end_of_the_stream(online: Managed, romeo: Client) -> None:
    await romeo.send(body("last"))
    await online.client.send(f"<a xmlns='{NS}' h='77'/>")
    assert await condition(online.client) == "undefined-condition"


# -- resumption ----------------------------------------------------------------------------------


async def test_a_resumed_session_gets_what_it_missed_in_order(
    net: Serving, online: Managed, romeo: Client
) -> None:
    for number in range(3):
        await romeo.send(body(number))
    await online.read(3)
    await online.client.abort()
    for number in range(3, 6):
        await romeo.send(body(number))
    await romeo.ping(HOST)
    resumed = await online.resume(net.client(JULIET))
    assert resumed.tag == f"{{{NS}}}resumed"
    assert resumed.attrib == {"h": "1", "previd": online.token}
    assert await online.read(6) == ["0", "1", "2", "3", "4", "5"]
    await online.acknowledge()
    await online.ask()
    assert await pending(net) == 0


async def test_what_was_sent_and_not_acknowledged_is_sent_again(
    net: Serving, online: Managed, romeo: Client
) -> None:
    before = online.handled
    for number in range(3):
        await romeo.send(body(number))
    await online.read(3)
    await online.client.abort()
    await online.resume(net.client(JULIET), h=before + 1)
    assert await online.read(5) == ["0", "1", "2", "1", "2"]


async def test_many_unacknowledged_messages_are_resumed(
    net: Serving, online: Managed, romeo: Client
) -> None:
    await online.client.abort()
    wanted = [str(number) for number in range(1200)]
    for number in wanted:
        await romeo.send(body(number))
    await romeo.ping(HOST)
    await online.resume(net.client(JULIET))
    assert await online.read(1200) == wanted
    await online.acknowledge()
    await online.ask()
    assert await pending(net) == 0


async def test_messages_beyond_the_memory_are_read_back_from_the_log(
    tmp_path: Path, authority: Authority
) -> None:
    more = "[extensions.stream_management]\nmemory_bytes = 16384\n"
    async with serving(tmp_path, authority, more) as net:
        await net.account("juliet")
        await net.account("romeo")
        juliet = Managed(await net.client(JULIET).connect())
        await juliet.enable()
        await juliet.client.send("<presence/>")
        await juliet.next()
        romeo = await net.client(ROMEO).connect()
        (session,) = (s for s in net.server.sessions() if s.jid == JULIET)
        await juliet.client.abort()
        wanted = [f"{number} {'x' * 500}" for number in range(500)]
        for text in wanted:
            await romeo.send(body(text))
        await romeo.ping(HOST)
        assert session.outbox is not None
        assert session.outbox.size + session.outbox.held_size < 20_000
        await juliet.resume(net.client(JULIET))
        assert await juliet.read(500) == wanted


async def test_a_message_left_in_the_log_behind_newer_ones_is_read_back_too(
    tmp_path: Path, authority: Authority
) -> None:
    more = "[extensions.stream_management]\nmemory_bytes = 16384\n"
    async with serving(tmp_path, authority, more) as net:
        await net.account("juliet")
        await net.account("romeo")
        romeo = await net.client(ROMEO).connect()
        chamber = Managed(await net.client(f"juliet@{HOST}/chamber").connect())
        await chamber.enable("resume='true' max='1'")
        await chamber.client.send("<presence/>")
        await chamber.next()
        older = f"older {'x' * 600}"
        await romeo.send(body(older))
        await chamber.read(1)
        juliet = Managed(await net.client(JULIET).connect())
        await juliet.enable()
        await juliet.client.send("<presence/>")
        await juliet.next()
        await juliet.client.abort()
        wanted = [f"{number} {'x' * 500}" for number in range(100)]
        for text in wanted:
            await romeo.send(body(text))
        await romeo.ping(HOST)
        await chamber.client.abort()  # what it has not acknowledged goes to the other device
        (session,) = (s for s in net.server.sessions() if s.jid == JULIET)
        assert session.outbox is not None
        outbox = session.outbox
        await net.until(lambda: sum(entry.row is not None for entry in outbox.all()) == 101)
        await juliet.resume(net.client(JULIET))
        assert await juliet.read(101) == [*wanted, older]


async def test_a_session_survives_that_its_messages_cannot_be_read_for_a_while(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "[extensions.stream_management]\nmemory_bytes = 16384\n"
    async with serving(tmp_path, authority, more) as net:
        await net.account("juliet")
        await net.account("romeo")
        juliet = Managed(await net.client(JULIET).connect())
        await juliet.enable()
        await juliet.client.send("<presence/>")
        await juliet.next()
        romeo = await net.client(ROMEO).connect()
        await juliet.client.abort()
        wanted = [f"{number} {'x' * 500}" for number in range(100)]
        for text in wanted:
            await romeo.send(body(text))
        await romeo.ping(HOST)

        async def fail(*_: object, **__: object) -> list[LogEntry]:
            raise StorageUnavailable("disk")

        with monkeypatch.context() as patch:
            patch.setattr(net.server.log, "pending", fail)
            await juliet.resume(net.client(JULIET))
            assert await condition(juliet.client) == "resource-constraint"
        await juliet.resume(net.client(JULIET))
        assert await juliet.read(100) == wanted


async def test_a_client_that_reads_and_acknowledges_nothing_makes_its_writers_wait(
    tmp_path: Path, authority: Authority
) -> None:
    async with serving(tmp_path, authority, "[limits]\noutput_bytes = 65536\n") as net:
        await net.account("juliet")
        await net.account("romeo")
        juliet = Managed(await net.client(JULIET).connect())
        await juliet.enable()
        await juliet.client.send("<presence/>")
        await juliet.next()
        romeo = await net.client(ROMEO).connect()
        (session,) = (s for s in net.server.sessions() if s.jid == JULIET)
        assert session.outbox is not None

        async def write() -> None:
            for number in range(200):
                await romeo.send(body(f"{number} {'x' * 10_000}"))

        writing = asyncio.create_task(write())
        await juliet.read(7)
        await net.until(lambda: session.wire.congested)
        for _ in range(5):
            await juliet.ask()
        assert session.outbox.size < 1_000_000
        for count in range(len(juliet.bodies) + 1, 201):
            await juliet.acknowledge()
            await juliet.read(count)
        await writing


async def test_a_client_whose_answers_are_not_read_is_not_taken_for_dead(
    tmp_path: Path, authority: Authority
) -> None:
    async with serving(tmp_path, authority, "[limits]\noutput_bytes = 65536\n") as net:
        await net.account("juliet")
        await net.account("romeo")
        juliet = await net.client(JULIET).connect()
        romeo = Managed(await net.client(ROMEO).connect())
        await romeo.enable()
        (stuck,) = (s.wire for s in net.server.sessions() if s.jid == JULIET)
        (session,) = (s for s in net.server.sessions() if s.jid == ROMEO)
        connection = session.wire
        assert isinstance(connection, ClientConnection)

        async def write() -> None:
            while True:
                await romeo.client.send(body("x" * 50_000, JULIET))

        def waits() -> bool:
            return connection in getattr(stuck, "waiters", ())

        writing = asyncio.create_task(write())
        await net.until(waits)
        assert session.outbox is not None
        await juliet.send(body("still there?", ROMEO))
        # The system may take a little more of what is not read, and it waits no longer.
        await net.until(lambda: session.outbox and session.outbox.entries and waits())
        now = asyncio.get_running_loop().time()
        connection.sweep(now)
        assert session.outbox.asked is not None
        connection.sweep(now + 61)
        await net.client(f"juliet@{HOST}/chamber").connect()
        assert session.wire is connection
        writing.cancel()


async def test_each_host_says_how_long_acknowledgements_may_take(
    tmp_path: Path, authority: Authority
) -> None:
    short = f'[hosts."{OTHER}".extensions.stream_management]\nack_timeout = 5.0\n'
    async with serving(tmp_path, authority, short) as net:
        for host, still_there in ((HOST, True), (OTHER, False)):
            await net.account("juliet", host)
            juliet = Managed(await net.client(f"juliet@{host}/balcony").connect())
            await juliet.enable()
            await juliet.client.send(body("to myself", f"juliet@{host}/balcony"))
            await juliet.read(1)
            connection = next(s.wire for s in net.server.sessions() if s.host.name == host)
            assert isinstance(connection, ClientConnection)
            now = asyncio.get_running_loop().time()
            connection.sweep(now)
            connection.sweep(now + 10)
            await net.client(f"juliet@{host}/chamber").connect()
            assert (connection in net.clients.connections) is still_there


async def test_a_session_that_still_seems_alive_is_taken_over(
    net: Serving, online: Managed, romeo: Client
) -> None:
    old = online.client
    resumed = await online.resume(net.client(JULIET))
    assert resumed.tag == f"{{{NS}}}resumed"
    assert await condition(old) == "conflict"
    await romeo.send(body("still here"))
    assert await online.read(1) == ["still here"]


async def test_a_detached_session_stays_available(
    net: Serving, online: Managed, romeo: Client
) -> None:
    await online.client.abort()
    await net.until(lambda: len(net.clients.connections) == 1)
    (session,) = (s for s in net.server.sessions() if s.jid == JULIET)
    assert session.available
    assert session.receives


async def test_a_stream_that_the_client_closed_is_not_resumed(
    net: Serving, online: Managed
) -> None:
    await online.client.send("</stream:stream>")
    await condition(online.client)
    failed = await online.resume(net.client(JULIET))
    assert failure(failed) == "item-not-found"
    assert failed.get("h") == "1"
    assert await online.client.bind() == JULIET


@pytest.mark.parametrize("token", ["nonsense", "x" * 4000])
async def test_a_wrong_token_is_not_found(net: Serving, online: Managed, token: str) -> None:
    online.token = token
    failed = await online.resume(net.client(JULIET))
    assert failure(failed) == "item-not-found"
    assert failed.get("h") is None


async def test_a_token_is_good_for_its_account_only(net: Serving, online: Managed) -> None:
    client = net.client(ROMEO)
    await client.open()
    await client.authenticate()
    await client.send(f"<resume xmlns='{NS}' h='0' previd='{online.token}'/>")
    assert failure(await client.receive()) == "item-not-found"


async def test_a_token_is_good_for_its_host_only(net: Serving, online: Managed) -> None:
    await net.account("juliet", OTHER)
    failed = await online.resume(net.client(f"juliet@{OTHER}/balcony"))
    assert failure(failed) == "item-not-found"
    assert failed.get("h") is None


async def test_a_thousand_wrong_tokens_do_no_harm(net: Serving, online: Managed) -> None:
    token, online.token = online.token, "wrong"
    await online.client.abort()
    await online.resume(net.client(JULIET))
    for number in range(1000):
        await online.client.send(f"<resume xmlns='{NS}' h='0' previd='{number}'/>")
        assert failure(await online.client.receive()) == "item-not-found"
    await online.client.send(f"<resume xmlns='{NS}' h='1' previd='{token}'/>")
    assert (await online.client.receive()).tag == f"{{{NS}}}resumed"


async def test_a_token_is_good_for_one_resumption_after_another(
    net: Serving, online: Managed, romeo: Client
) -> None:
    for number in range(5):
        await online.client.abort()
        await romeo.send(body(number))
        assert (await online.resume(net.client(JULIET))).tag == f"{{{NS}}}resumed"
        await online.read(number + 1)
    assert online.bodies == [str(number) for number in range(5)]


async def test_a_flood_of_requests_is_answered(online: Managed) -> None:
    await online.client.send(REQUEST * 5_000)
    await online.ask()
    assert online.handled == 1


async def test_a_new_session_of_the_same_resource_ends_one_without_a_connection(
    net: Serving, online: Managed, romeo: Client
) -> None:
    await online.client.abort()
    await romeo.send(body("for whoever comes"))
    await romeo.ping(HOST)
    again = Managed(await net.client(JULIET).connect())
    await again.client.send("<presence/>")
    assert await again.read(1) == ["for whoever comes"]
    assert failure(await online.resume(net.client(JULIET))) == "item-not-found"


async def test_of_too_many_sessions_without_a_connection_the_oldest_ends(
    tmp_path: Path, authority: Authority
) -> None:
    more = "[extensions.stream_management]\nabsent_sessions = 2\n"
    async with serving(tmp_path, authority, more) as net:
        await net.account("juliet")
        for number in range(4):
            client = Managed(await net.client(f"juliet@{HOST}/{number}").connect())
            await client.enable()
            await client.client.abort()
            await net.until(lambda: not net.clients.connections)
        assert [session.jid.resource for session in net.server.sessions()] == ["2", "3"]


@pytest.mark.parametrize("attributes", ["h='0'", "previd='x'", "h='-1' previd='x'"])
async def test_a_resumption_without_all_it_needs_is_a_bad_request(
    net: Serving, attributes: str
) -> None:
    client = net.client(JULIET)
    await client.open()
    await client.authenticate()
    await client.send(f"<resume xmlns='{NS}' {attributes}/>")
    assert failure(await client.receive()) == "bad-request"


async def test_what_is_still_worked_on_is_not_acknowledged_by_a_resumption(
    net: Serving, online: Managed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("palaver.ext.stream_management.extension._PATIENCE", 0.1)
    (session,) = [each for each in net.server.sessions() if each.outbox is not None]
    session.handled += 1
    done = session.put_off()  # a message waits for somebody slow
    await online.client.abort()
    await net.until(lambda: session.outbox is not None and session.outbox.detached)
    early = await online.resume(net.client(JULIET))
    assert stream_error(early) == "resource-constraint"
    done()
    assert (await online.resume(net.client(JULIET))).tag == f"{{{NS}}}resumed"


async def test_resuming_with_too_high_a_count_ends_the_new_stream_and_not_the_session(
    net: Serving, online: Managed
) -> None:
    await online.client.abort()
    error = await online.resume(net.client(JULIET), h=99)
    assert error.find(f"{{{NS}}}handled-count-too-high") is not None
    online.handled = 1
    assert (await online.resume(net.client(JULIET))).tag == f"{{{NS}}}resumed"


# -- the end of a session that nobody resumed ------------------------------------------------------


@pytest.fixture
async def brief(tmp_path: Path, authority: Authority) -> AsyncIterator[Serving]:
    more = "[extensions.stream_management]\nresume_seconds = 1\n"
    async with serving(tmp_path, authority, more) as net:
        await net.account("juliet")
        await net.account("romeo")
        yield net


async def test_after_the_time_is_over_messages_wait_for_the_next_login(brief: Serving) -> None:
    juliet = Managed(await brief.client(JULIET).connect())
    await juliet.enable()
    await juliet.client.send("<presence/>")
    await juliet.next()
    romeo = await brief.client(ROMEO).connect()
    await romeo.send(body("lost on the way"))
    await juliet.read(1)
    await juliet.client.abort()
    await romeo.send(body("never sent"))
    await romeo.ping(HOST)
    await brief.until(lambda: len(brief.server.sessions()) == 1)
    again = Managed(await brief.client(JULIET).connect())
    await again.client.send("<presence/>")
    assert await again.read(2) == ["lost on the way", "never sent"]
    failed = await juliet.resume(brief.client(JULIET))
    assert failure(failed) == "item-not-found"
    assert failed.get("h") == "1"


async def test_after_the_time_is_over_messages_go_to_another_device(brief: Serving) -> None:
    juliet = Managed(await brief.client(JULIET).connect())
    await juliet.enable()
    await juliet.client.send("<presence><priority>1</priority></presence>")
    await juliet.next()
    romeo = await brief.client(ROMEO).connect()
    await juliet.client.abort()
    await romeo.send(body("for whoever is there", JULIET))
    await romeo.ping(HOST)
    chamber = Managed(await brief.client(f"juliet@{HOST}/chamber").connect())
    await chamber.client.send("<presence/>")
    assert await chamber.read(1) == ["for whoever is there"]


async def test_after_the_time_is_over_messages_go_to_a_device_that_is_getting_others(
    brief: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    juliet = Managed(await brief.client(JULIET).connect())
    await juliet.enable()
    romeo = await brief.client(ROMEO).connect()
    await romeo.send(body("not acknowledged", JULIET))
    await juliet.read(1)
    others = [str(number) for number in range(150)]
    for text in others:
        await romeo.send(body(text))
    await romeo.ping(HOST)
    log = brief.server.log
    half, go_on = asyncio.Event(), asyncio.Event()

    async def pending(account: int, *, after_id: int = 0, limit: int = 1) -> Sequence[LogEntry]:
        if after_id:
            half.set()
            await go_on.wait()
        return await type(log).pending(log, account, after_id=after_id, limit=limit)

    monkeypatch.setattr(log, "pending", pending)
    chamber = Managed(await brief.client(f"juliet@{HOST}/chamber").connect())
    await chamber.client.send("<presence/>")
    await half.wait()
    await juliet.client.abort()
    await brief.until(lambda: len(brief.server.sessions()) == 2)
    go_on.set()
    got = await chamber.read(151)
    assert sorted(got) == sorted([*others, "not acknowledged"])
    assert [text for text in got if text in others] == others


async def test_after_the_time_is_over_requests_are_refused(brief: Serving) -> None:
    juliet = Managed(await brief.client(JULIET).connect())
    await juliet.enable()
    romeo = await brief.client(ROMEO).connect()
    await juliet.client.abort()
    answer = await romeo.iq("get", "<query xmlns='jabber:iq:version'/>", to=JULIET)
    error = answer.find("{jabber:client}error")
    assert error is not None
    assert error[0].tag == f"{{{ERRORS}}}service-unavailable"


async def test_after_the_time_is_over_what_must_not_be_kept_comes_back(brief: Serving) -> None:
    juliet = Managed(await brief.client(JULIET).connect())
    await juliet.enable()
    await juliet.client.send("<presence/>")
    await juliet.next()
    romeo = await brief.client(ROMEO).connect()
    await juliet.client.abort()
    await brief.until(lambda: len(brief.clients.connections) == 1)
    state = "<composing xmlns='http://jabber.org/protocol/chatstates'/>"
    await romeo.send(f"<message to='{JULIET}' type='chat' id='state'>{state}</message>")
    hint = "<no-store xmlns='urn:xmpp:hints'/>"
    await romeo.send(body("secret", JULIET).replace("<body>", f"{hint}<body>"))
    answer = await romeo.receive()
    assert (answer.get("id"), answer.get("type")) == ("msecret", "error")
    assert answer.find(f".//{{{ERRORS}}}recipient-unavailable") is not None
    await romeo.ping(HOST)
    assert not romeo.inbox


async def test_without_resumption_messages_wait_as_soon_as_the_connection_is_lost(
    net: Serving, juliet: Managed, romeo: Client
) -> None:
    await juliet.enable("")
    await juliet.client.send("<presence/>")
    await juliet.next()
    await romeo.send(body("not acknowledged"))
    await juliet.read(1)
    await juliet.client.abort()
    again = Managed(await net.client(f"juliet@{HOST}/chamber").connect())
    await again.client.send("<presence/>")
    assert await again.read(1) == ["not acknowledged"]


async def test_what_one_device_has_acknowledged_no_other_gets_again(brief: Serving) -> None:
    devices = []
    for resource in ("balcony", "chamber"):
        device = Managed(await brief.client(f"juliet@{HOST}/{resource}").connect())
        await device.enable()
        await device.client.send("<presence/>")
        await device.next()
        devices.append(device)
    first, second = devices
    await first.next()  # the presence of the other
    await second.next()
    romeo = await brief.client(ROMEO).connect()
    await romeo.send(body("for both"))
    await first.read(1)
    await second.read(1)
    await second.acknowledge()
    await second.ask()
    assert await pending(brief) == 0
    await first.client.abort()
    await brief.until(lambda: len(brief.server.sessions()) == 2)
    await romeo.send(body("for the one that is left"))
    assert await second.read(2) == ["for both", "for the one that is left"]
