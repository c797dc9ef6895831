"""The command's end of the control socket."""

import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from palaver.cli import control_protocol
from palaver.cli.cli_error import CliError, Exit, exit_of


def ask(
    path: Path,
    command: str,
    arguments: Mapping[str, object],
    progress: Callable[[int, int], None],
) -> object:
    """Run a command in the server that listens on ``path``, and return its result.

    Raises ConnectionError or FileNotFoundError when no server listens, `CliError` when the
    server refuses or goes away.
    """
    with socket.socket(socket.AF_UNIX) as server:
        with control_protocol.address_of(path) as address:
            server.connect(address)
        try:
            server.sendall(
                control_protocol.encode({"command": command, "arguments": dict(arguments)})
            )
            with server.makefile("rb") as replies:
                for line in replies:
                    reply = control_protocol.decode(line)
                    if "progress" not in reply:
                        return _result(reply)
                    _tell(reply["progress"], progress)
        except OSError as error:
            raise CliError(Exit.FAILED, "connection-lost", f"The server: {error}") from None
    raise CliError(
        Exit.FAILED,
        "connection-lost",
        "The server closed the connection before it answered; it may have done the work.",
    )


def _tell(amount: object, progress: Callable[[int, int], None]) -> None:
    match amount:
        case [int(done), int(total)]:
            progress(done, total)


def _result(reply: dict[str, object]) -> object:
    match reply.get("error"):
        case {"code": str(code), "text": str(text)}:
            raise CliError(exit_of(code), code, text)
    return reply.get("result")
