"""Comparison of a received stanza with what a story expects."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import Element, ParseError, fromstring

from tests.support.pretty import pretty, split
from tests.support.xmlstream import CLIENT, STANZAS, STREAM, XML_LANG

Bindings = Mapping[str, str]
"""What the names in braces stand for: actors' full JIDs, and values captured before."""

_STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
_KINDS = {"any": r"(?s:.*)", "integer": r"-?\d+", "stamp": _STAMP}
_CLOCK_SKEW = timedelta(minutes=5)

_IQ = f"{{{CLIENT}}}iq"
_ERROR = f"{{{CLIENT}}}error"
_PLACEHOLDER = re.compile(r"\{(?:(?P<name>[^{}=|]+)=)?(?P<what>[^{}=]+)\}")
_MORE = "{urn:palaver:story}more"
# "..." before the end of a tag allows attributes that are not listed.
_MORE_ATTRIBUTES = re.compile(r"(<[^<>!?/][^<>]*?)\s\.\.\.(\s*/?>)")
# "perhaps" there allows the whole element to be missing.
_PERHAPS = re.compile(r"(<[^<>!?/][^<>]*?)\sperhaps(\s*/?>)")
_OPTIONAL = "{urn:palaver:story}perhaps"
# "<{forbidden|not-allowed}/>" stands for one of several error conditions.
_CHOICE = re.compile(r"<\{([a-z|-]+)\}/>")
_ONE_OF = "{urn:palaver:story}one"
_WRAPPER = (
    f"<story xmlns='{CLIENT}' xmlns:stream='{STREAM}' xmlns:more_='urn:palaver:story'>",
    "</story>",
)

# Servers put these into stanzas on their own; a story only mentions them when it is about them.
_OPTIONAL_CHILDREN = {"{urn:xmpp:sid:0}stanza-id"}
_OPTIONAL_IN_ERROR = {f"{{{STANZAS}}}text"}
_OPTIONAL_ON_ERROR = ("by", "code")


class MismatchError(Exception):
    """Says in what a stanza differs from what was expected.

    ``progress`` tells how much was alike: of several attempts, the one that came farthest says
    best what is wrong.
    """

    def __init__(self, problem: str, progress: float = 0) -> None:
        super().__init__(problem)
        self.progress = progress


class PatternError(Exception):
    """Says what is wrong with a pattern; ``line`` counts from 0 in its block."""

    def __init__(self, problem: str, line: int = 0) -> None:
        super().__init__(problem)
        self.line = line


@dataclass(slots=True)
class Pattern:
    """One expected element, with its ``...`` taken out."""

    tag: str
    attributes: dict[str, str]
    text: str
    children: list["Pattern"] = field(default_factory=list)
    more_attributes: bool = False
    more_children: bool = False
    perhaps: bool = False

    def __str__(self) -> str:
        return pretty(self._element()).replace('...=""', "...")

    def _element(self) -> Element:
        extra = {"...": ""} if self.more_attributes else {}
        shown = Element(self.tag, self.attributes | extra)
        shown.text = self.text or None
        for child in self.children:
            shown.append(child._element())
        if self.more_children:
            shown.text = f"{self.text} ..."
        return shown


def patterns(xml: str) -> list[Pattern]:
    """Read the stanzas of a block; raises `PatternError`."""
    marked = _CHOICE.sub(r"<more_:one of='\1'/>", xml)
    marked = _PERHAPS.sub(r"\1 more_:perhaps=''\2", marked)
    marked = _MORE_ATTRIBUTES.sub(r"\1 more_:more=''\2", marked)
    try:
        found = [_pattern(each) for each in fromstring(f"{_WRAPPER[0]}{marked}{_WRAPPER[1]}")]
    except ParseError as error:
        raise PatternError(f"the XML is not well-formed: {error}", error.position[0] - 1) from None
    if not found:
        raise PatternError("the block holds no element")
    return found


def _pattern(element: Element) -> Pattern:
    attributes = dict(element.attrib)
    if element.tag == _ONE_OF:
        return Pattern(f"{{{STANZAS}}}{{{attributes['of']}}}", {}, "")
    more = attributes.pop(_MORE, None) is not None
    perhaps = attributes.pop(_OPTIONAL, None) is not None
    texts = [element.text or "", *(child.tail or "" for child in element)]
    open_ended = any(text.strip() == "..." for text in texts)
    text = "".join(part for part in texts if part.strip() != "...")
    children = [_pattern(child) for child in element]
    return Pattern(
        element.tag,
        attributes,
        text.strip() if children or open_ended or not text.strip() else text,
        children,
        more,
        open_ended,
        perhaps,
    )


