"""The words of a message, and those of a search for it (XEP-0431).

Words are compared without case, accents and width. Scripts that put no blanks between words are
cut into pairs of neighbouring characters, so that a word of two characters is found; a single
character is looked for as the beginning of a pair, and stands for itself at the end of a run.
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from palaver.kernel.storage import Word
from palaver.kernel.unaccented import unaccented
from palaver.wire import element
from palaver.wire.errors import WireError

NS: Final = "urn:xmpp:fulltext:0"
FIELD: Final = f"{{{NS}}}fulltext"

_MOST_WORDS: Final = 1_000  # of a message
_LONGEST: Final = 40  # characters of a word that count
_MOST_ASKED: Final = 20  # words of a search
_PREFIX: Final = 3  # letters from which longer words are found as well; of other scripts one less

# Han, kana, and the scripts of South-East Asia that are written without blanks.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUNS: Final = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+").findall
_IS_UNSPACED: Final = re.compile(rf"[{_UNSPACED}]").match

_ONE_BODY: Final = re.compile(rb"<body(?:\s[^>]*)?>([^<]*)</body>").search
#: Where one of these is, a body is not the message's own, or only says that it cannot be read.
_NOT_PLAIN: Final = re.compile(
    rb"<forwarded|<encrypted|urn:xmpp:openpgp:0|jabber:x:encrypted|urn:xmpp:eme:0|<!\[CDATA\["
).search
_ENCRYPTED: Final = (
    "urn:xmpp:omemo:", "eu.siacs.conversations.axolotl", "urn:xmpp:openpgp:0",
    "jabber:x:encrypted", "urn:xmpp:eme:0",
)  # fmt: skip


def words_of(stanza: bytes) -> list[str]:
    """Return the words that a message as stored is found by, each once."""
    return list(dict.fromkeys(_words(text_of(stanza))))[:_MOST_WORDS]


def asked(text: str) -> tuple[Word, ...]:
    """Return the words of a search; none where the text has none."""
    found: dict[Word, None] = {}
    for run in _RUNS(_folded(text)):
        if not _IS_UNSPACED(run):
            beginning = len(run) >= (_PREFIX if run.isascii() else _PREFIX - 1)
            found[Word(run[:_LONGEST], beginning=beginning)] = None
        elif len(run) == 1:
            found[Word(run, beginning=True)] = None
        else:
            found.update(dict.fromkeys(Word(pair) for pair in _pairs(run)))
    return tuple(found)[:_MOST_ASKED]


def text_of(stanza: bytes) -> str:
    """Return what a message says, in all its languages; nothing where it is encrypted."""
    if stanza.count(b"<body") == 1 and _NOT_PLAIN(stanza) is None:
        found = _ONE_BODY(stanza)
        if found is not None:
            text = found[1].decode()
            return html.unescape(text) if "&" in text else text
    if b"body" not in stanza:
        return ""
    try:
        message = element.parse(stanza)
    except WireError:
        return ""
    if any(child.ns.startswith(_ENCRYPTED) for child in message):
        return ""
    return "\n".join(body.text for body in message.find_all("body"))


def _words(text: str) -> Iterator[str]:
    for run in _RUNS(_folded(text)):
        if not _IS_UNSPACED(run):
            yield run[:_LONGEST]
        else:
            yield from _pairs(run)
            yield run[-1]


def _pairs(run: str) -> Iterable[str]:
    return (run[at : at + 2] for at in range(len(run) - 1))


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unaccented(text.casefold())
    bare = "".join(each for each in apart if unicodedata.category(each) != "Mn")
    return unicodedata.normalize("NFC", bare)
