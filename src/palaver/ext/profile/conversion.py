"""Converts vCards into each other: vcard-temp (XEP-0054) and vCard4 (XEP-0292 §8).

Each element that both can say has one in the other. What only one of them can say is not lost when
the other changes: a conversion knows what was there before, keeps what cannot be converted, and
leaves as it is what still says the same. Pictures in the vCard itself are not converted here, as
they are avatars.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from palaver.wire.element import Element

TEMP: Final = "vcard-temp"
VCARD4: Final = "urn:ietf:params:xml:ns:vcard-4.0"

Conversion = Callable[[Element], Element | None]

_TYPES: Final = {
    "HOME": "home", "WORK": "work", "TEXT": "text", "VOICE": "voice", "FAX": "fax", "CELL": "cell",
    "VIDEO": "video", "PAGER": "pager", "TEXTPHONE": "textphone",
}  # fmt: skip
_FLAGS: Final = {value: key for key, value in _TYPES.items()}
_ADDRESS: Final = {
    "POBOX": "pobox", "EXTADD": "ext", "STREET": "street", "LOCALITY": "locality",
    "REGION": "region", "PCODE": "code", "CTRY": "country",
}  # fmt: skip
_NAME: Final = {
    "FAMILY": "surname", "GIVEN": "given", "MIDDLE": "additional", "PREFIX": "prefix",
    "SUFFIX": "suffix",
}  # fmt: skip
_NUMBER: Final = re.compile(r"\+?[0-9().-]+")
_DATE: Final = re.compile(r"[0-9-]+")
_DATA: Final = re.compile(r"data:([^;,]*);base64,(.*)", re.DOTALL)


def to_vcard4(card: Element, before: Element | None, address: str) -> Element:
    """Return a vcard-temp as a vCard4, which the vCard4 ``before`` says more about.

    ``address`` stands for the name of who has none: a vCard4 needs one (RFC 6350 §6.2.1).
    """
    found = Element("vcard", VCARD4, before.attrs if before else None)
    found.add(*_merged(card, before, _to_vcard4, _to_temp))
    if found.find("fn") is None:
        found.children.insert(0, _leaf4("fn", "text", _name_in(card) or address))
    return found


def to_temp(card: Element, before: Element | None) -> Element:
    """Return a vCard4 as a vcard-temp, which the vcard-temp ``before`` says more about."""
    found = Element("vCard", TEMP, before.attrs if before else None)
    return found.add(*_merged(card, before, _to_temp, _to_vcard4))


def completed(card: Element, other: Element) -> Element:
    """Return a vcard-temp with what another says that would be lost in a vCard4.

    That is what no vCard4 has a word for, and more of what both say.
    """
    more: dict[bytes, Element] = {}
    for child in other:
        means = _to_vcard4(_tidy(child))
        if means is not None:
            more.setdefault(means.to_bytes(), child)
    found = Element(card.name, card.ns, card.attrs)
    for child in card:
        meant = _to_vcard4(_tidy(child))
        found.add(child if meant is None else more.get(meant.to_bytes(), child))
    known = {child.key for child in card}
    alone = (child for child in other if child.ns != TEMP or child.name not in _FROM_TEMP)
    return found.add(*(child for child in alone if child.key not in known))


def inline_pictures(card: Element) -> Iterator[tuple[Element, str]]:
    """Iterate over the elements of either vCard that hold a picture in base64, with its text."""
    for child in card:
        if child.ns == TEMP and child.name == "PHOTO":
            text = child.text_of("BINVAL")
            if text is not None and text.strip():
                yield child, text
        elif child.ns == VCARD4 and child.name == "photo":
            data = _DATA.fullmatch((child.text_of("uri") or "").strip())
            if data:
                yield child, data[2]


def without_pictures(card: Element) -> Element:
    """Return a vCard without its avatar: the pictures in it, and those that are empty."""
    gone = {id(child) for child, _ in inline_pictures(card)}
    gone |= {id(c) for c in card if c.key == f"{TEMP} PHOTO" and not (c.text_of("EXTVAL") or "")}
    return Element(card.name, card.ns, card.attrs, *(c for c in card.children if id(c) not in gone))


def photo4(type_: str, base64: str) -> Element:
    """Return a picture as a property of a vCard4 (RFC 6350 §6.2.4)."""
    return _leaf4("photo", "uri", f"data:{type_};base64,{base64}")


def photo_temp(type_: str, base64: str) -> Element:
    """Return a picture as an element of a vcard-temp (XEP-0153 §5)."""
    return Element("PHOTO", TEMP, None, _leaf("TYPE", type_), _leaf("BINVAL", base64))


def _merged(
    card: Element, before: Element | None, convert: Conversion, back: Conversion
) -> list[Element]:
    """Convert what can be, and take what is as it was, or cannot be said, from before."""
    old = [] if before is None else [_tidy(each) for each in without_pictures(before)]
    pairs = [(each, back(each)) for each in old]
    # Looked up, not compared one by one: a vCard may have thousands of elements.
    same = {each.to_bytes(): each for each in old}
    same |= {other.to_bytes(): each for each, other in pairs if other is not None}
    found: list[Element] = []
    for child in card:
        mine = _tidy(child)
        new = convert(mine)
        if new is not None:
            found.append(same.get(mine.to_bytes()) or same.get(new.to_bytes()) or new)
    return found + [each for each, other in pairs if other is None and _says_something(each)]


def _says_something(element: Element) -> bool:
    """Tell whether an element that has no opposite is more than an empty one that could have one.

    Clients write those for the fields that nobody filled in.
    """
    known = element.name in (_FROM_TEMP if element.ns == TEMP else _FROM_VCARD4)
    return not known or _has_text(element)


def _has_text(element: Element) -> bool:
    return bool(element.text) or any(map(_has_text, element))


def _tidy(element: Element) -> Element:
    """Return an element without the blanks between its children."""
    if not any(element):
        text = element.text.strip()
        return Element(element.name, element.ns, element.attrs, text or None)
    return Element(element.name, element.ns, element.attrs, *map(_tidy, element))


def _name_in(card: Element) -> str:
    """Return what a vcard-temp without FN has of a name."""
    name = card.find("N")
    parts = [] if name is None else [name.text_of("GIVEN"), name.text_of("FAMILY")]
    whole = " ".join(part.strip() for part in parts if part and part.strip())
    return whole or (card.text_of("NICKNAME") or "").strip()


# -- vcard-temp to vCard4 --------------------------------------------------------------------------


def _to_vcard4(element: Element) -> Element | None:
    if element.ns != TEMP:
        return None
    convert = _FROM_TEMP.get(element.name)
    return None if convert is None else convert(element)


def _leaf(name: str, text: str | None = None) -> Element:
    return Element(name, TEMP, None, text or None)


def _leaf4(name: str, kind: str, text: str) -> Element:
    return Element(name, VCARD4, None, Element(kind, VCARD4, None, text or None))


def _text4(name: str) -> Conversion:
    return lambda element: _leaf4(name, "text", element.text) if element.text else None


def _uri4(name: str, prefix: str = "") -> Conversion:
    return lambda element: _leaf4(name, "uri", prefix + element.text) if element.text else None


def _media4(name: str) -> Conversion:
    def convert(element: Element) -> Element | None:
        outside, data = element.text_of("EXTVAL"), element.text_of("BINVAL")
        if outside:
            return _leaf4(name, "uri", outside)
        if not data or name == "photo":
            return None
        kind = element.text_of("TYPE") or ("audio/basic" if name == "sound" else "")
        return _leaf4(name, "uri", f"data:{kind};base64,{''.join(data.split())}")

    return convert


def _bday4(element: Element) -> Element | None:
    if not element.text:
        return None
    return _leaf4("bday", "date" if _DATE.fullmatch(element.text) else "text", element.text)


def _uid4(element: Element) -> Element | None:
    if not element.text:
        return None
    return _leaf4("uid", "uri" if ":" in element.text else "text", element.text)


def _rev4(element: Element) -> Element | None:
    return _leaf4("rev", "timestamp", element.text) if element.text else None


def _geo4(element: Element) -> Element | None:
    place = element.text_of("LAT"), element.text_of("LON")
    return _leaf4("geo", "uri", f"geo:{place[0]},{place[1]}") if all(place) else None


def _key4(element: Element) -> Element | None:
    text = element.text_of("CRED")
    return _leaf4("key", "text", text) if text else None


def _list4(name: str, *children: str) -> Conversion:
    def convert(element: Element) -> Element | None:
        texts = [child.text for child in element if child.name in children and child.text]
        values = [Element("text", VCARD4, None, text) for text in texts]
        return Element(name, VCARD4, None, *values) if values else None

    return convert


def _parts4(name: str, parts: Mapping[str, str]) -> Conversion:
    def convert(element: Element) -> Element | None:
        found = Element(name, VCARD4, None, _parameters(element) if name == "adr" else None)
        for child in element:
            if child.name in parts:
                found.add(Element(parts[child.name], VCARD4, None, child.text or None))
        return found if any(child.text for child in found) else None

    return convert


def _parameters(element: Element) -> Element | None:
    """Return where something belongs: at home, at work, preferred (RFC 6350 §5.6)."""
    types = [_TYPES[child.name] for child in element if child.name in _TYPES]
    found = Element("parameters", VCARD4)
    if types:
        texts = (Element("text", VCARD4, None, each) for each in types)
        found.add(Element("type", VCARD4, None, *texts))
    if element.find("PREF") is not None:
        found.add(Element("pref", VCARD4, None, Element("integer", VCARD4, None, "1")))
    return found if list(found) else None


def _tel4(element: Element) -> Element | None:
    number = element.text_of("NUMBER") or ""
    if not number:
        return None
    is_uri = _NUMBER.fullmatch(number) is not None
    value = Element(
        "uri" if is_uri else "text", VCARD4, None, f"tel:{number}" if is_uri else number
    )
    return Element("tel", VCARD4, None, _parameters(element), value)


def _email4(element: Element) -> Element | None:
    address = element.text_of("USERID") or element.text
    if not address:
        return None
    value = Element("text", VCARD4, None, address)
    return Element("email", VCARD4, None, _parameters(element), value)


_FROM_TEMP: Final[Mapping[str, Conversion]] = {
    "FN": _text4("fn"),
    "N": _parts4("n", _NAME),
    "NICKNAME": _text4("nickname"),
    "PHOTO": _media4("photo"),
    "BDAY": _bday4,
    "ADR": _parts4("adr", _ADDRESS),
    "TEL": _tel4,
    "EMAIL": _email4,
    "JABBERID": _uri4("impp", "xmpp:"),
    "TZ": _text4("tz"),
    "GEO": _geo4,
    "TITLE": _text4("title"),
    "ROLE": _text4("role"),
    "LOGO": _media4("logo"),
    "ORG": _list4("org", "ORGNAME", "ORGUNIT"),
    "CATEGORIES": _list4("categories", "KEYWORD"),
    "NOTE": _text4("note"),
    "DESC": _text4("note"),
    "PRODID": _text4("prodid"),
    "REV": _rev4,
    "SOUND": _media4("sound"),
    "UID": _uid4,
    "URL": _uri4("url"),
    "KEY": _key4,
}


# -- vCard4 to vcard-temp --------------------------------------------------------------------------


def _to_temp(element: Element) -> Element | None:
    if element.ns != VCARD4:
        return None
    convert = _FROM_VCARD4.get(element.name)
    return None if convert is None else convert(element)


def _value(element: Element, *kinds: str) -> str:
    """Return the first value of a property, of one of these kinds where some are given."""
    for child in element:
        if child.name != "parameters" and (not kinds or child.name in kinds) and child.text:
            return child.text
    return ""


def _values(element: Element) -> list[str]:
    return [child.text for child in element if child.name == "text" and child.text]


def _text(name: str) -> Conversion:
    def convert(element: Element) -> Element | None:
        text = ",".join(_values(element)) or _value(element)
        return _leaf(name, text) if text else None

    return convert


def _media(name: str) -> Conversion:
    def convert(element: Element) -> Element | None:
        uri = _value(element, "uri")
        data = _DATA.fullmatch(uri)
        if data is None:
            outside = bool(uri) and not uri.startswith("data:")
            return Element(name, TEMP, None, _leaf("EXTVAL", uri)) if outside else None
        if name == "PHOTO":
            return None
        kind = _leaf("TYPE", data[1]) if name == "LOGO" else None
        return Element(name, TEMP, None, kind, _leaf("BINVAL", data[2]))

    return convert


def _impp(element: Element) -> Element | None:
    uri = _value(element, "uri", "text")
    return _leaf("JABBERID", uri.removeprefix("xmpp:")) if uri.startswith("xmpp:") else None


def _geo(element: Element) -> Element | None:
    uri = _value(element, "uri")
    latitude, _, longitude = uri.removeprefix("geo:").partition(";")[0].partition(",")
    if not uri.startswith("geo:") or not longitude:
        return None
    place = _leaf("LAT", latitude), _leaf("LON", longitude.partition(",")[0])
    return Element("GEO", TEMP, None, *place)


def _key(element: Element) -> Element | None:
    text = _value(element, "text")
    return Element("KEY", TEMP, None, _leaf("CRED", text)) if text else None


def _list(name: str, first: str, further: str) -> Conversion:
    def convert(element: Element) -> Element | None:
        texts = _values(element)
        names = [first, *[further] * (len(texts) - 1)]
        leaves = (_leaf(each, text) for each, text in zip(names, texts, strict=False))
        return Element(name, TEMP, None, *leaves) if texts else None

    return convert


def _parts(name: str, parts: Mapping[str, str]) -> Conversion:
    def convert(element: Element) -> Element | None:
        found = Element(name, TEMP, None, *(_flags(element) if name == "ADR" else ()))
        for old, new in parts.items():
            texts = [child.text for child in element if child.name == new]
            if texts:
                found.add(_leaf(old, " ".join(filter(None, texts))))
        return found if any(child.text for child in found) else None

    return convert


def _flags(element: Element) -> Sequence[Element]:
    parameters = element.find("parameters")
    if parameters is None:
        return ()
    types = [text.text.lower() for each in parameters.find_all("type") for text in each]
    flags = [_leaf(_FLAGS[each]) for each in types if each in _FLAGS]
    return [*flags, _leaf("PREF")] if parameters.find("pref") is not None else flags


def _tel(element: Element) -> Element | None:
    number = _value(element, "uri", "text").removeprefix("tel:")
    return Element("TEL", TEMP, None, *_flags(element), _leaf("NUMBER", number)) if number else None


def _email(element: Element) -> Element | None:
    address = _value(element, "text")
    userid = _leaf("USERID", address)
    return Element("EMAIL", TEMP, None, *_flags(element), userid) if address else None


_FROM_VCARD4: Final[Mapping[str, Conversion]] = {
    "fn": _text("FN"),
    "n": _parts("N", _NAME),
    "nickname": _text("NICKNAME"),
    "photo": _media("PHOTO"),
    "bday": _text("BDAY"),
    "adr": _parts("ADR", _ADDRESS),
    "tel": _tel,
    "email": _email,
    "impp": _impp,
    "tz": _text("TZ"),
    "geo": _geo,
    "title": _text("TITLE"),
    "role": _text("ROLE"),
    "logo": _media("LOGO"),
    "org": _list("ORG", "ORGNAME", "ORGUNIT"),
    "categories": _list("CATEGORIES", "KEYWORD", "KEYWORD"),
    "note": _text("DESC"),
    "prodid": _text("PRODID"),
    "rev": _text("REV"),
    "sound": _media("SOUND"),
    "uid": _text("UID"),
    "url": _text("URL"),
    "key": _key,
}
