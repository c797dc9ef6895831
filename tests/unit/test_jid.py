"""The rules of RFC 7622, and what a JID is as an object."""

import copy
import pickle
import sys
import tracemalloc
import unicodedata

import pytest
from idna import idnadata
from idna.intranges import intranges_contain

from palaver import jid
from palaver.jid import BareJID, FullJID, JIDError, make, parse, parse_bare

# RFC 7622 §3.5, Table 1: number, JID, and the parts it has after preparation.
LEGAL = [
    (1, "juliet@example.com", ("juliet", "example.com", "")),
    (2, "juliet@example.com/foo", ("juliet", "example.com", "foo")),
    (3, "juliet@example.com/foo bar", ("juliet", "example.com", "foo bar")),
    (4, "juliet@example.com/foo@bar", ("juliet", "example.com", "foo@bar")),
    (5, r"foo\20bar@example.com", (r"foo\20bar", "example.com", "")),
    (6, "fussball@example.com", ("fussball", "example.com", "")),
    (7, "fu\u00dfball@example.com", ("fu\u00dfball", "example.com", "")),
    (8, "\u03c0@example.com", ("\u03c0", "example.com", "")),
    (9, "\u03a3@example.com/foo", ("\u03c3", "example.com", "foo")),
    (10, "\u03c3@example.com/foo", ("\u03c3", "example.com", "foo")),
    (11, "\u03c2@example.com/foo", ("\u03c2", "example.com", "foo")),
    (12, "king@example.com/\u265a", ("king", "example.com", "\u265a")),
    (13, "example.com", ("", "example.com", "")),
    (14, "example.com/foobar", ("", "example.com", "foobar")),
    (15, "a.example.com/b@example.net", ("", "a.example.com", "b@example.net")),
]

# RFC 7622 §3.5, Table 2: number, string, and the part that breaks a rule.
VIOLATING = [
    (16, '"juliet"@example.com', "localpart"),
    (17, "foo bar@example.com", "localpart"),
    (18, "juliet@example.com/ foo", "resourcepart"),
    (19, "@example.com/", "localpart"),
    (20, "henry\u2163@example.com", "localpart"),
    (21, "\u265a@example.com", "localpart"),
    (22, "juliet@", "domainpart"),
    (23, "/foobar", "domainpart"),
]


def refused(text: str) -> JIDError:
    with pytest.raises(JIDError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(("number", "text", "parts"), LEGAL)
def test_the_legal_examples_of_the_rfc_are_jids(number, text, parts):
    address = parse(text)
    assert (address.local, address.domain, address.resource) == parts
    assert isinstance(address, FullJID if parts[2] else BareJID)
    assert address.is_domain == (not parts[0] and not parts[2])


@pytest.mark.parametrize(("number", "text", "part"), VIOLATING)
def test_the_violating_examples_of_the_rfc_are_refused(number, text, part):
    assert refused(text).part == part


def test_examples_6_and_7_and_examples_10_and_11_are_different_accounts():
    assert parse(LEGAL[5][1]) != parse(LEGAL[6][1])
    assert parse(LEGAL[8][1]) == parse(LEGAL[9][1])
    assert parse(LEGAL[9][1]) != parse(LEGAL[10][1])


@pytest.mark.parametrize("character", "\"&'/:<>@")
def test_the_further_excluded_characters_are_refused_in_a_localpart(character):
    with pytest.raises(JIDError) as caught:
        make(f"a{character}b", "example.com")
    assert caught.value.part == "localpart"


@pytest.mark.parametrize("character", "\uff02\uff06\uff07\uff0f\uff1a\uff1c\uff1e\uff20")
def test_width_mapping_does_not_smuggle_an_excluded_character_in(character):
    with pytest.raises(JIDError):
        make(f"a{character}b", "example.com")
    assert refused(f"a{character}b@example.com").part == "localpart"


def test_all_other_printable_ascii_is_allowed_in_a_localpart():
    allowed = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in "\"&'/:<>@")
    assert make(allowed, "example.com").local == allowed.lower()


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("JuLiet@Example.COM/Foo", "juliet@example.com/Foo"),
        ("ПЁТР@example.com", "пётр@example.com"),
        ("\uff30\uff41\uff35\uff4c@example.com", "paul@example.com"),
        ("e\u0301va@example.com", "\u00e9va@example.com"),
        ("juliet@example.com/e\u0301", "juliet@example.com/\u00e9"),
        ("juliet@example.com/a\u00a0b", "juliet@example.com/a b"),
        ("juliet@example.com/\uff21", "juliet@example.com/\uff21"),
        ("juliet@example.com/a/b@c", "juliet@example.com/a/b@c"),
        ("王小明@example.com", "王小明@example.com"),
        ("مريم@example.com", "مريم@example.com"),
    ],
)
def test_parts_are_mapped_to_their_normal_form(text, normal):
    assert parse(text) == normal


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "domainpart"),
        ("@", "localpart"),
        ("/", "domainpart"),
        ("a@/b", "domainpart"),
        ("@b", "localpart"),
        ("example.com/", "resourcepart"),
        ("a@b@c", "domainpart"),
        ("a\x00@example.com", "localpart"),
        ("a@example.com/\x07", "resourcepart"),
        ("a@example.com/\n", "resourcepart"),
        ("a@example.com/\x7f", "resourcepart"),
        ("a@example.com/\u3000b", "resourcepart"),
        ("a@example.com/\ufffe", "resourcepart"),
        ("a@example.com/\ue000", "resourcepart"),
        ("a@example.com/\ud800", "resourcepart"),
        ("\udfff@example.com", "localpart"),
        ("a@\ud800.com", "domainpart"),
        ("a\u200bb@example.com", "localpart"),
        ("a\u00adb@example.com", "localpart"),
        ("a\u200db@example.com", "localpart"),
        ("abcא@example.com", "localpart"),
        ("a\tb@example.com", "localpart"),
        (" a@example.com", "localpart"),
        ("a@ example.com", "domainpart"),
        ("a@example.com ", "domainpart"),
    ],
)
def test_what_is_no_jid_is_refused_with_the_part_that_is_wrong(text, part):
    assert refused(text).part == part


