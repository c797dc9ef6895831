"""Names that look like others, which registration refuses (UTS #39, RFC 7622 §7.3.2).

Registration refuses a localpart that is suspicious in itself, and one whose skeleton is that of
another account of the host. Names in one script are fine (Cyrillic, Arabic, Chinese …), and so are
Chinese, Japanese and Korean ones with Latin letters among them. Accounts that exist and addresses
at other hosts are never judged.

The tables are those of the package confusable-homoglyphs, read when first needed (some tens of
milliseconds) and kept. They have the property Script but not Script_Extensions, so a character
that a few scripts share counts here as shared by all.
"""

import json
import unicodedata
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise
from typing import Any, Final

from precis_i18n.unicode import UnicodeData

# The scripts that may be mixed at the level "Highly Restrictive" (UTS #39 §5.2).
_MIXES: Final = (
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
    frozenset({"LATIN", "HAN", "HANGUL"}),
)
_SHARED: Final = frozenset({"COMMON", "INHERITED"})
_UNKNOWN: Final = "UNKNOWN"
_MOST_MARKS: Final = 4

_unicode = UnicodeData()


def skeleton(local: str) -> str:
    """Return what `local` has in common with all names that look like it (UTS #39 §4).

    Two localparts with the same skeleton are easily taken for each other. A skeleton serves for
    comparison only: it is no name, and it may change with the version of the tables, so whoever
    stores skeletons must be able to compute them anew.
    """
    return _decompose(_decompose(local).translate(_looks))


class _Looks(dict[int, str | None]):
    """What each character looks like, found out once; None for what is invisible."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        looks = None if _is_invisible(character) else _prototypes().get(character, character)
        self[code] = looks
        return looks


_looks: Final = _Looks()


def is_suspicious(local: str) -> bool:
    """Tell whether `local`, a prepared localpart, can mislead whatever other names there are.

    It can with scripts mixed beyond the level "Highly Restrictive" (UTS #39 §5.2) or unknown to
    the tables, with digits of several numbering systems (§5.3), with nonspacing marks where none
    belongs (§5.4: in front, the same twice running, more than four running) and with invisible
    characters, even the joiners that PRECIS allows in their place.
    """
    if local.isascii():
        return False
    return (
        any(_is_invisible(c) for c in local)
        or _mixes_scripts(local)
        or _mixes_digits(local)
        or _misplaces_marks(local)
    )


def _decompose(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _is_invisible(character: str) -> bool:
    return _unicode.default_ignorable(ord(character))


def _mixes_scripts(local: str) -> bool:
    scripts = {_script(c) for c in local} - _SHARED
    if _UNKNOWN in scripts:
        return True
    return len(scripts) > 1 and not any(scripts <= mix for mix in _MIXES)


def _mixes_digits(local: str) -> bool:
    # The ten digits of a system follow one another, so the place of its zero identifies it.
    zeros = {ord(c) - unicodedata.decimal(c) for c in local if unicodedata.category(c) == "Nd"}
    return len(zeros) > 1


def _misplaces_marks(local: str) -> bool:
    decomposed = _decompose(local)
    if _is_mark(decomposed[0]):
        return True
    runs = [list(run) for is_mark, run in groupby(decomposed, _is_mark) if is_mark]
    return any(len(run) > _MOST_MARKS or any(a == b for a, b in pairwise(run)) for run in runs)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Me"}


def _script(character: str) -> str:
    starts, ends, scripts = _script_ranges()
    index = bisect_right(starts, ord(character)) - 1
    return scripts[index] if index >= 0 and ord(character) <= ends[index] else _UNKNOWN


@cache
def _script_ranges() -> tuple[list[int], list[int], list[str]]:
    """Return where each range of code points starts, where it ends, and its script."""
    data = _load("categories.json")
    names = data["iso_15924_aliases"]
    rows = sorted(data["code_points_ranges"])
    return [row[0] for row in rows], [row[1] for row in rows], [names[row[2]] for row in rows]


@cache
def _prototypes() -> dict[str, str]:
    """Return the map of UTS #39 §4 from characters to what stands for all their look-alikes.

    The package lists each pair under both its ends, so which end is the prototype is worked out
    here: it is a sequence, or has several look-alikes. Of two that have only each other either
    will do, except that what decomposes is never met and so has to be the prototype.
    """
    pairs = {
        _unmarked(key): [_unmarked(entry["c"]) for entry in entries]
        for key, entries in _load("confusables.json").items()
    }

    def is_prototype(other: str, of: str) -> bool:
        if len(other) > 1 or len(pairs[other]) > 1:
            return True
        return (_decompose(other) == other, other) < (_decompose(of) == of, of)

    direct = {
        character: others[0]
        for character, others in pairs.items()
        if len(character) == len(others) == 1 and is_prototype(others[0], character)
    }
    return {character: _follow(other, direct) for character, other in direct.items()}


def _follow(text: str, direct: dict[str, str]) -> str:
    """Return the decomposed text in which nothing is left to replace."""
    while True:
        text, before = _decompose("".join([direct.get(c, c) for c in _decompose(text)])), text
        if text == before:
            return text


def _unmarked(text: str) -> str:
    """Return an entry of the table without the marks that set right-to-left text apart."""
    return text.replace("\u200e", "")


def _load(name: str) -> dict[str, Any]:
    tables: dict[str, Any] = json.loads(
        files("confusable_homoglyphs").joinpath(name).read_text("utf-8")
    )
    return tables
