"""What a host tells of itself: version and time, and that a session is a session."""

import platform
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from tests.support.house import Client, open_house

import palaver
from palaver.ext.entity_time import offset, utc
from palaver.wire.element import Element

NAMES = ("entity_time", "session_establishment", "version")


@pytest.fixture
async def romeo(tmp_path: Path) -> AsyncIterator[Client]:
    async with open_house(tmp_path, *NAMES) as house:
        yield await house.client("romeo@montague.example/orchard")


async def ask(client: Client, payload: str, kind: str = "get", to: str = "") -> Element:
    address = f" to='{to}'" if to else ""
    return await client.ask(f"<iq type='{kind}' id='q'{address}>{payload}</iq>")


VERSION = "<query xmlns='jabber:iq:version'/>"


async def test_a_host_tells_its_version_and_by_default_not_its_system(romeo: Client) -> None:
    answer = await ask(romeo, VERSION, to="montague.example")
    query = answer.find("query", "jabber:iq:version")
    assert query is not None
    assert [(child.name, child.text) for child in query] == [
        ("name", "Palaver"),
        ("version", palaver.__version__),
    ]


async def test_a_host_may_tell_its_system(tmp_path: Path) -> None:
    allowed = "[extensions.version]\nshow_os = true\n"
    async with open_house(tmp_path, "version", configuration=allowed) as house:
        romeo = await house.client("romeo@montague.example/orchard")
        answer = await ask(romeo, VERSION, to="montague.example")
        query = answer.find("query", "jabber:iq:version")
        assert query is not None
        assert (query.text_of("os") or "").startswith(platform.system())


async def test_a_host_tells_its_time(romeo: Client) -> None:
    answer = await ask(romeo, "<time xmlns='urn:xmpp:time'/>", to="montague.example")
    time = answer.find("time", "urn:xmpp:time")
    assert time is not None
    assert re.fullmatch(r"[+-]\d\d:\d\d", time.text_of("tzo") or "")
    told = time.text_of("utc") or ""
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", told)
    assert abs(datetime.fromisoformat(told) - datetime.now(UTC)) < timedelta(minutes=1)


HOUSTON = timezone(timedelta(hours=-5))


def test_a_moment_is_written_in_utc_as_in_the_examples() -> None:
    assert utc(datetime(1969, 7, 20, 21, 56, 15, tzinfo=HOUSTON)) == "1969-07-21T02:56:15Z"
    example = datetime(2006, 12, 19, 11, 58, 35, 999, tzinfo=timezone(timedelta(hours=-6)))
    assert utc(example) == "2006-12-19T17:58:35Z"
    assert offset(example) == "-06:00"


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "+00:00"), (420, "+07:00"), (345, "+05:45"), (-210, "-03:30"), (-30, "-00:30")],
)
def test_an_offset_is_written_in_hours_and_minutes(minutes: int, text: str) -> None:
    zone = timezone(timedelta(minutes=minutes))
    assert offset(datetime(2026, 1, 1, tzinfo=zone)) == text


def test_an_offset_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        offset(datetime(2026, 1, 1))


@pytest.mark.parametrize("to", ["", "montague.example", "romeo@montague.example"])
async def test_establishing_a_session_succeeds(romeo: Client, to: str) -> None:
    session = "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>"
    answer = await ask(romeo, session, "set", to)
    assert answer.get("type") == "result"
    assert not list(answer)
