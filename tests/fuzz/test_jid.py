"""Whatever text comes in for an address: a JID, or a JIDError that says which part is wrong."""

from hypothesis import example, given
from hypothesis import strategies as st

from palaver.jid import BareJID, FullJID, JIDError, make, parse, parse_bare

# Surrogates, separators in every script, joiners, marks, jamo, digits, noncharacters.
AWKWARD = (
    "@/.[]:%'\"&<>\\ \t\n\x00\x7f\x85\u00a0\u00ad\u00b7\u00df\u0130\u0131\u0301\u034f\u0375\u03a3"
    "\u03c2\u05d0\u05f3\u0660\u06f0\u0627\u094d\u0e33\u1100\u1161\u115f\u1e9e\u200b\u200c\u200d"
    "\u200e\u202e\u2028\u2060\u2163\u212a\u2488\u3000\u3002\u30fb\uac00\ud800\udfff\ue000\ufb01"
    "\ufeff\uff0e\uff0f\uff20\uff61\uff76\uff9e\ufffd\uffff\U0001d7ce\U0001f600\U000e0001\U0010ffff"
    "azAZ09-xn"
)
AWKWARD_TEXT = st.text(AWKWARD, max_size=60)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
IPV6_JUNK = st.text("0123456789abcdefABCDEF:.%[]v", max_size=60).map("[{}]".format)
A_LABEL_JUNK = st.text("abcxyz0189-", max_size=70).map("xn--{}.example".format)
LONG = st.builds(str.__mul__, st.text(AWKWARD, min_size=1, max_size=4), st.integers(0, 10_000))
PART = st.one_of(AWKWARD_TEXT, ANY_TEXT, IPV6_JUNK, A_LABEL_JUNK, LONG)
WHOLE = st.one_of(
    PART,
    st.builds("{}@{}".format, PART, PART),
    st.builds("{}/{}".format, PART, PART),
    st.builds("{}@{}/{}".format, PART, PART, PART),
    st.builds("a@example.com/{}".format, PART),
    st.builds("{}@example.com".format, PART),
    st.builds("a@{}".format, st.one_of(IPV6_JUNK, A_LABEL_JUNK)),
)
PARTS = {"localpart", "domainpart", "resourcepart"}


def check(error: JIDError) -> None:
    assert error.part in PARTS
    assert error.reason
    assert str(error).isascii(), "nothing of the text, and nothing that upsets a log"
    assert str(error).isprintable()


@given(WHOLE)
@example("a" * 10_000)
@example("é" * 10_000)
@example("\ud800" * 10_000)
@example("a@" + "." * 10_000)
@example("a@[" + ":" * 10_000 + "]")
@example("a@" + "xn--" * 2_500)
@example("a@b/" + "\u0301" * 10_000)
@example("क\u094d\u200d" * 600 + "@b")
def test_every_text_is_a_jid_or_a_documented_error(text):
    try:
        address = parse(text)
    except JIDError as error:
        check(error)
        return
    assert isinstance(address, BareJID | FullJID)
    assert parse(address.xml if address.xml == address else str(address)) == address
    address.encode()


@given(PART, PART, PART)
def test_every_triple_of_parts_is_a_jid_or_a_documented_error(local, domain, resource):
    try:
        address = make(local, domain, resource)
    except JIDError as error:
        check(error)
        return
    assert parse(str(address)) == address
    assert parse_bare(str(address.bare)) == address.bare
