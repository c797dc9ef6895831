"""Gives the stories of a ``.story`` file to pytest, each as one test."""

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import pytest
from tests.support.config import HostOptions
from tests.support.server import Server
from tests.support.story.model import Story, StoryError
from tests.support.story.names import Names
from tests.support.story.parser import parse
from tests.support.story.runner import StoryFailedError, accounts, play


@dataclass(slots=True)
class StoryBook:
    """Knows stories, and on which hosts each is played, by the test's file and name."""

    _stories: dict[tuple[Path, str], tuple[Story, Names]] = field(default_factory=dict)

    def add(self, path: Path, name: str, story: Story) -> Names:
        """Take a story in and give it hosts of its own."""
        names = Names(story.hosts, len(self._stories) + 1)
        self._stories[path, name] = (story, names)
        return names

    def chosen(self, items: Iterable[pytest.Item]) -> "StoryBook":
        """Give a book of the stories that are going to be played."""
        wanted = {(item.path, getattr(item, "originalname", item.name)) for item in items}
        return StoryBook({key: told for key, told in self._stories.items() if key in wanted})

    def hosts(self) -> dict[str, HostOptions]:
        """Give the virtual hosts that the server of all stories has."""
        return {
            names.to_server(host): options
            for story, names in self._stories.values()
            for host, options in story.hosts.items()
        }

    def administrators(self) -> tuple[str, ...]:
        """Give the accounts that administer the server."""
        return tuple(
            names.to_server(actor.bare)
            for story, names in self._stories.values()
            for actor in story.cast.values()
            if actor.administrator
        )

    def components(self) -> dict[str, dict[str, str]]:
        """Give the sections of the components that take part."""
        return {
            names.to_server(actor.jid): {"secret": actor.password}
            for story, names in self._stories.values()
            for actor in story.cast.values()
            if actor.component
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
            names = book(self.config).add(self.path, name, story)
            setattr(module, name, _test(story, names))
        return module


def _test(story: Story, names: Names) -> Callable[[Server], None]:
    def test(story_server: Server) -> None:
        # Not all at once when the server starts: most of a session's stories may be played by
        # another process.
        story_server.add_accounts(accounts(story, names).items())
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
