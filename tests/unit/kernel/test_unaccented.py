"""Texts without accents: what is left, and that nobody waits for what is hostile."""

import time
import unicodedata

from palaver.kernel.unaccented import unaccented


def test_accents_go_whatever_the_form() -> None:
    assert unaccented("\u00c9lodie \u01d6 A\u030a\u0323 \ufb01") == "Elodie u A fi"


def test_pieces_make_no_difference() -> None:
    text = "e\u0301\u0316\u1100\u1161" * 100
    apart = unicodedata.normalize("NFKD", text)
    assert unaccented(text) == "".join(c for c in apart if not unicodedata.combining(c))


def test_thousands_of_combining_characters_take_no_time() -> None:
    began = time.process_time()
    for hostile in ("\u0301\u0316", "\uff9e\u0f73", "\U0001d165\u302e"):
        unaccented("a" + hostile * 40_000)
    assert time.process_time() - began < 2
