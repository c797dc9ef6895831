"""In-band registration: who may do what, and what keeps it from being abused (XEP-0077)."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from tests.support.house import Client, House, open_house
from tests.support.rosters import connect

from palaver import jid
from palaver.ext.accounts import Accounts
from palaver.ext.disco import Disco
from palaver.ext.registration.extension import NS, Registration
from palaver.kernel import hooks
from palaver.kernel.extension import Request, Target
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

EXTENSIONS = ("registration", "registration_queue", "accounts", "disco", "roster", "presence")
HOST = "capulet.example"
OPEN = "open = true\n"
SECTION = f'[hosts."{HOST}".extensions.registration]\n'
FAST = "[sasl]\niterations = 4096\n"


class Yard:
    """What strangers can ask, before they log in, from an address."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def ask(self, kind: str, inner: str, peer: str = "192.0.2.1") -> Element:
        host = self.house.server.hosts[HOST]
        query = element.parse(f"<query xmlns='{NS}'>{inner}</query>".encode())
        stanza = Stanza.make("iq", host.jid, host.jid, {"type": kind, "id": "r"}, query)
        handler = host.dispatch.iq[Target.STRANGER, kind, f"{NS} query"]
        request = Request(stanza, query, host, None, None, peer)
        answer = await self.house.server.router.answering.run(handler, request)
        return element.parse(answer.to_bytes())

    async def register(
        self, username: str, password: str = "Calliope", peer: str = "192.0.2.1"
    ) -> str:
        inner = f"<username>{username}</username><password>{password}</password>"
        return outcome(await self.ask("set", inner, peer))


def outcome(answer: Element) -> str:
    error = answer.find("error", "jabber:client")
    return "registered" if error is None else next(iter(error)).name


def text(answer: Element) -> str:
    error = answer.find("error", "jabber:client")
    assert error is not None
    return error.text_of("text", "urn:ietf:params:xml:ns:xmpp-stanzas") or ""


def query_of(answer: Element) -> Element:
    query = answer.find("query", NS)
    assert query is not None
    return query


def form(kind: str, **values: str) -> str:
    fields = "".join(f"<field var='{k}'><value>{v}</value></field>" for k, v in values.items())
    return (
        "<x xmlns='jabber:x:data' type='submit'>"
        f"<field var='FORM_TYPE'><value>{kind}</value></field>{fields}</x>"
    )


async def change(client: Client, inner: str, to: str = HOST) -> Element:
    return await client.ask(
        f"<iq type='set' id='c' to='{to}'><query xmlns='{NS}'>{inner}</query></iq>"
    )


async def fits(house: House, address: str, password: str) -> bool:
    bare = jid.parse_bare(address)
    record = await house.server.store.find(bare.domain, bare.local)
    assert record is not None
    return await house.server.extension(Accounts).password_fits(record, password)


def opened(
    tmp_path: Path, configuration: str = OPEN, more: str = ""
) -> AbstractAsyncContextManager[House]:
    return open_house(tmp_path, *EXTENSIONS, configuration=SECTION + configuration + FAST + more)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(tmp_path) as found:
        yield found


@pytest.fixture
def yard(house: House) -> Yard:
    return Yard(house)


async def bill(house: House) -> Client:
    await house.server.extension(Accounts).create(jid.parse_bare(f"bill@{HOST}"), "theglobe")
    return await house.client(f"bill@{HOST}/globe")


# -- registering (§3.1) ----------------------------------------------------------------------------


async def test_the_fields_are_told_as_elements_and_as_a_form(yard: Yard) -> None:
    query = query_of(await yard.ask("get", ""))
    assert [child.name for child in query] == ["instructions", "username", "password", "x"]
    x = query.find("x", "jabber:x:data")
    assert x is not None
    assert [f.get("var") for f in x.find_all("field")] == ["FORM_TYPE", "username", "password"]


