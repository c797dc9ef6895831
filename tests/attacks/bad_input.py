# ruff: noqa: E501 - the rows of a table
"""Bad input and the answer it gets: a table for test_bad_input.

A row is (name, where, bytes, answer).

Where the bytes go:

``opening``    a fresh connection, nothing sent yet
``clear``      after the features of a stream in clear, where TLS is required
``tls``        after the features of a stream under TLS, before login
``login``      after login and the features that follow it, before a resource is bound
``bound``      a session of OWN

What the answer is:

``stream C``   the stream error C; the connection is closed
``sasl C``     a SASL failure with the condition C; the stream goes on
``error T C``  a stanza error of type T with the condition C; the stream goes on
``bind C``     the same, and a resource can be bound afterwards
``failure``    a failure of STARTTLS; the connection is closed
``closed``     an orderly end without an error
``silence``    nothing; the stream goes on
"""

import base64
from dataclasses import dataclass
from typing import Final

HOST: Final = "example.test"
OWN: Final = f"mallory@{HOST}/here"
PEER: Final = f"witness@{HOST}/there"
PEER_BARE: Final = f"witness@{HOST}"

NS_SASL: Final = "urn:ietf:params:xml:ns:xmpp-sasl"
NS_TLS: Final = "urn:ietf:params:xml:ns:xmpp-tls"
NS_BIND: Final = "urn:ietf:params:xml:ns:xmpp-bind"

