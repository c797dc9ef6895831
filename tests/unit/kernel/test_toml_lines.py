import tomllib

from hypothesis import given
from hypothesis import strategies as st

from palaver.kernel.toml_lines import key_lines

DOCUMENT = '''\
# first
a = 1
"b c".d = """
x = 1
[no]
"""
[hosts."example.org"] # comment
anonymous = true
certificate = 'a]b#'
list = [ # [
 1,
 "x = ]",
]
inline = { a = 1, b = {c=2} }
[hosts."example.org".extensions.muc]
e = \'\'\'y
z = 1\'\'\'
f.g = "\\"#"
[[rows]]
k = 2021-01-01 # x
[[rows]]
last=3'''


def test_each_key_has_the_line_it_is_written_on() -> None:
    tomllib.loads(DOCUMENT)
    assert key_lines(DOCUMENT) == {
        ("a",): 2,
        ("b c",): 3,
        ("b c", "d"): 3,
        ("hosts",): 7,
        ("hosts", "example.org"): 7,
        ("hosts", "example.org", "anonymous"): 8,
        ("hosts", "example.org", "certificate"): 9,
        ("hosts", "example.org", "list"): 10,
        ("hosts", "example.org", "inline"): 14,
        ("hosts", "example.org", "extensions"): 15,
        ("hosts", "example.org", "extensions", "muc"): 15,
        ("hosts", "example.org", "extensions", "muc", "e"): 16,
        ("hosts", "example.org", "extensions", "muc", "f"): 18,
        ("hosts", "example.org", "extensions", "muc", "f", "g"): 18,
        ("rows",): 19,
        ("rows", "k"): 20,
        ("rows", "last"): 22,
    }


LINES = st.sampled_from(
    [
        "",
        "# [x] a = 1",
        "  ",
        "K = 'a # b'",
        'K = "[\\"]"',
        "K = [\n 1, # ]\n 2 ]",
        'K = """\n[t]\nx = "1" \\\n"""',
        "K = '''\n\\'''",
        "K = { a = [1], 'b' = '}' } # c",
        "[T]",
        "K.x = 1.5e3",
    ]
)


@given(st.lists(LINES))
def test_every_top_level_key_is_found_on_its_line(lines: list[str]) -> None:
    named = [line.replace("K", f"k{i}").replace("T", f"t{i}") for i, line in enumerate(lines)]
    document = "\n".join(named)
    tomllib.loads(document)
    found = key_lines(document)
    line = 1
    for i, text in enumerate(named):
        if f"k{i}" in text or f"t{i}]" in text:
            place = next(at for path, at in found.items() if {f"k{i}", f"t{i}"} & set(path))
            assert place == line
        line += text.count("\n") + 1
