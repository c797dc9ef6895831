"""The log: structured entries, for people on a terminal or as one JSON object a line.

Everything goes one way: `structlog` loggers, the standard library's (SQLAlchemy, alembic,
asyncio), Python warnings and errors nobody caught.
"""

import asyncio
import logging
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

import structlog
from structlog.types import Processor

from palaver.kernel.settings import LogSettings
from palaver.obs.log_text import clean

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
# These tell statements with their parameters, or every callback, at their lower levels.
_TALKATIVE = {"sqlalchemy": 30, "aiosqlite": 30, "alembic": 30, "asyncio": 30}


class LogOutput:
    """Is where log lines go: standard error, or a file that can be reopened after rotation."""

    __slots__ = ("_path", "_stream")

    def __init__(self, path: Path | None = None, stream: TextIO | None = None) -> None:
        self._path = path
        self._stream = stream or (_opened(path) if path else sys.stderr)

    @property
    def is_terminal(self) -> bool:
        """Whether a person watches, and colours help."""
        return self._path is None and self._stream.isatty()

    def write(self, line: str) -> None:
        """Write a line; a full disk or a closed pipe loses the line, not the server."""
        try:
            self._stream.write(f"{line}\n")
            self._stream.flush()
        except (OSError, ValueError):
            return

    def reopen(self) -> None:
        """Open the file by its name again, as after log rotation; raises OSError."""
        if self._path:
            after = _opened(self._path)
            self.close()
            self._stream = after

    def close(self) -> None:
        """Close the file; standard error stays open."""
        if self._path:
            with suppress(OSError):
                self._stream.close()


def configure(settings: LogSettings, data: Path, stream: TextIO | None = None) -> LogOutput:
    """Send all logging of the process to where the settings say.

    ``data`` is the data directory, ``stream`` takes the place of standard error. Raises OSError
    when the log file cannot be opened.
    """
    output = LogOutput(data / settings.file if settings.file else None, stream)
    level = _LEVELS[settings.level]
    end = _renderer(settings, output)
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *_chain(), *end],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: _Writer(output),
        cache_logger_on_first_use=False,
    )
    _adopt_standard_library(output, level, end)
    return output


def report_loop_errors(loop: asyncio.AbstractEventLoop) -> None:
    """Log what fails in a callback or a task nobody awaits, without the data it held."""
    loop.set_exception_handler(_loop_error)


def _loop_error(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    task = context.get("task") or context.get("future")
    structlog.get_logger("asyncio").error(
        "unhandled error in the event loop",
        what=context.get("message"),
        task=task.get_name() if isinstance(task, asyncio.Task) else None,
        exc_info=error if isinstance(error, Exception) else None,
    )


def _chain() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        structlog.processors.format_exc_info,
        clean,
    ]


def _renderer(settings: LogSettings, output: LogOutput) -> list[Processor]:
    if settings.format == "json":
        return [structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [
        structlog.dev.ConsoleRenderer(
            colors=output.is_terminal, pad_event_to=0, timestamp_key="time"
        )
    ]


class _Writer:
    """Takes the rendered line of any level, as structlog's last step."""

    __slots__ = ("_output",)

    def __init__(self, output: LogOutput) -> None:
        self._output = output

    def msg(self, line: str) -> None:
        self._output.write(line)

    debug = info = warning = error = critical = msg


class _Handler(logging.Handler):
    def __init__(self, output: LogOutput, formatter: logging.Formatter) -> None:
        super().__init__()
        self._output = output
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._output.write(self.format(record))
        except Exception:  # one bad record must not end whoever wrote it
            self.handleError(record)


def _adopt_standard_library(output: LogOutput, level: int, end: Sequence[Processor]) -> None:
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *_chain()],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *end],
    )
    root = logging.getLogger()
    for handler in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(handler)
    root.addHandler(_Handler(output, formatter))
    root.setLevel(level)
    for name, least in _TALKATIVE.items():
        logging.getLogger(name).setLevel(max(level, least))
    logging.captureWarnings(capture=True)


def _opened(path: Path) -> TextIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("a", encoding="utf-8", errors="backslashreplace")
