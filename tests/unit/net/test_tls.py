"""TLS: certificates by SNI, reload, versions, what a connection gives to SASL (RFC 7590)."""

import asyncio
import ssl
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives import serialization
from tests.attacks.raw import Raw
from tests.support.certificates import Authority
from tests.unit.net.serving import HOST, OTHER, Serving, certificates, serving

from palaver.kernel.config import parse
from palaver.net.tls import ALPN, CertificateError, Certificates


def settings_of(more: str = "", *hosts: str):
    return parse("".join(f'[hosts."{host}"]\n' for host in hosts or (HOST, OTHER)) + more)


async def certificate(net: Serving, name: str | None, trust: ssl.SSLContext | None = None) -> str:
    """Return the name in the certificate that a client gets which asks for a host."""
    context = trust or net.trust
    context.check_hostname = False
    reader, writer = await asyncio.open_connection(
        *net.address("tls"), ssl=context, server_hostname=name or ""
    )
    try:
        shown = writer.get_extra_info("ssl_object").getpeercert()
        return str(shown["subjectAltName"][0][1])
    finally:
        writer.transport.abort()
        reader.feed_eof()


@pytest.mark.parametrize(
    ("asked", "shown"),
    [(HOST, HOST), (OTHER, OTHER), (OTHER.upper(), OTHER), ("nobody.test", HOST), (None, HOST)],
)
async def test_the_certificate_is_that_of_the_host_asked_for(
    net: Serving, asked: str | None, shown: str
) -> None:
    assert await certificate(net, asked) == shown


async def test_starttls_shows_the_certificate_of_the_stream_or_of_the_name_asked_for(
    net: Serving,
) -> None:
    for host in (HOST, OTHER):
        client = await net.client(f"juliet@{host}", direct=False).open()
        shown = client.writer.get_extra_info("ssl_object").getpeercert()
        assert shown["subjectAltName"][0][1] == host


async def test_starttls_without_a_name_shows_the_certificate_of_the_stream(net: Serving) -> None:
    context = net.trust
    context.check_hostname = False
    reader, writer = await asyncio.open_connection(*net.address("starttls"))
    writer.write(
        f"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
        f" version='1.0' to='{OTHER}'><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>".encode()
    )
    await reader.readuntil(b"<proceed")
    await reader.readuntil(b">")
    await writer.start_tls(context, server_hostname="")
    shown = writer.get_extra_info("ssl_object").getpeercert()
    assert shown["subjectAltName"][0][1] == OTHER
    writer.transport.abort()


async def test_a_name_that_is_no_host_gets_the_default(net: Serving) -> None:
    assert await certificate(net, "a_b.xn--test-.example") == HOST


async def test_the_protocol_is_negotiated(net: Serving) -> None:
    async with await Raw.open(net.address("tls"), net.trust, HOST) as raw:
        tls = raw.writer.get_extra_info("ssl_object")
        assert tls.selected_alpn_protocol() == ALPN
        assert tls.compression() is None


# -- versions and ciphers --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minimum", "offered", "accepted"),
    [
        ("1.2", ssl.TLSVersion.TLSv1_2, True),
        ("1.2", ssl.TLSVersion.TLSv1_3, True),
        ("1.3", ssl.TLSVersion.TLSv1_2, False),
        ("1.3", ssl.TLSVersion.TLSv1_3, True),
    ],
)
async def test_old_versions_are_refused(
    tmp_path: Path, authority: Authority, minimum: str, offered: ssl.TLSVersion, accepted: bool
) -> None:
    async with serving(tmp_path, authority, f'[tls]\nminimum = "{minimum}"\n') as net:
        trust = authority.trust()
        trust.maximum_version = offered
        if accepted:
            assert await certificate(net, HOST, trust) == HOST
        else:
            with pytest.raises(OSError):  # noqa: PT011 - whichever the system tells
                await certificate(net, HOST, trust)


async def test_ciphers_without_forward_secrecy_are_refused(net: Serving) -> None:
    trust = net.trust
    trust.maximum_version = ssl.TLSVersion.TLSv1_2
    trust.set_ciphers("AES128-GCM-SHA256:AES256-SHA:ECDHE-RSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA")
    with pytest.raises(OSError):  # noqa: PT011 - whichever the system tells
        await certificate(net, HOST, trust)


# -- reading certificates --------------------------------------------------------------------------


def test_a_host_without_certificate_has_no_tls(tmp_path: Path, authority: Authority) -> None:
    certificates(tmp_path, authority, (OTHER,))
    found = Certificates(settings_of(), tmp_path)
    assert found.context(HOST) is None
    assert found.context(OTHER) is found.default is not None


def test_without_any_certificate_there_is_no_tls(tmp_path: Path) -> None:
    assert Certificates(settings_of(), tmp_path).default is None


