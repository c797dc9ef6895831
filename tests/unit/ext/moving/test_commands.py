"""Who may move accounts: the shell of the machine, and nobody by chat."""

from pathlib import Path

from tests.support.house import open_house

from palaver.ext.adhoc.operations import operations


async def test_commands_that_touch_files_are_not_offered_to_chat_clients(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        host = next(iter(house.server.hosts.values()))
        offered = {each.node for each, _ in operations(house.server, host)}
    assert not [node for node in offered if "backup" in node or "import-" in node]
    assert not [node for node in offered if "export" in node]
    assert "urn:x-palaver:command:user-list" in offered
