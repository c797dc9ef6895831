"""Prosody's Lua tables are read as values, and nothing else is taken for one."""

from pathlib import Path

import pytest

from palaver.ext.moving import lua
from palaver.ext.moving.names import FormatError

ROSTER = rb"""return {
	[false] = {
		["version"] = 3;
		["pending"] = { ["paris@x"] = true; };
	};
	["a\"b\\c\n\226\130\172@x"] = { ["groups"] = {}; subscription = "both", 1.5, -2; 0x10 };
};
"""


def load(path: Path, data: bytes) -> lua.Table:
    path.write_bytes(data)
    return lua.load(path)


def test_a_table_is_read(tmp_path: Path) -> None:
    assert load(tmp_path / "x.dat", ROSTER) == {
        "false": {"version": 3, "pending": {"paris@x": True}},
        'a"b\\c\n\u20ac@x': {"groups": {}, "subscription": "both", 1: 1.5, 2: -2, 3: 16},
    }


@pytest.mark.parametrize(
    "data",
    [
        b"return os.execute('id')",
        b"os.execute('id') return {}",
        b"return {} os.execute('id')",
        b"return { x = io.open('/etc/passwd') }",
        b"return { [{}] = 1 }",
        b"return function() end",
        b"return {" + b"{" * 1000,
        b"return { 'single' }",
        b"return { x = ",
        b'return { "open',
        b"return 1",
        b"\x1bLua",
        b"",
    ],
)
def test_what_is_no_data_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(FormatError):
        load(tmp_path / "x.dat", data)


def test_a_list_is_read_item_by_item(tmp_path: Path) -> None:
    file = tmp_path / "x.list"
    file.write_bytes(b'item({\n\t["key"] = "a";\n});\n   \nitem({ "b" });\n')
    assert list(lua.items(file)) == [{"key": "a"}, {1: "b"}]