def test_a_certificate_that_is_configured_must_be_there(tmp_path: Path) -> None:
    settings = parse(f'[hosts."{HOST}"]\ncertificate = "missing.crt"\nkey = "missing.key"\n')
    with pytest.raises(CertificateError, match=r"missing\.crt"):
        Certificates(settings, tmp_path)
    (tmp_path / "missing.crt").write_text("")
    with pytest.raises(CertificateError, match=r"missing\.key: No such file"):
        Certificates(settings, tmp_path)


@pytest.mark.parametrize("spoiled", ["crt", "key"])
@pytest.mark.parametrize("text", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nAAAA"])
def test_a_certificate_that_cannot_be_read_is_named(
    tmp_path: Path, authority: Authority, spoiled: str, text: str
) -> None:
    certificates(tmp_path, authority, (HOST, OTHER))
    (tmp_path / "certificates" / f"{HOST}.{spoiled}").write_text(text)
    with pytest.raises(CertificateError, match=HOST):
        Certificates(settings_of(), tmp_path)


def test_an_encrypted_key_is_refused_and_nobody_is_asked(
    tmp_path: Path, authority: Authority
) -> None:
    certificates(tmp_path, authority, (HOST, OTHER))
    file = tmp_path / "certificates" / f"{HOST}.key"
    key = serialization.load_pem_private_key(file.read_bytes(), None)
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    with pytest.raises(CertificateError, match=f"{HOST}.key is encrypted"):
        Certificates(settings_of(), tmp_path)


def test_a_key_of_another_certificate_is_refused(tmp_path: Path, authority: Authority) -> None:
    certificates(tmp_path, authority, (HOST, OTHER))
    place = tmp_path / "certificates"
    (place / f"{OTHER}.key").replace(place / f"{HOST}.key")
    with pytest.raises(CertificateError, match=HOST):
        Certificates(settings_of(), tmp_path)


# -- reload ----------------------------------------------------------------------------------------


async def test_certificates_are_read_again_while_connections_go_on(
    net: Serving, tmp_path: Path
) -> None:
    juliet = await net.client(f"juliet@{HOST}/balcony").connect()
    newer = Authority()
    certificates(tmp_path, newer, (HOST, OTHER))
    net.clients.certificates.reload()
    for host in (HOST, OTHER):
        assert await certificate(net, host, newer.trust()) == host
    with pytest.raises(ssl.SSLCertVerificationError):
        await certificate(net, HOST)
    await juliet.barrier()


async def test_a_bad_certificate_leaves_everything_as_it_was(net: Serving, tmp_path: Path) -> None:
    (tmp_path / "certificates" / f"{OTHER}.crt").write_text("spoiled")
    with pytest.raises(CertificateError):
        net.clients.certificates.reload()
    for host in (HOST, OTHER):
        assert await certificate(net, host) == host


# -- what SASL gets --------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_connection_gives_its_channel_bindings(
    net: Serving, version: ssl.TLSVersion
) -> None:
    net.trust.maximum_version = version
    async with await Raw.open(net.address("tls"), net.trust, HOST):
        await net.until(lambda: net.clients.connections)
        (connection,) = net.clients.connections
        channel = connection._channel()
    assert channel.encrypted
    assert channel.addresses == ()
    assert len(channel.bindings["tls-server-end-point"]) == 32
    assert len(channel.bindings) >= (2 if version == ssl.TLSVersion.TLSv1_2 else 1)


async def test_a_client_certificate_gives_its_addresses(
    tmp_path: Path, authority: Authority
) -> None:
    users = trustme.CA()
    users.cert_pem.write_to_path(tmp_path / "users.pem")
    identity = users.issue_cert("juliet@capulet.example")
    async with serving(tmp_path, authority, '[tls]\nclient_ca = "users.pem"\n') as net:
        identity.configure_cert(net.trust)
        async with await Raw.open(net.address("tls"), net.trust, HOST):
            await net.until(lambda: net.clients.connections)
            (connection,) = net.clients.connections
            shown = connection._transport.get_extra_info("ssl_object").getpeercert()
        assert shown["subjectAltName"] == (("email", "juliet@capulet.example"),)


async def answer(net: Serving) -> bytes:
    """Return what the server says to a client that begins with TLS."""
    async with await Raw.open(net.address("tls"), net.trust, HOST) as raw:
        await raw.send("<")
        return await raw.read_until(b"<")


async def test_a_client_certificate_of_a_stranger_is_refused(
    tmp_path: Path, authority: Authority
) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "users.pem")
    stranger = trustme.CA().issue_cert("juliet@capulet.example")
    async with serving(tmp_path, authority, '[tls]\nclient_ca = "users.pem"\n') as net:
        stranger.configure_cert(net.trust)
        with pytest.raises(OSError):  # noqa: PT011 - whichever the system tells
            await answer(net)
        await net.until(lambda: not net.clients._strangers)
        assert not net.clients.connections
