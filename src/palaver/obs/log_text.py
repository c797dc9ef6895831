"""Makes foreign text safe to log: nothing secret, nothing private, nothing that forges lines."""

from collections.abc import MutableMapping
from typing import Any

HIDDEN = "[hidden]"

#: Names of values that never reach a log, whoever passes them.
PRIVATE = frozenset(
    {
        "authorization",
        "body",
        "challenge",
        "client_key",
        "credentials",
        "element",
        "passwd",
        "password",
        "payload",
        "private_key",
        "raw",
        "response",
        "salted_password",
        "secret",
        "server_key",
        "stanza",
        "stored_key",
        "token",
        "xml",
    }
)


def escaped(text: str, keep: str = "") -> str:
    """Write control, format and separator characters as escapes, except those in ``keep``.

    So a nickname can neither start a new line nor colour or reorder what a terminal shows.
    """
    if text.isprintable():
        return text
    return "".join(
        each
        if each.isprintable() or each in keep
        else each.encode("unicode_escape").decode("ascii")
        for each in text
    )


def safe(value: object) -> object:
    """Make one logged value safe; bytes are only counted, containers are looked through."""
    match value:
        case bool() | int() | float() | None:
            return value
        case str():
            return escaped(value)
        case bytes() | bytearray() | memoryview():
            return f"[{len(value)} bytes]"
        case dict():
            return {escaped(str(name)): kept(str(name), each) for name, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [safe(each) for each in value]
        case _:
            return escaped(str(value))


def kept(name: str, value: object) -> object:
    """Make a named value safe: hidden where the name says that it is private."""
    return HIDDEN if name.lower() in PRIVATE else safe(value)


def clean(logger: object, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Clean a log entry, as a structlog processor; a traceback keeps its lines, indented."""
    return {escaped(name): _cleaned(name, value) for name, value in event.items()}


def _cleaned(name: str, value: object) -> object:
    if name.startswith("_"):
        return value  # structlog's own.
    if name == "exception" and isinstance(value, str):
        return _indented(value)
    return kept(name, value)


def _indented(traceback: str) -> str:
    return "\n".join(f"  | {line}" for line in escaped(traceback, keep="\n").split("\n"))
