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
    """Say of each certificate what it lacks, where there is federation."""
    if not settings.federates:
        return
    for owner in settings.certified:
        chain, _ = settings.certificate(owner, data)
        try:
            own = x509.load_pem_x509_certificate(chain.read_bytes())
        except (OSError, ValueError):
            continue  # that is told elsewhere
        if own.issuer == own.subject:
            yield (
                f"{owner} has a self-signed certificate: other servers have to call back "
                "(dialback), and those that insist on certificates do not speak to it."
            )
            continue
        der = own.public_bytes(Encoding.DER)
        missing = [each for each in _shown_by(owner, settings, found) if not _names(der, each)]
        if missing:
            yield (
                f"The certificate of {owner} does not name {', '.join(missing)}: other servers have"
                " to call back there (dialback), and those that insist on certificates cannot "
                "reach what is there. Have it name them, or give them their own: "
                f'[certificates."{missing[0]}"].'
            )


def _names(certificate: bytes, domain: str) -> bool:
    return certificate_covers(certificate, prepare_domain(domain))


def _shown_by(owner: str, settings: Settings, found: Extensions) -> Iterator[str]:
    """Iterate over the domains that show a certificate: its owner, services, components."""
    yield owner
    if owner in settings.hosts:
        for address in _services(owner, settings, found):
            if address not in settings.certified and address not in settings.components:
                yield address
    owners = list(settings.certified)
    for component in settings.components:
        if component != owner and _shown(component, owners) == owner:
            yield component


def _services(host: str, settings: Settings, found: Extensions) -> Iterator[str]:
    """Iterate over the addresses of a host's services that others are to reach."""
    for name, extension in found.items():
        enabled = extension_enabled(settings, name, host, default=extension.default)
        if enabled and extension.serves_others:
            label = getattr(
                extension_settings(settings, name, extension.Config, host), "service", ""
            )
            if label:
                yield f"{label}.{host}"


def _shown(domain: str, owners: list[str]) -> str:
    """Return whose certificate a domain shows; see `palaver.net.s2s.contexts`."""
    if domain in owners:
        return domain
    above = [each for each in owners if domain.endswith(f".{each}")]
    return max(above, key=len, default=owners[0])
