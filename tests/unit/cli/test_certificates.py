import datetime
import ssl
import stat
from pathlib import Path

import pytest
import trustme
from cryptography import x509

from palaver.cli import certificates

NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def made(tmp_path: Path, host: str, now: datetime.datetime = NOW) -> tuple[Path, Path]:
    certificate, key = tmp_path / "c" / f"{host}.crt", tmp_path / "c" / f"{host}.key"
    certificates.create(host, certificate, key, now)
    return certificate, key


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("example.org", ["example.org"]),
        ("localhost", ["localhost", "127.0.0.1", "::1"]),
        ("bücher.example", ["xn--bcher-kva.example"]),
        ("192.0.2.1", ["192.0.2.1"]),
    ],
)
def test_the_certificate_names_the_host_as_clients_check_it(
    tmp_path: Path, host: str, names: list[str]
) -> None:
    certificate, _ = made(tmp_path, host)
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    alternatives = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(name.value) for name in alternatives] == names
    assert found.not_valid_after_utc == NOW + certificates.VALID


def test_the_key_fits_and_is_its_owners_only(tmp_path: Path) -> None:
    certificate, key = made(tmp_path, "example.org")
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_missing_or_ending_certificate_of_ours_is_due(tmp_path: Path) -> None:
    assert certificates.is_due(tmp_path / "none.crt", NOW)
    certificate, _ = made(tmp_path, "example.org")
    assert not certificates.is_due(certificate, NOW)
    assert certificates.is_due(certificate, NOW + certificates.VALID)


def test_a_certificate_signed_by_others_is_never_due(tmp_path: Path) -> None:
    file = tmp_path / "x.crt"
    trustme.CA().issue_cert("example.org").cert_chain_pems[0].write_to_path(str(file))
    assert not certificates.is_due(file, NOW + datetime.timedelta(days=100_000))
    file.write_text("not a certificate")
    assert not certificates.is_due(file, NOW)
