"""The sample extension, installed as its users install it, in a real server."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.support.client import Client
from tests.support.config import HostOptions, ServerOptions
from tests.support.fixtures import StartServer
from tests.support.server import Server

HERE = Path(__file__).parent
NS = "urn:example:greeter:0"
GREETING = f"{{{NS}}}greeting"
UNAVAILABLE = ".//{urn:ietf:params:xml:ns:xmpp-stanzas}service-unavailable"
BODY = "{jabber:client}body"
DISCO = "http://jabber.org/protocol/disco#info"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the package into a directory of its own, from its sources, without a network."""
    target = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    alone = ["--no-index", "--no-deps", "--no-build-isolation", "--target", str(target)]
    subprocess.run([*pip, *alone, str(HERE)], check=True, timeout=120)
    return target


@pytest.fixture
def uninstall(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the servers and commands of a test find the package, until the function is called."""
    monkeypatch.setenv("PYTHONPATH", str(installed))
    return lambda: monkeypatch.delenv("PYTHONPATH")


def serving(**greeter: Any) -> ServerOptions:
    """Serve a host that greets in these words, and one on which the extension is off."""
    return ServerOptions(
        hosts={"localhost": HostOptions(), "example.test": HostOptions(without=("greeter",))},
        settings={"extensions": {"greeter": greeter}},
    )


@asynccontextmanager
async def online(server: Server, jid: str) -> AsyncIterator[Client]:
    """Log in and send initial presence."""
    async with server.client(jid, "secret") as client:
        await client.send("<presence/>")
        yield client


async def greeted(client: Client) -> list[str | None]:
    """Return what the client was told by its host up to now."""
    came = await client.drain()
    return [each.findtext(BODY) for each in came if each.tag == "{jabber:client}message"]


async def features(client: Client) -> set[str | None]:
    """Return the features of the client's account (XEP-0030)."""
    info = await client.iq("get", f"<query xmlns='{DISCO}'/>", to=client.bare)
    return {each.get("var") for each in info.iter(f"{{{DISCO}}}feature")}


async def test_people_are_greeted_in_the_words_of_the_configuration(
    start_server: StartServer, uninstall: Callable[[], None]
) -> None:
    server = start_server(serving(words="Ahoy, {name}!"))
    server.add_accounts([("ann@localhost", "secret"), ("bob@example.test", "secret")])
    async with online(server, "ann@localhost") as ann:
        assert await greeted(ann) == ["Ahoy, ann!"]
        assert NS in await features(ann)
    async with online(server, "bob@example.test") as bob:
        assert await greeted(bob) == []
        assert NS not in await features(bob)
        answer = await bob.iq("get", f"<greeting xmlns='{NS}'/>")
        assert answer.find(UNAVAILABLE) is not None


async def test_own_words_are_kept_in_the_table(
    start_server: StartServer, uninstall: Callable[[], None]
) -> None:
    server = start_server()
    server.add_account("ann@localhost", "secret")
    async with online(server, "ann@localhost") as ann:
        assert await greeted(ann) == ["Welcome, ann!"]
        await ann.iq("set", f"<greeting xmlns='{NS}'>Hail ❤</greeting>")
        long = await ann.iq("set", f"<greeting xmlns='{NS}'>{'x' * 251}</greeting>")
        assert long.get("type") == "error"
    server.restart()
    async with online(server, "ann@localhost") as ann:
        assert await greeted(ann) == ["Hail ❤"]
        assert (await ann.iq("get", f"<greeting xmlns='{NS}'/>")).findtext(GREETING) == "Hail ❤"


async def test_its_commands_work_with_a_running_and_with_a_stopped_server(
    start_server: StartServer, uninstall: Callable[[], None]
) -> None:
    server = start_server()
    server.add_account("ann@localhost", "secret")
    async with online(server, "ann@localhost") as ann:
        server.command("greeter", "set", "ann@localhost", "Salve")
        assert (await ann.iq("get", f"<greeting xmlns='{NS}'/>")).findtext(GREETING) == "Salve"
    server.stop()
    shown = server.command("greeter", "show", "ann@localhost", "--json").stdout
    assert json.loads(shown) == {"jid": "ann@localhost", "words": "Salve"}
    nobody = server.command("greeter", "show", "nobody@localhost", "--json", check=False)
    assert nobody.returncode == 1
    assert json.loads(nobody.stderr)["error"]["code"] == "not-found"


async def test_a_wrong_key_stops_the_start_with_file_line_and_suggestion(
    start_server: StartServer, uninstall: Callable[[], None]
) -> None:
    server = start_server()
    server.stop()
    line = server.config.read_text().count("\n") + 2
    with server.config.open("a") as file:
        file.write("[extensions.greeter]\nword = 'Ahoy'\n")
    done = server.command("serve", check=False)
    assert done.returncode == 3
    assert f"{server.config}:{line}: extensions.greeter.word: unknown key" in done.stderr
    assert 'Did you mean "words"?' in done.stderr


async def test_nothing_is_left_of_it_when_it_is_uninstalled(
    start_server: StartServer, uninstall: Callable[[], None]
) -> None:
    server = start_server()
    server.add_account("ann@localhost", "secret")
    server.command("greeter", "set", "ann@localhost", "Salve")
    server.stop()
    uninstall()
    server.start()
    async with online(server, "ann@localhost") as ann:
        assert await greeted(ann) == []
        assert NS not in await features(ann)
        answer = await ann.iq("get", f"<greeting xmlns='{NS}'/>")
        assert answer.find(UNAVAILABLE) is not None
    assert server.command("greeter", "show", "ann@localhost", check=False).returncode == 2
    server.command("user", "delete", "ann@localhost")  # its rows do not stand in the way
    server.stop()
    with server.config.open("a") as file:
        file.write("[extensions.greeter]\n")
    done = server.command("config", "check", check=False)
    assert done.returncode == 3
    assert 'there is no extension "greeter"' in done.stderr
