"""Gives the stories of a ``.story`` file to pytest, each as one test."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from tests.support.config import HostOptions
from tests.support.server import Server
from tests.support.story.model import Story, StoryError
from tests.support.story.names import Names
from tests.support.story.parser import parse
from tests.support.story.runner import StoryFailedError, accounts, play


class StoryBook:
    """Knows every story that pytest collected, and on which hosts each is played."""

    def __init__(self) -> None:
        self._stories: list[tuple[Story, Names]] = []

    def add(self, story: Story) -> Names:
        """Take a story in and give it hosts of its own."""
        names = Names(story.hosts, len(self._stories) + 1)
        self._stories.append((story, names))
        return names

    def hosts(self) -> dict[str, HostOptions]:
        """Give the virtual hosts that the server of all stories has."""
        return {
            names.to_server(host): options
            for story, names in self._stories
            for host, options in story.hosts.items()
        }

    def administrators(self) -> tuple[str, ...]:
        """Give the accounts that administer the server."""
        return tuple(
            names.to_server(actor.bare)
            for story, names in self._stories
            for actor in story.cast.values()
            if actor.administrator
        )

    def accounts(self) -> dict[str, str]:
        """Give the accounts to create, as bare JID and password."""
        return {
            jid: password
            for story, names in self._stories
            for jid, password in accounts(story, names).items()
        }


BOOK = pytest.StashKey[StoryBook]()


def book(config: pytest.Config) -> StoryBook:
    """Give the session's book of stories."""
    return config.stash.setdefault(BOOK, StoryBook())


class StoryFile(pytest.Module):
    """Collects a file of stories as if it were a module of test functions."""

    def _getobj(self) -> ModuleType:
        module = ModuleType(self.path.stem, f"Stories of {self.path.name}.")
        try:
            stories = parse(_relative(self.path, self.config.rootpath))
        except StoryError as error:
            raise self.CollectError(str(error)) from None
        for story in stories:
            name = "test_" + re.sub(r"\W+", "_", story.title.lower()).strip("_")
            setattr(module, name, _test(story, book(self.config).add(story)))
        return module


def _test(story: Story, names: Names) -> Callable[[Server], None]:
    def test(story_server: Server) -> None:
        failure = _play(story, story_server, names)
        if failure:
            pytest.fail(failure, pytrace=False)

    test.__doc__ = f"{story.source}: {story.title}"
    return test


def _play(story: Story, server: Server, names: Names) -> str | None:
    try:
        asyncio.run(play(story, server, names))
    except (StoryFailedError, StoryError) as failure:
        return str(failure) if server.alive else f"{failure}\nThe server has died."
    return None


def _relative(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else path
