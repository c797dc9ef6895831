"""How each element of a vcard-temp (XEP-0054) is said in a vCard4 (XEP-0292 §8)."""

import re
from collections.abc import Mapping
from typing import Final

from palaver.ext.profile.vocabulary import ADDRESS, NAME, TYPES, VCARD4, Conversion, leaf4
from palaver.wire.element import Element

_NUMBER: Final = re.compile(r"\+?[0-9().-]+")
_DATE: Final = re.compile(r"[0-9-]+")


def _text4(name: str) -> Conversion:
    return lambda element: leaf4(name, "text", element.text) if element.text else None


def _uri4(name: str, prefix: str = "") -> Conversion:
    return lambda element: leaf4(name, "uri", prefix + element.text) if element.text else None


def _media4(name: str) -> Conversion:
    def convert(element: Element) -> Element | None:
        outside, data = element.text_of("EXTVAL"), element.text_of("BINVAL")
        if outside:
            return leaf4(name, "uri", outside)
        if not data or name == "photo":
            return None
        kind = element.text_of("TYPE") or ("audio/basic" if name == "sound" else "")
        return leaf4(name, "uri", f"data:{kind};base64,{''.join(data.split())}")

    return convert


def _bday4(element: Element) -> Element | None:
    if not element.text:
        return None
    return leaf4("bday", "date" if _DATE.fullmatch(element.text) else "text", element.text)


def _uid4(element: Element) -> Element | None:
    if not element.text:
        return None
    return leaf4("uid", "uri" if ":" in element.text else "text", element.text)


def _rev4(element: Element) -> Element | None:
    return leaf4("rev", "timestamp", element.text) if element.text else None


def _geo4(element: Element) -> Element | None:
    place = element.text_of("LAT"), element.text_of("LON")
    return leaf4("geo", "uri", f"geo:{place[0]},{place[1]}") if all(place) else None


def _key4(element: Element) -> Element | None:
    text = element.text_of("CRED")
    return leaf4("key", "text", text) if text else None


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
    types = [TYPES[child.name] for child in element if child.name in TYPES]
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


FROM_TEMP: Final[Mapping[str, Conversion]] = {
    "FN": _text4("fn"),
    "N": _parts4("n", NAME),
    "NICKNAME": _text4("nickname"),
    "PHOTO": _media4("photo"),
    "BDAY": _bday4,
    "ADR": _parts4("adr", ADDRESS),
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
