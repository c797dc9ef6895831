"""When a server federates without being told, and which domains other servers can find."""

import pytest

from palaver.kernel.config import parse
from palaver.kernel.federation_settings import can_be_found


@pytest.mark.parametrize(
    "domain", ["xmpp.org", "chat.xmpp.org", "localhost.org", "bücher.de", "xn--bcher-kva.de"]
)
def test_a_name_in_dns_can_be_found(domain: str) -> None:
    assert can_be_found(domain)


@pytest.mark.parametrize(
    "domain",
    [
        "localhost",
        "chat.localhost",
        "server",
        "chat.test",
        "chat.example",
        "example.org",
        "chat.Example.com.",
        "printer.local",
        "nas.home.arpa",
        "chat.internal",
        "192.0.2.7",
        "[2001:db8::7]",
    ],
)
def test_a_reserved_name_or_an_address_cannot(domain: str) -> None:
    assert not can_be_found(domain)


@pytest.mark.parametrize(
    ("written", "federates"),
    [
        ("", False),
        ('[hosts."chat.test"]', False),
        ('[hosts."xmpp.org"]', True),
        ('[hosts.localhost]\n[hosts."xmpp.org"]', True),
        ('[hosts."xmpp.org"]\n[federation]\nenabled = false', False),
        ("[federation]\nenabled = true", True),
    ],
)
def test_a_server_federates_as_it_is_told_or_if_a_host_can_be_found(
    written: str, federates: bool
) -> None:
    assert parse(written).federates is federates