DECLARATION: Final = "<?xml version='1.0'?>"
STREAM: Final = (
    f"<stream:stream to='{HOST}' version='1.0' xmlns='jabber:client' "
    "xmlns:stream='http://etherx.jabber.org/streams'>"
)
BODY: Final = "<body>hello</body>"
PING: Final = "<ping xmlns='urn:xmpp:ping'/>"
BILLION: Final = (
    "<!DOCTYPE x [<!ENTITY a 'ha'>"
    + "".join(
        f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]>"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One bad input."""

    name: str
    where: str
    data: bytes
    answer: str

    @property
    def ends(self) -> bool:
        """Whether the connection is closed afterwards."""
        return self.answer.split()[0] in ("stream", "failure", "closed")


def _row(name: str, where: str, data: str | bytes, answer: str) -> Row:
    return Row(name, where, data.encode() if isinstance(data, str) else data, answer)


def _opening(name: str, data: str | bytes, condition: str) -> Row:
    return _row(name, "opening", data, f"stream {condition}")


def _header(name: str, old: str, new: str, condition: str) -> Row:
    assert old in STREAM
    return _opening(name, DECLARATION + STREAM.replace(old, new), condition)


def _bound(name: str, data: str | bytes, answer: str) -> Row:
    return _row(name, "bound", data, answer)


def _fatal(name: str, data: str | bytes, condition: str) -> Row:
    return _bound(name, data, f"stream {condition}")


def _auth(name: str, data: bytes, answer: str, mechanism: str = "PLAIN") -> Row:
    text = base64.b64encode(data).decode()
    xml = f"<auth xmlns='{NS_SASL}' mechanism='{mechanism}'>{text}</auth>"
    return _row(name, "tls", xml, answer)


def _to(name: str, to: str) -> Row:
    """Make a row of a message to what is no address."""
    xml = f"<message id='m' to='{to}'>{BODY}</message>"
    return _bound(f"message to {name}", xml, "error modify jid-malformed")


def _iq(name: str, attributes: str, payload: str, answer: str) -> Row:
    return _bound(name, f"<iq {attributes}>{payload}</iq>", answer)


OPENING: Final = [
    _opening("HTTP", "GET / HTTP/1.1\r\nHost: example.test\r\n\r\n", "not-well-formed"),
    _opening("TLS on the port for STARTTLS", b"\x16\x03\x01\x00\xf5\x01\x00\x00\xf1>", "not-well-formed"),
    _opening("SSH", "SSH-2.0-OpenSSH_9.2\r\n", "not-well-formed"),
    _opening("a NUL byte and more", b"\x00\x01\x02\x03>", "not-well-formed"),
    _opening("a byte order mark", b"\xef\xbb\xbf" + STREAM.encode(), "not-well-formed"),
    _opening("UTF-16 with byte order mark", STREAM.encode("utf-16"), "unsupported-encoding"),
    _opening("UTF-16, little end first", STREAM.encode("utf-16-le"), "unsupported-encoding"),
    _opening("UTF-16, big end first", STREAM.encode("utf-16-be"), "unsupported-encoding"),
    _opening("UTF-32, big end first", STREAM.encode("utf-32-be"), "unsupported-encoding"),
    _opening(
        "a declared encoding other than UTF-8",
        "<?xml version='1.0' encoding='ISO-8859-1'?>" + STREAM,
        "unsupported-encoding",
    ),
    _opening(
        "a declared encoding of two bytes",
        "<?xml version='1.0' encoding='UTF-16'?>" + STREAM,
        "unsupported-encoding",
    ),
    _opening(
        "a declared encoding that does not exist",
        "<?xml version='1.0' encoding='klingon'?>" + STREAM,
        "unsupported-encoding",
    ),
    _opening("Latin-1 in the header", STREAM.replace("to=", "from='é' to=").encode("latin-1"), "unsupported-encoding"),
    _opening("two XML declarations", DECLARATION * 2 + STREAM, "not-well-formed"),
    _opening("a document type", DECLARATION + "<!DOCTYPE stream>" + STREAM, "restricted-xml"),
    _opening("an internal subset", "<!DOCTYPE x [<!ELEMENT x ANY>]>" + STREAM, "restricted-xml"),
    _opening("a billion laughs", BILLION + STREAM, "restricted-xml"),
    _opening(
        "an external entity",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>" + STREAM,
        "restricted-xml",
    ),
    _opening(
        "an external document type",
        "<!DOCTYPE x SYSTEM 'http://127.0.0.1:9/x.dtd'>" + STREAM,
        "restricted-xml",
    ),
    _opening(
        "a parameter entity",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM 'file:///etc/passwd'> %p;]>" + STREAM,
        "restricted-xml",
    ),
    _opening("a comment in front", "<!-- hello -->" + STREAM, "restricted-xml"),
    _opening("a processing instruction in front", "<?php phpinfo() ?>" + STREAM, "restricted-xml"),
    _opening("an entity in the header", STREAM.replace(HOST, "&host;"), "restricted-xml"),
    _opening("a stanza without a stream", f"<message>{BODY}</message>", "invalid-namespace"),
    _opening("an end without a beginning", "</stream:stream>", "not-well-formed"),
    _opening("a stream that is empty", STREAM.replace("streams'>", "streams'/>"), "bad-format"),
    _opening("a header that is too big", STREAM.replace("to=", f"a='{'x' * 20_000}' to="), "policy-violation"),
    _opening("a header full of tag ends", STREAM.replace("to=", f"a='{'>' * 20_000}' to="), "policy-violation"),
    _opening(
        "a header of many attributes",
        STREAM.replace("to=", " ".join(f"a{n}=''" for n in range(200)) + " to="),
        "policy-violation",
    ),
    _header("a header with the wrong stream namespace", "http://etherx.jabber.org/streams", "http://example.org/streams", "invalid-namespace"),
    _header("a header without stream namespace", " xmlns:stream='http://etherx.jabber.org/streams'", "", "not-well-formed"),
    _header("a header for servers", "jabber:client", "jabber:server", "invalid-namespace"),
    _header("a header for components", "jabber:client", "jabber:component:accept", "invalid-namespace"),
    _header("a header without content namespace", " xmlns='jabber:client'", "", "invalid-namespace"),
    _header("a header with an unknown content namespace", "jabber:client", "urn:other", "invalid-namespace"),
    _header("another element in the stream namespace", "<stream:stream ", "<stream:flow ", "bad-format"),
    _header("a header without host", f" to='{HOST}'", "", "host-unknown"),
    _header("a header with an empty host", f"'{HOST}'", "''", "host-unknown"),
    _header("a header for an unknown host", HOST, "nobody.test", "host-unknown"),
    _header("a header for a subdomain", HOST, f"www.{HOST}", "host-unknown"),
    _header("a header for an account", HOST, PEER_BARE, "host-unknown"),
    _header("a header for what is no host", HOST, "a b", "host-unknown"),
    _header("a header for a host too long", HOST, "a" * 2_000, "host-unknown"),
    _header("a header without version", " version='1.0'", "", "unsupported-version"),
    _header("a header of version 0.9", "'1.0'", "'0.9'", "unsupported-version"),
    _header("a header of an empty version", "'1.0'", "''", "unsupported-version"),
    _header("a header of a version that is no number", "'1.0'", "'one'", "unsupported-version"),
    _header("a header of a negative version", "'1.0'", "'-1.0'", "unsupported-version"),
    _header("an attribute twice in the header", "to=", "to='a' to=", "not-well-formed"),
    _header("an attribute without quotes in the header", f"'{HOST}'", HOST, "not-well-formed"),
    _header("an unbound prefix in the header", "to=", "p:a='' to=", "not-well-formed"),
]  # fmt: skip

