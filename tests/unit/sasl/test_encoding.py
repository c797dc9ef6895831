import pytest

from palaver.sasl import Condition, SaslError, decode, decode_initial, encode, encode_optional
from palaver.sasl.encoding import MAX_MESSAGE_BYTES


def test_data_is_base64() -> None:
    assert decode("AGp1bGlldAByMG0zMG15cjBtMzA=") == b"\0juliet\0r0m30myr0m30"
    assert encode(b"\0juliet\0r0m30myr0m30") == "AGp1bGlldAByMG0zMG15cjBtMzA="


@pytest.mark.parametrize("text", ["", "="])
def test_a_response_without_data_is_empty(text: str) -> None:
    assert decode(text) == b""


def test_an_initial_response_may_be_absent_empty_or_there() -> None:
    assert decode_initial("") is None
    assert decode_initial("=") == b""
    assert decode_initial("YQ==") == b"a"


def test_success_data_may_be_absent_empty_or_there() -> None:
    assert encode_optional(None) == ""
    assert encode_optional(b"") == "="
    assert encode_optional(b"a") == "YQ=="


@pytest.mark.parametrize(
    "text",
    [
        "YQ",
        "YQ=",
        "YQ===",
        "YQ==YQ==",
        "Y===",
        "==",
        "=YQ=",
        "YQ==\n",
        " YQ==",
        "Y Q==",
        "YW\nJj",
        "YR==",  # padding bits that are not zero
        "YWJ=",
        "YW-_",
        "YWJjé",
        "\N{FULLWIDTH LATIN CAPITAL LETTER Y}Q==",
        "\0",
    ],
)
def test_anything_but_canonical_base64_is_incorrect_encoding(text: str) -> None:
    with pytest.raises(SaslError) as failure:
        decode(text)
    assert failure.value.condition is Condition.INCORRECT_ENCODING


def test_a_message_may_have_the_greatest_length_but_no_more() -> None:
    assert decode(encode(bytes(MAX_MESSAGE_BYTES))) == bytes(MAX_MESSAGE_BYTES)
    with pytest.raises(SaslError) as failure:
        decode(encode(bytes(MAX_MESSAGE_BYTES + 3)))
    assert failure.value.condition is Condition.MALFORMED_REQUEST
