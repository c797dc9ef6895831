"""Escaping: what an XML parser reads is what was meant (XML §2.4, §3.3.3)."""

from xml.etree import ElementTree

import pytest

from palaver.wire import escape
from palaver.wire.errors import WireError

AWKWARD = ["", "plain", "é€😀", "'", '"', "<", ">", "&", "\n", "\r", "\t", "]]>", "&amp;", " a  b "]


@pytest.mark.parametrize("value", AWKWARD)
def test_an_attribute_is_read_as_meant(value: str) -> None:
    assert ElementTree.fromstring(f"<a b='{escape.attribute(value)}'/>").get("b") == value


@pytest.mark.parametrize("value", AWKWARD)
def test_text_is_read_as_meant(value: str) -> None:
    assert (ElementTree.fromstring(f"<a>{escape.text(value)}</a>").text or "") == value


@pytest.mark.parametrize("value", AWKWARD)
def test_needed_is_told_of_whatever_an_attribute_would_change_and_of_spaces(value: str) -> None:
    assert escape.needed(value) == (escape.attribute(value) != value or " " in value)


@pytest.mark.parametrize("value", [*AWKWARD, "\ud7ff", "\ue000", "\ufffd", "\U0010ffff"])
def test_what_xml_can_carry_passes(value: str) -> None:
    assert escape.check(value) is value


@pytest.mark.parametrize("character", [*map(chr, {*range(32)} - {9, 10, 13}), "\ud800", "\uffff"])
def test_what_xml_cannot_carry_is_named(character: str) -> None:
    with pytest.raises(WireError, match=f"U\\+{ord(character):04X}"):
        escape.check(f"a{character}b")