NEGOTIATION: Final = [
    _row("a second header in clear", "clear", STREAM, "stream bad-format"),
    _row("a message in clear", "clear", f"<message to='{PEER}'>{BODY}</message>", "stream not-authorized"),
    _row("a request in clear", "clear", f"<iq type='get' id='1'>{PING}</iq>", "stream not-authorized"),
    _row("login in clear", "clear", f"<auth xmlns='{NS_SASL}' mechanism='PLAIN'>AGEAYg==</auth>", "sasl encryption-required"),
    _row("SCRAM in clear", "clear", f"<auth xmlns='{NS_SASL}' mechanism='SCRAM-SHA-256'>biwsbj1hLHI9Yg==</auth>", "sasl encryption-required"),
    _row("binding in clear", "clear", f"<iq type='set' id='1'><bind xmlns='{NS_BIND}'/></iq>", "stream not-authorized"),
    _row("STARTTLS of another namespace", "clear", "<starttls xmlns='urn:other'/>", "stream not-authorized"),
    _row("a stanza behind STARTTLS", "clear", f"<starttls xmlns='{NS_TLS}'/><presence/>", "stream policy-violation"),
    _row("login behind STARTTLS", "clear", f"<starttls xmlns='{NS_TLS}'/><auth xmlns='{NS_SASL}' mechanism='ANONYMOUS'/>", "stream policy-violation"),
    _row("STARTTLS twice", "clear", f"<starttls xmlns='{NS_TLS}'/>" * 2, "stream policy-violation"),
    _row("STARTTLS under TLS", "tls", f"<starttls xmlns='{NS_TLS}'/>", "failure"),
    _row("a message before login", "tls", f"<message to='{PEER}'>{BODY}</message>", "stream not-authorized"),
    _row("a presence before login", "tls", "<presence/>", "stream not-authorized"),
    _row("an IQ result before login", "tls", "<iq type='result' id='1'/>", "stream not-authorized"),
    _row("a request before login", "tls", f"<iq type='get' id='1'>{PING}</iq>", "stream not-authorized"),
    _row("binding before login", "tls", f"<iq type='set' id='1'><bind xmlns='{NS_BIND}'/></iq>", "stream not-authorized"),
    _row("an unknown element before login", "tls", "<hello xmlns='urn:other'/>", "stream not-authorized"),
    _row("the end before login", "tls", "</stream:stream>", "closed"),
    _row("a stanza too big before login", "tls", f"<message><body>{'x' * 12_000}", "stream policy-violation"),
    _row("a tag too big before login", "tls", f"<message id='{'x' * 12_000}", "stream policy-violation"),
    _row("endless tags before login", "tls", "<a>" * 2_000, "stream policy-violation"),
    _row("too deep before login", "tls", "<a>" * 40, "stream policy-violation"),
    _row("too many attributes before login", "tls", "<a " + " ".join(f"a{n}=''" for n in range(40)) + "/>", "stream policy-violation"),
    _auth("an unknown mechanism", b"\0a\0b", "sasl invalid-mechanism", "KERBEROS_V4"),
    _auth("no mechanism", b"\0a\0b", "sasl invalid-mechanism", ""),
    _auth("a mechanism that is not offered", b"", "sasl invalid-mechanism", "EXTERNAL"),
    _auth("ANONYMOUS where it is not allowed", b"", "sasl invalid-mechanism", "ANONYMOUS"),
    _auth("PLAIN without separators", b"hello", "sasl malformed-request"),
    _auth("PLAIN with too many separators", b"\0a\0b\0c", "sasl malformed-request"),
    _auth("PLAIN without password", b"\0mallory\0", "sasl malformed-request"),
    _auth("PLAIN that is not UTF-8", b"\0\xff\0b", "sasl malformed-request"),
    _auth("PLAIN of an unknown user", b"\0nobody\0secret", "sasl not-authorized"),
    _auth("PLAIN with the wrong password", b"\0mallory\0wrong", "sasl not-authorized"),
    _auth("PLAIN of what is no user", b"\0a b\0secret", "sasl not-authorized"),
    _auth("PLAIN as somebody else", f"{PEER_BARE}\0mallory\0pw".encode(), "sasl invalid-authzid"),
    _auth("PLAIN too long", b"\0a\0" + b"b" * 9_000, "stream policy-violation"),
    _auth("SCRAM that is nonsense", b"hello", "sasl malformed-request", "SCRAM-SHA-256"),
    _auth("SCRAM without nonce", b"n,,n=mallory", "sasl malformed-request", "SCRAM-SHA-256"),
    _auth("SCRAM with an extension it must know", b"n,,m=x,n=mallory,r=abc", "sasl malformed-request", "SCRAM-SHA-256"),
    _auth("SCRAM that asks for a binding it cannot have", b"p=tls-unique,,n=mallory,r=abc", "sasl malformed-request", "SCRAM-SHA-256"),
    _row("SASL data that is not base64", "tls", f"<auth xmlns='{NS_SASL}' mechanism='PLAIN'>!!!</auth>", "sasl incorrect-encoding"),
    _row("SASL data with white space", "tls", f"<auth xmlns='{NS_SASL}' mechanism='PLAIN'> AGEAYg== </auth>", "sasl incorrect-encoding"),
    _row("SASL data without padding", "tls", f"<auth xmlns='{NS_SASL}' mechanism='PLAIN'>AGEAYg</auth>", "sasl incorrect-encoding"),
    _row("a response without exchange", "tls", f"<response xmlns='{NS_SASL}'/>", "sasl malformed-request"),
    _row("an abort without exchange", "tls", f"<abort xmlns='{NS_SASL}'/>", "sasl malformed-request"),
    _row("an unknown element of SASL", "tls", f"<hello xmlns='{NS_SASL}'/>", "sasl malformed-request"),
    _row("a second login", "login", f"<auth xmlns='{NS_SASL}' mechanism='PLAIN'>AGEAYg==</auth>", "stream unsupported-stanza-type"),
    _row("STARTTLS after login", "login", f"<starttls xmlns='{NS_TLS}'/>", "stream unsupported-stanza-type"),
    _row("a message before a resource is bound", "login", f"<message to='{PEER}'>{BODY}</message>", "stream not-authorized"),
    _row("a presence before a resource is bound", "login", "<presence/>", "stream not-authorized"),
    _row("a request before a resource is bound", "login", f"<iq type='get' id='1'>{PING}</iq>", "stream not-authorized"),
    _row("binding without id", "login", f"<iq type='set'><bind xmlns='{NS_BIND}'/></iq>", "stream not-authorized"),
    _row("a resource too long", "login", f"<iq type='set' id='1'><bind xmlns='{NS_BIND}'><resource>{'r' * 1_024}</resource></bind></iq>", "bind modify bad-request"),
    _row("a resource with a line break", "login", f"<iq type='set' id='1'><bind xmlns='{NS_BIND}'><resource>a\nb</resource></bind></iq>", "bind modify bad-request"),
    _row("a resource with a forbidden character", "login", f"<iq type='set' id='1'><bind xmlns='{NS_BIND}'><resource>a\u2028b</resource></bind></iq>", "bind modify bad-request"),
    _row("a second header before a resource is bound", "login", STREAM, "stream bad-format"),
]  # fmt: skip

