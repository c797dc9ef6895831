"""Offers the commands of the shell (`palaver.kernel.extension.command`) as ad-hoc commands too."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import to_jsonable_python

from palaver.kernel import config_schema, permissions
from palaver.kernel.adhoc import AdHocCommand, Call, Done, Note, Reply, Stage
from palaver.kernel.commands import Commands
from palaver.kernel.config_schema import Key
from palaver.kernel.extension import Command
from palaver.kernel.form_fields import (
    Boolean,
    Field,
    Filled,
    ListSingle,
    Number,
    Option,
    TextMulti,
    TextPrivate,
    TextSingle,
)
from palaver.kernel.forms import Form, Submission, report
from palaver.kernel.permissions import Caller

if TYPE_CHECKING:
    from palaver.kernel.host import Host
    from palaver.kernel.server import Server

_NODE: Final = "urn:x-palaver:command:"
_MOST: Final = 1_000  # rows shown

Row = Mapping[str, object]


def operations(server: "Server", host: "Host") -> Iterator[tuple[AdHocCommand, "Operation"]]:
    """Iterate over the commands of extensions, as those who may run them find them by chat."""
    commands = Commands(server.extensions.values())
    for command in commands:
        if permissions.touches_files(command):
            continue
        node = _NODE + command.name.replace(" ", "-")
        name = command.summary.removesuffix(".") or command.name
        declaration = AdHocCommand(node, name, command.access)
        yield declaration, Operation(server, host, commands, command)


class Operation:
    """One command with its form."""

    __slots__ = ("_commands", "_fields", "_lists", "_server", "command")

    def __init__(
        self, server: "Server", host: "Host", commands: Commands, command: Command
    ) -> None:
        self._server = server
        self._commands = commands
        self.command = command
        schema = config_schema.schema_of(command.parameters)
        properties = schema.get("properties", {})
        keys = list(config_schema.keys(schema, schema))
        self._fields: dict[str, Field[Any]] = {
            key.name: self._role(key, host)
            if properties[key.name].get("grants") is True
            else _field(key, file=bool(properties[key.name].get("file")))
            for key in keys
        }
        self._lists = {key.name for key in keys if key.type.startswith("list")}

    def _role(self, key: Key, host: "Host") -> Field[Any]:
        """Let the roles of a host be chosen from."""
        options = tuple(Option(each) for each in permissions.roles(self._server, host))
        return ListSingle(**_about(key), options=options, default=_shown_default(key))

    async def begin(self, call: Call) -> Reply:
        """Ask for the arguments; run a command without any at once."""
        if not self._fields:
            return await self._run({}, call)
        form = Form(tuple(self._fields.values()), title=self.command.summary)
        return Stage(form, complete=self._filled_in)

    async def _filled_in(self, call: Call, answers: Submission) -> Reply:
        given = {name: answers.get(field) for name, field in self._fields.items()}
        for name in self._lists & given.keys():
            given[name] = (given[name] or "").splitlines()
        return await self._run({name: v for name, v in given.items() if v is not None}, call)

    async def _run(self, arguments: Mapping[str, object], call: Call) -> Done:
        caller = Caller(self._server, call.sender, call.host)
        result = await self._commands.run(self.command.name, arguments, caller=caller)
        return shown(to_jsonable_python(result))


def _field(key: Key, *, file: bool) -> Field[Any]:
    """Choose the field for an argument."""
    about = _about(key)
    if key.secret:
        return TextPrivate(**about)
    if file or key.type.startswith("list"):
        return TextMulti(**about)
    if key.choices:
        options = tuple(Option(str(choice)) for choice in key.choices)
        return ListSingle(**about, options=options, default=_shown_default(key))
    if key.type == "boolean":
        return Boolean(**about, default=key.default is True)
    if key.type == "integer":
        return Number(**about, default=key.default if isinstance(key.default, int) else None)
    return TextSingle(**about, default=_shown_default(key))


def _about(key: Key) -> dict[str, Any]:
    return {
        "var": key.name,
        "label": key.name.replace("_", " ").strip().capitalize(),
        "desc": key.description,
        "required": key.required,
    }


def _shown_default(key: Key) -> str | None:
    return None if key.default is None or key.default == "" else str(key.default)


def shown(result: object) -> Done:
    """Show what a command returned, as JSON has it: a table, values, or a text."""
    if result is None:
        return Done(notes=(Note("Done."),))
    if isinstance(result, list):
        rows = [row for row in result if isinstance(row, dict)]
        if not result:
            return Done(notes=(Note("There is none."),))
        if len(rows) == len(result):
            return _table(rows)
    if isinstance(result, dict):
        fields = {name: TextMulti(str(name)) for name in result}
        filled = [fields[name].filled(_text(value)) for name, value in result.items()]
        return Done(payload=(Form(tuple(fields.values())).result(*filled),))
    return Done(notes=(Note(_text(result)),))


def _table(rows: Sequence[Row]) -> Done:
    columns = {name: TextSingle(name, name) for row in rows for name in row}
    written = report(tuple(columns.values()), (_cells(columns, row) for row in rows[:_MOST]))
    if len(rows) <= _MOST:
        return Done(payload=(written,))
    return Done((written,), (Note(f"Only the first {_MOST} of {len(rows)} are shown.", "warn"),))


def _cells(columns: Mapping[str, TextSingle], row: Row) -> list[Filled]:
    return [columns[name].filled(_text(value)) for name, value in row.items()]


def _text(value: object) -> str:
    """Write a value for a person: lists one item a line, what is deeper as JSON."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case str() | int() | float():
            return str(value)
        case list() if all(isinstance(each, str) for each in value):
            return "\n".join(value)
        case _:
            return json.dumps(value, ensure_ascii=False)
