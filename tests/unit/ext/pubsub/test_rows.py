"""Each use case and each error of XEP-0060 §5 to §8 has a story, or a reason why there is none."""

import re
from pathlib import Path
from typing import Final

STORIES: Final = Path(__file__).parents[3] / "stories"

_TABLE: Final = """
    5.1 5.2 5.3 5.4 5.5 5.6 5.7
    6.1.3.1 6.1.3.2 6.1.3.3 6.1.3.4 6.1.3.5 6.1.3.6 6.1.3.7 6.1.3.8 6.1.3.9 6.1.3.10 6.1.3.11
    6.1.3.12 6.1.4 6.1.5 6.1.6 6.1.7 6.2.3.1 6.2.3.2 6.2.3.3 6.2.3.4 6.2.3.5
    6.3.4.1 6.3.4.2 6.3.4.3 6.3.4.4 6.3.4.5 6.3.4.6 6.3.4.7 6.3.6.2 6.3.7 6.4 6.4.3.1 6.4.3.2
    6.5.2 6.5.3 6.5.4 6.5.5 6.5.6 6.5.7 6.5.8 6.5.9.1 6.5.9.2 6.5.9.3 6.5.9.4 6.5.9.5 6.5.9.6
    6.5.9.7 6.5.9.8 6.5.9.9 6.5.9.10 6.5.9.11 6.5.9.12
    7.1 7.1.2 7.1.2.2 7.1.2.3 7.1.2.4 7.1.2.5 7.1.3.1 7.1.3.2 7.1.3.3 7.1.3.4 7.1.3.5 7.1.3.6
    7.1.3.7 7.1.4 7.1.5 7.2.2 7.2.2.1 7.2.2.2 7.2.3.1 7.2.3.2 7.2.3.3 7.2.3.4 7.2.3.5 7.2.3.6
    8.1.1 8.1.2 8.1.3 8.2.1 8.2.3 8.2.3.1 8.2.3.3 8.2.3.4 8.2.5.2 8.2.5.3 8.3 8.3.4.1 8.3.4.2
    8.4 8.4.2 8.4.3 8.5.2 8.5.3 8.5.3.1 8.5.3.3 8.6 8.7 8.7.3 8.7.4 8.8 8.8.1.2 8.8.2 8.8.2.4
    8.8.1.3.1 8.8.2.3.1 8.9 8.9.1 8.9.2 8.9.2.3.1 8.9.2.3.2 8.9.2.4
"""
ROWS: Final = _TABLE.split()

_OF_ALL_NODES: Final = "every node has it"
_ONCE: Final = "an address subscribes once to a node"
WITHOUT: Final = {
    "6.1.3.5": "nothing has a price",
    "6.1.3.6": "test_service: guests",
    "6.1.3.9": "test_service: limits",
    "6.1.3.11": "nodes do not move",
    "6.1.5": "no node requires options",
    "6.2.3.1": _ONCE,
    "6.3.4.4": _ONCE,
    "6.3.4.6": _OF_ALL_NODES,
    "6.4.3.1": _OF_ALL_NODES,
    "6.4.3.2": _OF_ALL_NODES,
    "6.5.5": "a node that keeps nothing has no last item",
    "6.5.9.1": _ONCE,
    "6.5.9.5": _OF_ALL_NODES,
    "6.5.9.9": "nothing has a price",
    "7.1.2.4": _ONCE,
    "7.1.3.2": _OF_ALL_NODES,
    "7.1.3.3": "test_service: guests",
    "7.2.2.2": _ONCE,
    "7.2.3.6": _OF_ALL_NODES,
    "8.2.3.1": _OF_ALL_NODES,
    "8.2.3.4": _OF_ALL_NODES,
    "8.3.4.1": _OF_ALL_NODES,
    "8.3.4.2": _OF_ALL_NODES,
    "8.5.3.1": _OF_ALL_NODES,
    "8.8.1.3.1": _OF_ALL_NODES,
    "8.8.2.3.1": _OF_ALL_NODES,
    "8.9.2.3.1": _OF_ALL_NODES,
    "8.9.2.3.2": _OF_ALL_NODES,
}


def told() -> set[str]:
    """Return the sections that stories name in their titles."""
    files = [*STORIES.glob("pubsub*.story"), STORIES / "pep.story"]
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    titles = (line for line in lines if line.startswith("== "))
    return {section for title in titles for section in re.findall(r"§(\d[\d.]*\d)", title)}


def test_each_row_has_a_story_or_a_reason() -> None:
    assert [row for row in ROWS if row not in told() and row not in WITHOUT] == []


def test_reasons_are_for_rows_without_a_story() -> None:
    assert [row for row in WITHOUT if row in told() or row not in ROWS] == []
