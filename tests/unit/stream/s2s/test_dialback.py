"""The keys of server dialback, against the examples of the XEPs."""

from palaver.stream.s2s import dialback
from palaver.stream.s2s.dialback import Pair
from palaver.wire.errors import StanzaError


def test_a_key_is_that_of_the_example() -> None:
    """XEP-0185 §3."""
    key = dialback.key(b"s3cr3tf0rd14lb4ck", Pair("example.org", "xmpp.example.com"), "D60000229F")
    assert key == "37c69b1cf07a3f67c04a5ef5902fa5114f2c76fe4a2686482ba5b89323075643"


def test_keys_are_the_same_in_any_case_of_their_letters_and_between_white_space() -> None:
    assert dialback.same("\n 12AB ", "12ab")
    assert not dialback.same("12ab3", "12ab")


def test_elements_have_the_prefix_that_all_know() -> None:
    assert dialback.written("result", "a.example", "b.example", text="<k>") == (
        b"<db:result from='a.example' to='b.example'>&lt;k&gt;</db:result>"
    )
    error = StanzaError("item-not-found")
    assert dialback.written(
        "verify", "a.example", "b.example", id_="1", type_="error", error=error
    ) == (
        b"<db:verify from='a.example' to='b.example' id='1' type='error'>"
        b"<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
        b"</error></db:verify>"
    )
