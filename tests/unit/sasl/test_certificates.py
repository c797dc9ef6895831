import pytest
from cryptography import x509
from tests.unit.sasl.certificate import XMPP_ADDR, der, make_certificate, utf8_string

from palaver.sasl import certificate_identities

OTHER = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.7")


def named(*values: bytes) -> bytes:
    return der(make_certificate([x509.OtherName(XMPP_ADDR, value) for value in values])[0])


def test_addresses_are_read_in_their_order() -> None:
    long = f"{'j' * 500}@example.org"
    addresses = ("juliet@example.org", "r\u00f6meo@example.net", long, f"{'r' * 120}@e.org")
    assert certificate_identities(named(*map(utf8_string, addresses))) == addresses


def test_other_names_are_not_addresses() -> None:
    certificate, _ = make_certificate(
        [
            x509.DNSName("example.org"),
            x509.RFC822Name("juliet@example.org"),
            x509.UniformResourceIdentifier("xmpp:juliet@example.org"),
            x509.OtherName(OTHER, b"\x16\x0f_xmpp.a.example"),
            x509.OtherName(XMPP_ADDR, utf8_string("juliet@example.com")),
        ]
    )
    assert certificate_identities(der(certificate)) == ("juliet@example.com",)


def test_a_certificate_may_have_no_addresses() -> None:
    assert certificate_identities(der(make_certificate()[0])) == ()
    assert certificate_identities(der(make_certificate([x509.DNSName("a.example")])[0])) == ()


@pytest.mark.parametrize(
    "value",
    [
        b"\x0c\x80",
        b"\x0c\x05abc",
        b"\x0c\x03abcd",
        b"\x0c\x02\xc3\x28",
        b"\x0c\x81\x80abc",
        b"\x0c\x84\xff\xff\xff\xff",
        b"\x16\x05a@b.c",
        b"\x13\x05a@b.c",
        b"\x05\x00",
    ],
)
def test_a_name_that_is_no_utf8_string_is_left_out(value: bytes) -> None:
    from palaver.sasl.certificates import _utf8_string

    assert _utf8_string(value) is None


def test_one_name_of_the_wrong_type_does_not_spoil_the_others() -> None:
    assert certificate_identities(named(b"\x16\x05a@b.c", utf8_string("x@y.z"))) == ("x@y.z",)


@pytest.mark.parametrize("junk", [b"", b"junk", bytes(1000)])
def test_what_is_no_certificate_names_nobody(junk: bytes) -> None:
    assert certificate_identities(junk) == ()


def test_a_certificate_with_names_that_cannot_be_read_names_nobody() -> None:
    """An x400Address ([3] of GeneralName) is a kind of name the parser does not know."""
    name = utf8_string("juliet@example.org")
    unreadable = named(name).replace(b"\xa0\x20\x06\x08", b"\xa3\x20\x06\x08")
    assert unreadable != named(name)
    assert certificate_identities(unreadable) == ()