XML: Final = [
    _fatal("mismatched tags", "<message><body></message>", "not-well-formed"),
    _fatal("an unbound prefix", "<message><p:body/></message>", "not-well-formed"),
    _fatal("an unbound prefix of an attribute", "<message p:a='b'/>", "not-well-formed"),
    _fatal("the prefix xml bound anew", "<message xmlns:xml='urn:x'/>", "not-well-formed"),
    _fatal("a prefix bound to nothing", "<message xmlns:p=''/>", "not-well-formed"),
    _fatal("an attribute twice", "<message id='1' id='2'/>", "not-well-formed"),
    _fatal("an attribute twice under two prefixes", "<message xmlns:a='x' xmlns:b='x' a:c='' b:c=''/>", "not-well-formed"),
    _fatal("an attribute without value", "<message id/>", "not-well-formed"),
    _fatal("an attribute without quotes", "<message id=1/>", "not-well-formed"),
    _fatal("less-than in an attribute", "<message id='<'/>", "not-well-formed"),
    _fatal("a bare ampersand", "<message><body>a & b</body></message>", "not-well-formed"),
    _fatal("a name that begins with a digit", "<1message/>", "not-well-formed"),
    _fatal("a name with two colons", "<a:b:c xmlns:a='x'/>", "not-well-formed"),
    _fatal("the end of CDATA in text", "<message><body>]]></body></message>", "not-well-formed"),
    _fatal("a control character", "<message><body>\x08</body></message>", "not-well-formed"),
    _fatal("a NUL byte", b"<message><body>\x00</body></message>", "not-well-formed"),
    _fatal("a reference to NUL", "<message><body>&#0;</body></message>", "not-well-formed"),
    _fatal("a reference to a control character", "<message><body>&#x1b;</body></message>", "not-well-formed"),
    _fatal("a reference to a surrogate", "<message><body>&#xD800;</body></message>", "not-well-formed"),
    _fatal("a reference beyond Unicode", "<message><body>&#x110000;</body></message>", "not-well-formed"),
    _fatal("a non-character", "<message><body>\uffff</body></message>", "not-well-formed"),
    _fatal("an XML declaration in the middle", DECLARATION + "<presence/>", "not-well-formed"),
    _fatal("an end that was not begun", "</message>", "not-well-formed"),
    _fatal("invalid UTF-8", b"<message><body>\xff</body></message>", "unsupported-encoding"),
    _fatal("overlong UTF-8", b"<message><body>\xc0\xbc</body></message>", "unsupported-encoding"),
    _fatal("an overlong NUL", b"<message><body>\xc0\x80</body></message>", "unsupported-encoding"),
    _fatal("a surrogate in UTF-8", b"<message><body>\xed\xa0\x80</body></message>", "unsupported-encoding"),
    _fatal("UTF-8 beyond Unicode", b"<message><body>\xf4\x90\x80\x80</body></message>", "unsupported-encoding"),
    _fatal("UTF-8 cut short", b"<message><body>\xe2\x82</body></message>", "unsupported-encoding"),
    _fatal("Latin-1", "<message><body>é</body></message>".encode("latin-1"), "unsupported-encoding"),
    _fatal("UTF-16 in the middle", "<presence/>".encode("utf-16-le"), "not-well-formed"),
    _fatal("a comment between stanzas", "<!-- hello --><presence/>", "restricted-xml"),
    _fatal("a comment in a stanza", "<message><!-- hello --></message>", "restricted-xml"),
    _fatal("a processing instruction", "<message><?php phpinfo() ?></message>", "restricted-xml"),
    _fatal("a document type in the middle", "<!DOCTYPE x><presence/>", "not-well-formed"),
    _fatal("an entity", "<message><body>&nbsp;</body></message>", "restricted-xml"),
    _fatal("an entity in an attribute", "<message id='&nbsp;'/>", "restricted-xml"),
    _fatal("text between stanzas", "hello<presence/>", "bad-format"),
    _fatal("CDATA between stanzas", "<![CDATA[hello]]><presence/>", "bad-format"),
    _fatal("a reference between stanzas", "&#65;<presence/>", "bad-format"),
    _fatal("a second header", STREAM, "bad-format"),
    _fatal("a name too long", f"<message><{'a' * 2_000}/></message>", "policy-violation"),
    _fatal("a namespace too long", f"<message><a xmlns='{'a' * 2_000}'/></message>", "policy-violation"),
    _fatal("too many attributes", "<message><a " + " ".join(f"a{n}=''" for n in range(100)) + "/></message>", "policy-violation"),
    _fatal("too many attributes on a stanza", "<message " + " ".join(f"a{n}=''" for n in range(100)) + "/>", "policy-violation"),
    _fatal("too deep", "<message>" + "<a>" * 200, "policy-violation"),
    _fatal("a stanza too big", f"<message><body>{'x' * 300_000}", "policy-violation"),
    _fatal("a tag too big", f"<message id='{'x' * 300_000}", "policy-violation"),
    _fatal("an unknown stanza", "<hello/>", "unsupported-stanza-type"),
    _fatal("a stanza for servers", "<message xmlns='jabber:server'/>", "unsupported-stanza-type"),
    _fatal("a stanza of no namespace", "<message xmlns=''/>", "unsupported-stanza-type"),
    _fatal("a stanza in the stream namespace", "<stream:message/>", "unsupported-stanza-type"),
    _fatal("a name in the wrong case", "<Message/>", "unsupported-stanza-type"),
    _fatal("features from a client", "<stream:features/>", "unsupported-stanza-type"),
    _fatal("login in a session", f"<auth xmlns='{NS_SASL}' mechanism='PLAIN'>AGEAYg==</auth>", "unsupported-stanza-type"),
    _fatal("STARTTLS in a session", f"<starttls xmlns='{NS_TLS}'/>", "unsupported-stanza-type"),
    _bound("a stanza after the end", f"</stream:stream><message to='{PEER}'>{BODY}</message>", "closed"),
]  # fmt: skip

