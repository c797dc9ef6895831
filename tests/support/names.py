"""A small authoritative DNS server for tests, on a loopback port, with records that tests set."""

import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

_OWN = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'


def asking(nameserver: str, command: Iterable[str], directory: Path) -> list[str]:
    """Return the command that runs a command which asks a DNS server of ours, at an IP address.

    For programs that ask whom the machine is configured for: they get a mount namespace of their
    own, which takes root. What they read there instead is written to a directory.
    """
    file = directory / "resolv.conf"
    file.write_text(f"nameserver {nameserver}\noptions timeout:2 attempts:2\n")
    return ["unshare", "--mount", "sh", "-c", _OWN, str(file), *command]


class Names:
    """Answers for all names: with the records it was given, or that there is no such name.

    ``silent``  holds names (and those below them) that get no answer
    ``broken``  holds names that get SERVFAIL
    ``asked``   what was asked, as ("name", "type")
    """

    def __init__(self, address: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        self.silent: set[str] = set()
        self.broken: set[str] = set()
        self.asked: list[tuple[str, str]] = []
        self._records: dict[tuple[str, str], list[str]] = {}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind(address)
        except OSError:
            self._socket.close()
            raise
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @classmethod
    def at_port_53(cls) -> Self:
        """Listen at a loopback address that nobody else has at the port of DNS.

        Other ports cannot be written in resolv.conf.
        """
        for number in range(1, 255):
            with suppress(OSError):
                return cls((f"127.0.53.{number}", 53))
        raise AssertionError("no loopback address has its port 53 free")

    @property
    def address(self) -> str:
        """Where it listens, as the configuration writes it."""
        host, port = self._socket.getsockname()
        return f"{host}:{port}"

    def set(self, name: str, kind: str, *data: str) -> None:
        """Set the records of one name and type, in the form of zone files; none for no such."""
        self._records[name, kind] = list(data)

    def service(self, domain: str, port: int, *, direct: bool = False, priority: int = 0) -> None:
        """Say that a domain's server is on a port of 127.0.0.1."""
        self.set("here.test", "A", "127.0.0.1")
        name = f"_xmpp{'s' if direct else ''}-server._tcp.{domain}"
        self._records.setdefault((name, "SRV"), []).append(f"{priority} 5 {port} here.test.")

    def forget(self, domain: str) -> None:
        """Forget where a domain's server is."""
        for prefix in ("_xmpp-server._tcp.", "_xmpps-server._tcp."):
            self._records.pop((prefix + domain, "SRV"), None)

    def _serve(self) -> None:
        while True:
            data, peer = self._socket.recvfrom(4096)
            if not data:
                return
            answer = self._answer(dns.message.from_wire(data))
            if answer is not None:
                self._socket.sendto(answer.to_wire(), peer)

    def _answer(self, query: dns.message.Message) -> dns.message.Message | None:
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        if any(name == each or name.endswith(f".{each}") for each in self.silent):
            return None
        answer = dns.message.make_response(query)
        answer.flags |= dns.flags.AA | dns.flags.RA
        records = self._records.get((name, kind), [])
        if name in self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif records:
            answer.answer.append(dns.rrset.from_text(question.name, 1, "IN", kind, *records))
        elif not any(known == name for known, _ in self._records):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._socket.sendto(b"", self._socket.getsockname())
        self._thread.join()
        self._socket.close()
