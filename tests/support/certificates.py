"""A certificate authority of the tests' own, and certificates for the servers under test."""

import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import trustme


@dataclass(frozen=True, slots=True)
class Issued:
    """The files of a server's certificate, and the context with which clients trust it."""

    certificate: Path
    key: Path
    trust: ssl.SSLContext


class Authority:
    """Issues certificates for a test session."""

    def __init__(self) -> None:
        self._ca = trustme.CA()

    def issue(
        self, names: Iterable[str], directory: Path, *, until: datetime | None = None
    ) -> Issued:
        """Issue one certificate for all ``names`` and write it into ``directory``."""
        leaf = self._ca.issue_cert(*names, not_after=until)
        certificate, key = directory / "server.crt", directory / "server.key"
        certificate.write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
        key.touch(mode=0o600)
        key.write_bytes(leaf.private_key_pem.bytes())
        return Issued(certificate, key, self.trust())

    def publish(self, directory: Path) -> Path:
        """Write the certificate of the authority itself into ``directory``."""
        file = directory / "authority.crt"
        file.write_bytes(self._ca.cert_pem.bytes())
        return file

    def trust(self) -> ssl.SSLContext:
        """Make a context for a client that trusts this authority alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_alpn_protocols(["xmpp-client"])
        self._ca.configure_trust(context)
        return context
