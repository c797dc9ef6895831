"""Imports point one way (docs/adr/0003): the law of layers, checked on the source."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import palaver

ROOT = Path(palaver.__file__).parent

LAW: dict[str, frozenset[str]] = {
    # What only says things, and imports nothing of ours.
    "specifications": frozenset(),
    "lookalike": frozenset(),
    # The protocol: no clock, no socket, no loop.
    "jid": frozenset(),
    "wire": frozenset({"jid"}),
    "sasl": frozenset({"jid"}),
    "stream": frozenset({"jid", "wire", "sasl"}),
    # The server without its features, its sockets and its database.
    "kernel": frozenset({"jid", "wire"}),
    # What is handed to the kernel, or is built on it.
    "ext": frozenset({"jid", "wire", "kernel", "lookalike", "sasl.keys"}),
    "store": frozenset({"kernel.storage", "kernel.config_error"}),
    "net": frozenset({"jid", "wire", "sasl", "stream", "kernel"}),
    "obs": frozenset({"kernel.settings", "kernel.endpoint"}),
    # What puts everything together.
    "cli": frozenset(
        {"jid", "wire", "kernel", "ext", "obs", "app", "net.platform", "sasl.domain_certificates"}
    ),
    "app": frozenset({"sasl", "kernel", "ext", "store", "net", "obs", "cli"}),
}
"""What each part may import: other parts, or single modules of theirs."""

EVERYWHERE = {"specifications"}
"""Where a part says what it implements."""

PURE = ("specifications", "lookalike", "jid", "wire", "sasl", "stream")
IMPURE = frozenset(
    {"asyncio", "selectors", "socket", "ssl", "structlog", "subprocess", "threading", "time"}
)
EXCEPTIONS = {
    # What is exported from a TLS connection lives in the object of that connection, and whether
    # that can be read is found out in a process of its own (docs/adr/0004).
    "palaver.sasl.exporter": frozenset({"ssl", "subprocess"}),
}
SOCKETLESS = ("kernel", "ext", "store")
SOCKETS = frozenset({"selectors", "socket", "ssl"})


class Import(NamedTuple):
    """One import: the module that has it, its line, and the module it names."""

    module: str
    line: int
    target: str

    @property
    def where(self) -> str:
        return f"{self.module}:{self.line} imports {self.target}"


def modules() -> Iterator[tuple[str, ast.Module]]:
    for file in sorted(ROOT.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        name = ".".join(("palaver", *parts)).removesuffix(".__init__")
        yield name, ast.parse(file.read_text("utf-8"))


def imports(name: str, tree: ast.Module) -> Iterator[Import]:
    """Find every import, those inside functions and for type checking too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name, node.lineno, alias.name)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: a relative import"
            module = node.module or ""
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield Import(name, node.lineno, whole if is_module(whole) else module)


def is_module(name: str) -> bool:
    if not name.startswith("palaver."):
        return False
    place = ROOT.joinpath(*name.split(".")[1:])
    return place.is_dir() or place.with_suffix(".py").is_file()


ALL = [found for name, tree in modules() for found in imports(name, tree)]


def part(module: str) -> str:
    """Return the part of Palaver that a module belongs to; empty for the package itself."""
    return module.partition(".")[2].partition(".")[0]


def test_every_part_is_under_the_law() -> None:
    assert {part(name) for name, _ in modules()} - {"", "__main__"} == set(LAW)


@pytest.mark.parametrize("name", LAW)
def test_a_part_imports_only_what_it_may(name: str) -> None:
    allowed = LAW[name] | EVERYWHERE | {name}
    offences = [
        found.where
        for found in ALL
        if part(found.module) == name
        and found.target.startswith("palaver.")
        and part(found.target) not in allowed
        and found.target.removeprefix("palaver.") not in allowed
    ]
    assert offences == []


def test_the_law_allows_nothing_that_is_not_needed() -> None:
    used = {
        (part(found.module), target)
        for found in ALL
        if found.target.startswith("palaver.")
        for target in (part(found.target), found.target.removeprefix("palaver."))
    }
    idle = [
        f"{name}: {target}"
        for name, targets in LAW.items()
        for target in targets
        if (name, target) not in used
    ]
    assert idle == []


def test_the_protocol_knows_no_clock_no_socket_and_no_loop() -> None:
    offences = [
        found.where
        for found in ALL
        if part(found.module) in PURE
        and found.target.partition(".")[0] in IMPURE - EXCEPTIONS.get(found.module, frozenset())
    ]
    assert offences == []


def test_only_the_shell_knows_sockets() -> None:
    offences = [
        found.where
        for found in ALL
        if part(found.module) in SOCKETLESS and found.target.partition(".")[0] in SOCKETS
    ]
    assert offences == []


def test_parts_below_the_application_do_not_import_each_other_in_circles() -> None:
    below = {name: {t.partition(".")[0] for t in LAW[name]} for name in LAW if name != "cli"}
    below["app"] -= {"cli"}
    placed: set[str] = set()
    while below:
        free = [name for name, needs in below.items() if needs <= placed | EVERYWHERE | {"cli"}]
        assert free, f"a circle among {sorted(below)}"
        placed.update(free)
        for name in free:
            del below[name]
