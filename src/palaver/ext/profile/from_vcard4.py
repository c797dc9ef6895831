"""How each property of a vCard4 is said in a vcard-temp (XEP-0054, XEP-0292 §8)."""

from collections.abc import Mapping, Sequence
from typing import Final

from palaver.ext.profile.vocabulary import ADDRESS, DATA, FLAGS, NAME, TEMP, Conversion, leaf
from palaver.wire.element import Element


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
        return leaf(name, text) if text else None

    return convert


def _media(name: str) -> Conversion:
    def convert(element: Element) -> Element | None:
        uri = _value(element, "uri")
        data = DATA.fullmatch(uri)
        if data is None:
            outside = bool(uri) and not uri.startswith("data:")
            return Element(name, TEMP, None, leaf("EXTVAL", uri)) if outside else None
        if name == "PHOTO":
            return None
        kind = leaf("TYPE", data[1]) if name == "LOGO" else None
        return Element(name, TEMP, None, kind, leaf("BINVAL", data[2]))

    return convert


def _impp(element: Element) -> Element | None:
    uri = _value(element, "uri", "text")
    return leaf("JABBERID", uri.removeprefix("xmpp:")) if uri.startswith("xmpp:") else None


def _geo(element: Element) -> Element | None:
    uri = _value(element, "uri")
    latitude, _, longitude = uri.removeprefix("geo:").partition(";")[0].partition(",")
    if not uri.startswith("geo:") or not longitude:
        return None
    place = leaf("LAT", latitude), leaf("LON", longitude.partition(",")[0])
    return Element("GEO", TEMP, None, *place)


def _key(element: Element) -> Element | None:
    text = _value(element, "text")
    return Element("KEY", TEMP, None, leaf("CRED", text)) if text else None


def _list(name: str, first: str, further: str) -> Conversion:
    def convert(element: Element) -> Element | None:
        texts = _values(element)
        names = [first, *[further] * (len(texts) - 1)]
        leaves = (leaf(each, text) for each, text in zip(names, texts, strict=False))
        return Element(name, TEMP, None, *leaves) if texts else None

    return convert


def _parts(name: str, parts: Mapping[str, str]) -> Conversion:
    def convert(element: Element) -> Element | None:
        found = Element(name, TEMP, None, *(_flags(element) if name == "ADR" else ()))
        for old, new in parts.items():
            texts = [child.text for child in element if child.name == new]
            if texts:
                found.add(leaf(old, " ".join(filter(None, texts))))
        return found if any(child.text for child in found) else None

    return convert


def _flags(element: Element) -> Sequence[Element]:
    parameters = element.find("parameters")
    if parameters is None:
        return ()
    types = [text.text.lower() for each in parameters.find_all("type") for text in each]
    flags = [leaf(FLAGS[each]) for each in types if each in FLAGS]
    return [*flags, leaf("PREF")] if parameters.find("pref") is not None else flags


def _tel(element: Element) -> Element | None:
    number = _value(element, "uri", "text").removeprefix("tel:")
    return Element("TEL", TEMP, None, *_flags(element), leaf("NUMBER", number)) if number else None


def _email(element: Element) -> Element | None:
    address = _value(element, "text")
    userid = leaf("USERID", address)
    return Element("EMAIL", TEMP, None, *_flags(element), userid) if address else None


FROM_VCARD4: Final[Mapping[str, Conversion]] = {
    "fn": _text("FN"),
    "n": _parts("N", NAME),
    "nickname": _text("NICKNAME"),
    "photo": _media("PHOTO"),
    "bday": _text("BDAY"),
    "adr": _parts("ADR", ADDRESS),
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
