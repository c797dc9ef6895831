"""What Openfire's plugin "User Import Export" writes."""

from pathlib import Path

import pytest
from tests.support.house import open_house

from palaver.ext.accounts import Accounts
from palaver.ext.roster.roster import roster_of
from palaver.jid import parse_bare
from palaver.kernel.commands import Commands
from palaver.kernel.errors import CommandError

JULIET = parse_bare("juliet@capulet.example")
EXPORT = """\
<?xml version="1.0" encoding="UTF-8"?>
<Openfire>
  <User>
    <Username>juliet</Username>
    <Password>wherefore</Password>
    <Email>juliet@capulet.example</Email>
    <Name>Juliet</Name>
    <CreationDate>1125442154664</CreationDate>
    <ModifiedDate>1125442154664</ModifiedDate>
    <Roster>
      <Item jid="romeo@montague.example" askstatus="-1" recvstatus="-1" substatus="3" name="Romeo">
        <Group>Friends</Group>
      </Item>
      <Item jid="nurse@capulet.example" askstatus="0" recvstatus="-1" substatus="0" name=""/>
      <Item jid="paris@capulet.example" askstatus="-1" recvstatus="1" substatus="-1" name=""/>
    </Roster>
  </User>
</Openfire>
"""


async def test_accounts_arrive_with_password_and_roster(tmp_path: Path) -> None:
    file = tmp_path / "users.xml"
    file.write_text(EXPORT)
    async with open_house(tmp_path) as house:
        commands = Commands(house.server.extensions.values())
        arguments = {"file": str(file), "host": "capulet.example"}
        report = await commands.run("import openfire", arguments)
        assert isinstance(report, dict)
        assert (report["created"], report["problems"]) == (1, [])
        record = await house.server.store.find("capulet.example", "juliet")
        assert record is not None
        assert await house.server.extension(Accounts).password_fits(record, "wherefore")
        account = await house.server.accounts.get(JULIET)
        assert account is not None
        roster = roster_of(account)
        assert roster.groups_of(parse_bare("romeo@montague.example")) == ("Friends",)
        assert roster.subscription_of(parse_bare("romeo@montague.example")) == "both"
        assert roster.state_of(parse_bare("nurse@capulet.example")).pending_out
        assert [each.contact for each in roster.requests] == ["paris@capulet.example"]


@pytest.mark.parametrize("text", ["<Jabber/>", "<!DOCTYPE x []><Openfire/>", "<Openfire>"])
async def test_other_files_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "users.xml"
    file.write_text(text)
    async with open_house(tmp_path) as house:
        commands = Commands(house.server.extensions.values())
        with pytest.raises(CommandError, match=r"users\.xml"):
            await commands.run("import openfire", {"file": str(file), "host": "capulet.example"})