def match(pattern: Pattern, stanza: Element, me: str, bindings: Bindings) -> dict[str, str]:
    """Compare a stanza with a pattern and return the bindings with what was captured.

    ``me`` is the receiver's full JID: an unlisted ``to`` may name the receiver, and an unlisted
    ``xml:lang`` may be anything. An IQ without ``from`` is one from the receiver's account
    (RFC 6120 §8.1.2.1). Raises `MismatchError`.
    """
    account = me.partition("/")[0]
    own = {me, account}
    free = {XML_LANG} - set(pattern.attributes)
    if "to" not in pattern.attributes and stanza.get("to") in own:
        free.add("to")
    if stanza.tag == _IQ and stanza.get("from") is None:
        stanza.set("from", account)
    if stanza.tag == _IQ and stanza.get("from") == account:
        free.add("from")
    return _match(_with_error_namespace(pattern), stanza, bindings, free, _optional(pattern))


def _optional(pattern: Pattern) -> frozenset[str]:
    listed = {child.tag for child in pattern.children}
    return frozenset(_OPTIONAL_CHILDREN - listed)


def _with_error_namespace(pattern: Pattern) -> Pattern:
    """Let ``<error>`` name its conditions without their namespace, as no other is possible."""
    for child in pattern.children:
        if child.tag == _ERROR:
            for condition in child.children:
                namespace, name = split(condition.tag)
                if namespace == CLIENT:
                    condition.tag = f"{{{STANZAS}}}{name}"
    return pattern


def _match(
    pattern: Pattern,
    element: Element,
    bindings: Bindings,
    free: set[str] | None = None,
    optional: frozenset[str] = frozenset(),
) -> dict[str, str]:
    if not _fits(pattern.tag, element.tag):
        raise MismatchError(f"it is {_called(element.tag)}, not {_called(pattern.tag)}")
    name = f"<{split(pattern.tag)[1]}>"
    bound = _attributes(pattern, element, dict(bindings), free or set(), name)
    with _farther(1):
        bound = _text(pattern, element, bound, name)
    children = [child for child in element if child.tag not in optional]
    if element.tag == _ERROR:
        listed = {child.tag for child in pattern.children}
        children = [c for c in children if c.tag in listed or c.tag not in _OPTIONAL_IN_ERROR]
    # An error may carry what it answers (RFC 6120 §8.3.1).
    echo = element.get("type") == "error"
    with _farther(2):
        return _children(pattern.children, children, bound, pattern.more_children or echo, name)


@contextmanager
def _farther(progress: float) -> Iterator[None]:
    """Add to the progress of a mismatch that is found within."""
    try:
        yield
    except MismatchError as mismatch:
        mismatch.progress += progress
        raise


def _attributes(
    pattern: Pattern, element: Element, bound: dict[str, str], free: set[str], name: str
) -> dict[str, str]:
    for key, wanted in pattern.attributes.items():
        value = element.get(key)
        shown = f"the attribute {_attribute_name(key)} of {name}"
        if wanted == "{absent}":
            if value is not None:
                raise MismatchError(f"{shown} is {value!r} instead of absent")
        elif value is None:
            raise MismatchError(f"{shown} is absent instead of {wanted!r}")
        else:
            _value(wanted, value, bound, shown)
    if pattern.more_attributes:
        return bound
    if element.tag == _ERROR:
        free = {*free, *_OPTIONAL_ON_ERROR}
    for key, value in element.attrib.items():
        if key not in pattern.attributes and key not in free:
            raise MismatchError(
                f"{name} has an unexpected attribute {_attribute_name(key)}={value!r}"
            )
    return bound


def _text(pattern: Pattern, element: Element, bound: dict[str, str], name: str) -> dict[str, str]:
    texts = [element.text or "", *(child.tail or "" for child in element)]
    text = "".join(texts)
    if not pattern.text.strip() and not text.strip():
        return bound
    if "\n" in pattern.text or pattern.children:
        wanted, text = " ".join(pattern.text.split()), " ".join(text.split())
    else:
        wanted = pattern.text
    if pattern.more_children and not pattern.text:
        return bound
    _value(wanted, text, bound, f"the text of {name}")
    return bound


