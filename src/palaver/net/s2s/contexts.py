"""TLS between servers (RFC 7590): both show their certificates, which are judged afterwards."""

import ssl
from pathlib import Path
from typing import Final

import structlog

from palaver.jid import JIDError, prepare_domain
from palaver.kernel.settings import Settings
from palaver.net.s2s.trust import Trust
from palaver.net.s2s.unjudged import ask_for_certificate
from palaver.net.tls import Certificates, prepared

log = structlog.get_logger()

ALPN: Final = "xmpp-server"


class ServerContexts:
    """The TLS contexts of our domains, for streams to and from other servers.

    A domain that is no host (a service, a component) shows its own certificate if it has one
    (``[certificates]``), or that of the domain it is below, or else that of the first host. If that
    does not name it the other server has to call back; who checks the configuration is told.

    ``trust``  whom to believe
    """

    def __init__(self, settings: Settings, data: Path, certificates: Certificates) -> None:
        """Read the certificates.

        Raises:
            CertificateError: one of them cannot be read.
        """
        self._settings = settings
        self._data = data
        self._certificates = certificates
        ca = settings.federation.ca
        self.trust = Trust(None if ca is None else data / ca)
        self._receiving: dict[str, ssl.SSLContext] = {}
        self._initiating: dict[tuple[str, bool], ssl.SSLContext] = {}
        self.reload()

    def reload(self) -> None:
        """Make the contexts again, with the certificates that there are now.

        Raises:
            CertificateError: one of them cannot be read.
        """
        receiving: dict[str, ssl.SSLContext] = {}
        initiating: dict[tuple[str, bool], ssl.SSLContext] = {}
        for name in self._settings.certified:
            domain = prepare_domain(name)
            if self._certificates.context(domain) is None:
                continue
            files = self._settings.certificate(name, self._data)
            receiving[domain] = self._to_receive(files)
            for direct in (False, True):
                initiating[domain, direct] = self._to_initiate(files, direct=direct)
        for direct in (False, True):
            initiating["", direct] = self._to_initiate(None, direct=direct)
        self._receiving, self._initiating = receiving, initiating

    def receiving(self, domain: str) -> ssl.SSLContext | None:
        """Return the context for streams to one of our domains; None without a certificate."""
        return self._receiving.get(self._owner(domain))

    @property
    def default(self) -> ssl.SSLContext | None:
        """The context for whoever does not say which domain it wants."""
        return next(iter(self._receiving.values()), None)

    def initiating(self, domain: str, *, direct: bool) -> ssl.SSLContext:
        """Return the context for streams from one of our domains.

        Without a certificate it has none to show, and the other server has to call back.
        """
        return self._initiating[self._owner(domain), direct]

    def _owner(self, domain: str) -> str:
        """Return the domain whose certificate a domain shows; empty where there is none."""
        if domain in self._receiving:
            return domain
        above = [each for each in self._receiving if domain.endswith(f".{each}")]
        return max(above, key=len, default=next(iter(self._receiving), ""))

    def _to_receive(self, files: tuple[Path, Path]) -> ssl.SSLContext:
        context = prepared(ssl.PROTOCOL_TLS_SERVER, self._settings.tls, files)
        context.set_alpn_protocols([ALPN])
        # What is resumed shows no chain of certificates.
        context.num_tickets = 0
        context.options |= ssl.OP_NO_TICKET
        if not ask_for_certificate(context):
            log.warning("other servers are not asked for certificates: they must use dialback")
        context.sni_callback = self._choose
        return context

    def _to_initiate(self, files: tuple[Path, Path] | None, *, direct: bool) -> ssl.SSLContext:
        context = prepared(ssl.PROTOCOL_TLS_CLIENT, self._settings.tls, files)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # it is judged afterwards, by `Trust`
        if direct:
            context.set_alpn_protocols([ALPN])
        return context

    def _choose(self, tls: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> int | None:
        """Switch to the certificate of the domain that the other server names (SNI)."""
        try:
            wanted = self.receiving(prepare_domain(name)) if name else None
        except JIDError:
            wanted = None
        if wanted is not None:
            tls.context = wanted
        return None
