"""The server as extensions see it: sessions, features, tasks, start and stop."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.house import House
from tests.unit.kernel.house import bare_house, use

from palaver import jid
from palaver.ext.ping import Ping
from palaver.kernel import hooks
from palaver.kernel.errors import LoadError
from palaver.kernel.extension import Answer, Extension, Request, Target, iq, on, task
from palaver.kernel.session import Session
from palaver.wire.errors import StanzaError

JULIET = "juliet@capulet.example"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with bare_house(tmp_path) as opened:
        yield opened


class Watching(Extension):
    """Remembers what it is told."""

    name = "watching"
    features = ("urn:x:host", "urn:x:a")
    account_features = ("urn:x:account",)
    seen: list[str]

    def __init__(self, *given) -> None:
        super().__init__(*given)
        type(self).seen = []

    @on(hooks.session_bound)
    def bound(self, session: Session) -> None:
        self.seen.append(f"bound {session.jid.resource}")

    @on(hooks.session_closed)
    def closed(self, session: Session) -> None:
        here = session.jid.resource in session.account.sessions
        self.seen.append(f"closed {session.jid.resource} {here} {session.available}")

    @on(hooks.server_started)
    async def started(self) -> None:
        self.seen.append("started")

    @on(hooks.server_stopping)
    async def stopping(self) -> None:
        self.seen.append("stopping")

    @task(every=0.001)
    async def often(self) -> None:
        self.seen.append("task")
        raise ValueError("a mistake now and then")


class Broken(Extension):
    """Fails at everything."""

    name = "broken"

    @on(hooks.session_bound)
    def bound(self, _session: Session) -> None:
        raise ValueError("a mistake")

    @on(hooks.session_closed)
    def closed(self, _session: Session) -> None:
        raise ValueError("a mistake")

    @on(hooks.server_stopping)
    async def stopping(self) -> None:
        raise ValueError("a mistake")


# -- sessions --------------------------------------------------------------------------------------


async def test_a_session_is_bound_and_closed_once(house: House) -> None:
    use(house, Watching)
    client = await house.client(f"{JULIET}/a")
    assert house.server.sessions() == [client.session]
    client.close()
    client.close()
    assert Watching.seen == ["bound a", "closed a False True"]
    assert house.server.sessions() == []
    assert client.account.receivers == ()


async def test_an_extension_that_fails_costs_nobody_a_session(house: House) -> None:
    use(house, Broken, Watching)
    client = await house.client(f"{JULIET}/a")
    client.close()
    assert Watching.seen == ["bound a", "closed a False True"]


async def test_an_account_has_so_many_sessions(house: House) -> None:
    limit = house.server.settings.limits.sessions_per_account
    for number in range(limit):
        await house.client(f"{JULIET}/{number}")
    with pytest.raises(StanzaError) as caught:
        await house.client(f"{JULIET}/more")
    assert caught.value.condition == "resource-constraint"
    assert len(house.server.sessions()) == limit


async def test_a_temporary_account_ends_with_its_session(house: House) -> None:
    guest = await house.guest("guest@capulet.example/a")
    account = guest.account
    assert account.temporary
    with pytest.raises(LookupError):
        _ = account.id
    guest.close()
    assert house.server.accounts.loaded(account.jid) is None


async def test_the_end_of_an_older_session_leaves_the_newer_of_its_resource(house: House) -> None:
    older = await house.client(f"{JULIET}/a")
    newer = await house.client(f"{JULIET}/a")
    older.close()
    assert house.server.sessions() == [newer.session]


# -- extensions ------------------------------------------------------------------------------------


async def test_features_are_those_of_the_hosts_extensions(house: House) -> None:
    use(house, Watching)
    host = house.server.hosts["capulet.example"]
    assert house.server.features(host) == ["urn:x:a", "urn:x:host", "urn:xmpp:ping"]
    assert house.server.features(host, of_account=True) == ["urn:x:account", "urn:xmpp:ping"]


async def test_an_extension_is_found_by_its_class(house: House) -> None:
    assert isinstance(house.server.extension(Ping), Ping)
    with pytest.raises(LookupError, match="watching"):
        house.server.extension(Watching)


class Rival(Extension):
    """Wants to answer what ping answers."""

    name = "rival"

    @iq("get", "urn:xmpp:ping", "ping", to=Target.HOST)
    def ping(self, _request: Request) -> Answer:
        return None


async def test_extensions_that_do_not_go_together_change_nothing(house: House) -> None:
    dispatches = [host.dispatch for host in house.server.hosts.values()]
    with pytest.raises(LoadError):
        use(house, Rival)
    assert list(house.server.extensions) == ["ping"]
    assert [host.dispatch for host in house.server.hosts.values()] == dispatches


async def test_extensions_taken_out_of_use_leave_nothing_behind(house: House) -> None:
    use(house, Watching)
    server = house.server
    server.use([server.extension(Ping)])
    await house.client(f"{JULIET}/a")
    assert Watching.seen == []
    assert server.features(server.hosts["capulet.example"]) == ["urn:xmpp:ping"]


# -- start, tasks, stop ----------------------------------------------------------------------------


async def test_a_task_that_fails_runs_again(house: House) -> None:
    use(house, Watching)
    await house.server.start()
    await house.until(lambda: Watching.seen.count("task") > 2)
    assert Watching.seen[0] == "started"


async def test_stopping_ends_sessions_then_tells_extensions_then_ends_tasks(house: House) -> None:
    use(house, Broken, Watching)
    client = await house.client(f"{JULIET}/a")
    await house.server.start()
    await house.server.stop()
    assert client.wire.error is not None
    assert client.wire.error.condition == "system-shutdown"
    assert client.session.closed
    seen = [each for each in Watching.seen if each != "task"]
    assert seen == ["bound a", "started", "closed a False True", "stopping"]
    await asyncio.sleep(0)
    assert not house.server._tasks


async def test_work_in_the_background_may_fail(house: House) -> None:
    async def fail() -> None:
        raise ValueError("a mistake")

    running = house.server.spawn(fail())
    await asyncio.wait([running])
    await asyncio.sleep(0)
    assert running not in house.server._tasks
    assert isinstance(running.exception(), ValueError)


async def test_an_account_of_another_domain_does_not_exist(house: House) -> None:
    assert await house.server.accounts.get(jid.parse_bare("a@elsewhere.example")) is None