def _value(wanted: str, value: str, bound: dict[str, str], shown: str) -> None:
    """Compare a value with its pattern and note what it captures."""
    expression, captures, place = "", [], 0
    for found in _PLACEHOLDER.finditer(wanted):
        expression += re.escape(wanted[place : found.start()])
        place = found.end()
        inner = _expression(found["what"], bound)
        if found["name"]:
            captures.append(found["name"].strip())
            inner = f"(?P<capture{len(captures)}>{inner})"
        expression += inner
    expression += re.escape(wanted[place:])
    matched = re.fullmatch(expression, value)
    if matched is None or ("{stamp}" in wanted and not _recent(value, wanted)):
        raise MismatchError(
            f"{shown} is {value!r}, not {substitute(wanted, bound, strict=False)!r}"
        )
    for number, name in enumerate(captures, 1):
        bound[name] = matched[f"capture{number}"]


def _expression(what: str, bound: Bindings) -> str:
    if what in bound:
        return re.escape(bound[what])
    if what in _KINDS:
        return _KINDS[what]
    if what.startswith("not "):
        return rf"(?!{re.escape(what.removeprefix('not '))}\Z)(?s:.*)"
    if "|" in what:
        return f"(?:{'|'.join(map(re.escape, what.split('|')))})"
    raise PatternError(f"{{{what}}} stands for nothing: it is no actor and was not captured")


def _recent(value: str, wanted: str) -> bool:
    if wanted != "{stamp}":
        return True
    return abs(datetime.fromisoformat(value) - datetime.now(UTC)) < _CLOCK_SKEW


def substitute(text: str, bound: Bindings, *, strict: bool = True) -> str:
    """Replace names in braces by what they stand for; raises `PatternError` for unknown ones."""

    def value(found: re.Match[str]) -> str:
        if found["what"] in bound and not found["name"]:
            return bound[found["what"]]
        if strict:
            raise PatternError(f"{found[0]} stands for nothing: it is no actor, nor captured")
        return found[0]

    return _PLACEHOLDER.sub(value, text)


def _children(
    wanted: Sequence[Pattern],
    found: Sequence[Element],
    bound: dict[str, str],
    more: bool,
    name: str,
) -> dict[str, str]:
    """Match children in any order, trying every assignment until one fits."""
    if not wanted:
        if found and not more:
            raise MismatchError(f"{name} has an unexpected child {_called(found[0].tag)}")
        return bound
    reason = MismatchError(f"{name} lacks {_called(wanted[0].tag)}")
    for index, candidate in enumerate(found):
        if not _fits(wanted[0].tag, candidate.tag):
            continue
        rest = [*found[:index], *found[index + 1 :]]
        try:
            fitting = _match(wanted[0], candidate, bound)
            with _farther(10):
                return _children(wanted[1:], rest, fitting, more, name)
        except MismatchError as mismatch:
            reason = max(reason, mismatch, key=_progress)
    if wanted[0].perhaps:
        return _children(wanted[1:], found, bound, more, name)
    raise reason


def match_all(
    wanted: Sequence[Pattern], stanzas: Sequence[Element], me: str, bindings: Bindings
) -> dict[str, str]:
    """Match as many stanzas as patterns, in any order; raises `MismatchError`."""
    if not wanted:
        return dict(bindings)
    reason = MismatchError("none of the stanzas fits")
    for index, stanza in enumerate(stanzas):
        try:
            bound = match(wanted[0], stanza, me, bindings)
            with _farther(10):
                return match_all(wanted[1:], [*stanzas[:index], *stanzas[index + 1 :]], me, bound)
        except MismatchError as mismatch:
            reason = max(reason, mismatch, key=_progress)
    raise reason


def _progress(mismatch: MismatchError) -> float:
    return mismatch.progress


def _fits(wanted: str, tag: str) -> bool:
    namespace, name = split(wanted)
    if not name.startswith("{"):
        return tag == wanted
    return tag in {f"{{{namespace}}}{choice}" for choice in name[1:-1].split("|")}


def _called(tag: str) -> str:
    namespace, name = split(tag)
    return f"<{name}>" if namespace == CLIENT else f"<{name} xmlns={namespace!r}>"


def _attribute_name(key: str) -> str:
    return "xml:lang" if key == XML_LANG else key