async def test_an_account_is_made_and_its_password_fits(house: House, yard: Yard) -> None:
    assert await yard.register("newcomer") == "registered"
    assert await fits(house, f"newcomer@{HOST}", "Calliope")


async def test_the_form_makes_an_account_and_outweighs_the_fields(house: House, yard: Yard) -> None:
    fields = "<username>other</username><password>other password</password>"
    filled = form(NS, username="newcomer", password="Calliope")
    assert outcome(await yard.ask("set", fields + filled)) == "registered"
    assert await house.server.store.find(HOST, "newcomer")
    assert await house.server.store.find(HOST, "other") is None


async def test_a_name_is_prepared(house: House, yard: Yard) -> None:
    assert await yard.register("NewComer") == "registered"
    assert await house.server.store.find(HOST, "newcomer")
    assert await yard.register("NEWCOMER") == "conflict"


@pytest.mark.parametrize(
    ("username", "refusal"),
    [
        ("a@b", "not-acceptable"),
        ("a/b", "not-acceptable"),
        (" ", "not-acceptable"),
        ("", "not-acceptable"),
        ("x" * 1024, "not-acceptable"),
        ("admin", "not-acceptable"),
        ("Postmaster", "not-acceptable"),
        ("abuse", "not-acceptable"),
        ("аdmin", "not-acceptable"),  # the first letter is Cyrillic
        ("аbuse", "not-acceptable"),
        ("juliet", "conflict"),
        ("jυliet", "not-acceptable"),  # a Greek letter among Latin ones
        ("ju1iet", "conflict"),  # the digit one
        ("root", "not-acceptable"),
        ("bard", "not-acceptable"),  # an administrator whose account is not made yet
    ],
)
async def test_names_that_nobody_may_take(username: str, refusal: str, tmp_path: Path) -> None:
    bard = f"[server]\nadmins = ['bard@{HOST}']\n"
    async with opened(tmp_path, more=bard) as house:
        accounts = house.server.extension(Accounts)
        await accounts.create(jid.parse_bare(f"juliet@{HOST}"), "secret")
        assert await Yard(house).register(username) == refusal


@pytest.mark.parametrize("password", ["", "short", "1234567"])
async def test_a_password_that_is_missing_or_short_is_not_acceptable(
    yard: Yard, password: str
) -> None:
    assert await yard.register("newcomer", password) == "not-acceptable"


async def test_a_missing_element_is_not_acceptable(yard: Yard) -> None:
    for inner in ("", "<username>newcomer</username>", "<password>Calliope</password>"):
        assert outcome(await yard.ask("set", inner)) == "not-acceptable"


async def test_the_password_does_not_come_back_with_an_error(yard: Yard) -> None:
    answer = await yard.ask("set", "<username>admin</username><password>m1cro$oft</password>")
    assert b"m1cro$oft" not in answer.to_bytes()
    assert list(query_of(answer)) == []


async def test_strangers_remove_nothing(yard: Yard) -> None:
    assert outcome(await yard.ask("set", "<remove/>")) == "unexpected-request"


async def test_the_extensions_hear_of_a_new_account(house: House, yard: Yard) -> None:
    assert await yard.register("newcomer") == "registered"
    account = await house.server.accounts.get(jid.parse_bare(f"newcomer@{HOST}"))
    assert account is not None


# -- closed ----------------------------------------------------------------------------------------


def features(house: House) -> list[Element]:
    host = house.server.hosts[HOST]
    found = [handle(host) for handle in host.dispatch.handlers(hooks.features_before_login)]
    return [each for each in found if each is not None and each.name == "register"]


async def test_it_is_closed_by_default_and_not_advertised(tmp_path: Path) -> None:
    async with opened(tmp_path, "") as house:
        yard = Yard(house)
        assert outcome(await yard.ask("get", "")) == "service-unavailable"
        assert await yard.register("newcomer") == "service-unavailable"
        assert await house.server.store.find(HOST, "newcomer") is None
        assert features(house) == []


