"""SOCKS5: what a client may say, in whatever pieces it comes (RFC 1928)."""

import pytest

from palaver.net.socks5 import Socks5, Socks5Error

NAME = "972b7bf47291ca609517f67f86b5081086052dad"
GREETING = b"\x05\x01\x00"
REQUEST = b"\x05\x01\x00\x03\x28" + NAME.encode() + b"\x00\x00"


def test_a_name_is_asked_for_as_in_example_24() -> None:
    socks = Socks5()
    assert socks.take(GREETING) == b"\x05\x00"
    assert socks.name is None
    assert socks.take(REQUEST) == b""
    assert socks.name == NAME
    assert socks.granted() == b"\x05\x00\x00\x03\x28" + NAME.encode() + b"\x00\x00"
    assert socks.refused()[1] == 2


def test_it_may_come_byte_by_byte() -> None:
    socks = Socks5()
    answers = b"".join(socks.take(bytes((byte,))) for byte in GREETING + REQUEST)
    assert (answers, socks.name) == (b"\x05\x00", NAME)


def test_it_may_come_all_at_once() -> None:
    socks = Socks5()
    assert socks.take(GREETING + REQUEST) == b"\x05\x00"
    assert socks.name == NAME


def test_capital_letters_mean_the_same() -> None:
    socks = Socks5()
    socks.take(GREETING + REQUEST.replace(NAME.encode(), NAME.upper().encode()))
    assert socks.name == NAME


@pytest.mark.parametrize(
    ("sent", "reply"),
    [
        (b"\x04\x01", b""),
        (b"GET / HTTP/1.1\r\n", b""),
        (b"<?xml version='1.0'?>", b""),
        (b"\x05\x01\x02", b"\x05\xff"),
        (b"\x05\x00", b"\x05\xff"),
        (GREETING + b"\x05\x02\x00\x03\x01a\x00\x00", b"\x05\x07"),
        (GREETING + b"\x05\x03\x00\x03\x01a\x00\x00", b"\x05\x07"),
        (GREETING + b"\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x16", b"\x05\x08"),
        (GREETING + b"\x05\x01\x00\x04" + bytes(18), b"\x05\x08"),
        (GREETING + b"\x04\x01\x00\x03\x01a\x00\x00", b""),
        (GREETING + b"\x05\x01\x00\x03\x02\xc3\xa4\x00\x00", b"\x05\x01"),
        (GREETING + REQUEST + bytes(300), b""),
    ],
)
def test_what_is_not_offered_is_refused(sent: bytes, reply: bytes) -> None:
    with pytest.raises(Socks5Error) as caught:
        Socks5().take(sent)
    assert caught.value.reply[: len(reply)] == reply
    assert bool(caught.value.reply) == bool(reply)
