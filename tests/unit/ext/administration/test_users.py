"""Accounts, sessions and administrators, as administrators change them (XEP-0133 §4.1 to §4.7)."""

import pytest
from tests.support.commands import Answer, Refused, run
from tests.support.house import Client, House

from palaver import jid
from palaver.ext.accounts import Accounts
from palaver.kernel.roles import administers

ADMIN = "http://jabber.org/protocol/admin"
HOST = "capulet.example"
JULIET = f"juliet@{HOST}"


async def command(client: Client, name: str, **fields: str | list[str]) -> Answer:
    named = {var.replace("__", "-"): value for var, value in fields.items()}
    answer = await run(client, f"{ADMIN}#{name}", named)
    assert answer.status == "completed"
    return answer


async def refused(client: Client, name: str, **fields: str | list[str]) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        await command(client, name, **fields)
    return caught.value.condition, caught.value.detail


async def fits(house: House, local: str, password: str) -> bool:
    record = await house.server.store.find(HOST, local)
    assert record is not None
    return await house.server.extension(Accounts).password_fits(record, password)


# -- accounts --------------------------------------------------------------------------------------


async def test_a_user_is_added(house: House, bard: Client) -> None:
    await command(bard, "add-user", accountjid=JULIET, password="R0m30", password__verify="R0m30")
    assert await fits(house, "juliet", "R0m30")
    record = await house.server.store.find(HOST, "juliet")
    assert record is not None
    assert record.role == "member"


async def test_what_is_told_of_a_new_user_becomes_the_vcard(house: House, bard: Client) -> None:
    await command(
        bard,
        "add-user",
        accountjid=JULIET,
        password="R0m30",
        email="juliet@capulet.com",
        given_name="Juliet",
        surname="Capulet",
    )
    juliet = await house.client(f"{JULIET}/balcony")
    answer = await juliet.ask("<iq type='get' id='v'><vCard xmlns='vcard-temp'/></iq>")
    card = answer.find("vCard", "vcard-temp")
    assert card is not None
    assert card.text_of("FN") == "Juliet Capulet"
    name, email = card.find("N"), card.find("EMAIL")
    assert name is not None
    assert (name.text_of("GIVEN"), name.text_of("FAMILY")) == ("Juliet", "Capulet")
    assert email is not None
    assert email.text_of("USERID") == "juliet@capulet.com"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"accountjid": JULIET}, ("bad-request", "bad-payload")),
        ({"password": "x"}, ("bad-request", "bad-payload")),
        ({"accountjid": "a@@b", "password": "x"}, ("bad-request", "bad-payload")),
        ({"accountjid": HOST, "password": "x"}, ("bad-request", "bad-payload")),
        ({"accountjid": f"{JULIET}/x", "password": "x"}, ("bad-request", "bad-payload")),
        (
            {"accountjid": "juliet@montague.example", "password": "x"},
            ("bad-request", "bad-payload"),
        ),
        (
            {"accountjid": JULIET, "password": "x", "password__verify": "y"},
            ("bad-request", "bad-payload"),
        ),
        ({"accountjid": f"bard@{HOST}", "password": "x"}, ("conflict", "")),
        ({"accountjid": f"bаrd@{HOST}", "password": "x"}, ("conflict", "")),  # Cyrillic а
    ],
)
async def test_a_user_that_cannot_be_added(
    bard: Client, fields: dict[str, str], expected: tuple[str, str]
) -> None:
    assert await refused(bard, "add-user", **fields) == expected


async def test_users_are_deleted_with_their_sessions(
    house: House, bard: Client, juliet: Client
) -> None:
    romeo = await house.client(f"romeo@{HOST}/orchard")
    await command(bard, "delete-user", accountjids=[JULIET, f"romeo@{HOST}"])
    for client in (juliet, romeo):
        assert client.wire.error is not None
        assert client.wire.error.condition == "not-authorized"
        assert await house.server.store.find(HOST, client.account.jid.local) is None


async def test_nothing_is_deleted_when_one_of_them_does_not_exist(
    house: House, bard: Client, juliet: Client
) -> None:
    found = await refused(bard, "delete-user", accountjids=[JULIET, f"nobody@{HOST}"])
    assert found == ("item-not-found", "")
    assert await house.server.store.find(HOST, "juliet")
    assert not juliet.wire.ended


async def test_a_user_is_disabled_and_enabled_again(
    house: House, bard: Client, juliet: Client
) -> None:
    await command(bard, "disable-user", accountjids=JULIET)
    assert juliet.wire.ended
    record = await house.server.store.find(HOST, "juliet")
    assert record is not None
    assert record.disabled_at is not None
    assert record.disabled_reason == ""
    await command(bard, "reenable-user", accountjids=JULIET)
    record = await house.server.store.find(HOST, "juliet")
    assert record is not None
    assert record.disabled_at is None


