"""Finding, checking and ordering of extensions; what is wrong with one is told by name."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from palaver import ext
from palaver.kernel.commands import Commands
from palaver.kernel.dispatch import Dispatch
from palaver.kernel.errors import LoadError
from palaver.kernel.extension import Extension, Target, command, iq
from palaver.kernel.loader import discover, order, without_what_they_require

HEAD = "from palaver.kernel.extension import *\nfrom palaver.kernel import hooks\n"
ENTRY = "palaver_sample:Sample, the extension sample of the package palaver-sample"

Install = Callable[[str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Give a function that installs a package with one module of this text."""

    def write(text: str) -> None:
        info = tmp_path / "palaver_sample-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: palaver-sample\nVersion: 1\n")
        entry = "[palaver.extensions]\nsample = palaver_sample:Sample\n"
        (info / "entry_points.txt").write_text(entry)
        (tmp_path / "palaver_sample.py").write_text(HEAD + text)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "palaver_sample", raising=False)

    return write


def refusal() -> str:
    """Return why the installed extensions cannot be loaded."""
    with pytest.raises(LoadError) as error:
        discover(ext)
    return str(error.value)


def test_an_extension_of_another_package_is_found_by_its_entry_point(install: Install) -> None:
    install("class Sample(Extension):\n    name = 'sample'\n")
    found = discover(ext)
    assert found["sample"].__module__ == "palaver_sample"
    assert found["ping"].__module__ == "palaver.ext.ping"


def test_two_extensions_cannot_have_one_name(install: Install) -> None:
    install("class Sample(Extension):\n    name = 'ping'\n")
    assert refusal() == (
        "palaver_sample and palaver.ext.ping both call an extension ping; "
        "one of them needs another name"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "import nonesuch",
            "cannot be imported: ModuleNotFoundError: No module named 'nonesuch'. "
            "Put it right, or uninstall the package",
        ),
        ("class Other(Extension): ...", "cannot be imported: AttributeError"),
        (
            "class Sample(Extension):\n    @on(hooks.incoming)\n    def f(self, s, a): ...",
            "cannot be imported: TypeError: <hook incoming>: phase is needed",
        ),
        (
            "class Sample(Extension):\n    @command('greet')\n    async def f(self, a, p): ...",
            "cannot be imported: TypeError: command 'greet': the name is a group and a verb",
        ),
        ("class Sample: ...", "is not a subclass of palaver.kernel.extension.Extension"),
    ],
)
def test_an_entry_point_that_gives_no_extension_is_named(
    install: Install, text: str, reason: str
) -> None:
    install(text)
    assert refusal().startswith(f"{ENTRY}, {reason}")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("pass", "its name is None; it needs one of small letters, digits and underscores"),
        ("name = 'My Sample'", "its name is 'My Sample'; it needs one of small letters"),
        ("name = 'sample'; features = 'urn:x'", "features is not a tuple; a tuple of one has"),
        ("name = 'sample'; requires = ['ping']", "requires is not a tuple"),
        ("name = 'sample'; Config = dict", "its Config is not a subclass of"),
        (
            "name = 'sample'\n    class Config(ExtensionConfig):\n        words: str",
            "its setting words has no default; an extension works when it is just installed",
        ),
    ],
)
def test_a_wrong_declaration_is_told(install: Install, lines: str, reason: str) -> None:
    install(f"class Sample(Extension):\n    {lines}\n")
    assert refusal().startswith(f"{ENTRY}: {reason}")


def kind(name_: str, *required: str) -> type[Extension[Any]]:
    class Made(Extension):
        name = name_
        requires = required

    return Made


def test_each_extension_comes_after_those_it_requires() -> None:
    chosen = {"a": kind("a", "c"), "b": kind("b"), "c": kind("c", "b")}
    assert [each.name for each in order(chosen)] == ["b", "c", "a"]


@pytest.mark.parametrize(
    ("required", "reason"),
    [
        ("roster", "which is off; turn it on with enabled = true in [extensions.roster], or turn"),
        ("rooster", 'which is not installed. Did you mean "roster"?'),
    ],
)
def test_what_is_required_and_missing_is_named(required: str, reason: str) -> None:
    with pytest.raises(LoadError) as error:
        order({"sample": kind("sample", required)}, ("roster", "sample"))
    assert str(error.value).startswith(f"extension sample requires {required}, {reason}")


def test_what_builds_on_an_extension_that_is_off_is_off_as_well() -> None:
    chosen = {"a": kind("a", "b"), "b": kind("b", "c"), "d": kind("d", "c"), "e": kind("e", "f")}
    left_out = without_what_they_require(chosen, {*chosen, "c"}, {"d"})
    assert left_out == {"b": "c", "a": "b"}


def test_extensions_that_require_each_other_are_named() -> None:
    with pytest.raises(LoadError, match=r"require each other: (a → b → a|b → a → b)"):
        order({"a": kind("a", "b"), "b": kind("b", "a")})


def made(name: str, **methods: Any) -> Extension[Any]:
    own = type(name, (Extension,), {"name": name, **methods})
    extension: Extension[Any] = own.__new__(own)
    return extension


def test_two_extensions_that_answer_the_same_request_are_named() -> None:
    both = [
        made(name, ask=iq("get", "urn:x", "q", to=Target.HOST)(lambda self, request: None))
        for name in ("one", "two")
    ]
    with pytest.raises(LoadError) as error:
        Dispatch(both)
    assert str(error.value) == "the extensions one and two both answer get of urn:x q to host"


def test_two_extensions_that_declare_the_same_command_are_named() -> None:
    both = [made(name, run=command("x y")(lambda *_: None)) for name in ("one", "two")]
    with pytest.raises(LoadError) as error:
        Commands(both)
    assert str(error.value) == "the extensions one and two both declare the command x y"
