"""vCards of both kinds into each other, and what must not get lost (XEP-0292 §8)."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palaver.ext.profile.conversion import (
    completed,
    inline_pictures,
    to_temp,
    to_vcard4,
    without_pictures,
)
from palaver.ext.profile.vocabulary import TEMP, VCARD4
from palaver.wire import element
from palaver.wire.element import Element

ADDRESS = "juliet@capulet.example"


def temp(inner: str) -> Element:
    return element.parse(f"<vCard xmlns='{TEMP}'>{inner}</vCard>".encode())


def four(inner: str) -> Element:
    return element.parse(f"<vcard xmlns='{VCARD4}'>{inner}</vcard>".encode())


PAIRS = [
    ("<FN>Juliet</FN>", "<fn><text>Juliet</text></fn>"),
    (
        "<N><FAMILY>Capulet</FAMILY><GIVEN>Juliet</GIVEN><MIDDLE>M</MIDDLE><PREFIX>Lady</PREFIX>"
        "<SUFFIX>jr</SUFFIX></N>",
        "<n><surname>Capulet</surname><given>Juliet</given><additional>M</additional>"
        "<prefix>Lady</prefix><suffix>jr</suffix></n>",
    ),
    ("<NICKNAME>jule</NICKNAME>", "<nickname><text>jule</text></nickname>"),
    ("<BDAY>1476-06-09</BDAY>", "<bday><date>1476-06-09</date></bday>"),
    ("<BDAY>in June</BDAY>", "<bday><text>in June</text></bday>"),
    (
        "<ADR><HOME/><PREF/><POBOX>1</POBOX><EXTADD>2</EXTADD><STREET>3</STREET><LOCALITY>4</LOCALITY>"
        "<REGION>5</REGION><PCODE>6</PCODE><CTRY>7</CTRY></ADR>",
        "<adr><parameters><type><text>home</text></type><pref><integer>1</integer></pref></parameters>"
        "<pobox>1</pobox><ext>2</ext><street>3</street><locality>4</locality><region>5</region>"
        "<code>6</code><country>7</country></adr>",
    ),
    (
        "<TEL><WORK/><VOICE/><NUMBER>+1-303-308</NUMBER></TEL>",
        "<tel><parameters><type><text>work</text><text>voice</text></type></parameters>"
        "<uri>tel:+1-303-308</uri></tel>",
    ),
    ("<TEL><NUMBER>ask me</NUMBER></TEL>", "<tel><text>ask me</text></tel>"),
    (
        "<EMAIL><WORK/><USERID>a@b.example</USERID></EMAIL>",
        "<email><parameters><type><text>work</text></type></parameters><text>a@b.example</text></email>",
    ),
    ("<JABBERID>a@b.example</JABBERID>", "<impp><uri>xmpp:a@b.example</uri></impp>"),
    ("<TZ>Europe/Rome</TZ>", "<tz><text>Europe/Rome</text></tz>"),
    ("<GEO><LAT>45.4</LAT><LON>-10.9</LON></GEO>", "<geo><uri>geo:45.4,-10.9</uri></geo>"),
    ("<TITLE>Lady</TITLE>", "<title><text>Lady</text></title>"),
    ("<ROLE>Daughter</ROLE>", "<role><text>Daughter</text></role>"),
    ("<LOGO><EXTVAL>https://c/l</EXTVAL></LOGO>", "<logo><uri>https://c/l</uri></logo>"),
    (
        "<LOGO><TYPE>image/png</TYPE><BINVAL>AAAA</BINVAL></LOGO>",
        "<logo><uri>data:image/png;base64,AAAA</uri></logo>",
    ),
    (
        "<ORG><ORGNAME>Capulet</ORGNAME><ORGUNIT>Household</ORGUNIT><ORGUNIT>Girls</ORGUNIT></ORG>",
        "<org><text>Capulet</text><text>Household</text><text>Girls</text></org>",
    ),
    (
        "<CATEGORIES><KEYWORD>a</KEYWORD><KEYWORD>b</KEYWORD></CATEGORIES>",
        "<categories><text>a</text><text>b</text></categories>",
    ),
    ("<DESC>Of Verona</DESC>", "<note><text>Of Verona</text></note>"),
    ("<PRODID>x</PRODID>", "<prodid><text>x</text></prodid>"),
    ("<REV>2026-11-21T00:00:00Z</REV>", "<rev><timestamp>2026-11-21T00:00:00Z</timestamp></rev>"),
    ("<UID>urn:uuid:1</UID>", "<uid><uri>urn:uuid:1</uri></uid>"),
    ("<UID>juliet</UID>", "<uid><text>juliet</text></uid>"),
    ("<URL>https://c/</URL>", "<url><uri>https://c/</uri></url>"),
    ("<KEY><CRED>-----</CRED></KEY>", "<key><text>-----</text></key>"),
    ("<SOUND><EXTVAL>https://c/s</EXTVAL></SOUND>", "<sound><uri>https://c/s</uri></sound>"),
    ("<PHOTO><EXTVAL>https://c/p</EXTVAL></PHOTO>", "<photo><uri>https://c/p</uri></photo>"),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_what_both_can_say_is_converted_both_ways(old: str, new: str) -> None:
    name = "" if old.startswith("<FN>") else "<FN>J</FN>"
    found = to_vcard4(temp(name + old), None, ADDRESS)
    assert found == four((("<fn><text>J</text></fn>") if name else "") + new)
    assert to_temp(found, None) == temp(name + old)


@pytest.mark.parametrize(
    ("card", "name"),
    [
        ("<N><FAMILY>Capulet</FAMILY><GIVEN>Juliet</GIVEN></N>", "Juliet Capulet"),
        ("<N><GIVEN/></N><NICKNAME>jule</NICKNAME>", "jule"),
        ("<FN/>", ADDRESS),
        ("", ADDRESS),
    ],
)
def test_a_vcard4_has_a_name_in_any_case(card: str, name: str) -> None:
    assert to_vcard4(temp(card), None, ADDRESS).find("fn") == four(
        f"<fn><text>{name}</text></fn>"
    ).find("fn")


@pytest.mark.parametrize(
    "only", ["<CLASS><PRIVATE/></CLASS>", "<MAILER>Pigeon</MAILER>", "<x xmlns='urn:x'>y</x>"]
)
def test_what_only_a_vcard_temp_can_say_is_kept(only: str) -> None:
    before = temp(f"<FN>Jule</FN>{only}")
    assert to_temp(four("<fn><text>Juliet</text></fn>"), before) == temp(f"<FN>Juliet</FN>{only}")


@pytest.mark.parametrize(
    "only",
    [
        "<gender><sex>F</sex></gender>",
        "<impp><uri>sip:j@c.example</uri></impp>",
        "<group name='g'><tel><text>1</text></tel></group>",
        "<x xmlns='urn:x'>y</x>",
    ],
)
def test_what_only_a_vcard4_can_say_is_kept(only: str) -> None:
    before = four(f"<fn><text>Jule</text></fn>{only}")
    found = to_vcard4(temp("<FN>Juliet</FN>"), before, ADDRESS)
    assert found == four(f"<fn><text>Juliet</text></fn>{only}")


def test_what_says_the_same_stays_as_it_was() -> None:
    said = temp("<TEL><PCS/><NUMBER>1</NUMBER></TEL><NOTE>a</NOTE>")
    new = to_vcard4(said, None, ADDRESS)
    assert to_temp(new, said).find("TEL") == said.find("TEL")
    assert to_temp(new, said).find("NOTE") is not None
    written = four(
        "<fn><text>J</text></fn>"
        "<nickname><parameters><altid>1</altid></parameters><text>j</text></nickname>"
    )
    assert to_vcard4(to_temp(written, None), written, ADDRESS) == written


def test_what_was_taken_out_on_one_side_goes_on_the_other() -> None:
    before = four("<fn><text>J</text></fn><title><text>Lady</text></title>")
    assert to_vcard4(temp("<FN>J</FN>"), before, ADDRESS) == four("<fn><text>J</text></fn>")


def test_empty_fields_are_not_kept_beside_others() -> None:
    before = temp("<FN>J</FN><TITLE/><TEL><WORK/><NUMBER/></TEL><ADR><HOME/></ADR>")
    assert to_temp(four("<fn><text>J</text></fn>"), before) == temp("<FN>J</FN>")


def test_pictures_are_found_and_left_out() -> None:
    old = temp(
        "<PHOTO><TYPE>image/png</TYPE><BINVAL> AAAA </BINVAL></PHOTO>"
        "<PHOTO><BINVAL/></PHOTO><FN>J</FN>"
    )
    assert [text.strip() for _, text in inline_pictures(old)] == ["AAAA"]
    assert without_pictures(old) == temp("<FN>J</FN>")
    new = four(
        "<photo><uri>data:image/png;base64,AAAA</uri></photo><photo><uri>https://c/</uri></photo>"
    )
    assert [text for _, text in inline_pictures(new)] == ["AAAA"]
    assert without_pictures(new) == four("<photo><uri>https://c/</uri></photo>")


def test_a_vcard_of_thousands_of_elements_is_converted_quickly() -> None:
    many = "".join(f"<NICKNAME>{n}</NICKNAME>" for n in range(5_000))
    before = to_vcard4(temp(many), None, ADDRESS)
    start = perf_counter()
    assert len(list(to_vcard4(temp(many.replace(">1", ">x")), before, ADDRESS))) > 5_000
    assert len(list(completed(temp(many), temp(many)))) == 5_000
    assert perf_counter() - start < 5  # seconds; one by one it would be minutes


NAMES = [
    "FN",
    "N",
    "GIVEN",
    "TEL",
    "NUMBER",
    "HOME",
    "PHOTO",
    "BINVAL",
    "EXTVAL",
    "GEO",
    "LAT",
    "LON",
    "fn",
    "n",
    "text",
    "uri",
    "tel",
    "geo",
    "parameters",
    "type",
    "pref",
    "photo",
    "org",
    "X",
]
elements = st.recursive(
    st.text(alphabet="ab :;,<&+1-", max_size=8),
    lambda inner: st.lists(st.tuples(st.sampled_from(NAMES), inner), max_size=4),
    max_leaves=12,
)


def grown(name: str, namespace: str, tree: object) -> Element:
    if isinstance(tree, str):
        return Element(name, namespace, None, tree or None)
    assert isinstance(tree, list)
    return Element(name, namespace, None, *(grown(n, namespace, t) for n, t in tree))


@given(elements, st.none() | elements)
def test_any_vcard_is_converted_and_there_and_back_again_changes_nothing(
    new: object, before: object
) -> None:
    old = None if before is None else grown("vcard", VCARD4, before)
    written = grown("vCard", TEMP, new)
    card = to_vcard4(written, old, ADDRESS)
    back = to_temp(card, written)
    assert to_vcard4(back, card, ADDRESS) == card


@given(elements, st.none() | elements)
def test_any_vcard4_is_converted_and_there_and_back_again_changes_nothing(
    new: object, before: object
) -> None:
    old = None if before is None else grown("vCard", TEMP, before)
    written = grown("vcard", VCARD4, new)
    card = to_temp(written, old)
    back = to_vcard4(card, written, ADDRESS)
    assert to_vcard4(to_temp(back, card), back, ADDRESS) == back
