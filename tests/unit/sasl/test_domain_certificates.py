"""Which domains a server's certificate speaks for."""

import pytest
from cryptography import x509
from tests.unit.sasl.certificate import XMPP_ADDR, der, make_certificate, utf8_string

from palaver.sasl.domain_certificates import DNS_SRV, certificate_covers

SAN = x509.ObjectIdentifier("2.5.29.17")


def srv(name: str) -> x509.OtherName:
    return x509.OtherName(DNS_SRV, b"\x16" + bytes((len(name),)) + name.encode())


def address(text: str) -> x509.OtherName:
    return x509.OtherName(XMPP_ADDR, utf8_string(text))


@pytest.mark.parametrize(
    ("name", "domain", "covered"),
    [
        (x509.DNSName("im.example"), "im.example", True),
        (x509.DNSName("IM.Example"), "im.example", True),
        (x509.DNSName("im.example"), "rooms.im.example", False),
        (x509.DNSName("*.im.example"), "rooms.im.example", True),
        (x509.DNSName("*.im.example"), "im.example", False),
        (x509.DNSName("*.im.example"), "a.rooms.im.example", False),
        (x509.DNSName("r*.im.example"), "rooms.im.example", False),
        (x509.DNSName("*"), "example", False),
        (x509.DNSName("xn--bcher-kva.example"), "bücher.example", True),
        (x509.DNSName("*.xn--bcher-kva.example"), "rooms.bücher.example", True),
        (srv("_xmpp-server.im.example"), "im.example", True),
        (srv("_xmpp-client.im.example"), "im.example", False),
        (srv("_imap.im.example"), "im.example", False),
        (address("im.example"), "im.example", True),
        (address("Bücher.example"), "bücher.example", True),
        (address("juliet@im.example"), "im.example", False),
        (address("*.im.example"), "rooms.im.example", False),
        (x509.DNSName("im.example\0.mallory.example"), "im.example", False),
        (x509.DNSName("im.example\0.mallory.example"), "mallory.example", False),
        (x509.DNSName("im.example."), "im.example", False),
        (x509.DNSName(""), "im.example", False),
        (x509.DNSName("*.*.example"), "rooms.im.example", False),
        (x509.DNSName("rooms.*.example"), "rooms.im.example", False),
        (x509.DNSName("*im.example"), "im.example", False),
        (x509.DNSName("xn--*.example"), "bücher.example", False),
        (x509.DNSName("xn--pypal-4ve.example"), "paypal.example", False),
        (x509.DNSName("xn--pypal-4ve.example"), "pаypal.example", True),  # a Cyrillic а
        (srv("_xmpp-server.im.example\0.mallory.example"), "im.example", False),
        (srv("_xmpp-server._xmpp-server.im.example"), "im.example", False),
        (address("im.example\0"), "im.example", False),
        (address("im.example/server"), "im.example", False),
        (address("x" * 300 + ".example"), "im.example", False),
        (x509.OtherName(XMPP_ADDR, b"\x16\x0aim.example"), "im.example", False),
        (x509.OtherName(DNS_SRV, b"\x16\x05_xmpp"), "im.example", False),
        (x509.RFC822Name("im@im.example"), "im.example", False),
        (x509.UniformResourceIdentifier("xmpp://im.example"), "im.example", False),
    ],
)
def test_names_of_the_certificate_are_those_of_the_domain(
    name: x509.GeneralName, domain: str, covered: bool
) -> None:
    certificate, _ = make_certificate([name])
    assert certificate_covers(der(certificate), domain) is covered


@pytest.mark.parametrize(
    "names",
    [
        b"\x30\x0c\x82\x0aim.\xe9xample",  # no ASCII
        b"\x30\x0c\x82\x0aim.ex",  # shorter than it says
        b"\x30\x04\xa3\x02\x30\x00",  # an address of X.400
        b"\x30\x00",
        b"",
        b"im.example",
    ],
)
def test_names_that_cannot_be_read_are_for_nobody(names: bytes) -> None:
    certificate, _ = make_certificate(extension=x509.UnrecognizedExtension(SAN, names))
    assert not certificate_covers(der(certificate), "im.example")


def test_a_common_name_does_not_count() -> None:
    certificate, _ = make_certificate()
    assert not certificate_covers(der(certificate), "test")


def test_what_is_no_certificate_is_for_nobody() -> None:
    assert not certificate_covers(b"\x30\x00", "im.example")
