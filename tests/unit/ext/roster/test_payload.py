"""Reading roster sets: what is accepted, and every error of RFC 6121 §2.3.3."""

import pytest

from palaver import jid
from palaver.ext.roster.extension import RosterConfig
from palaver.ext.roster.item import RosterItem
from palaver.ext.roster.payload import (
    Wish,
    query_of,
    read_set,
    read_version,
    version_text,
)
from palaver.ext.roster.states import State
from palaver.wire import element
from palaver.wire.errors import StanzaError

NURSE = jid.parse_bare("nurse@capulet.example")
LIMITS = RosterConfig(name_bytes=10, group_bytes=8, groups=3)


def read(content: str) -> Wish:
    query = element.parse(f"<query xmlns='jabber:iq:roster'>{content}</query>".encode())
    return read_set(query, LIMITS)


def item(attributes: str = "", content: str = "") -> str:
    return f"<item jid='nurse@capulet.example' {attributes}>{content}</item>"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (item(), Wish(NURSE, remove=False)),
        (item("name='Nurse'"), Wish(NURSE, remove=False, name="Nurse")),
        (item("name=''"), Wish(NURSE, remove=False)),
        (
            item("", "<group>B</group><group>A</group>"),
            Wish(NURSE, remove=False, groups=("B", "A")),
        ),
        ("<item jid='NURSE@Capulet.Example'/>", Wish(NURSE, remove=False)),
        (item("subscription='both' ask='subscribe' approved='true'"), Wish(NURSE, remove=False)),
        (item("subscription='nonsense' unknown='1'"), Wish(NURSE, remove=False)),
        (item("", "<note xmlns='urn:x'/><other/>"), Wish(NURSE, remove=False)),
        (item("subscription='remove'"), Wish(NURSE, remove=True)),
        (item("subscription='remove' name='too long a name'"), Wish(NURSE, remove=True)),
        (item("name='0123456789'"), Wish(NURSE, remove=False, name="0123456789")),
        (item("name='äöüß'"), Wish(NURSE, remove=False, name="äöüß")),
    ],
)
def test_a_set_is_read(content: str, expected: Wish) -> None:
    assert read(content) == expected


@pytest.mark.parametrize(
    ("content", "condition"),
    [
        ("", "bad-request"),
        ("<item xmlns='urn:x' jid='nurse@capulet.example'/>", "bad-request"),
        (item() + item(), "bad-request"),
        ("<item/>", "bad-request"),
        ("<item jid=''/>", "jid-malformed"),
        ("<item jid='@capulet.example'/>", "jid-malformed"),
        ("<item jid='nurse@capulet.example/hall'/>", "bad-request"),
        (item("", "<group>A</group><group>A</group>"), "bad-request"),
        (item("", "<group>\u00e4</group><group>a\u0308</group>"), "bad-request"),
        (item("", "<group/>"), "not-acceptable"),
        (item("", "<group>A</group><group></group>"), "not-acceptable"),
        (item("", "<group>012345678</group>"), "not-acceptable"),
        (item("", "<group>äöüßé</group>"), "not-acceptable"),
        (item("name='0123456789x'"), "not-acceptable"),
        (item("name='äöüßéè'"), "not-acceptable"),
        (item("", "".join(f"<group>{n}</group>" for n in range(4))), "not-acceptable"),
    ],
)
def test_a_bad_set_is_refused(content: str, condition: str) -> None:
    with pytest.raises(StanzaError) as refused:
        read(content)
    assert refused.value.condition == condition


def test_the_roster_is_written_with_all_that_clients_see() -> None:
    whole = RosterItem(
        NURSE,
        State.FROM_PENDING_OUT,
        listed=True,
        name="<Nurse>",
        groups=("Servants", "A & B"),
        approved=True,
        version=7,
    )
    plain = RosterItem(jid.parse_bare("romeo@montague.example"), listed=True, version=9)
    assert query_of((whole, plain, NURSE), "9").to_bytes().decode() == (
        "<query xmlns='jabber:iq:roster' ver='9'>"
        "<item jid='nurse@capulet.example' name='&lt;Nurse&gt;' subscription='from'"
        " ask='subscribe' approved='true'><group>Servants</group><group>A &amp; B</group></item>"
        "<item jid='romeo@montague.example' subscription='none'/>"
        "<item jid='nurse@capulet.example' subscription='remove'/>"
        "</query>"
    )


@pytest.mark.parametrize("text", ["", "no-such-version", "-1", " 1", "0x1", "01", "1_0", "A"])
def test_a_version_of_somebody_else_is_not_read(text: str) -> None:
    assert read_version(text) is None


@pytest.mark.parametrize("version", [0, 1, 10, 1_800_000_000_000])
def test_a_version_is_read_as_it_was_written(version: int) -> None:
    assert read_version(version_text(version)) == version
