"""Converts vCards into each other: vcard-temp (XEP-0054) and vCard4 (XEP-0292 §8).

Each element that both can say has one in the other. What only one of them can say is not lost when
the other changes: a conversion knows what was there before, keeps what cannot be converted, and
leaves as it is what still says the same. Pictures in the vCard itself are not converted here, as
they are avatars.
"""

from collections.abc import Iterator

from palaver.ext.profile.from_temp import FROM_TEMP
from palaver.ext.profile.from_vcard4 import FROM_VCARD4
from palaver.ext.profile.vocabulary import DATA, TEMP, VCARD4, Conversion, leaf, leaf4
from palaver.wire.element import Element


def to_vcard4(card: Element, before: Element | None, address: str) -> Element:
    """Return a vcard-temp as a vCard4, which the vCard4 ``before`` says more about.

    ``address`` stands for the name of who has none: a vCard4 needs one (RFC 6350 §6.2.1).
    """
    found = Element("vcard", VCARD4, before.attrs if before else None)
    found.add(*_merged(card, before, _to_vcard4, _to_temp))
    if found.find("fn") is None:
        found.children.insert(0, leaf4("fn", "text", _name_in(card) or address))
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
    alone = (child for child in other if child.ns != TEMP or child.name not in FROM_TEMP)
    return found.add(*(child for child in alone if child.key not in known))


def inline_pictures(card: Element) -> Iterator[tuple[Element, str]]:
    """Iterate over the elements of either vCard that hold a picture in base64, with its text."""
    for child in card:
        if child.ns == TEMP and child.name == "PHOTO":
            text = child.text_of("BINVAL")
            if text is not None and text.strip():
                yield child, text
        elif child.ns == VCARD4 and child.name == "photo":
            data = DATA.fullmatch((child.text_of("uri") or "").strip())
            if data:
                yield child, data[2]


def without_pictures(card: Element) -> Element:
    """Return a vCard without its avatar: the pictures in it, and those that are empty."""
    gone = {id(child) for child, _ in inline_pictures(card)}
    gone |= {id(c) for c in card if c.key == f"{TEMP} PHOTO" and not (c.text_of("EXTVAL") or "")}
    return Element(card.name, card.ns, card.attrs, *(c for c in card.children if id(c) not in gone))


def photo4(type_: str, base64: str) -> Element:
    """Return a picture as a property of a vCard4 (RFC 6350 §6.2.4)."""
    return leaf4("photo", "uri", f"data:{type_};base64,{base64}")


def photo_temp(type_: str, base64: str) -> Element:
    """Return a picture as an element of a vcard-temp (XEP-0153 §5)."""
    return Element("PHOTO", TEMP, None, leaf("TYPE", type_), leaf("BINVAL", base64))


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
    known = element.name in (FROM_TEMP if element.ns == TEMP else FROM_VCARD4)
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


def _to_vcard4(element: Element) -> Element | None:
    if element.ns != TEMP:
        return None
    convert = FROM_TEMP.get(element.name)
    return None if convert is None else convert(element)


def _to_temp(element: Element) -> Element | None:
    if element.ns != VCARD4:
        return None
    convert = FROM_VCARD4.get(element.name)
    return None if convert is None else convert(element)
