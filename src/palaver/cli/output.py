"""What commands print: results for people, or JSON for scripts."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from palaver.cli.cli_error import CliError

Progress = Callable[[int, int], None]


def show(result: object, *, as_json: bool) -> None:
    """Print a result (anything JSON can hold) on standard output."""
    if as_json:
        print(json.dumps(result, ensure_ascii=False))  # noqa: T201 - the command's output
        return
    if result is None:
        return
    console = Console(highlight=False, soft_wrap=True)
    if isinstance(result, Mapping):
        _show_fields(console, result)
    elif isinstance(result, Sequence) and not isinstance(result, str):
        _show_rows(console, result)
    else:
        console.print(_text(result))


def show_failure(failure: CliError, *, as_json: bool) -> None:
    """Print an error on standard error."""
    if as_json:
        error = {"error": {"code": failure.code, "text": failure.text}}
        print(json.dumps(error, ensure_ascii=False), file=sys.stderr)  # noqa: T201 - as above
        return
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(Text("Error: ", style="bold red") + _text(failure.text))


@contextmanager
def progress_bar(what: str, *, quiet: bool) -> Iterator[Progress]:
    """Show a bar on standard error while a long command runs; nothing where nobody watches."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal:
        yield lambda done, total: None
        return
    with Bars(console=console, transient=True) as bars:
        bar = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(bar, completed=done, total=total)


def _show_fields(console: Console, fields: Mapping[str, object]) -> None:
    width = max((len(name) for name in fields), default=0)
    for name, value in fields.items():
        if _is_rows(value):
            console.print(Text(f"{name}:"))
            _show_rows(console, value)  # type: ignore[arg-type]  # _is_rows checked it
        else:
            console.print(Text(f"{name.replace('_', ' ')}:".ljust(width + 2)) + _text(value))


def _show_rows(console: Console, rows: Sequence[object]) -> None:
    records = [row for row in rows if isinstance(row, Mapping)]
    if not records:
        for row in rows:
            console.print(_text(row))
        return
    columns = list(dict.fromkeys(name for row in records for name in row))
    titles = [str(name).replace("_", " ") for name in columns]
    cells = [[_text(row.get(name)) for name in columns] for row in records]
    if console.is_terminal:
        table = Table(*titles, box=box.SIMPLE_HEAD, pad_edge=False)
        for line in cells:
            table.add_row(*line)
        console.print(table)
    else:
        _show_aligned([titles, *([each.plain for each in line] for line in cells)])


def _show_aligned(lines: Sequence[Sequence[str]]) -> None:
    """Write columns for a pipe, which has no edge to break lines at."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(cells).rstrip())  # noqa: T201 - the command's output


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def _text(value: object) -> Text:
    match value:
        case None:
            return Text("-")
        case bool():
            return Text("yes" if value else "no")
        case list() | tuple():
            return Text(", ".join(_text(each).plain for each in value) or "-")
        case _:
            return Text(str(value))
