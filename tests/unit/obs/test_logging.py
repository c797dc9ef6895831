import asyncio
import io
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from palaver.kernel.settings import LogSettings
from palaver.obs.logging import configure, report_loop_errors


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def started(tmp_path: Path, form: str = "json", level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    settings = LogSettings.model_validate({"format": form, "level": level})
    configure(settings, tmp_path, stream)
    return stream


def entries(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_json_gives_one_object_a_line_with_time_level_and_values(tmp_path: Path) -> None:
    stream = started(tmp_path)
    structlog.get_logger().info("session bound", jid="a@b/c", count=3)
    (entry,) = entries(stream)
    assert entry.pop("time")
    assert entry == {"event": "session bound", "level": "info", "jid": "a@b/c", "count": 3}


def test_less_severe_entries_than_the_level_are_left_out(tmp_path: Path) -> None:
    stream = started(tmp_path, level="warning")
    structlog.get_logger().info("no")
    logging.getLogger("library").info("no")
    structlog.get_logger().warning("yes")
    assert [entry["event"] for entry in entries(stream)] == ["yes"]


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("character", ["\n", "\r", "\x1b", "\u2028", "\u202e", "\x00", "\x85"])
def test_control_characters_cannot_forge_a_line(tmp_path: Path, form: str, character: str) -> None:
    stream = started(tmp_path, form)
    structlog.get_logger().warning(f"bad{character}event", nick=f"x{character}y", **{"k\n": 1})
    logging.getLogger("other").warning("foreign%s", character)
    text = stream.getvalue()
    assert len(text.splitlines()) == 2
    assert character not in text.removesuffix("\n").replace("\n", "")


@pytest.mark.parametrize("form", ["json", "console"])
def test_bodies_and_secrets_never_appear(tmp_path: Path, form: str) -> None:
    stream = started(tmp_path, form)
    structlog.get_logger().error(
        "x",
        password="hunter2",
        body="hunter2",
        raw=b"<body>hunter2</body>",
        data=b"hunter2",
        inner={"Token": "hunter2", "list": [b"hunter2"]},
    )
    assert "hunter2" not in stream.getvalue()
    assert "[hidden]" in stream.getvalue()


def test_a_traceback_is_indented_so_that_its_message_forges_no_line(tmp_path: Path) -> None:
    stream = started(tmp_path, "console")
    try:
        raise ValueError("first\n2026-01-01 [error] forged")
    except ValueError:
        structlog.get_logger().exception("failed")
    assert not [line for line in stream.getvalue().splitlines() if line.startswith("2026-01-01")]
    assert "  | 2026-01-01 [error] forged" in stream.getvalue()


def test_standard_library_loggers_go_the_same_way(tmp_path: Path) -> None:
    stream = started(tmp_path)
    logging.getLogger("library.part").info("upgrade %s", "0001")
    logging.getLogger("sqlalchemy.engine").info("SELECT secret")
    (entry,) = entries(stream)
    assert entry["logger"] == "library.part"
    assert entry["event"] == "upgrade 0001"
    assert entry["level"] == "info"


def test_warnings_are_logged(tmp_path: Path) -> None:
    stream = started(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn("old call", DeprecationWarning, stacklevel=1)
    assert "old call" in str(entries(stream)[0]["event"])


async def test_an_error_in_a_callback_is_logged(tmp_path: Path) -> None:
    stream = started(tmp_path)
    loop = asyncio.get_running_loop()
    report_loop_errors(loop)

    def fails() -> None:
        raise ZeroDivisionError("in a callback")

    loop.call_soon(fails)
    reached = asyncio.Event()
    loop.call_soon(reached.set)
    await reached.wait()
    (entry,) = entries(stream)
    assert entry["level"] == "error"
    assert "ZeroDivisionError: in a callback" in str(entry["exception"])


def test_a_log_file_is_reopened_after_rotation(tmp_path: Path) -> None:
    output = configure(LogSettings(file=Path("logs/palaver.log"), format="json"), tmp_path)
    file = tmp_path / "logs/palaver.log"
    structlog.get_logger().info("one")
    file.rename(file.with_suffix(".1"))
    structlog.get_logger().info("two")
    output.reopen()
    structlog.get_logger().info("three")
    output.close()
    assert file.with_suffix(".1").read_text().count("\n") == 2
    assert json.loads(file.read_text())["event"] == "three"


def test_a_full_disk_loses_the_line_not_the_server(tmp_path: Path) -> None:
    output = configure(LogSettings(file=Path("/dev/full")), tmp_path)
    structlog.get_logger().info("lost")
    logging.getLogger("x").warning("lost too")
    output.close()
