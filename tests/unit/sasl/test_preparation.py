import time

import pytest

from palaver.sasl.preparation import MAX_PASSWORD_BYTES, prepare_password


@pytest.mark.parametrize(
    ("password", "prepared"),
    [
        ("user", "user"),
        ("USER", "USER"),
        ("I\u00adX", "IX"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("a\u00a0b\u2003c", "a b c"),
        (" inner  and outer spaces stay ", " inner  and outer spaces stay "),
        ("e\u0301", "\u00e9"),
        ("\u05d0\u05d1", "\u05d0\u05d1"),
        ("\U0001f511 and \U0001f600", "\U0001f511 and \U0001f600"),
    ],
)
def test_passwords_are_prepared_with_saslprep(password: str, prepared: str) -> None:
    assert prepare_password(password) == prepared.encode()


@pytest.mark.parametrize(
    "password",
    [
        "",
        "\u00ad",
        "bell\u0007",
        "new\nline",
        "delete\u007f",
        "\ue000",
        "\ufdd0",
        chr(0xD800),
        "\ufffd",
        "\u2ff0",
        "\u202e",
        "\U000e0001",
        "\u0627\u0031",
        "a\u05d0",
    ],
)
def test_what_saslprep_prohibits_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="password"):
        prepare_password(password)


def test_the_length_of_a_password_is_limited() -> None:
    assert len(prepare_password("x" * MAX_PASSWORD_BYTES)) == MAX_PASSWORD_BYTES
    for long in ("x" * (MAX_PASSWORD_BYTES + 1), "é" * (MAX_PASSWORD_BYTES // 2 + 1)):
        with pytest.raises(ValueError, match="longer"):
            prepare_password(long)


def test_what_is_too_long_is_refused_before_it_is_put_in_order() -> None:
    began = time.process_time()
    with pytest.raises(ValueError, match="longer"):
        prepare_password("a" + "\u0301\u0316" * 40_000)
    assert time.process_time() - began < 2
