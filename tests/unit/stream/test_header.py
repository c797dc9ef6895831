"""Stream headers, errors and features as bytes (RFC 6120 §4.3, §4.7, §4.9)."""

from xml.etree import ElementTree

import pytest

from palaver.stream import header
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import STREAM_CONDITIONS, StreamError

STREAM = f"{{{ns.STREAMS}}}"


def opening(**changes: str | None) -> bytes:
    given = {"stream_id": "x1", "sender": "capulet.example", "to": None, "lang": "en"} | changes
    return header.opening(**given)  # type: ignore[arg-type]  # the test names them


def tree(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(opening() + data + header.CLOSING)[0]


def test_the_header_says_who_answers_whom() -> None:
    root = ElementTree.fromstring(opening(to="juliet@capulet.example/'<&") + header.CLOSING)
    assert root.tag == f"{STREAM}stream"
    assert root.attrib == {
        "id": "x1",
        "from": "capulet.example",
        "to": "juliet@capulet.example/'<&",
        "version": "1.0",
        "{http://www.w3.org/XML/1998/namespace}lang": "en",
    }


def test_a_client_that_did_not_say_who_it_is_is_not_addressed() -> None:
    assert b" to=" not in opening()


@pytest.mark.parametrize("condition", sorted(STREAM_CONDITIONS))
def test_every_condition_is_written(condition: str) -> None:
    error = tree(header.error(StreamError(condition)))
    assert error.tag == f"{STREAM}error"
    assert [child.tag for child in error] == [f"{{{ns.STREAM_ERRORS}}}{condition}"]


def test_text_and_detail_follow_the_condition() -> None:
    failure = StreamError("policy-violation", "a < b", Element("too-big", "urn:app"))
    _, text, detail = tree(header.error(failure))
    assert text.tag == f"{{{ns.STREAM_ERRORS}}}text"
    assert text.text == "a < b"
    assert detail.tag == "{urn:app}too-big"


def test_features_keep_their_order() -> None:
    features = tree(header.features([Element("b", "urn:b"), Element("a", "urn:a")]))
    assert features.tag == f"{STREAM}features"
    assert [child.tag for child in features] == ["{urn:b}b", "{urn:a}a"]


@pytest.mark.parametrize("version", ["1.0", "1", "1.9", "2.0", "10.3"])
def test_version_one_and_newer_are_accepted(version: str) -> None:
    header.check_version(version)


@pytest.mark.parametrize("version", [None, "", "0.9", "0", ".1", "x", "1x", " 1", "+1", "١.0"])
def test_older_and_other_versions_are_not(version: str | None) -> None:
    with pytest.raises(StreamError) as caught:
        header.check_version(version)
    assert caught.value.condition == "unsupported-version"
