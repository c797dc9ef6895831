"""Texts of strangers without accents, for searches."""

import unicodedata
from typing import Final

_PIECE: Final = 64
"""Characters decomposed at once: what puts combining characters in order takes time by the square
of how many follow each other, minutes for a text of 200 kB."""


def unaccented(text: str) -> str:
    """Return a text in its compatible decomposition (UAX #15) without combining characters.

    As these go, it does not matter that they are put in order piece by piece only.
    """
    pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
    apart = "".join(unicodedata.normalize("NFKD", piece) for piece in pieces)
    return "".join(each for each in apart if not unicodedata.combining(each))
