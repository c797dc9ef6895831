"""The documentation for developers says what the code says."""

import importlib
import re
from pathlib import Path

import pytest

from palaver.kernel.hooks import ALL

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]*)(?:#[^)\s]*)?\)")
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_guide_to_extensions_quotes_the_sample() -> None:
    page = (ROOT / "docs/developers/extensions.md").read_text(encoding="utf-8")
    sample = ROOT / "tests/sample_extension"
    sources = "".join(
        file.read_text(encoding="utf-8")
        for file in (sample / "palaver_greeter/__init__.py", sample / "test_greeter.py")
    )
    quoted = [line for block in BLOCK.findall(page) for line in block.splitlines()]
    assert len(quoted) > 30
    assert [line for line in quoted if line not in sources.splitlines()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    targets = LINK.findall(page.read_text(encoding="utf-8"))
    local = [target for target in targets if target and "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_the_life_of_a_stanza_names_what_there_is() -> None:
    page = (ROOT / "docs/developers/life-of-a-stanza.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)/(\w+)\.py:([\w.]+)`", page))
    assert len(named) > 20
    missing = [":".join(each) for each in sorted(named) if not _exists(*each)]
    assert missing == []
    hooks = set(re.findall(r"\bhook `(\w+)`", page))
    assert hooks <= {hook.name for hook in ALL}


def _exists(package: str, module: str, name: str) -> bool:
    found: object = importlib.import_module(f"palaver.{package}.{module}")
    *outer, last = name.split(".")
    for part in outer:
        found = getattr(found, part)
    # An attribute that only instances have is in the slots.
    return hasattr(found, last) or last in getattr(found, "__slots__", ())
