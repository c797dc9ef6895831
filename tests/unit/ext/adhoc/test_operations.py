"""The commands of the shell as ad-hoc commands, for those who administer the server."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import BaseModel, Field
from tests.support.commands import Refused, run
from tests.support.house import Client, House, open_house

from palaver.ext.accounts import Accounts
from palaver.kernel.extension import Extension, ExtensionConfig, Progress, command

COMMAND = "urn:x-palaver:command:"
HOST = "capulet.example"
CONFIGURATION = f"[server]\nadmins = ['bard@{HOST}']\n[sasl]\niterations = 4096\n"


class NamesArguments(BaseModel):
    """Names things."""

    names: list[str] = Field(description="The names.")


class Shelf(Extension):
    """Has a command for each kind of result."""

    name: ClassVar = "shelf"

    @command("shelf count", NamesArguments)
    async def count(self, arguments: NamesArguments, progress: Progress) -> str:
        """Count what is named."""
        return f"{len(arguments.names)} things"

    @command("shelf empty")
    async def empty(self, arguments: BaseModel, progress: Progress) -> list[str]:
        """List nothing."""
        return []


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    loaded = ("adhoc", "disco", "roster", "accounts", "account_import", "sessions")
    async with open_house(tmp_path, *loaded, configuration=CONFIGURATION) as opened:
        server = opened.server
        shelf = Shelf(server, lambda _: ExtensionConfig())
        server.use([*server.extensions.values(), shelf])
        yield opened


@pytest.fixture
async def bard(house: House) -> Client:
    return await house.client(f"bard@{HOST}/globe")


async def test_the_form_has_a_field_for_each_argument(bard: Client) -> None:
    begun = await run(bard, f"{COMMAND}user-add")
    fields = {each.get("var"): each for each in begun.form.find_all("field")}
    kinds = {var: each.get("type") for var, each in fields.items()}
    assert kinds == {
        "jid": "text-single",
        "password": "text-private",
        "role": "list-single",
        "allow_look_alike": "boolean",
        "despite_tombstone": "boolean",
    }
    assert begun.values["role"] == ["member"]
    assert [each.text_of("value") for each in fields["role"].find_all("option")] == [
        "member",
        "admin",
        "restricted",
    ]
    required = {var for var, each in fields.items() if each.find("required") is not None}
    assert required == {"jid", "password"}
    assert fields["jid"].text_of("desc")


async def test_it_does_what_the_command_does(house: House, bard: Client) -> None:
    fields: dict[str, str | list[str]] = {
        "jid": f"juliet@{HOST}",
        "password": "secret",
        "role": "admin",
    }
    answer = await run(bard, f"{COMMAND}user-add", fields)
    assert answer.values["jid"] == [f"juliet@{HOST}"]
    assert answer.values["disabled"] == ["no"]
    record = await house.server.store.find(HOST, "juliet")
    assert record is not None
    assert record.role == "admin"
    assert await house.server.extension(Accounts).password_fits(record, "secret")


async def test_rows_are_a_table(house: House, bard: Client) -> None:
    await house.account("romeo@montague.example")
    answer = await run(bard, f"{COMMAND}user-list", {})
    reported = answer.form.find("reported")
    assert reported is not None
    assert "jid" in [field.get("var") for field in reported]
    found = [item.find("field") for item in answer.form.find_all("item")]
    assert [field.text_of("value") for field in found if field is not None] == [
        f"bard@{HOST}",
        "romeo@montague.example",
    ]


async def test_a_file_is_lines_of_text(house: House, bard: Client) -> None:
    lines = ["jid,password", f"juliet@{HOST},secret"]
    await run(bard, f"{COMMAND}user-import", {"file": lines})
    assert await house.server.store.find(HOST, "juliet")


async def test_a_list_is_lines_of_text(bard: Client) -> None:
    answer = await run(bard, f"{COMMAND}shelf-count", {"names": ["one", "two"]})
    assert answer.notes == [("info", "2 things")]


async def test_what_takes_no_arguments_runs_at_once(bard: Client) -> None:
    answer = await run(bard, f"{COMMAND}shelf-empty")
    assert answer.notes == [("info", "There is none.")]


async def test_what_returns_nothing_says_that_it_is_done(house: House, bard: Client) -> None:
    await house.account(f"juliet@{HOST}")
    answer = await run(bard, f"{COMMAND}user-enable", {"jid": f"juliet@{HOST}"})
    assert answer.notes == [("info", "Done.")]


async def test_a_refusal_is_an_error_with_its_text(bard: Client) -> None:
    with pytest.raises(Refused) as caught:
        await run(bard, f"{COMMAND}user-show", {"jid": f"nobody@{HOST}"})
    assert caught.value.condition == "item-not-found"
    assert caught.value.text == f"There is no account nobody@{HOST}."


@pytest.mark.parametrize("command", ["user-list", "session-list"])
async def test_ordinary_users_run_none_of_them(house: House, command: str) -> None:
    client = await house.client(f"juliet@{HOST}/x")
    with pytest.raises(Refused) as caught:
        await run(client, f"{COMMAND}{command}")
    assert caught.value.condition == "forbidden"
