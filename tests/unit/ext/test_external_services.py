"""External services: who is told what, and credentials that a real TURN server takes (XEP-0215)."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from tests.support.house import Client, open_house
from tests.support.ports import free_ports

from palaver.ext.external_services import NS, temporary
from palaver.kernel.config_error import ConfigError
from palaver.wire.element import Element

DEADLINE = 30.0
GRANTED = ": success"
SECRET = "a secret of two servers"
HOST = "montague.example"
SECTION = f'[hosts."{HOST}".extensions.external_services]\nlifetime = 3600\nservices = [\n'
SERVICES = f"""\
  {{type = "stun", host = "192.0.2.1", port = 3478, transport = "udp"}},
  {{type = "turn", host = "turn.example", port = 3478, transport = "udp", secret = "{SECRET}"}},
  {{type = "turn", host = "turn.example", port = 3479, transport = "tcp", secret = "{SECRET}"}},
  {{type = "ftp", host = "ftp.example", name = "Files", username = "guest", password = "guest"}},
]
"""


async def ask(client: Client, xml: str, to: str = HOST) -> Element:
    return await client.ask(f"<iq type='get' id='s' to='{to}'>{xml}</iq>")


def services_of(answer: Element) -> list[Element]:
    (payload,) = answer
    return list(payload.find_all("service", NS))


async def test_all_services_are_listed_as_in_example_2(tmp_path: Path) -> None:
    async with open_house(tmp_path, "external_services", configuration=SECTION + SERVICES) as house:
        romeo = await house.client(f"romeo@{HOST}/orchard")
        stun, turn, _, ftp = services_of(await ask(romeo, f"<services xmlns='{NS}'/>"))
        expected = {"type": "stun", "host": "192.0.2.1", "port": "3478", "transport": "udp"}
        assert stun.attrs == expected
        assert ftp.attrs == {
            "type": "ftp",
            "host": "ftp.example",
            "name": "Files",
            "username": "guest",
            "password": "guest",
            "restricted": "true",
        }
        expiry = int(turn.get("username", "").partition(":")[0])
        assert expiry == int(house.server.clock.now()) + 3600
        assert turn.get("expires", "").endswith("Z")
        assert "romeo" not in turn.get("username", "")


async def test_a_type_chooses_among_them(tmp_path: Path) -> None:
    async with open_house(tmp_path, "external_services", configuration=SECTION + SERVICES) as house:
        romeo = await house.client(f"romeo@{HOST}/orchard")
        answer = await ask(romeo, f"<services xmlns='{NS}' type='turn'/>")
        (payload,) = answer
        assert payload.get("type") == "turn"
        assert [each.get("port") for each in services_of(answer)] == ["3478", "3479"]
        assert services_of(await ask(romeo, f"<services xmlns='{NS}' type='smtp'/>")) == []


@pytest.mark.parametrize(
    ("asked", "ports"),
    [
        ("host='turn.example' type='turn'", ["3478", "3479"]),
        ("host='turn.example' type='turn' port='3479'", ["3479"]),
    ],
)
async def test_credentials_are_given_for_the_services_that_are_named(
    tmp_path: Path, asked: str, ports: list[str]
) -> None:
    async with open_house(tmp_path, "external_services", configuration=SECTION + SERVICES) as house:
        romeo = await house.client(f"romeo@{HOST}/orchard")
        answer = await ask(romeo, f"<credentials xmlns='{NS}'><service {asked}/></credentials>")
        found = services_of(answer)
        assert [each.get("port") for each in found] == ports
        assert all(each.get("password") for each in found)


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        ("", "bad-request"),
        ("<service host='turn.example' type='turn'/>" * 51, "bad-request"),
        ("<service type='turn'/>", "item-not-found"),
        ("<service host='192.0.2.1' type='stun'/>", "item-not-found"),
        ("<service host='turn.example' type='turn' port='1'/>", "item-not-found"),
    ],
)
async def test_credentials_for_nothing_are_refused(
    tmp_path: Path, asked: str, condition: str
) -> None:
    async with open_house(tmp_path, "external_services", configuration=SECTION + SERVICES) as house:
        romeo = await house.client(f"romeo@{HOST}/orchard")
        answer = await ask(romeo, f"<credentials xmlns='{NS}'>{asked}</credentials>")
        error = answer.find("error")
        assert error is not None
        assert [each.name for each in error][:1] == [condition]


async def test_others_than_accounts_of_the_host_are_told_nothing(tmp_path: Path) -> None:
    configuration = SECTION + SERVICES
    async with open_house(tmp_path, "external_services", configuration=configuration) as house:
        juliet = await house.client("juliet@capulet.example/balcony")
        answer = await ask(juliet, f"<services xmlns='{NS}'/>")
        assert answer.get("type") == "error"
        assert b"forbidden" in answer.to_bytes()
        assert SECRET.encode() not in answer.to_bytes()


@pytest.mark.parametrize(
    "service",
    [
        "{type = 'turn', host = 'x', secret = '12345678', username = 'a', password = 'b'}",
        "{type = 'turn', host = 'x', username = 'a'}",
        "{type = 'turn', host = 'x', secret = 'short'}",
        "{type = 'turn', host = 'x', port = 70000}",
        "{type = 'a b', host = 'x'}",
    ],
)
async def test_a_wrong_configuration_is_told(tmp_path: Path, service: str) -> None:
    with pytest.raises(ConfigError):
        async with open_house(
            tmp_path, "external_services", configuration=f"{SECTION}{service}]\n"
        ):
            pass


@contextmanager
def coturn(directory: Path) -> Iterator[int]:
    """Run Debian's TURN server on loopback; gives its port."""
    (port,) = free_ports(1)
    options = {
        "listening-ip": "127.0.0.1",
        "relay-ip": "127.0.0.1",
        "listening-port": port,
        "static-auth-secret": SECRET,
        "realm": HOST,
        "log-file": "stdout",
        "pidfile": directory / "turn.pid",
        "userdb": directory / "turn.db",
    }
    flags = ["use-auth-secret", "no-tls", "no-dtls", "no-cli", "allow-loopback-peers", "simple-log"]
    command = ["turnserver", "-n", *(f"--{name}={value}" for name, value in options.items())]
    with (directory / "turn.log").open("wb") as log:
        server = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *command, *(f"--{flag}" for flag in flags)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
        server.kill()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + DEADLINE
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None
        assert time.monotonic() < until
        with suppress(subprocess.TimeoutExpired):
            server.wait(0.05)