STANZAS: Final = [
    _fatal("from somebody else's bare address", f"<message from='{PEER_BARE}' to='{PEER}'>{BODY}</message>", "invalid-from"),
    _fatal("from somebody else's full address", f"<message from='{PEER}' to='{PEER}'>{BODY}</message>", "invalid-from"),
    _fatal("from another resource", f"<message from='mallory@{HOST}/elsewhere' to='{PEER}'>{BODY}</message>", "invalid-from"),
    _fatal("from the host", f"<message from='{HOST}' to='{PEER}'>{BODY}</message>", "invalid-from"),
    _fatal("from another host", f"<message from='mallory@localhost/here' to='{PEER}'>{BODY}</message>", "invalid-from"),
    _fatal("from what is no address", f"<message from='a@@b' to='{PEER}'>{BODY}</message>", "invalid-from"),
    _fatal("from nobody", f"<message from='' to='{PEER}'>{BODY}</message>", "invalid-from"),
    _fatal("a presence from somebody else", f"<presence from='{PEER}'/>", "invalid-from"),
    _fatal("a request from somebody else", f"<iq type='get' id='1' from='{PEER}'>{PING}</iq>", "invalid-from"),
    _to("nothing", ""),
    _to("an empty local part", f"@{HOST}"),
    _to("an empty host", "mallory@"),
    _to("an empty resource", f"mallory@{HOST}/"),
    _to("a resource alone", "/here"),
    _to("two at signs", f"a@b@{HOST}"),
    _to("a space in the local part", f"a b@{HOST}"),
    _to("a quote in the local part", f"a&quot;b@{HOST}"),
    _to("an apostrophe in the local part", f"a&apos;b@{HOST}"),
    _to("an ampersand in the local part", f"a&amp;b@{HOST}"),
    _to("a colon in the local part", f"a:b@{HOST}"),
    _to("angle brackets in the local part", f"&lt;a&gt;@{HOST}"),
    _to("a line break in the local part", f"a&#10;b@{HOST}"),
    _to("a Roman numeral in the local part", f"henry\u2163@{HOST}"),
    _to("a symbol in the local part", f"\u265a@{HOST}"),
    _to("a line separator in the local part", f"a\u2028b@{HOST}"),
    _to("a private character in the local part", f"a\ue000@{HOST}"),
    _to("a joiner out of place in the local part", f"a\u200db@{HOST}"),
    _to("mixed directions in the local part", f"a\u05d0b@{HOST}"),
    _to("a local part too long", f"{'a' * 1_024}@{HOST}"),
    _to("a local part too long in bytes", f"{'é' * 512}@{HOST}"),
    _to("a space in the host", "a@exa mple.test"),
    _to("an empty label in the host", "a@example..test"),
    _to("a label too long", f"a@{'b' * 64}.test"),
    _to("a host too long", "a@" + "b." * 600 + "test"),
    _to("a broken IPv6 address", "a@[::1"),
    _to("a broken A-label", "a@xn--\u00fc.test"),
    _to("a resource too long", f"mallory@{HOST}/{'r' * 1_024}"),
    _to("a forbidden character in the resource", f"mallory@{HOST}/a\u2028b"),
    _bound("a presence to what is no address", "<presence id='p' to='a@@b'/>", "error modify jid-malformed"),
    _iq("a request to what is no address", "type='get' id='1' to='a@@b'", PING, "error modify jid-malformed"),
    _iq("an IQ without type", "id='1'", PING, "error modify bad-request"),
    _iq("an IQ of an empty type", "type='' id='1'", PING, "error modify bad-request"),
    _iq("an IQ of an unknown type", "type='put' id='1'", PING, "error modify bad-request"),
    _iq("an IQ of a type in the wrong case", "type='GET' id='1'", PING, "error modify bad-request"),
    _iq("a request without id", "type='get'", PING, "error modify bad-request"),
    _iq("a request with an empty id", "type='get' id=''", PING, "error modify bad-request"),
    _iq("a request without payload", "type='get' id='1'", "", "error modify bad-request"),
    _iq("a set without payload", "type='set' id='1'", "", "error modify bad-request"),
    _iq("a request of text", "type='get' id='1'", "hello", "error modify bad-request"),
    _iq("a request of two payloads", "type='get' id='1'", PING + PING, "error modify bad-request"),
    _iq("a request of two payloads to another", f"type='get' id='1' to='{PEER}'", PING + PING, "error modify bad-request"),
    _iq("a request without payload to another", f"type='get' id='1' to='{PEER}'", "", "error modify bad-request"),
    _iq("a result of two payloads", f"type='result' id='1' to='{PEER}'", PING + PING, "silence"),
    _iq("a result without id", f"type='result' to='{PEER}'", "", "silence"),
    _iq("a result that nobody waits for", "type='result' id='1'", "", "silence"),
    _iq("a result for the host", f"type='result' id='1' to='{HOST}'", PING, "silence"),
    _iq("a result for nobody", f"type='result' id='1' to='nobody@{HOST}/x'", "", "silence"),
    _iq("an error that nobody waits for", "type='error' id='1'", "<error type='cancel'/>", "silence"),
    _iq("an error for the host", f"type='error' id='1' to='{HOST}'", "", "silence"),
    _iq("an error without id", f"type='error' to='{HOST}'", "", "silence"),
    _iq("an error for nobody", f"type='error' id='1' to='nobody@{HOST}'", "", "silence"),
    _iq("an error for an unknown host", "type='error' id='1' to='nobody.test'", "", "silence"),
    _iq("an error to what is no address", "type='error' id='1' to='a@@b'", "", "silence"),
    _iq("an unknown request", "type='get' id='1'", "<x xmlns='urn:unknown'/>", "error cancel service-unavailable"),
    _iq("an unknown request to the host", f"type='get' id='1' to='{HOST}'", "<x xmlns='urn:unknown'/>", "error cancel service-unavailable"),
    _iq("an unknown request to an account", f"type='set' id='1' to='{PEER_BARE}'", "<x xmlns='urn:unknown'/>", "error cancel service-unavailable"),
    _iq("a request in the content namespace", "type='get' id='1'", "<hello/>", "error cancel service-unavailable"),
    _iq("a request to a resource that is not there", f"type='get' id='1' to='{PEER_BARE}/nowhere'", PING, "error cancel service-unavailable"),
    _iq("a request to an account that is not there", f"type='get' id='1' to='nobody@{HOST}'", PING, "error cancel service-unavailable"),
    _iq("a request to a resource of an account that is not there", f"type='get' id='1' to='nobody@{HOST}/x'", PING, "error cancel service-unavailable"),
    _iq("a request to another server", "type='get' id='1' to='nobody.test'", PING, "error cancel remote-server-not-found"),
    _iq("binding in a session", "type='set' id='1'", f"<bind xmlns='{NS_BIND}'/>", "error cancel service-unavailable"),
    _iq("a payload that cannot be read as what it says", "type='set' id='1'", "<query xmlns='jabber:iq:roster'><hello/></query>", "error modify bad-request"),
    _bound("a message to nobody", f"<message id='m' to='nobody@{HOST}'>{BODY}</message>", "error cancel service-unavailable"),
    _bound("a message to a resource that is not there", f"<message id='m' to='{PEER_BARE}/nowhere'>{BODY}</message>", "error cancel service-unavailable"),
    _bound("a message to the host", f"<message id='m' to='{HOST}'>{BODY}</message>", "error cancel service-unavailable"),
    _bound("a message to another server", f"<message id='m' to='a@nobody.test'>{BODY}</message>", "error cancel remote-server-not-found"),
    _bound("a groupchat message to an account", f"<message id='m' type='groupchat' to='{PEER_BARE}'>{BODY}</message>", "error cancel service-unavailable"),
    _bound("an error message to nobody", f"<message type='error' to='nobody@{HOST}'>{BODY}</message>", "silence"),
    _bound("an error message to an account", f"<message type='error' to='{PEER_BARE}'>{BODY}</message>", "silence"),
    _bound("an error message to a resource that is not there", f"<message type='error' to='{PEER_BARE}/nowhere'>{BODY}</message>", "silence"),
    _bound("an error message to what is no address", f"<message type='error' to='a@@b'>{BODY}</message>", "silence"),
    _bound("an error message to another server", f"<message type='error' to='a@nobody.test'>{BODY}</message>", "silence"),
    _bound("a presence to nobody", f"<presence to='nobody@{HOST}'/>", "silence"),
    _bound("a presence to a resource that is not there", f"<presence to='{PEER_BARE}/nowhere'/>", "silence"),
    _bound("an error presence to nobody", f"<presence type='error' to='nobody@{HOST}'/>", "silence"),
    _bound("a presence of an unknown type", "<presence id='p' type='hello'/>", "error modify bad-request"),
    _bound("a presence of a priority that is no number", "<presence id='p'><priority>high</priority></presence>", "error modify bad-request"),
    _bound("a presence of a priority out of range", "<presence id='p'><priority>128</priority></presence>", "error modify bad-request"),
]  # fmt: skip

ROWS: Final = [*OPENING, *NEGOTIATION, *XML, *STANZAS]