def test_a_part_has_at_most_1023_bytes():
    for part in ("localpart", "resourcepart"):
        prepare = jid.prepare_local if part == "localpart" else jid.prepare_resource
        assert prepare("a" * 1023) == "a" * 1023
        assert prepare("a" + "é" * 511) == "a" + "é" * 511
        for text in ("a" * 1024, "é" * 512, "a" * 10_000, "é" * 10_000):
            with pytest.raises(JIDError) as caught:
                prepare(text)
            assert caught.value.part == part


def test_the_length_is_that_after_normalisation():
    decomposed = "\u03b9\u0308\u0301" * 511  # 1533 code points, composed 1022 bytes
    assert jid.prepare_local(decomposed) == "\u0390" * 511
    assert jid.prepare_resource(decomposed) == "\u0390" * 511
    with pytest.raises(JIDError):
        jid.prepare_local(decomposed + "\u03b9\u0308\u0301")


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("example.com.", "example.com"),
        ("example.com\u3002", "example.com"),
        ("EXAMPLE.com", "example.com"),
        ("localhost", "localhost"),
        ("a-b.c-d.example", "a-b.c-d.example"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("[2001:DB8:0:0:0:0:0:1]", "[2001:db8::1]"),
        ("[::FFFF:192.0.2.1]", "[::ffff:192.0.2.1]"),
        ("[::ffff:c000:201]", "[::ffff:192.0.2.1]"),
        ("[::1].", "[::1]"),
        ("пример.рф", "пример.рф"),
        ("ПРИМЕР.РФ", "пример.рф"),
        ("xn--e1afmkfd.xn--p1ai", "пример.рф"),
        ("XN--E1AFMKFD.xn--P1AI", "пример.рф"),
        ("fa\u00df.de", "fa\u00df.de"),
        ("xn--fa-hia.de", "fa\u00df.de"),
        ("例え.テスト", "例え.テスト"),
        ("例え\u3002テスト", "例え.テスト"),
        ("\uff45xample.com", "example.com"),
        ("bu\u0308cher.example", "b\u00fccher.example"),
        ("exam\u00adple.com", "example.com"),
        ("henry\u2163.example", "henryiv.example"),
        ("\u24e7\u24dd--e1afmkfd.example", "пример.example"),
    ],
)
def test_a_domainpart_has_one_form(text, normal):
    assert jid.prepare_domain(text) == normal
    assert jid.prepare_domain(normal) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "example..com",
        "example.com..",
        ".example.com",
        "-a.example",
        "a-.example",
        "ab--cd.example",
        "my_host.example",
        "exa mple.com",
        "example.com:5222",
        "xn--",
        "xn--a",
        "xn--\u00fc",
        "xn--example-.com",
        "xn---bbk",
        "\u265a.example",
        "\u0301a.example",
        "a\u200db.example",
        "אa.example",
        "[::1",
        "::1]",
        "::1",
        "[]",
        "[[::1]]",
        "[127.0.0.1]",
        "[example.com]",
        "[fe80::1%eth0]",
        "[fe80::1%25eth0]",
        "[1:2:3:4:5:6:7:8:9]",
        "[::\u0661]",
        "[v1.x]",
        "a" * 64,
        "é" * 60,
        ".".join(["a" * 63] * 4),
        "\u00ad" * 2000,
    ],
)
def test_what_is_no_domain_is_refused(text):
    with pytest.raises(JIDError) as caught:
        jid.prepare_domain(text)
    assert caught.value.part == "domainpart"


