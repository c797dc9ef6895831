"""How many users there are, and who; and what is told of one (XEP-0133 §4.8 to §4.22)."""

import pytest
from tests.support.commands import Refused, run
from tests.support.house import Client, House

from palaver.kernel.storage import NewAccount
from palaver.wire.element import Element

ADMIN = "http://jabber.org/protocol/admin"
HOST = "capulet.example"


@pytest.fixture
async def users(house: House, bard: Client, juliet: Client) -> None:
    """Have some of each kind: Juliet is online, and so is Bard, without presence."""
    away = await house.client(f"romeo@{HOST}/orchard")
    away.send("<presence><show>away</show></presence>")
    for show in ("xa", "dnd"):
        client = await house.client(f"mercutio@{HOST}/{show}")
        client.send(f"<presence><show>{show}</show></presence>")
    await house.client("stranger@montague.example/x")
    await house.account(f"nurse@{HOST}")
    tybalt = await house.account(f"tybalt@{HOST}")
    await house.server.store.set_disabled(tybalt.id, "")
    other = await house.account("rosaline@montague.example")
    await house.server.store.set_disabled(other.id, "")


def addresses(*names: str) -> list[str]:
    return [f"{name}@{HOST}" for name in names]


@pytest.mark.parametrize(
    ("name", "field", "number"),
    [
        ("get-registered-users-num", "registeredusersnum", 6),
        ("get-disabled-users-num", "disabledusersnum", 1),
        ("get-online-users-num", "onlineusersnum", 4),
        ("get-active-users-num", "activeusersnum", 2),
        ("get-idle-users-num", "idleusersnum", 2),
    ],
)
@pytest.mark.usefixtures("users")
async def test_users_are_counted(bard: Client, name: str, field: str, number: int) -> None:
    answer = await run(bard, f"{ADMIN}#{name}")
    assert answer.form.get("type") == "result"
    assert answer.values == {"FORM_TYPE": [ADMIN], field: [str(number)]}


@pytest.mark.parametrize(
    ("name", "field", "found"),
    [
        (
            "get-registered-users-list",
            "registereduserjids",
            addresses("bard", "juliet", "mercutio", "nurse", "romeo", "tybalt"),
        ),
        ("get-disabled-users-list", "disableduserjids", addresses("tybalt")),
        (
            "get-online-users-list",
            "onlineuserjids",
            addresses("bard", "juliet", "mercutio", "romeo"),
        ),
        ("get-active-users", "activeuserjids", addresses("juliet", "mercutio")),
        ("get-idle-users", "activeuserjids", addresses("bard", "romeo")),
    ],
)
@pytest.mark.parametrize("limit", [None, "25", "none"])
@pytest.mark.usefixtures("users")
async def test_users_are_listed(
    bard: Client, name: str, field: str, found: list[str], limit: str | None
) -> None:
    fields: dict[str, str | list[str]] = {} if limit is None else {"max_items": limit}
    answer = await run(bard, f"{ADMIN}#{name}", fields)
    assert answer.form.get("type") == "result"
    assert answer.values == {"FORM_TYPE": [ADMIN], field: found}
    assert answer.notes == []


async def test_no_more_are_listed_than_were_asked_for_and_that_is_said(
    house: House, bard: Client
) -> None:
    new = (NewAccount(HOST, f"user{n:03}", f"user{n:03}") for n in range(60))
    await house.server.store.create_many(new)
    answer = await run(bard, f"{ADMIN}#get-registered-users-list", {"max_items": "25"})
    found = answer.values["registereduserjids"]
    assert found == addresses("bard", *(f"user{n:03}" for n in range(24)))
    assert answer.notes == [("warn", "Only the first 25 are listed.")]


async def test_a_number_that_is_not_offered_is_refused(bard: Client) -> None:
    with pytest.raises(Refused) as caught:
        await run(bard, f"{ADMIN}#get-registered-users-list", {"max_items": "1000000"})
    assert caught.value.detail == "bad-payload"


# -- single users ----------------------------------------------------------------------------------


