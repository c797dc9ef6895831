"""Offers the commands of the shell (`palaver.kernel.extension.command`) as ad-hoc commands too."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic_core import to_jsonable_python

from palaver.kernel import config_schema
from palaver.kernel.adhoc import AdHocCommand, Call, Done, Handler, Note, Reply, Stage
from palaver.kernel.commands import Commands
from palaver.kernel.config_schema import Key
from palaver.kernel.extension import Command, Extension
from palaver.kernel.forms import (
    Boolean,
    Field,
    Filled,
    Form,
    ListSingle,
    Number,
    Option,
    Submission,
    TextMulti,
    TextPrivate,
    TextSingle,
    report,
)
from palaver.kernel.roles import Access

_NODE: Final = "urn:x-palaver:command:"
_MOST: Final = 1_000  # rows shown

Row = Mapping[str, object]


def operations(extensions: Iterable[Extension[Any]]) -> Iterator[tuple[AdHocCommand, Handler]]:
    """Iterate over the commands of extensions, as those who administer the server may run them."""
    commands = Commands(extensions)
    for command in commands:
        if _touches_files(command):
            continue  # those who administer by chat have no business among the server's files
        node = _NODE + command.name.replace(" ", "-")
        name = command.summary.removesuffix(".") or command.name
        declaration = AdHocCommand(node, name, Access.SERVER_ADMINISTRATORS)
        yield declaration, Operation(commands, command).begin


def _touches_files(command: Command) -> bool:
    """Tell whether a command reads or writes files of the server's machine."""
    marks = (field.json_schema_extra for field in command.parameters.model_fields.values())
    return any(isinstance(mark, dict) and "path" in mark for mark in marks)


class Operation:
    """One command with its form."""

    __slots__ = ("_command", "_commands", "_fields", "_lists")

    def __init__(self, commands: Commands, command: Command) -> None:
        self._commands = commands
        self._command = command
        schema = config_schema.schema_of(command.parameters)
        properties = schema.get("properties", {})
        keys = list(config_schema.keys(schema, schema))
        self._fields: dict[str, Field[Any]] = {
            key.name: _field(key, file=bool(properties[key.name].get("file"))) for key in keys
        }
        self._lists = {key.name for key in keys if key.type.startswith("list")}

    async def begin(self, _call: Call) -> Reply:
        """Ask for the arguments; run a command without any at once."""
        if not self._fields:
            return await self._run({})
        form = Form(tuple(self._fields.values()), title=self._command.summary)
        return Stage(form, complete=self._filled_in)

    async def _filled_in(self, _call: Call, answers: Submission) -> Reply:
        given = {name: answers.get(field) for name, field in self._fields.items()}
        for name in self._lists & given.keys():
            given[name] = (given[name] or "").splitlines()
        return await self._run({name: v for name, v in given.items() if v is not None})

    async def _run(self, arguments: Mapping[str, object]) -> Done:
        result = await self._commands.run(self._command.name, arguments)
        return shown(to_jsonable_python(result))


def _field(key: Key, *, file: bool) -> Field[Any]:
    """Choose the field for an argument."""
    about: dict[str, Any] = {
        "var": key.name,
        "label": key.name.replace("_", " ").capitalize(),
        "desc": key.description,
        "required": key.required,
    }
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
