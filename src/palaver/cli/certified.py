"""Which of the domains that other servers know are not in the certificates that they are shown."""

from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from palaver.cli.implemented import Extensions
from palaver.jid import prepare_domain
from palaver.kernel.config import extension_enabled, extension_settings
from palaver.kernel.settings import Settings
from palaver.sasl.domain_certificates import certificate_covers


def warnings(settings: Settings, data: Path, found: Extensions) -> Iterator[str]:
    """Say of each host what its certificate lacks, where there is federation."""
    if not settings.federates:
        return
    for host in settings.hosts:
        chain, _ = settings.certificate(host, data)
        try:
            own = x509.load_pem_x509_certificate(chain.read_bytes())
        except (OSError, ValueError):
            continue  # that is told elsewhere
        if own.issuer == own.subject:
            yield (
                f"{host} has a self-signed certificate: other servers have to call back (dialback),"
                " and those that insist on certificates do not speak to it."
            )
            continue
        der = own.public_bytes(Encoding.DER)
        missing = [each for each in _shown_by(host, settings, found) if not _names(der, each)]
        if missing:
            yield (
                f"The certificate of {host} does not name {', '.join(missing)}: other servers have "
                "to call back there (dialback), and those that insist on certificates cannot reach "
                "what is there."
            )


def _names(certificate: bytes, domain: str) -> bool:
    return certificate_covers(certificate, prepare_domain(domain))


def _shown_by(host: str, settings: Settings, found: Extensions) -> Iterator[str]:
    """Iterate over the domains that show a host's certificate: itself, services, components."""
    yield host
    for name, extension in found.items():
        enabled = extension_enabled(settings, name, host, default=extension.default)
        if enabled and extension.serves_others:
            label = getattr(
                extension_settings(settings, name, extension.Config, host), "service", ""
            )
            address = f"{label}.{host}"
            if label and address not in settings.hosts and address not in settings.components:
                yield address
    hosts = list(settings.hosts)
    for component in settings.components:
        above = [each for each in hosts if component.endswith(f".{each}")]
        if max(above, key=len, default=hosts[0]) == host:
            yield component
