"""Whom certificates of other servers are believed for, and what is said of those that are not."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.unit.sasl.certificate import XMPP_ADDR, der, make_certificate, utf8_string

from palaver.net.s2s import unjudged
from palaver.net.s2s.trust import Trust
from palaver.net.tls import CertificateError
from palaver.sasl.domain_certificates import DNS_SRV


def chain(leaf: trustme.LeafCert) -> list[bytes]:
    return [ssl.PEM_cert_to_DER_cert(pem.bytes().decode()) for pem in leaf.cert_chain_pems]


@pytest.fixture
def ca() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trust(ca: trustme.CA, tmp_path: Path) -> Trust:
    file = tmp_path / "ca.pem"
    file.write_bytes(ca.cert_pem.bytes())
    return Trust(file)


def test_a_certificate_of_a_known_authority_is_believed(ca: trustme.CA, trust: Trust) -> None:
    assert trust.judge(chain(ca.issue_cert("im.example"))).trusted


def test_what_lies_between_may_be_sent_along(ca: trustme.CA, trust: Trust) -> None:
    sent = chain(ca.create_child_ca().issue_cert("im.example"))
    assert trust.judge(sent).trusted
    assert not trust.judge(sent[:1]).trusted


def test_it_is_known_when_the_first_of_a_chain_expires(ca: trustme.CA, trust: Trust) -> None:
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    assert trust.judge(chain(ca.issue_cert("im.example", not_after=soon))).expires == (
        soon.timestamp()
    )


def test_one_of_another_authority_is_not(trust: Trust) -> None:
    judged = trust.judge(chain(trustme.CA().issue_cert("im.example")))
    assert not judged.trusted
    assert judged.problem.startswith("it is not from an authority that is trusted")


def test_one_that_expired_says_when(ca: trustme.CA, trust: Trust) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    judged = trust.judge(chain(ca.issue_cert("im.example", not_after=yesterday)))
    assert judged.problem == f"it expired on {yesterday:%Y-%m-%d}"


def test_one_that_is_not_valid_yet_says_when(ca: trustme.CA, trust: Trust) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    judged = trust.judge(chain(ca.issue_cert("im.example", not_before=tomorrow)))
    assert judged.problem == f"it is not valid before {tomorrow:%Y-%m-%d}"


def test_one_that_signed_itself_says_so(trust: Trust) -> None:
    certificate, _ = make_certificate([x509.DNSName("im.example")])
    assert trust.judge([der(certificate)]).problem == "it is signed by itself"


def test_a_server_cannot_sign_for_others(ca: trustme.CA, trust: Trust) -> None:
    own = ca.issue_cert("mallory.example")
    key = make_certificate()[1]
    issuer = x509.load_der_x509_certificate(chain(own)[0])
    now = datetime.now(UTC)
    forged = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("im.example")]), critical=True)
        .sign(
            serialization.load_pem_private_key(own.private_key_pem.bytes(), None),  # type: ignore[arg-type]
            hashes.SHA256(),
        )
    )
    assert not trust.judge([der(forged), *chain(own)]).trusted


def signed(
    subject: str, issuer: x509.Name, keys: list[Any], *extensions: x509.ExtensionType
) -> x509.Certificate:
    """Sign a certificate for the first key with the second."""
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)]))
        .issuer_name(issuer)
        .public_key(keys[0].public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[1].public_key()), critical=False
        )
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(keys[1], hashes.SHA256())


@pytest.mark.parametrize(
    "constraints",
    [
        x509.NameConstraints([x509.DNSName("mallory.example")], None),
        x509.NameConstraints(None, [x509.DNSName("im.example")]),
    ],
)
def test_who_may_speak_for_some_names_speaks_for_no_others_in_another_form(
    ca: trustme.CA, trust: Trust, constraints: x509.NameConstraints
) -> None:
    """Constraints of dNSNames do not bind an xmppAddr or an SRVName (RFC 5280 §4.2.1.10)."""
    root = x509.load_pem_x509_certificate(ca.cert_pem.bytes())
    root_key = serialization.load_pem_private_key(ca.private_key_pem.bytes(), None)
    own, middle = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    names = [
        x509.DNSName("mallory.example"),
        x509.OtherName(XMPP_ADDR, utf8_string("im.example")),
        x509.OtherName(DNS_SRV, b"\x16\x17_xmpp-server.im.example"),
    ]
    authority = signed(
        "authority",
        root.subject,
        [middle, root_key],
        x509.BasicConstraints(True, None),
        constraints,
    )
    leaf = signed("leaf", authority.subject, [own, middle], x509.SubjectAlternativeName(names))
    judged = trust.judge([der(leaf), der(authority)])
    assert judged.trusted
    assert judged.covers("mallory.example")
    assert not judged.covers("im.example")


@pytest.mark.parametrize(
    ("purpose", "trusted"),
    [
        (ExtendedKeyUsageOID.SERVER_AUTH, True),
        (ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE, True),
        (ExtendedKeyUsageOID.EMAIL_PROTECTION, False),
    ],
)
@pytest.mark.parametrize("of_authority", [True, False])
def test_a_certificate_is_believed_for_its_purpose_and_that_of_its_authority(
    ca: trustme.CA,
    trust: Trust,
    purpose: x509.ObjectIdentifier,
    trusted: bool,
    of_authority: bool,
) -> None:
    """One that does not say stands for any purpose, but for that of who signed it."""
    root = x509.load_pem_x509_certificate(ca.cert_pem.bytes())
    root_key = serialization.load_pem_private_key(ca.private_key_pem.bytes(), None)
    own, middle = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    may_sign, usage = x509.BasicConstraints(True, None), [x509.ExtendedKeyUsage([purpose])]
    name = x509.SubjectAlternativeName([x509.DNSName("im.example")])
    authority = signed(
        "mail", root.subject, [middle, root_key], may_sign, *(usage if of_authority else [])
    )
    leaf = signed("leaf", authority.subject, [own, middle], name, *([] if of_authority else usage))
    assert trust.judge([der(leaf), der(authority)]).trusted is trusted


def test_nothing_and_nonsense_are_not_believed(trust: Trust) -> None:
    assert trust.judge([]).problem == "it has no certificate"
    assert trust.judge([b"\x30\x00"]).problem == "it cannot be read"


def test_the_authorities_of_the_system_are_taken_otherwise(ca: trustme.CA) -> None:
    assert not Trust(None).judge(chain(ca.issue_cert("im.example"))).trusted


def test_a_file_without_authorities_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CertificateError):
        Trust(tmp_path / "nothing.pem")


def test_this_python_can_ask_for_certificates_without_judging_them() -> None:
    """Otherwise other servers must use dialback; see `palaver.net.s2s.unjudged`."""
    assert unjudged.available()
