"""Contact addresses: what the configuration takes, and what is told (XEP-0157)."""

from pathlib import Path

import pytest
from tests.support.house import House, open_house

from palaver.ext.contact_addresses import uri
from palaver.ext.disco import NS_INFO
from palaver.kernel.config_error import ConfigError
from palaver.wire.element import Element, parse

SECTION = '[hosts."montague.example".extensions.contact_addresses]\n'


async def about(house: House, host: str) -> Element:
    romeo = await house.client("romeo@montague.example/orchard")
    answer = await romeo.ask(f"<iq type='get' id='d' to='{host}'><query xmlns='{NS_INFO}'/></iq>")
    query = answer.find("query", NS_INFO)
    assert query is not None
    return query


async def test_the_addresses_of_a_host_are_told_as_in_example_2(tmp_path: Path) -> None:
    addresses = (
        "abuse = ['mailto:abuse@shakespeare.lit', 'xmpp:abuse@shakespeare.lit']\n"
        "status = ['https://status.shakespeare.lit']\n"
    )
    loaded = ("contact_addresses", "disco")
    async with open_house(tmp_path, *loaded, configuration=SECTION + addresses) as house:
        form = (await about(house, "montague.example")).find("x", "jabber:x:data")
        assert form == parse(
            b"<x xmlns='jabber:x:data' type='result'>"
            b"<field var='FORM_TYPE' type='hidden'>"
            b"<value>http://jabber.org/network/serverinfo</value></field>"
            b"<field var='abuse-addresses' type='list-multi'>"
            b"<value>mailto:abuse@shakespeare.lit</value>"
            b"<value>xmpp:abuse@shakespeare.lit</value></field>"
            b"<field var='status-addresses' type='list-multi'>"
            b"<value>https://status.shakespeare.lit</value></field></x>"
        )
        assert (await about(house, "capulet.example")).find("x", "jabber:x:data") is None


async def test_an_address_that_is_none_stops_the_start(tmp_path: Path) -> None:
    wrong = SECTION + "admin = ['admin@example.org']\n"
    with pytest.raises(ConfigError, match="not a URI"):
        async with open_house(tmp_path, "contact_addresses", "disco", configuration=wrong):
            pass


@pytest.mark.parametrize(
    "text",
    [
        "mailto:abuse@example.org",
        "mailto:abuse@example.org?subject=Abuse",
        "xmpp:abuse@example.org",
        "xmpp:abuse@example.org?message;subject=Abuse",
        "xmpp:nasty!%23$%25()*+,-.;=%3F%5B%5C%5D%5E_%60%7B%7C%7D~node@example.com",
        "https://example.org/support",
        "tel:+390451234567",
    ],
)
def test_uris_are_taken(text: str) -> None:
    assert uri(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abuse@example.org",
        "mailto:nobody",
        "xmpp:@example.org",
        "https:///path",
        "http:example.org",
        "mailto:a b@example.org",
        "javascript:alert('<x>')",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        uri(text)