def allocate(port: int, name: str, password: str) -> str:
    """Let coturn's own client ask for an allocation; returns what it says."""
    peer = ["-v", "-y", "-n", "1", "-m", "1"]  # it talks to itself, with one message
    command = ["turnutils_uclient", "-u", name, "-w", password, "-p", str(port), *peer, "127.0.0.1"]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    return (done.stdout + done.stderr).decode()


async def test_a_real_turn_server_allocates_with_the_credentials(tmp_path: Path) -> None:
    with coturn(tmp_path) as port:
        configuration = f"""{SECTION}
          {{type = "turn", host = "127.0.0.1", port = {port}, transport = "udp",
            secret = "{SECRET}"}}]
        """.replace("\n            secret", " secret")
        async with open_house(tmp_path, "external_services", configuration=configuration) as house:
            romeo = await house.client(f"romeo@{HOST}/orchard")
            (turn,) = services_of(await ask(romeo, f"<services xmlns='{NS}'/>"))
        name, password = turn.get("username", ""), turn.get("password", "")
        assert GRANTED in allocate(port, name, password)
        ended, of_it = temporary(SECRET, "romeo", 1_000_000_000)
        assert GRANTED not in allocate(port, ended, of_it)
        assert GRANTED not in allocate(port, name, "a guess")
