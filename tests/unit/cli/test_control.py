import asyncio
import json
import socket
import stat
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from palaver.cli import control_client
from palaver.cli.cli_error import CliError, Exit
from palaver.cli.control_server import ControlServer, Progress
from palaver.kernel.errors import CommandError


class Commands:
    """Stands where the registry of commands stands."""

    def __init__(self) -> None:
        self.waits = asyncio.Event()
        self.cancelled = asyncio.Event()

    async def run(self, name: str, arguments: Mapping[str, object], progress: Progress) -> object:
        match name:
            case "echo":
                return arguments
            case "refuse":
                raise CommandError("exists", "It exists.")
            case "fail":
                raise RuntimeError("hunter2")
            case "count":
                for done in range(3):
                    await asyncio.sleep(0.11)
                    progress(done, 3)
                return None
        try:
            self.waits.set()
            await asyncio.Event().wait()
        finally:
            self.cancelled.set()
        return None


@pytest.fixture
async def commands() -> Commands:
    return Commands()


@pytest.fixture
async def path(tmp_path: Path, commands: Commands) -> AsyncIterator[Path]:
    path = tmp_path / "control.sock"
    server = ControlServer(path, commands.run)
    await server.start()
    yield path
    await server.close()
    assert not path.exists(), "the socket is removed"


async def ask(path: Path, command: str, **arguments: object) -> object:
    return await asyncio.to_thread(
        control_client.ask, path, command, arguments, lambda done, total: None
    )


async def test_a_command_gets_its_result(path: Path) -> None:
    assert await ask(path, "echo", name="ü\n", number=1) == {"name": "ü\n", "number": 1}


async def test_a_long_line_passes(path: Path) -> None:
    text = "x" * 3_000_000
    assert await ask(path, "echo", text=text) == {"text": text}


async def test_a_refusal_arrives_with_its_code(path: Path) -> None:
    with pytest.raises(CliError, match="It exists") as caught:
        await ask(path, "refuse")
    assert (caught.value.code, caught.value.exit_code) == ("exists", Exit.FAILED)


async def test_a_failure_tells_nothing_of_the_inside(path: Path) -> None:
    with pytest.raises(CliError, match="log says why") as caught:
        await ask(path, "fail")
    assert caught.value.code == "internal-error"


async def test_progress_arrives_before_the_result(path: Path) -> None:
    told: list[tuple[int, int]] = []
    await asyncio.to_thread(
        control_client.ask, path, "count", {}, lambda done, total: told.append((done, total))
    )
    assert told
    assert told == sorted(told)


async def test_a_command_stops_when_whoever_gave_it_goes(path: Path, commands: Commands) -> None:
    _, writer = await asyncio.open_unix_connection(path)
    writer.write(b'{"command": "wait"}\n')
    await commands.waits.wait()
    writer.close()
    await writer.wait_closed()
    await commands.cancelled.wait()


@pytest.mark.parametrize(
    "line", [b"\n", b"{}\n", b"[]\n", b'{"command": 5}\n', b'{"command":"echo","arguments":[1]}\n']
)
async def test_what_is_no_request_is_refused(path: Path, line: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(line)
    assert json.loads(await reader.readline())["error"]["code"] == "bad-request"
    writer.close()
    await writer.wait_closed()


async def test_only_the_owner_can_open_the_socket(path: Path) -> None:
    found = await asyncio.to_thread(path.stat)
    assert stat.S_IMODE(found.st_mode) == 0o600


async def test_a_socket_left_by_a_killed_server_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(path))
    server = ControlServer(path, Commands().run)
    await server.start()
    assert await ask(path, "echo") == {}
    await server.close()


async def test_the_socket_of_a_living_server_is_left_alone(path: Path) -> None:
    with pytest.raises(OSError, match="another server answers"):
        await ControlServer(path, Commands().run).start()
    assert await ask(path, "echo") == {}


async def test_a_file_that_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    path.write_text("precious")
    with pytest.raises(OSError, match="not a socket"):
        await ControlServer(path, Commands().run).start()
    assert path.read_text() == "precious"


async def test_a_deep_directory_is_no_obstacle(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    server = ControlServer(deep / "control.sock", Commands().run)
    await server.start()
    assert await ask(deep / "control.sock", "echo", a=1) == {"a": 1}
    await server.close()


async def test_a_running_command_neither_holds_up_the_stop_nor_is_an_error_then(
    tmp_path: Path, commands: Commands
) -> None:
    errors: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
    server = ControlServer(tmp_path / "s", commands.run)
    await server.start()
    _, writer = await asyncio.open_unix_connection(tmp_path / "s")
    writer.write(b'{"command": "wait"}\n')
    await commands.waits.wait()
    await server.close()
    assert commands.cancelled.is_set()
    writer.close()
    await writer.wait_closed()
    assert errors == []
