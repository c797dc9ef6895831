"""TLS for every host: certificates chosen by SNI, read again on request (RFC 7590, RFC 6125)."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from palaver.jid import JIDError, prepare_domain
from palaver.kernel.settings import Settings, TlsSettings
from palaver.sasl import Channel, certificate_identities, tls_server_end_point
from palaver.sasl.exporter import tls_exporter

log = structlog.get_logger()

ALPN: Final = "xmpp-client"
_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END CERTIFICATE-----"
_CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20"
_VERSIONS: Final = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class CertificateError(Exception):
    """Says which certificate cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class HostTls:
    """A host's certificate, ready for handshakes.

    ``end_point`` is the channel binding of its certificate (RFC 5929), None where undefined.
    """

    context: ssl.SSLContext
    end_point: bytes | None


class Certificates:
    """The TLS contexts of all hosts, and other domains, that have a certificate."""

    def __init__(self, settings: Settings, data: Path) -> None:
        """Read the certificates.

        Raises:
            CertificateError: one is configured, or lies in its usual place, and cannot be used.
        """
        self._settings = settings
        self._data = data
        self._hosts: dict[str, HostTls] = {}
        self._end_points: dict[ssl.SSLContext, bytes | None] = {}
        self.default: ssl.SSLContext | None = None
        self.reload()

    def reload(self) -> None:
        """Read all certificates again; connections that exist keep theirs.

        Raises:
            CertificateError: one cannot be used; then everything stays as it was.
        """
        hosts: dict[str, HostTls] = {}
        for name, own in self._settings.certified.items():
            chain, key = self._settings.certificate(name, self._data)
            is_host = name in self._settings.hosts
            if is_host and own.certificate is None and not chain.exists():
                log.warning("host without a certificate: no TLS", host=name, expected=str(chain))
                continue
            hosts[prepare_domain(name)] = self._load(chain, key)
        self._hosts = hosts
        self._end_points = {tls.context: tls.end_point for tls in hosts.values()}
        of_hosts = map(hosts.get, map(prepare_domain, self._settings.hosts))
        self.default = next((tls.context for tls in of_hosts if tls is not None), None)

    def context(self, host: str) -> ssl.SSLContext | None:
        """Return the context for a host, or None when it has no certificate."""
        tls = self._hosts.get(host)
        return tls.context if tls else None

    def channel(self, tls: ssl.SSLObject | ssl.SSLSocket) -> Channel:
        """Return what an established connection gives to SASL."""
        bindings: dict[str, bytes] = {}
        end_point = self._end_points.get(tls.context)
        if end_point is not None:
            bindings["tls-server-end-point"] = end_point
        exported = tls_exporter(tls)
        if exported is not None:
            bindings["tls-exporter"] = exported
        elif tls.version() == "TLSv1.2":
            unique = tls.get_channel_binding("tls-unique")
            if unique is not None:
                bindings["tls-unique"] = unique
        certificate = tls.getpeercert(binary_form=True)
        addresses = tuple(certificate_identities(certificate)) if certificate else ()
        return Channel(encrypted=True, bindings=bindings, addresses=addresses)

    def _load(self, chain: Path, key: Path) -> HostTls:
        settings = self._settings.tls
        context = prepared(ssl.PROTOCOL_TLS_SERVER, settings, (chain, key))
        try:
            end_point = tls_server_end_point(ssl.PEM_cert_to_DER_cert(_first_certificate(chain)))
            if settings.client_ca is not None and settings.client_certificates == "request":
                _see(self._data / settings.client_ca)
                context.load_verify_locations(self._data / settings.client_ca)
                context.verify_mode = ssl.CERT_OPTIONAL
        except (OSError, ValueError) as error:
            raise CertificateError(_why(error, chain, key)) from error
        context.num_tickets = 1
        context.set_alpn_protocols([ALPN])
        context.sni_callback = self._choose
        return HostTls(context, end_point)

    def _choose(self, tls: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> int | None:
        """Switch to the certificate of the host the client names (SNI, RFC 6066 §3).

        Without a name that of the stream's host stays, or on a direct port the default.
        """
        try:
            wanted = self.context(prepare_domain(name)) if name else None
        except JIDError:
            wanted = None
        if wanted is not None:
            tls.context = wanted
        return None


def prepared(
    protocol: int, settings: TlsSettings, files: tuple[Path, Path] | None
) -> ssl.SSLContext:
    """Make a context as the configuration wants it, with a certificate chain and its key.

    Raises:
        CertificateError: they cannot be used.
    """
    context = ssl.SSLContext(protocol)
    context.minimum_version = _VERSIONS[settings.minimum]
    try:
        context.set_ciphers(settings.ciphers or _CIPHERS)
        if files is not None:
            _see(*files)
            context.load_cert_chain(*files, password="")  # nobody is there to be asked for one
    except (OSError, ValueError) as error:
        raise CertificateError(_why(error, *(files or (Path(), Path())))) from error
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    return context


def _first_certificate(chain: Path) -> str:
    text = chain.read_text("ascii", "replace")
    start = text.index(_BEGIN)
    return text[start : text.index(_END, start) + len(_END)]


def _see(*files: Path) -> None:
    """Open files to find out which of them cannot be read; OpenSSL does not tell."""
    for file in files:
        file.open("rb").close()


def _why(error: OSError | ValueError, chain: Path, key: Path) -> str:
    if isinstance(error, ssl.SSLError) and error.reason == "KEY_VALUES_MISMATCH":
        return f"{key} is not the key of the certificate {chain}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    if _BEGIN not in chain.read_text("ascii", "replace"):
        return f"{chain} holds no certificate in PEM"
    text = key.read_text("ascii", "replace")
    if "PRIVATE KEY-----" not in text:
        return f"{key} holds no private key in PEM"
    if "ENCRYPTED" in text:
        return f"{key} is encrypted; store it without a password"
    return f"{chain} with {key}: {error}"