async def test_an_open_host_advertises_it_and_others_do_not(house: House) -> None:
    assert len(features(house)) == 1
    registration = house.server.extension(Registration)
    assert registration.stream_feature(house.server.hosts["montague.example"]) is None


async def test_discovery_tells_of_it_as_long_as_anything_is_possible(tmp_path: Path) -> None:
    for number, (configuration, told) in enumerate(
        [
            ("", True),
            ("change_password = false\nremove_account = false\n", False),
            ("change_password = false\nremove_account = false\nopen = true\n", True),
        ]
    ):
        directory = tmp_path / str(number)
        directory.mkdir()
        async with opened(directory, configuration) as house:
            info = house.server.extension(Disco).about(house.server.hosts[HOST])
            assert (NS in info.features) is told


async def test_a_closed_host_can_send_people_elsewhere_as_in_example_26(tmp_path: Path) -> None:
    url = "http://www.shakespeare.lit/contests.php"
    async with opened(tmp_path, f"url = '{url}'\n") as house:
        query = query_of(await Yard(house).ask("get", ""))
        assert [child.name for child in query] == ["instructions", "x"]
        assert query.text_of("instructions") == f"To register, visit {url}"
        x = query.find("x", "jabber:x:oob")
        assert x is not None
        assert x.text_of("url") == url
        assert len(features(house)) == 1
        assert await Yard(house).register("newcomer") == "service-unavailable"


# -- limits ----------------------------------------------------------------------------------------


async def test_an_address_makes_only_so_many_accounts(tmp_path: Path) -> None:
    async with opened(tmp_path, OPEN + "accounts_per_address = 2\n") as house:
        yard = Yard(house)
        assert await yard.register("one") == "registered"
        assert await yard.register("two") == "registered"
        inner = "<username>three</username><password>Calliope</password>"
        answer = await yard.ask("set", inner)
        assert outcome(answer) == "resource-constraint"
        error = answer.find("error", "jabber:client")
        assert error is not None
        assert error.get("type") == "wait"
        assert text(answer) == "too many attempts; try again in 30 minutes"
        assert await yard.register("three", peer="192.0.2.2") == "registered"


async def test_addresses_of_one_ipv6_network_count_as_one(tmp_path: Path) -> None:
    async with opened(tmp_path, OPEN + "accounts_per_address = 1\n") as house:
        yard = Yard(house)
        assert await yard.register("one", peer="2001:db8::1") == "registered"
        assert await yard.register("two", peer="2001:db8::ffff:1") == "resource-constraint"
        assert await yard.register("two", peer="2001:db8:0:1::1") == "registered"


async def test_what_fails_makes_no_account_and_does_not_count_as_one(tmp_path: Path) -> None:
    async with opened(tmp_path, OPEN + "accounts_per_address = 1\n") as house:
        await house.account(f"juliet@{HOST}")
        yard = Yard(house)
        for username in ("admin", "juliet", "juliet", "a@b"):
            assert await yard.register(username) in ("conflict", "not-acceptable")
        assert await yard.register("newcomer") == "registered"


async def test_an_address_makes_only_so_many_attempts(tmp_path: Path) -> None:
    async with opened(tmp_path, OPEN + "attempts_per_address = 3\n") as house:
        yard = Yard(house)
        found = [await yard.register("admin") for _ in range(4)]
        assert found == ["not-acceptable"] * 3 + ["resource-constraint"]


async def test_limits_can_be_taken_away(tmp_path: Path) -> None:
    unlimited = "accounts_per_address = 0\nattempts_per_address = 0\n"
    async with opened(tmp_path, OPEN + unlimited) as house:
        yard = Yard(house)
        for number in range(8):
            assert await yard.register(f"user-{'x' * number}") == "registered"


# -- changing the password (§3.3) ------------------------------------------------------------------


async def test_the_password_is_changed_as_in_example_17(house: House) -> None:
    client = await bill(house)
    inner = "<username>bill</username><password>new password</password>"
    assert (await change(client, inner)).get("type") == "result"
    assert await fits(house, f"bill@{HOST}", "new password")
    assert not client.wire.ended


