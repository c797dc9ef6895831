import base64
import hashlib

import pytest

from palaver.sasl import Hash, ScramKeys, derive_all
from palaver.sasl.keys import SALT_BYTES

SALT = b"sixteen bytes it"


@pytest.mark.parametrize(
    ("hash_", "algorithm"),
    [(Hash.SHA_1, "sha1"), (Hash.SHA_256, "sha256"), (Hash.SHA_512, "sha512")],
)
def test_the_salted_password_is_pbkdf2(hash_: Hash, algorithm: str) -> None:
    assert hash_.salted_password("pencil", SALT, 4096) == hashlib.pbkdf2_hmac(
        algorithm, b"pencil", SALT, 4096
    )
    assert hash_.of(b"x") == hashlib.new(algorithm, b"x").digest()
    assert hash_.size == hashlib.new(algorithm).digest_size


def test_keys_are_those_of_rfc_5803_example() -> None:
    salt = base64.b64decode("QSXCR+Q6sek8bf92")
    keys = ScramKeys.derive("pencil", Hash.SHA_1, salt, 4096)
    assert base64.b64encode(keys.stored_key) == b"6dlGYMOdZcOPutkcNY8U2g7vK9Y="
    assert base64.b64encode(keys.server_key) == b"D+CSWLOshSulAsxiupA+qs2/fTE="


def test_every_derivation_has_its_own_salt() -> None:
    first, second = (ScramKeys.derive("pencil", Hash.SHA_256, iterations=4096) for _ in "12")
    assert len(first.salt) == SALT_BYTES
    assert first.salt != second.salt
    assert first.stored_key != second.stored_key


def test_only_the_password_verifies() -> None:
    for keys in derive_all("pencil", 4096):
        assert keys.verify("pencil")
        assert not keys.verify("Pencil")


def test_all_hash_functions_are_derived_strongest_first() -> None:
    assert [keys.hash for keys in derive_all("pencil", 4096)] == [
        Hash.SHA_512,
        Hash.SHA_256,
        Hash.SHA_1,
    ]


def test_too_few_iterations_are_refused() -> None:
    with pytest.raises(ValueError, match="4096"):
        ScramKeys.derive("pencil", Hash.SHA_1, SALT, 4095)


def test_keys_are_written_and_read() -> None:
    for keys in derive_all("pencil", 4096):
        assert ScramKeys.decode(keys.encode()) == keys
    text = (
        "SCRAM-SHA-1$4096:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:"
        "D+CSWLOshSulAsxiupA+qs2/fTE="
    )
    assert ScramKeys.decode(text).encode() == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pencil",
        "SCRAM-MD5$4096:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2=",
        "SCRAM-SHA-1$0:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE=",
        "SCRAM-SHA-1$4_096:QSXC$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE=",
        "SCRAM-SHA-1$4096:*$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE=",
        "SCRAM-SHA-256$4096:QSXC$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE=",
    ],
)
def test_other_texts_are_no_keys(text: str) -> None:
    with pytest.raises(ValueError, match="SCRAM keys"):
        ScramKeys.decode(text)


def test_keys_do_not_show_in_logs() -> None:
    keys = ScramKeys.derive("pencil", Hash.SHA_1, SALT, 4096)
    assert repr(keys.stored_key) not in repr(keys)
    assert repr(keys.server_key) not in repr(keys)
