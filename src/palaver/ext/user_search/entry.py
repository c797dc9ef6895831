"""What of a profile people are found by: a few texts, and the words in them."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from palaver.kernel.unaccented import unaccented
from palaver.wire.element import Element

FIELDS: Final = ("first", "last", "nick", "email", "x-name")
"""The fields by the names of XEP-0055 §5.2, and one of ours: the whole name, as it is shown."""

WORD_BYTES: Final = 120
_TEXT: Final = 200  # characters of each that are shown
_MOST_WORDS: Final = 20  # of one field
_WORD: Final = re.compile(r"[^\W_]+")


class Word(NamedTuple):
    """A word by which somebody is found, and the field it is in."""

    field: str
    word: str


def texts_of(card: Element) -> dict[str, str]:
    """Return what a vCard says in the fields, as it is shown; nothing of one that is private.

    Who does not want to be found says so with CLASS (RFC 2426 §3.7.1).
    """
    wish = card.find("CLASS")
    if wish is not None and (wish.find("PRIVATE") or wish.find("CONFIDENTIAL")) is not None:
        return {}
    name, mail = card.find("N"), card.find("EMAIL")
    found = {
        "first": None if name is None else name.text_of("GIVEN"),
        "last": None if name is None else name.text_of("FAMILY"),
        "nick": card.text_of("NICKNAME"),
        "email": None if mail is None else mail.text_of("USERID"),
        "x-name": card.text_of("FN"),
    }
    tidy = {field: " ".join((text or "").split())[:_TEXT] for field, text in found.items()}
    return {field: text for field, text in tidy.items() if text}


def words_of(texts: Mapping[str, str]) -> set[Word]:
    """Return the words by which somebody with these texts is found."""
    return {Word(field, word) for field, text in texts.items() for word in split(field, text)}


def split(field: str, text: str) -> Iterable[str]:
    """Split a text into words; upper and lower case, and accents, do not matter."""
    folded = fold(text)
    if field == "email":
        return [_cut(folded.strip())] if folded.strip() else []
    return list(dict.fromkeys(map(_cut, _WORD.findall(folded))))[:_MOST_WORDS]


def fold(text: str) -> str:
    """Return a text without what does not matter for a search."""
    return unicodedata.normalize("NFKC", unaccented(text)).casefold()


def _cut(word: str) -> str:
    return "".join(_fitting(word))


def _fitting(word: str) -> Iterator[str]:
    left = WORD_BYTES
    for each in word:
        left -= len(each.encode())
        if left < 0:
            return
        yield each