async def test_it_can_be_asked_of_the_account_and_by_the_whole_address(house: House) -> None:
    client = await bill(house)
    inner = f"<username>bill@{HOST}</username><password>new password</password>"
    assert (await change(client, inner, f"bill@{HOST}")).get("type") == "result"
    assert await fits(house, f"bill@{HOST}", "new password")


@pytest.mark.parametrize(
    ("inner", "condition"),
    [
        ("<username>bill</username><password/>", "bad-request"),
        ("<username>bill</username>", "bad-request"),
        ("<password>new password</password>", "bad-request"),
        ("<username>bill</username><password>short</password>", "not-acceptable"),
        ("<username>will</username><password>new password</password>", "not-allowed"),
        ("<username>a@b@c</username><password>new password</password>", "not-allowed"),
        ("", "bad-request"),
    ],
)
async def test_whatever_is_wrong_changes_nothing(house: House, inner: str, condition: str) -> None:
    client = await bill(house)
    answer = await change(client, inner)
    assert outcome(answer) == condition
    assert list(query_of(answer)) == []
    assert await fits(house, f"bill@{HOST}", "theglobe")


async def test_a_connection_in_clear_is_not_safe_enough(house: House) -> None:
    client = await bill(house)
    client.wire.secure = False
    answer = await change(client, "<username>bill</username><password>new password</password>")
    assert outcome(answer) == "not-authorized"
    error = answer.find("error", "jabber:client")
    assert error is not None
    assert error.get("type") == "modify"


async def test_a_host_can_forbid_it(tmp_path: Path) -> None:
    async with opened(tmp_path, "change_password = false\n") as house:
        client = await bill(house)
        answer = await change(client, "<username>bill</username><password>new password</password>")
        assert outcome(answer) == "not-allowed"
        assert await fits(house, f"bill@{HOST}", "theglobe")


async def test_a_host_can_ask_for_the_old_password_as_in_examples_22_and_23(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, "ask_password = true\n") as house:
        client = await bill(house)
        answer = await change(client, "<username>bill</username><password>new password</password>")
        assert outcome(answer) == "not-authorized"
        x = query_of(answer).find("x", "jabber:x:data")
        assert x is not None
        names = [field.get("var") for field in x.find_all("field")]
        assert names == ["FORM_TYPE", "username", "old_password", "password"]
        assert x.find("field") == element.parse(
            b"<field xmlns='jabber:x:data' var='FORM_TYPE' type='hidden'>"
            b"<value>jabber:iq:register:changepassword</value></field>"
        )
        who = f"bill@{HOST}"
        kind = "jabber:iq:register:changepassword"
        wrong = form(kind, username=who, old_password="no", password="groundlings")
        assert outcome(await change(client, wrong)) == "not-authorized"
        assert await fits(house, who, "theglobe")
        right = form(kind, username=who, old_password="theglobe", password="groundlings")
        assert (await change(client, right)).get("type") == "result"
        assert await fits(house, who, "groundlings")


async def test_old_passwords_are_not_guessed_for_long(tmp_path: Path) -> None:
    more = "ask_password = true\nattempts_per_address = 3\n"
    async with opened(tmp_path, more) as house:
        client = await bill(house)
        kind = "jabber:iq:register:changepassword"
        wrong = form(kind, username="bill", old_password="no", password="groundlings")
        found = [outcome(await change(client, wrong)) for _ in range(4)]
        assert found == ["not-authorized"] * 3 + ["resource-constraint"]


# -- removing the account (§3.2) -------------------------------------------------------------------


async def test_a_removed_account_is_gone_with_all_its_sessions(house: House) -> None:
    client = await bill(house)
    other = await house.client(f"bill@{HOST}/theatre")
    answer = await change(client, "<remove/>")
    assert answer.get("type") == "result"
    for each in (client, other):
        assert each.wire.error is not None
        assert each.wire.error.condition == "not-authorized"
    assert await house.server.store.find(HOST, "bill") is None
    assert house.server.accounts.loaded(jid.parse_bare(f"bill@{HOST}")) is None


