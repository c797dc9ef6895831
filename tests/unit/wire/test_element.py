"""Elements: what is written is read again."""

import pytest

from palaver.wire import element, ns
from palaver.wire.element import Element
from palaver.wire.errors import WireError


@pytest.mark.parametrize(
    "tree",
    [
        Element("a", "urn:a"),
        Element("a", ns.CLIENT, {"b": "c"}, "text"),
        Element("a", "urn:a", None, Element("b", "urn:b"), "t", Element("c", "urn:a"), "u"),
        Element("a", "urn:a", {"xml:lang": "de", "urn:x y": "1", "urn:z y": "2", "y": "3"}),
        Element("a", "urn:'\"<>&", {"b": "'\"<>&\n\t\r"}, "'\"<>&\r\n\t ]]>"),
        Element("a", "", None, Element("b", ns.CLIENT)),
        Element("é", "urn:a", {"ü": "😀"}, "€"),
    ],
)
@pytest.mark.parametrize("default", [ns.CLIENT, "urn:a", ""])
def test_what_is_written_is_read_again(tree: Element, default: str) -> None:
    assert element.parse(tree.to_bytes(default), default) == tree


def test_what_is_none_is_left_out() -> None:
    tree = Element("a", "urn:a", {"b": None, "c": ""}, None, "x", None).add(None, "y")
    assert tree.attrs == {"c": ""}
    assert tree.text == "xy"


def test_children_are_found_in_the_own_namespace_unless_told() -> None:
    inner, outer = Element("b", "urn:a", None, "1"), Element("b", "urn:b", None, "2")
    tree = Element("a", "urn:a", None, "text", outer, inner)
    assert tree.find("b") is inner
    assert tree.find("b", "urn:b") is outer
    assert tree.text_of("b") == "1"
    assert tree.text_of("c") is None
    assert list(tree) == [outer, inner]
    assert tree.key == "urn:a a"


def test_an_attribute_has_a_default() -> None:
    tree = Element("a", "urn:a", {"b": "c"})
    assert (tree.get("b"), tree.get("x"), tree.get("x", "y")) == ("c", None, "y")


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_carry_is_refused(text: str) -> None:
    with pytest.raises(WireError):
        Element("a", "urn:a", None, text).to_bytes()
    with pytest.raises(WireError):
        Element("a", "urn:a", {"b": text}).to_bytes()


@pytest.mark.parametrize(
    "data", [b"<a>", b"</a>", b"<a></b>", b"<p:a/>", b"&x;", b"<a/></x><x>", b"\xff", b"<a b='<'/>"]
)
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        element.parse_all(data)


@pytest.mark.parametrize("data", [b"", b"text", b"<a/><b/>"])
def test_what_is_not_one_element_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        element.parse(data)


def test_prefixes_in_scope_are_known() -> None:
    tree = element.parse(b"<p:a/>", prefixes=" xmlns:p='urn:p'")
    assert tree == Element("a", "urn:p")


def test_text_between_siblings_is_dropped() -> None:
    assert element.parse_all(b"one<a/>two<b/>three") == [
        Element("a", ns.CLIENT),
        Element("b", ns.CLIENT),
    ]


def test_a_tree_moves_from_one_namespace_to_another() -> None:
    tree = element.parse(b"<a xmlns='urn:1'><b/><c xmlns='urn:2'><d xmlns='urn:1'/></c></a>")
    element.rename_namespace(tree, "urn:1", "urn:3")
    assert tree == element.parse(
        b"<a xmlns='urn:3'><b/><c xmlns='urn:2'><d xmlns='urn:3'/></c></a>"
    )


def test_elements_are_equal_by_content_and_no_keys() -> None:
    assert Element("a", "urn:a", {"b": "c"}) == Element("a", "urn:a", {"b": "c"})
    assert Element("a", "urn:a") != Element("a", "urn:b")
    assert Element("a", "urn:a") != "a"
    with pytest.raises(TypeError):
        hash(Element("a", "urn:a"))
