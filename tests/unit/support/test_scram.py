import pytest
from tests.support.scram import Scram, ScramError, plain


def test_the_exchange_of_rfc_5802_section_5() -> None:
    scram = Scram("SCRAM-SHA-1", "user", "pencil", nonce="fyko+d2lbbFgONRv9qkxdawL")
    assert scram.first() == b"n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL"
    final = scram.final(b"r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096")
    assert final == (
        b"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="
    )
    scram.verify(b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")


def test_the_exchange_of_rfc_7677_section_3() -> None:
    scram = Scram("SCRAM-SHA-256", "user", "pencil", nonce="rOprNGfwEbeRWgbNEkqO")
    scram.first()
    final = scram.final(
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    )
    assert final.endswith(b"p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
    scram.verify(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")


def test_a_server_that_does_not_know_the_password_is_found_out() -> None:
    scram = Scram("SCRAM-SHA-1", "user", "pencil", nonce="n")
    scram.first()
    scram.final(b"r=nm,s=QSXCR+Q6sek8bf92,i=4096")
    with pytest.raises(ScramError):
        scram.verify(b"v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")


def test_a_nonce_that_is_not_ours_is_refused() -> None:
    scram = Scram("SCRAM-SHA-1", "user", "pencil", nonce="mine")
    scram.first()
    with pytest.raises(ScramError):
        scram.final(b"r=yours,s=QSXCR+Q6sek8bf92,i=4096")


def test_names_are_escaped() -> None:
    assert Scram("SCRAM-SHA-1", "a,b=c", "x", nonce="n").first() == b"n,,n=a=2Cb=3Dc,r=n"


def test_plain_is_one_message() -> None:
    assert plain("juliet", "R0m30") == b"\0juliet\0R0m30"
