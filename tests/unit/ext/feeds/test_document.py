"""XML as the web has it, and traps in it."""

import pytest

from palaver.ext.feeds.document import FeedError, read


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<a>Ä</a>".encode(), ""),
        (b"\xef\xbb\xbf" + "<a>Ä</a>".encode(), "iso-8859-1"),
        ("\ufeff<a>Ä</a>".encode("utf-16"), "utf-8"),
        ("<?xml version='1.0' encoding='utf-16'?><a>Ä</a>".encode("utf-16-le"), ""),
        ("<?xml version='1.0' encoding='ISO-8859-1'?><a>Ä</a>".encode("latin-1"), ""),
        ("<a>Ä</a>".encode("latin-1"), "iso-8859-1"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><a>Ä</a>".encode(), "utf-8"),
        ("<?xml version='1.0' encoding='latin-1'?><a>Ä</a>".encode("latin-1"), "utf-8"),
        ("<a>Ä</a>".encode(), "nonsense"),
        ("<a>Ä</a>".encode(), "punycode"),
        (b"<a>&Auml;</a>", ""),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><?x y?><!-- z --><a>&Auml;\x01</a>", ""),
        (b"<!DOCTYPE a PUBLIC '-//x' 'http://127.0.0.1:1/'><a>&#196;</a>", ""),
    ],
)
def test_every_usual_way_to_write_is_understood(data: bytes, charset: str) -> None:
    assert read(data, charset).text == "Ä"


def test_other_alphabets_are_understood() -> None:
    for name, text in (("windows-1251", "Привет"), ("gb18030", "你好"), ("shift_jis", "今日")):
        declared = f"<?xml version='1.0' encoding='{name}'?><a>{text}</a>".encode(name)
        assert read(declared).text == text


LOL = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (f"<!DOCTYPE a [<!ENTITY l0 'lol'>{LOL}]><a>&l9;</a>", "entities"),
        (f"<!DOCTYPE a [<!ENTITY x '{'x' * 100_000}'>]><a>{'&x;' * 10_000}</a>", "entities"),
        ("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>", "entities"),
        ("<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1:1/'>%x;]><a/>", "entities"),
        ("<a>" * 200, "within each other"),
        (f"<a>{'<b/>' * 100_001}</a>", "too many"),
        ("<a><b></a>", "line 1"),
        ("<a>", "not XML"),
        ("", "not XML"),
        ("Not Found", "not XML"),
        ("<!doctype html><html><head><link></head></html>", "not XML"),
        ("<x:a/>", "not XML"),
        ("<a b='1' b='2'/>", "not XML"),
    ],
)
def test_traps_and_what_is_no_xml_are_refused(data: str, reason: str) -> None:
    with pytest.raises(FeedError, match=reason):
        read(data.encode())


def test_what_is_in_no_encoding_is_refused() -> None:
    with pytest.raises(FeedError, match="encoding"):
        read(b"<a>\xff\xc4</a>", "utf-8")
