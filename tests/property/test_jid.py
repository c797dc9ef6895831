"""What holds of every JID, whatever text it came from (RFC 7622)."""

import pickle
from xml.etree import ElementTree

import idna
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from palaver import jid
from palaver.jid import BareJID, FullJID, JIDError, make, parse, parse_bare
from palaver.lookalike import is_suspicious, skeleton

ASCII = st.text(st.characters(max_codepoint=0x7F), max_size=80)
ANY = st.text(st.characters(exclude_categories=()), max_size=40)
# Names of one script each, as mixed ones mostly break the Bidi rule: some in decomposed, some in
# half- or full-width form.
ALPHABETS = (
    "abcxyzABCXYZ0189.-_+~\\",
    "aeiouAEIOUßıİſÞþ\u0301\u0308\u0323\u212a\uff21\uff41",
    "абвгдежАБВГДЕЖйё\u0306\u0308",
    "αβγδςσωΑΒΓΔΣΩ\u0301\u0345\u0314",
    "王小明李華中文字",
    "あいうえおアイウエオー\u3099\uff76\uff9e",
    "김이박최가각\u1100\u1161\u11a8\uffa1\uffc2",
    "ابجدهوز\u064b\u0650\u0661",
    "אבגדה\u05b0\u05bc",
    "कखगघ\u094d\u200d\u093c",
)
NAMES = st.sampled_from(ALPHABETS).flatmap(
    lambda letters: st.text(letters, min_size=1, max_size=20)
)
LETTERS = st.text(st.characters(categories=("L", "N", "M")), min_size=1, max_size=20)
DOMAINISH = st.text("abXY019.-_:[]@/ é\u00dfД\u3002xn--", max_size=70)
HOSTISH = st.from_regex(r"[A-Za-z0-9.-]{1,70}", fullmatch=True)
DOMAINS = st.one_of(
    st.sampled_from(
        ("example.com", "A-b.Example.", "xn--e1afmkfd.xn--p1ai", "[2001:DB8::1]", "1.2.3.4")
    ),
    NAMES,
    st.builds("{}.example".format, LETTERS),
)
RESOURCES = st.one_of(
    NAMES, st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs")), max_size=20)
)
ADDRESSES = st.one_of(
    st.builds("{}@{}/{}".format, NAMES, DOMAINS, RESOURCES),
    st.builds("{}@{}".format, NAMES, DOMAINS),
    st.builds("{}@example.com/{}".format, NAMES, RESOURCES),
    st.builds("{}/{}".format, DOMAINS, RESOURCES),
    DOMAINS,
)


def outcome(prepare, text):
    """Return what preparation makes of a text, or the part that it blames."""
    try:
        return prepare(text), None
    except JIDError as error:
        return None, error.part


def parsed(text: str) -> BareJID | FullJID:
    try:
        return parse(text)
    except JIDError:
        assume(False)
        raise


@given(ASCII)
@example("")
@example("a" * 1023)
@example("a" * 1024)
def test_the_fast_path_of_a_localpart_equals_precis(text):
    assert outcome(jid.prepare_local, text) == outcome(jid._enforce_local, text)


@given(ASCII)
@example("")
@example(" ")
@example("a" * 1023)
@example("a" * 1024)
def test_the_fast_path_of_a_resourcepart_equals_precis(text):
    assert outcome(jid.prepare_resource, text) == outcome(jid._enforce_resource, text)


@given(st.one_of(ASCII, HOSTISH, DOMAINISH.filter(str.isascii)))
@example("xn--e1afmkfd")
@example("XN--E1AFMKFD.com")
@example("ab--cd")
@example("a" * 63)
@example("a" * 64)
@example("a-" * 31 + "a")
@example("1.2.3.4")
def test_the_fast_path_of_a_domainpart_equals_idna(text):
    assert outcome(jid.prepare_domain, text) == outcome(jid._enforce_domain, text)


@given(ADDRESSES)
def test_a_normal_form_is_its_own_normal_form(text):
    address = parsed(text)
    jid._cache.clear()
    jid._cache.older.clear()
    again = parse(str(address))
    assert again == address
    assert type(again) is type(address)
    assert again.xml == address.xml


@given(ADDRESSES)
def test_the_parts_make_up_the_address(text):
    address = parsed(text)
    local, domain, resource = address.local, address.domain, address.resource
    assert address == (f"{local}@" if local else "") + domain + (f"/{resource}" if resource else "")
    assert isinstance(address, FullJID) == bool(resource)
    assert address.is_domain == (not local and not resource)
    assert make(local, domain, resource) == address
    assert address.bare == make(local, domain) == parse_bare(str(address.bare))
    assert pickle.loads(pickle.dumps(address)) == address
    if resource:
        assert address.bare.with_resource(resource) == address


@given(ADDRESSES)
def test_every_part_keeps_its_limits(text):
    address = parsed(text)
    for part in (address.local, address.domain, address.resource):
        assert len(part.encode()) <= jid.MAX_PART
        assert part.isprintable() or not part.isascii()
    assert not set(address.local) & set("\"&'/:<>@ ")
    assert not set(address.domain) & set("/@ .\u3002") - {"."}
    assert not address.domain.endswith(".")


@given(ADDRESSES)
def test_an_attribute_with_the_escaped_form_reads_as_the_address(text):
    address = parsed(text)
    for quote in "'\"":
        assert ElementTree.fromstring(f"<a to={quote}{address.xml}{quote}/>").get("to") == address


@given(DOMAINS)
@example("xn--e1afmkfd.com")
def test_a_labels_and_u_labels_are_the_same_domain(text):
    domain, _ = outcome(jid.prepare_domain, text)
    assume(domain is not None and not domain.startswith("["))
    a_labels = idna.encode(domain).decode()
    assert jid.prepare_domain(a_labels) == domain
    assert jid.prepare_domain(a_labels.upper()) == domain
    assert jid.prepare_domain(f"{a_labels}.") == domain


@given(st.integers(min_value=0, max_value=2**128 - 1))
def test_an_ipv6_address_has_one_form_however_it_is_spelt(number):
    digits = f"{number:032x}"
    groups = ":".join(digits[i : i + 4] for i in range(0, 32, 4))
    form = jid.prepare_domain(f"[{groups}]")
    assert jid.prepare_domain(f"[{groups.upper()}]") == form
    assert jid.prepare_domain(form) == form


@given(st.one_of(NAMES, LETTERS))
def test_case_makes_no_difference_to_an_account(text):
    prepared, _ = outcome(jid.prepare_local, text)
    assume(prepared is not None)
    upper = prepared.upper()
    assume(upper.lower() == prepared)  # not so for ß, ς and some more: one-way mappings
    assert jid.prepare_local(upper) == prepared


@given(ANY)
def test_a_skeleton_is_stable_and_judging_a_name_never_fails(text):
    assert skeleton(skeleton(text)) == skeleton(text)
    assert is_suspicious(text) in (True, False)


@given(ADDRESSES)
def test_a_name_without_a_resourcepart_is_told_from_one_with(text):
    address = parsed(text)
    if isinstance(address, FullJID):
        with pytest.raises(JIDError):
            parse_bare(text)
    else:
        assert parse_bare(text) == address
