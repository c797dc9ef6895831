"""Whom certificates of other servers are believed for, and what is said of those that are not."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from tests.unit.sasl.certificate import der, make_certificate

from palaver.net.s2s import unjudged
from palaver.net.s2s.trust import Trust
from palaver.net.tls import CertificateError


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
    from cryptography.hazmat.primitives import hashes, serialization

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
