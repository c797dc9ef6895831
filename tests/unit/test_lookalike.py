"""Which names registration takes for deception (UTS #39)."""

import subprocess
import sys

import pytest

from palaver import jid
from palaver.lookalike import is_suspicious, skeleton

FINE = [
    "juliet",
    "juliet.capulet-2_x+y",
    "müller",
    "françois",
    "żółć",
    "nguyễn",
    "иван",
    "пётр.иванов42",
    "ελένη",
    "王小明",
    "王小明abc",
    "たなか",
    "田中カナ",
    "ゲーム好きabc",
    "홍길동",
    "kim홍길동",
    "ㄅㄆㄇ李",
    "مريم",
    "مريم٤٢",
    "שרה",
    "राम",
    "ธนา",
    "նարե",
]

SUSPICIOUS = [
    ("paypаl", "a Cyrillic letter among Latin ones"),
    ("gооgle", "Cyrillic letters among Latin ones"),
    ("αdmin", "a Greek letter among Latin ones"),
    ("иван王", "Cyrillic and Han"),
    ("김たなか", "Hangul and Hiragana"),
    ("ㄅカ", "Bopomofo and Katakana"),
    ("ab\u200ccd", "a zero-width non-joiner"),
    ("क्\u200dष", "a zero-width joiner, though PRECIS allows it there"),
    ("ا1۲", "digits of two numbering systems"),
    ("\u0301abc", "a mark in front"),
    ("abc\u0323\u0323", "the same mark twice running"),
    ("a\u0323\u0324\u0325\u0326\u0327", "five marks running"),
    ("\U000e0100é", "a variation selector"),
    ("\ue000é", "a code point without a script"),
]

ALIKE = [
    ("paypal", "раураl"),
    ("admin", "аdmin"),
    ("scope", "ѕсоре"),
    ("corn", "com"),
    ("user1", "userl"),
    ("alice", "ɑlice"),
    ("o.k", "ο.k"),
    ("мама", "мaмa"),
    ("müller", "mu\u0308ller"),
    ("abc", "a\u200bbc"),
]


@pytest.mark.parametrize("local", FINE)
def test_an_honest_name_is_not_suspicious(local):
    prepared = jid.prepare_local(local)
    assert not is_suspicious(prepared)


@pytest.mark.parametrize(("local", "why"), SUSPICIOUS)
def test_a_deceptive_name_is_suspicious(local, why):
    assert is_suspicious(local), why


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_look_alikes_have_one_skeleton(one, other):
    assert skeleton(one) == skeleton(other)


def test_different_names_have_different_skeletons():
    names = ["anna", "anne", "ivan", "иван", "王小明", "王小红", "مريم", "bob", "bobby", "müller"]
    assert len({skeleton(name) for name in names}) == len(names)


def test_a_skeleton_is_its_own_skeleton():
    for name in [*FINE, *(one for one, _ in ALIKE), *(other for _, other in ALIKE)]:
        assert skeleton(skeleton(name)) == skeleton(name)


def test_the_empty_text_is_neither_suspicious_nor_a_skeleton_of_anything():
    assert not is_suspicious("")
    assert skeleton("") == ""


def test_the_tables_are_read_only_when_asked_for():
    program = (
        "import sys, palaver.jid, palaver.lookalike as l\n"
        "l.is_suspicious('juliet')\n"
        "assert not l._prototypes.cache_info().currsize, 'read too early'\n"
        "assert not l._script_ranges.cache_info().currsize, 'read too early'\n"
        "assert 'confusable_homoglyphs.confusables' not in sys.modules\n"
        "l.skeleton('juliet')\n"
        "assert l._prototypes.cache_info().currsize == 1\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
