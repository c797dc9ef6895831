"""Delays: how they are written, and that none is forged in a host's name."""

from pathlib import Path

import pytest
from tests.support.house import open_house

from palaver.ext.delay import delay, timestamp
from palaver.jid import parse
from palaver.wire import element
from palaver.wire.stanza import Stanza


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_031_699_305_999_999, "2002-09-10T23:08:25.999Z"),
        (1_031_699_305_000_000, "2002-09-10T23:08:25.000Z"),
    ],
)
def test_a_moment_is_written_in_utc_to_the_millisecond(at: int, text: str) -> None:
    assert timestamp(at) == text


def test_the_element_says_who_since_when_and_why() -> None:
    assert delay(parse("capulet.example"), 0, "Offline Storage").to_bytes() == (
        b"<delay xmlns='urn:xmpp:delay' from='capulet.example' stamp='1970-01-01T00:00:00.000Z'>"
        b"Offline Storage</delay>"
    )


@pytest.mark.parametrize(
    ("by", "stays"),
    [
        ("capulet.example", []),
        ("MONTAGUE.example", []),
        ("juliet@capulet.example", []),
        ("romeo@montague.example/orchard", ["a"]),
        ("elsewhere.example", ["a", "b"]),
        ("", ["a", "b"]),
    ],
)
async def test_a_delay_in_the_name_of_somebody_else_here_is_stripped(
    tmp_path: Path, by: str, stays: list[str]
) -> None:
    claim = f"<delay xmlns='urn:xmpp:delay' from='{by}' stamp='2001-01-01T00:00:00Z'/>"
    async with open_house(tmp_path, "delay") as house:
        romeo = await house.client("romeo@montague.example/orchard")
        juliet = await house.client("juliet@capulet.example/balcony")
        romeo.send(f"<message to='juliet@capulet.example'><body>a</body>{claim}</message>")
        outside = Stanza.make(
            "message",
            parse("mercutio@elsewhere.example/street"),
            juliet.session.bare,
            None,
            element.parse(b"<body>b</body>"),
            element.parse(claim.encode()),
        )
        house.server.router.route(outside)
        received = await juliet.messages()
        assert [each.text_of("body") for each in received] == ["a", "b"]
        late = [each for each in received if each.find("delay", "urn:xmpp:delay") is not None]
        assert [each.text_of("body") for each in late] == stays