async def test_contacts_are_told_before_the_account_goes(house: House) -> None:
    client = await bill(house)
    will = await connect(house, "will@montague.example/stratford")
    client.send("<presence type='subscribe' to='will@montague.example'/>")
    await client.taken()
    will.send(f"<presence type='subscribed' to='bill@{HOST}'/>")
    await will.taken()
    await change(client, "<remove/>")
    told = [each.get("type") for each in await will.taken() if each.name == "presence"]
    assert told == ["unsubscribe"]


async def test_the_name_can_be_registered_again(house: House, yard: Yard) -> None:
    await change(await bill(house), "<remove/>")
    assert await yard.register("bill") == "registered"


async def test_a_removal_has_nothing_beside_it(house: House) -> None:
    client = await bill(house)
    assert outcome(await change(client, "<remove/><username>bill</username>")) == "bad-request"
    assert await house.server.store.find(HOST, "bill")


async def test_a_host_can_forbid_removals(tmp_path: Path) -> None:
    async with opened(tmp_path, "remove_account = false\n") as house:
        client = await bill(house)
        assert outcome(await change(client, "<remove/>")) == "not-allowed"
        assert await house.server.store.find(HOST, "bill")


async def test_a_host_can_ask_for_the_password_as_in_examples_14_and_15(tmp_path: Path) -> None:
    async with opened(tmp_path, "ask_password = true\n") as house:
        client = await bill(house)
        answer = await change(client, "<remove/>")
        assert outcome(answer) == "not-allowed"
        x = query_of(answer).find("x", "jabber:x:data")
        assert x is not None
        names = [field.get("var") for field in x.find_all("field")]
        assert names == ["FORM_TYPE", "username", "password"]
        kind = "jabber:iq:register:cancel"
        wrong = form(kind, username=f"bill@{HOST}", password="no")
        assert outcome(await change(client, wrong)) == "not-authorized"
        other = form(kind, username=f"will@{HOST}", password="theglobe")
        assert outcome(await change(client, other)) == "not-allowed"
        assert await house.server.store.find(HOST, "bill")
        right = form(kind, username=f"bill@{HOST}", password="theglobe")
        assert (await change(client, right)).get("type") == "result"
        assert await house.server.store.find(HOST, "bill") is None


# -- those who have no account here ----------------------------------------------------------------


async def test_users_of_other_hosts_and_guests_have_nothing_to_change(house: House) -> None:
    guests = (
        await house.client("romeo@montague.example/orchard"),
        await house.guest(f"guest@{HOST}/x"),
    )
    for client in guests:
        ask = f"<iq type='get' id='g' to='{HOST}'><query xmlns='{NS}'/></iq>"
        assert outcome(await client.ask(ask)) == "service-unavailable"
        assert outcome(await change(client, "<remove/>")) == "registration-required"
        inner = "<username>bill</username><password>new password</password>"
        assert outcome(await change(client, inner)) == "not-allowed"


async def test_users_are_told_that_they_are_registered(house: House) -> None:
    client = await bill(house)
    answer = await client.ask(f"<iq type='get' id='g'><query xmlns='{NS}'/></iq>")
    query = query_of(answer)
    assert query.find("registered") is not None
    assert query.text_of("username") == "bill"
    assert query.text_of("password") == ""


async def test_an_account_that_somebody_else_deletes_meanwhile_is_no_failure(house: House) -> None:
    client = await bill(house)
    other = await house.client(f"bill@{HOST}/theatre")
    for each in (client, other):
        each.send(f"<iq type='set' id='c'><query xmlns='{NS}'><remove/></query></iq>")
    await house.settled()
    assert await house.server.store.find(HOST, "bill") is None
    assert client.wire.ended
    assert other.wire.ended