def test_the_limits_of_dns_hold_for_the_a_labels():
    longest = ".".join(["a" * 63] * 3 + ["a" * 61])
    assert jid.prepare_domain(longest) == longest
    assert jid.prepare_domain("a" * 63) == "a" * 63
    for text in (longest + "a", ".".join(["é" * 30] * 9)):
        with pytest.raises(JIDError):
            jid.prepare_domain(text)


def test_a_code_point_unknown_to_this_python_is_refused_everywhere():
    unknown = next(chr(c) for c in range(0x10000, 0x20000) if unicodedata.category(chr(c)) == "Cn")
    assert refused(f"a{unknown}@example.com").part == "localpart"
    assert refused(f"a@{unknown}.com").part == "domainpart"
    assert refused(f"a@example.com/{unknown}").part == "resourcepart"


def test_a_label_of_later_unicode_is_refused_even_if_idna_knows_it():
    pvalid = idnadata.codepoint_classes["PVALID"]
    later = [
        chr(c)
        for c in range(0x80, 0x33480)
        if unicodedata.category(chr(c)) == "Cn" and intranges_contain(c, pvalid)
    ]
    for character in later[::97]:  # none at all when Python is as new as idna
        with pytest.raises(JIDError):
            jid.prepare_domain(f"a{character}.example")


def test_an_error_names_part_and_reason_and_never_repeats_the_text():
    error = refused("secret\u265a@example.com")
    assert error.part == "localpart"
    assert "U+265A" in error.reason
    assert str(error) == f"localpart {error.reason}"
    for text in ("secret@\u265a.com", "se<cret@b", "a@secret_.com", "[secret", "a@b/secret\n"):
        assert "secret" not in str(refused(text))
    assert isinstance(error, ValueError)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_a_jid_is_its_normal_string():
    full = parse("Juliet@Example.com/Balcony")
    assert full == "juliet@example.com/Balcony"
    assert hash(full) == hash("juliet@example.com/Balcony")
    assert {full: 1}["juliet@example.com/Balcony"] == 1
    assert type(str(full)) is str
    assert parse(full) == full


def test_a_full_jid_knows_its_bare_jid_and_a_bare_jid_is_its_own():
    full = parse("juliet@example.com/balcony")
    assert isinstance(full.bare, BareJID)
    assert full.bare == "juliet@example.com"
    assert full.bare is full.bare
    assert full.bare.bare is full.bare
    assert parse("juliet@example.com/chamber").bare is full.bare
    assert parse("example.com/x").bare.is_domain


def test_with_resource_prepares_it():
    bare = parse_bare("juliet@example.com")
    full = bare.with_resource("a\u00a0b")
    assert isinstance(full, FullJID)
    assert full == "juliet@example.com/a b"
    assert full.bare is bare
    assert full.with_resource("c") == "juliet@example.com/c"
    assert parse("example.com").with_resource("c").domain == "example.com"
    for resource in ("", "\x00", " a", "a" * 1024):
        with pytest.raises(JIDError):
            bare.with_resource(resource)


def test_parse_bare_refuses_a_resourcepart():
    assert parse_bare("Juliet@example.com") == "juliet@example.com"
    with pytest.raises(JIDError) as caught:
        parse_bare("juliet@example.com/balcony")
    assert caught.value.part == "resourcepart"


