"""What a story says when the server does something else; played on a real server."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.certificates import Authority
from tests.support.config import HostOptions, ServerOptions
from tests.support.server import Server
from tests.support.story.model import StoryError
from tests.support.story.names import Names
from tests.support.story.parser import parse
from tests.support.story.runner import StoryFailedError, play

FILE = Path("tale.story")
HEAD = "= RFC 9999\nRomeo: romeo@localhost/orchard\nJuliet: juliet@localhost/balcony\n== T\n"
FIRST_STEP = 5
NAMES = Names(["localhost"], 1)


@pytest.fixture(scope="module")
def stage(
    palaver_command: Path, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    options = ServerOptions(hosts={host: HostOptions() for host in NAMES.hosts.values()})
    directory = tmp_path_factory.mktemp("stage")
    with Server(options, directory, command=palaver_command, authority=authority) as server:
        server.add_accounts(
            (NAMES.to_server(f"{name}@localhost"), "secret") for name in ("romeo", "juliet")
        )
        yield server


async def perform(stage: Server, steps: str) -> None:
    (story,) = parse(FILE, HEAD + steps)
    await play(story, stage, NAMES)


async def fail(stage: Server, steps: str) -> str:
    with pytest.raises(StoryFailedError) as caught:
        await perform(stage, steps)
    return str(caught.value)


PING = """\
Romeo connects
Romeo sends:
    <iq id="p1" type="get" to="localhost"><ping xmlns="urn:xmpp:ping"/></iq>
"""


async def test_a_story_that_goes_as_told_passes(stage: Server) -> None:
    await perform(stage, f'{PING}Romeo receives:\n    <iq id="p1" type="result" from="localhost"/>')


async def test_a_failure_tells_where_who_what_and_what_instead(stage: Server) -> None:
    said = await fail(stage, f'{PING}Romeo receives:\n    <iq id="p1" type="error">...</iq>')
    assert said.startswith(f"tale.story:{FIRST_STEP + 3}: RFC 9999\nStory: T\n")
    assert 'Romeo should have received\n    <iq id="p1" type="error">...</iq>' in said
    assert 'type="result"' in said
    assert "because the attribute type of <iq> is 'result', not 'error'" in said
    assert "Romeo is connected as romeo@localhost/orchard" in said
    assert "Romeo sends: <iq" in said


async def test_a_failure_shows_no_passwords(stage: Server) -> None:
    said = await fail(stage, "Romeo cannot log in\n")
    assert "Romeo should have received\n    a SASL failure\nbut logged in" in said
    assert "<auth" in said
    assert "cmNtZW8" not in said


async def test_what_was_not_expected_at_the_end_is_a_failure(stage: Server) -> None:
    said = await fail(stage, PING)
    assert "nothing more until the story ends" in said
    assert 'id="p1"' in said


async def test_what_was_not_expected_before_leaving_is_a_failure(stage: Server) -> None:
    assert "nothing more" in await fail(stage, f"{PING}Romeo disconnects\n")


async def test_silence_is_proved_without_waiting(stage: Server) -> None:
    steps = 'Romeo comes online\nJuliet comes online\nRomeo sends:\n    <message to="{Juliet}"/>\n'
    assert "Juliet should have received\n    nothing" in await fail(
        stage, f"{steps}Juliet receives nothing\n"
    )
    await perform(stage, f"{steps}Juliet skips what came\nJuliet receives nothing\n")


async def test_a_connection_that_ends_early_is_a_failure(stage: Server) -> None:
    said = await fail(stage, "Romeo connects\nRomeo sends:\n    </stream:stream>\n")
    assert "the server has closed the connection of Romeo" in said


async def test_a_resource_in_use_passes_to_the_newer_connection(stage: Server) -> None:
    steps = (
        "Romeo connects\nTwin connects\nRomeo receives:\n"
        '    <stream:error><conflict xmlns="urn:ietf:params:xml:ns:xmpp-streams"/>...'
        "</stream:error>\nRomeo's connection is closed\n"
    )
    text = HEAD.replace("== T", "Twin: romeo@localhost/orchard\n== T")
    (story,) = parse(FILE, text + steps)
    await play(story, stage, NAMES)


async def test_a_mistake_in_the_story_is_told_apart_from_a_failure(stage: Server) -> None:
    with pytest.raises(StoryError, match=r"stands for nothing"):
        await perform(stage, "Romeo connects\nRomeo sends:\n    <message to='{Nobody}'/>\n")
    with pytest.raises(StoryFailedError, match=r"Romeo has not connected yet"):
        await perform(stage, "Romeo sends:\n    <presence/>\n")
