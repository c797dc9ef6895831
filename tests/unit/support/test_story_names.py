import pytest
from tests.support.story.names import Names

NAMES = Names(["localhost", "example.test"], 7)


@pytest.mark.parametrize(
    ("text", "real"),
    [
        ("romeo@localhost/orchard", "romeo@s7.story.localhost/orchard"),
        ("<iq to='example.test'/>", "<iq to='s7.story.example.test'/>"),
        ("muc.localhost", "muc.s7.story.localhost"),
        ("to localhost.", "to s7.story.localhost."),
        ("localhost.localdomain", "localhost.localdomain"),
        ("my-localhost", "my-localhost"),
        ("localhosts", "localhosts"),
    ],
)
def test_hosts_are_replaced_where_they_are_hosts(text: str, real: str) -> None:
    assert NAMES.to_server(text) == real
    assert NAMES.to_story(real) == text


def test_two_stories_have_no_host_in_common() -> None:
    other = Names(["localhost"], 8)
    assert not set(NAMES.hosts.values()) & set(other.hosts.values())


def test_addresses_on_the_storys_hosts_are_known() -> None:
    assert NAMES.serves("nobody@s7.story.localhost")
    assert NAMES.serves("s7.story.localhost")
    assert not NAMES.serves("nobody@s8.story.localhost")
