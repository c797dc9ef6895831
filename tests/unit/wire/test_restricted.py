"""Restricted XML (RFC 6120 §11.1): each fault gets the stream error it should."""

from xml.parsers import expat

import pytest

from palaver.wire import restricted
from palaver.wire.errors import StreamError


def fault(data: bytes) -> StreamError:
    parser = restricted.parser()
    try:
        parser.Parse(data, True)
    except StreamError as error:
        return error
    except expat.ExpatError as error:
        return restricted.translate(error, data[parser.ErrorByteIndex :])
    raise AssertionError(f"{data!r} was accepted")


@pytest.mark.parametrize(
    ("data", "condition"),
    [
        (b"<!DOCTYPE a><a/>", "restricted-xml"),
        (b"<!-- --><a/>", "restricted-xml"),
        (b"<?b c?><a/>", "restricted-xml"),
        (b"<a>&nbsp;</a>", "restricted-xml"),
        (b"<?xml version='1.0' encoding='UTF-16'?><a/>", "unsupported-encoding"),
        (b"<?xml version='1.0' encoding='made-up'?><a/>", "unsupported-encoding"),
        (b"<a>\xff</a>", "unsupported-encoding"),
        (b"<a>\xf8\x88\x80\x80\x80</a>", "unsupported-encoding"),
        (b"<a>\xf4\x90\x80\x80</a>", "unsupported-encoding"),
        (b"<a>\xe2\x82</a>", "unsupported-encoding"),
        (b"<a>\x0b</a>", "not-well-formed"),
        ("<a>\ufffe</a>".encode(), "not-well-formed"),
        ("<é\u2028/>".encode(), "not-well-formed"),
        (b"<a></b>", "not-well-formed"),
        (b"<p:a/>", "not-well-formed"),
    ],
)
def test_each_fault_has_its_condition(data: bytes, condition: str) -> None:
    assert fault(data).condition == condition


@pytest.mark.parametrize(
    "data",
    [
        b"<?xml version='1.0'?><a/>",
        b"<?xml version='1.0' encoding='utf-8' standalone='yes'?><a/>",
        b"<a>&lt;&gt;&amp;&apos;&quot;&#65;&#x42;<![CDATA[&nbsp;]]></a>",
    ],
)
def test_what_xmpp_allows_passes(data: bytes) -> None:
    restricted.parser().Parse(data, True)


@pytest.mark.parametrize("data", [b"", b" ", b"\n<", b"<", b"<?xml", b"<s", b"\xff", b"\x00"])
def test_what_may_still_become_a_header_is_waited_for(data: bytes) -> None:
    restricted.check_opening(data)


@pytest.mark.parametrize(
    ("data", "condition"),
    [
        (b"a", "not-well-formed"),
        (b"  a", "not-well-formed"),
        (b"\xef\xbb\xbf<", "not-well-formed"),
        (b"\xef", "not-well-formed"),
        (b"\xff\xfe", "unsupported-encoding"),
        (b"\xfe\xff", "unsupported-encoding"),
        (b"<\x00", "unsupported-encoding"),
        (b"\x00<", "unsupported-encoding"),
        (b"\x00\x00", "unsupported-encoding"),
    ],
)
def test_what_cannot_become_a_header_is_refused_at_once(data: bytes, condition: str) -> None:
    with pytest.raises(StreamError) as caught:
        restricted.check_opening(data)
    assert caught.value.condition == condition


@pytest.mark.parametrize("value", [">", "a>b>c>d"])
def test_a_token_that_comes_in_pieces_is_read_when_it_is_whole(value: str) -> None:
    """Newer versions of expat would wait for more (reparse deferral)."""
    seen: list[str] = []
    parser = restricted.parser()
    parser.StartElementHandler = lambda name, attrs: seen.append(attrs["b"])
    text = f"<a b='{value}{'-' * 100}'>"
    for character in text:
        parser.Parse(character.encode(), False)
    assert seen == [f"{value}{'-' * 100}"]
