"""Collects the stories of this folder; see docs/developers/stories.md."""

from pathlib import Path

import pytest
from tests.support.story.collector import StoryFile


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> StoryFile | None:
    if file_path.suffix != ".story":
        return None
    return StoryFile.from_parent(parent, path=file_path)
