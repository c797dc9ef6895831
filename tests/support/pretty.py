"""Printing of elements for people: indented, and with the namespaces a reader expects."""

from xml.etree.ElementTree import Element, fromstring
from xml.sax.saxutils import escape, quoteattr

from tests.support.xmlstream import CLIENT, STREAM

_XML = "{http://www.w3.org/XML/1998/namespace}"
_PREFIXES = {STREAM: "stream"}


def pretty(element: Element, indent: str = "", inherited: str = CLIENT) -> str:
    """Print an element with its children, each on its own line."""
    namespace, name = split(element.tag)
    prefix = _PREFIXES.get(namespace)
    head = f"{indent}<{prefix}:{name}" if prefix else f"{indent}<{name}"
    tag = head.strip().lstrip("<")
    if not prefix and namespace != inherited:
        head += f" xmlns={quoteattr(namespace)}"
    for key, value in element.attrib.items():
        head += f" {key.replace(_XML, 'xml:')}={quoteattr(value)}"
    default = inherited if prefix else namespace
    text = (element.text or "").strip()
    if not len(element):
        return f"{head}>{escape(text)}</{tag}>" if text else f"{head}/>"
    lines = [f"{head}>"]
    if text:
        lines.append(f"{indent}  {escape(text)}")
    for child in element:
        lines.append(pretty(child, f"{indent}  ", default))
        if (child.tail or "").strip():
            lines.append(f"{indent}  {escape((child.tail or '').strip())}")
    lines.append(f"{indent}</{tag}>")
    return "\n".join(lines)


def split(tag: str) -> tuple[str, str]:
    """Split ``{namespace}name`` as ElementTree writes it."""
    namespace, brace, name = tag[1:].partition("}")
    return (namespace, name) if brace else ("", tag)


def element(xml: str) -> Element:
    """Read a stanza written as on a client's stream: its namespace is ``jabber:client``."""
    wrapped = f"<x xmlns='{CLIENT}' xmlns:stream='{STREAM}'>{xml}</x>"
    (only,) = fromstring(wrapped)
    return only