def rosters(form: Element) -> list[list[str | None]]:
    return [
        [item.get("jid") for item in query.find_all("item")]
        for query in form.find_all("query", "jabber:iq:roster")
    ]


async def test_a_roster_is_shown_as_in_example_32(bard: Client, juliet: Client) -> None:
    await juliet.ask(
        "<iq type='set' id='r'><query xmlns='jabber:iq:roster'>"
        "<item jid='romeo@example.net' name='Romeo'><group>Friends</group></item></query></iq>"
    )
    answer = await run(bard, f"{ADMIN}#get-user-roster", {"accountjids": f"juliet@{HOST}"})
    assert answer.values["accountjids"] == [f"juliet@{HOST}"]
    assert rosters(answer.form) == [["romeo@example.net"]]
    item = next(iter(next(answer.form.find_all("query", "jabber:iq:roster"))))
    assert (item.get("name"), item.get("subscription")) == ("Romeo", "none")
    assert item.text_of("group") == "Friends"


async def test_rosters_of_several_come_in_the_order_of_the_accounts(
    house: House, bard: Client, juliet: Client
) -> None:
    await house.account(f"nurse@{HOST}")
    await juliet.ask(
        "<iq type='set' id='r'><query xmlns='jabber:iq:roster'>"
        "<item jid='romeo@example.net'/></query></iq>"
    )
    both = [f"nurse@{HOST}", f"juliet@{HOST}"]
    answer = await run(bard, f"{ADMIN}#get-user-roster", {"accountjids": both})
    assert answer.values["accountjids"] == both
    assert rosters(answer.form) == [[], ["romeo@example.net"]]


async def test_the_last_login_is_told_as_in_example_36(house: House, bard: Client) -> None:
    account = await house.account(f"juliet@{HOST}")
    fields: dict[str, str | list[str]] = {"accountjids": f"juliet@{HOST}"}
    answer = await run(bard, f"{ADMIN}#get-user-lastlogin", fields)
    assert answer.values["lastlogin"] == [""]
    house.server.store.touch_login(account.id)
    answer = await run(bard, f"{ADMIN}#get-user-lastlogin", fields)
    (at,) = answer.values["lastlogin"]
    assert at.startswith("20")
    assert at.endswith("Z")


async def test_last_logins_of_several_are_a_table(house: House, bard: Client) -> None:
    both = [f"juliet@{HOST}", f"nurse@{HOST}"]
    for each in both:
        await house.account(each)
    answer = await run(bard, f"{ADMIN}#get-user-lastlogin", {"accountjids": both})
    rows = [[field.text_of("value") for field in item] for item in answer.form.find_all("item")]
    assert rows == [[each, ""] for each in both]


async def test_statistics_are_told_as_in_example_40(
    house: House, bard: Client, juliet: Client
) -> None:
    await house.client(f"juliet@{HOST}/chamber")
    answer = await run(bard, f"{ADMIN}#user-stats", {"accountjid": f"juliet@{HOST}"})
    assert answer.values == {
        "FORM_TYPE": [ADMIN],
        "ipaddresses": ["127.0.0.1"],
        "rostersize": ["0"],
        "onlineresources": ["balcony", "chamber"],
    }


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("get-user-roster", "accountjids"),
        ("get-user-lastlogin", "accountjids"),
        ("user-stats", "accountjid"),
    ],
)
@pytest.mark.parametrize(
    ("who", "condition"),
    [
        (f"nobody@{HOST}", "item-not-found"),
        ("rosaline@montague.example", "bad-request"),
        (f"juliet@{HOST}/balcony", "bad-request"),
        (HOST, "bad-request"),
    ],
)
async def test_nothing_is_told_of_who_is_no_user_of_the_host(
    house: House, bard: Client, name: str, field: str, who: str, condition: str
) -> None:
    await house.account("rosaline@montague.example")
    with pytest.raises(Refused) as caught:
        await run(bard, f"{ADMIN}#{name}", {field: who})
    assert caught.value.condition == condition