@pytest.mark.parametrize("name", ["delete-user", "disable-user"])
async def test_administrators_do_not_do_it_to_themselves(bard: Client, name: str) -> None:
    assert await refused(bard, name, accountjids=f"bard@{HOST}") == ("not-allowed", "")


async def test_a_password_is_changed_and_the_sessions_end(
    house: House, bard: Client, juliet: Client
) -> None:
    await command(bard, "change-user-password", accountjid=JULIET, password="V3r0n4")
    assert await fits(house, "juliet", "V3r0n4")
    assert juliet.wire.ended


async def test_changing_ones_own_password_does_not_end_the_session(
    house: House, bard: Client
) -> None:
    await command(bard, "change-user-password", accountjid=f"bard@{HOST}", password="V3r0n4")
    assert await fits(house, "bard", "V3r0n4")
    assert not bard.wire.ended


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("delete-user", {"accountjids": f"bard@{HOST}"}),
        ("disable-user", {"accountjids": f"bard@{HOST}"}),
        ("end-user-session", {"accountjids": f"bard@{HOST}/globe"}),
        ("change-user-password", {"accountjid": f"bard@{HOST}", "password": "mine now"}),
    ],
)
async def test_the_administrator_of_a_host_gets_no_hold_of_the_servers(
    chief: Client, bard: Client, name: str, fields: dict[str, str]
) -> None:
    assert await refused(chief, name, **fields) == ("not-allowed", "")
    assert not bard.wire.ended


# -- sessions --------------------------------------------------------------------------------------


async def test_all_sessions_of_an_account_end(house: House, bard: Client, juliet: Client) -> None:
    chamber = await house.client(f"{JULIET}/chamber")
    answer = await command(bard, "end-user-session", accountjids=JULIET)
    assert answer.notes == [("info", "2 sessions ended.")]
    assert juliet.wire.ended
    assert chamber.wire.ended


async def test_one_session_ends_and_the_others_stay(
    house: House, bard: Client, juliet: Client
) -> None:
    chamber = await house.client(f"{JULIET}/chamber")
    await command(bard, "end-user-session", accountjids=f"{JULIET}/chamber")
    assert chamber.wire.ended
    assert not juliet.wire.ended


async def test_the_administrators_own_session_ends_after_the_answer(bard: Client) -> None:
    answer = await command(bard, "end-user-session", accountjids=f"bard@{HOST}")
    assert answer.notes == [("info", "1 session ended.")]
    await bard.house.settled()
    assert bard.wire.ended


# -- administrators --------------------------------------------------------------------------------


def is_admin(house: House, address: str) -> bool:
    return administers(house.server, jid.parse(address), house.server.hosts[HOST])


async def test_the_list_has_those_of_the_host_and_of_the_configuration(
    bard: Client, chief: Client
) -> None:
    begun = await run(bard, f"{ADMIN}#edit-admin")
    assert begun.values["adminjids"] == [f"bard@{HOST}", f"chief@{HOST}"]


async def test_administrators_are_made_and_unmade_for_good(
    house: House, bard: Client, chief: Client, juliet: Client
) -> None:
    assert not is_admin(house, JULIET)
    await command(bard, "edit-admin", adminjids=[f"bard@{HOST}", JULIET])
    assert is_admin(house, JULIET)
    assert not is_admin(house, f"chief@{HOST}")
    roles = {
        local: record.role
        for local in ("juliet", "chief", "bard")
        if (record := await house.server.store.find(HOST, local))
    }
    assert roles == {"juliet": "admin", "chief": "member", "bard": "member"}


async def test_those_of_the_configuration_stay_and_that_is_said(
    house: House, bard: Client, juliet: Client
) -> None:
    answer = await command(bard, "edit-admin", adminjids=JULIET)
    assert is_admin(house, f"bard@{HOST}")
    assert [kind for kind, _ in answer.notes] == ["warn"]


async def test_an_empty_list_unmakes_all_but_those_of_the_configuration(
    house: House, bard: Client, chief: Client
) -> None:
    await command(bard, "edit-admin", adminjids=[])
    assert not is_admin(house, f"chief@{HOST}")


async def test_a_form_without_the_list_changes_nothing(
    house: House, bard: Client, chief: Client
) -> None:
    await command(bard, "edit-admin")
    assert is_admin(house, f"chief@{HOST}")


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (f"nobody@{HOST}", ("item-not-found", "")),
        ("chris@marlowe.lit", ("bad-request", "bad-payload")),
        ("romeo@montague.example", ("bad-request", "bad-payload")),
    ],
)
async def test_who_cannot_become_an_administrator(
    bard: Client, chief: Client, house: House, who: str, expected: tuple[str, str]
) -> None:
    assert await refused(bard, "edit-admin", adminjids=[who]) == expected
    assert is_admin(house, f"chief@{HOST}")