def test_make_prepares_the_parts_and_takes_empty_ones_for_absent():
    assert make("Juliet", "EXAMPLE.com.", "Balcony") == "juliet@example.com/Balcony"
    assert make("juliet", "example.com") is parse("juliet@example.com")
    assert make("", "example.com").is_domain
    assert make("", "example.com", "x").resource == "x"
    for parts in (("a", ""), ("", "a@b"), ("", "a/b"), ("a@b", "c"), ("a", "b/c", "d")):
        with pytest.raises(JIDError):
            make(*parts)


@pytest.mark.parametrize(
    ("text", "xml"),
    [
        ("a@example.com", "a@example.com"),
        ("a@example.com/b c", "a@example.com/b c"),
        ("a@example.com/O'Neill", "a@example.com/O&apos;Neill"),
        ("a@b/&<>'\"&amp;", "a@b/&amp;&lt;&gt;&apos;&quot;&amp;amp;"),
    ],
)
def test_xml_is_escaped_for_an_attribute_value(text, xml):
    address = parse(text)
    assert address.xml == xml
    assert address.xml is address.xml
    assert type(address.xml) is str


def test_a_jid_is_immutable_and_made_by_preparation_only():
    for address in (parse("a@example.com"), parse("a@example.com/b")):
        for name in ("local", "domain", "resource", "bare", "xml", "_domain_start", "other"):
            with pytest.raises(AttributeError):
                setattr(address, name, "x")
            with pytest.raises(AttributeError):
                delattr(address, name)
        assert not hasattr(address, "__dict__")
    for kind in (jid.JID, BareJID, FullJID):
        with pytest.raises(TypeError):
            kind("a@example.com")


def test_a_jid_survives_copying_and_pickling():
    for text in ("example.com", "a@example.com", "a@example.com/b"):
        address = parse(text)
        for other in (
            copy.copy(address),
            copy.deepcopy(address),
            pickle.loads(pickle.dumps(address)),
        ):
            assert other == address
            assert type(other) is type(address)


def test_only_a_text_can_be_parsed():
    for value in (None, b"a@example.com", 1):
        with pytest.raises(TypeError):
            parse(value)


def test_the_cache_answers_with_the_same_object():
    assert parse("cached@example.com") is parse("cached@example.com")
    assert parse("Cached@example.com/x") is parse("Cached@example.com/x")


def test_the_cache_is_bounded_in_entries():
    limit = jid._Cache.ENTRIES
    kept = parse("kept@example.com")
    for number in range(3 * limit):
        parse(f"u{number}@example.com/r")
        if number % (limit // 4) == 0:
            assert parse("kept@example.com") is kept, "what is in use stays"
        assert len(jid._cache) <= limit
    assert len(jid._cache.older) <= limit
    assert "u0@example.com/r" not in jid._cache
    assert "u0@example.com/r" not in jid._cache.older


def test_long_texts_and_errors_are_not_cached():
    long = "a@example.com/" + "x" * 600
    assert parse(long) == long
    refused("a b@example.com")
    for text in (long, "a b@example.com"):
        assert text not in jid._cache
        assert text not in jid._cache.older


def test_the_cache_keeps_no_subclass_of_str():
    class Text(str):
        __slots__ = ()

    parse(Text("subclass@example.com"))
    assert all(type(key) is str for key in jid._cache)
    assert all(type(key) is str for key in jid._cache.older)


def test_a_jid_takes_little_memory():
    full = parse("juliet.capulet@example.com/balcony")
    assert sys.getsizeof(full) <= 200
    bare = full.bare
    number = 2000
    resources = [f"gajim.{n:08}" for n in range(number)]
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        addresses = [bare.with_resource(resource) for resource in resources]
        after = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert len(addresses) == number
    assert (after - before) / number <= 320, "bytes per full JID of 42 characters"


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Capulet.Example", "capulet.example"),
        ("\u0378@capulet.example/x@y", "capulet.example"),
        ("xn--bcher-kva.example/\u0378", "bücher.example"),
    ],
)
def test_the_domain_is_known_whatever_the_rest_is(text: str, domain: str):
    assert jid.domain_of(text) == domain


@pytest.mark.parametrize("text", ["", "a@", "@/", "a@b@c.example"])
def test_what_has_no_domain_is_no_address(text: str):
    with pytest.raises(jid.JIDError):
        jid.domain_of(text)
