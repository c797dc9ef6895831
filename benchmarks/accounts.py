"""The accounts every server under test has: `u0`, `u1`, ... with one password."""

import hashlib
import hmac

DOMAIN = "bench.example"


def service_of(domain: str) -> str:
    """Return the domain of the publish-subscribe service."""
    return f"pubsub.{domain}"


def rooms_of(domain: str) -> str:
    """Return the domain of the rooms."""
    return f"conference.{domain}"


SERVICE = service_of(DOMAIN)
ROOMS = rooms_of(DOMAIN)
ELSEWHERE = "other.example"  # of a second server, in scenarios of federation
PUBLISHER = 1_600  # makes a node at the service
PASSWORD = "correct horse battery staple"
# One salt for all lets the load generator derive the keys once, so that a login costs it little.
SALT = b"7f2b1c50-0d5e-4f0e"
ITERATIONS = 4096


def user(number: int) -> str:
    """Return the localpart of the account with this number."""
    return f"u{number}"


def jid(number: int, domain: str = DOMAIN) -> str:
    """Return the bare JID of the account with this number."""
    return f"u{number}@{domain}"


def stored_keys() -> tuple[bytes, bytes]:
    """Return the StoredKey and ServerKey a server keeps for SCRAM-SHA-1 (RFC 5802 §3)."""
    salted = hashlib.pbkdf2_hmac("sha1", PASSWORD.encode(), SALT, ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha1")
    return hashlib.sha1(client_key).digest(), hmac.digest(salted, b"Server Key", "sha1")
