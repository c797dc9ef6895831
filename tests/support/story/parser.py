"""Reading of ``.story`` files into `Story` objects."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.support.config import HostOptions
from tests.support.story.model import (
    Action,
    Actor,
    Befriend,
    Block,
    CannotLogIn,
    Closed,
    ComeOnline,
    Connect,
    Disconnect,
    Drop,
    IsOffered,
    LogIn,
    MayClose,
    OneOrMoreReceive,
    Receive,
    ReceiveNothing,
    Send,
    Skip,
    Step,
    Story,
    StoryError,
)

_HOST = re.compile(r"Host (?P<host>\S+): (?P<options>.+)")
_CAST = re.compile(r"(?P<name>[^\W\d_][\w' -]*?): (?P<jid>\S+)(?: \((?P<options>.*)\))?")

_MECHANISM = re.compile(r"using (?P<name>[A-Z0-9-]+)")
_PASSWORD = re.compile(r"password (?P<password>\S+)")
_LANGUAGE = re.compile(r"language (?P<tag>[A-Za-z0-9-]+)")

# What may stand in the brackets after an actor's address.
_ACTOR_OPTIONS: dict[str, dict[str, Any]] = {
    "direct TLS": {"security": "direct"},
    "plain TCP": {"security": "plain"},
    "does not log in": {"logs_in": False, "has_account": False},
    "logs in by hand": {"logs_in": False},
    "names itself": {"names_itself": True},
    "no account": {"has_account": False},
    "administrator": {"administrator": True},
    "component": {"component": True, "logs_in": False, "has_account": False},
}
_HOST_OPTIONS: dict[str, dict[str, Any]] = {
    "registration": {"registration": True},
    "registration by approval": {"approval": True},
    "registration with a question": {"question": True},
    "anonymous login": {"anonymous": True},
    "user search": {"search": True},
}

_A = r"(?P<a>NAME)"
_B = r"(?P<b>NAME)"
_Match = re.Match[str]

# Every step, with {a} and {b} for actors. Those that end with a colon have a block of XML.
_STEPS: dict[str, Callable[[_Match], Action]] = {
    rf"{_A} connects": lambda m: Connect(m["a"]),
    rf"{_A} comes online(?: with priority (?P<priority>-?\d+))?": lambda m: ComeOnline(
        m["a"], int(m["priority"] or 0)
    ),
    rf"{_A} logs in": lambda m: LogIn(m["a"]),
    rf"{_A} cannot log in(?: \((?P<condition>[a-z-]+)\))?": lambda m: CannotLogIn(
        m["a"], m["condition"]
    ),
    rf"{_A} disconnects": lambda m: Disconnect(m["a"]),
    rf"{_A} drops the connection": lambda m: Drop(m["a"]),
    rf"{_A}'s connection is closed": lambda m: Closed(m["a"]),
    rf"{_A}'s connection may be closed": lambda m: MayClose(m["a"]),
    rf"{_A} receives nothing": lambda m: ReceiveNothing(m["a"]),
    rf"{_A} skips what came": lambda m: Skip(m["a"]),
    rf"{_A} is subscribed to {_B}": lambda m: Befriend(m["a"], m["b"], mutual=False),
    rf"{_A} and {_B} are contacts": lambda m: Befriend(m["a"], m["b"], mutual=True),
}
_BLOCK_STEPS: dict[str, Callable[[_Match, Block], Action]] = {
    rf"{_A} is offered:": lambda m, block: IsOffered(m["a"], block),
    rf"{_A} sends:": lambda m, block: Send(m["a"], block),
    rf"{_A} receives:": lambda m, block: Receive(m["a"], block, "in order"),
    rf"{_A} receives in any order:": lambda m, block: Receive(m["a"], block, "in any order"),
    rf"{_A} may receive:": lambda m, block: Receive(m["a"], block, "perhaps"),
    r"One or more of (?P<list>NAME(?:, NAME)+) receive:": lambda m, block: OneOrMoreReceive(
        tuple(m["list"].split(", ")), block
    ),
}


def forms() -> list[str]:
    """List the forms a step can have, for messages and for the page that documents them."""
    shown = []
    for form in (*_STEPS, *_BLOCK_STEPS):
        text = form.replace(_A, "Romeo").replace(_B, "Juliet")
        text = text.replace(r"(?P<list>NAME(?:, NAME)+)", "Juliet, Phone")
        text = re.sub(r"\(\?P<condition>[^)]*\)", "condition", text)
        text = re.sub(r"\(\?P<priority>[^)]*\)", "5", text)
        text = re.sub(r"\(\?:(.*)\)\?", r"[\1]", text)
        shown.append(text.replace("\\", ""))
    return shown


@dataclass(slots=True)
class _Section:
    """The lines of one story, or what a file says before its first."""

    line: int = 1
    title: str = ""
    cast: dict[str, Actor] = field(default_factory=dict)
    hosts: dict[str, HostOptions] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


def parse(file: Path, text: str | None = None) -> list[Story]:
    """Read the stories of a file; raises `StoryError`."""
    return _Parser(file, file.read_text() if text is None else text).stories()


class _Parser:
    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._lines = list(enumerate(text.expandtabs(4).splitlines(), 1))
        self._source = ""
        self._common = _Section()
        self._sections: list[_Section] = []
        self._pending: tuple[int, str] | None = None
        self._block: list[tuple[int, str]] = []

    def stories(self) -> list[Story]:
        for number, line in self._lines:
            self._line(number, line.rstrip())
        self._finish_step()
        if not self._sections:
            raise StoryError(self._file, 1, "there is no story: none has a title (== Title)")
        stories = [self._story(section) for section in self._sections]
        _check_titles(stories)
        return stories

    @property
    def _section(self) -> _Section:
        return self._sections[-1] if self._sections else self._common

    def _line(self, number: int, line: str) -> None:
        if line.startswith(" "):
            self._indented(number, line)
        elif not line:
            self._block.append((number, ""))
        elif not line.startswith("#"):
            self._finish_step()
            self._statement(number, line)

    def _indented(self, number: int, line: str) -> None:
        if self._pending is None or not self._pending[1].endswith(":"):
            raise StoryError(self._file, number, "indented XML without a step that ends with ':'")
        self._block.append((number, line))

    def _statement(self, number: int, line: str) -> None:
        if line.startswith("== "):
            self._sections.append(_Section(number, line.removeprefix("== ").strip()))
        elif line.startswith("= "):
            if self._source:
                raise StoryError(self._file, number, "a file has one heading (= Source)")
            self._source = line.removeprefix("= ").strip()
        elif host := _HOST.fullmatch(line):
            self._host(number, host)
        elif not self._section.steps and (cast := _CAST.fullmatch(line)):
            self._cast(number, cast)
        else:
            self._pending = (number, line)

    def _host(self, number: int, match: _Match) -> None:
        options = HostOptions()
        for option in match["options"].split(", "):
            options = replace(options, **self._lookup(number, option, _HOST_OPTIONS))
        self._section.hosts[match["host"]] = options

    def _cast(self, number: int, match: _Match) -> None:
        actor = Actor(match["name"], match["jid"])
        for option in (match["options"] or "").split(", ") if match["options"] else ():
            actor = replace(actor, **self._actor_option(number, option))
        if actor.logs_in and "@" not in actor.bare and actor.mechanism != "ANONYMOUS":
            raise StoryError(self._file, number, f"{actor.name} needs an account to log in")
        self._section.cast[actor.name] = actor

    def _actor_option(self, number: int, option: str) -> Mapping[str, Any]:
        if match := _MECHANISM.fullmatch(option):
            anonymous = {"has_account": False} if match["name"] == "ANONYMOUS" else {}
            return {"mechanism": match["name"], **anonymous}
        if match := _PASSWORD.fullmatch(option):
            return {"password": match["password"]}
        if match := _LANGUAGE.fullmatch(option):
            return {"language": match["tag"]}
        return self._lookup(number, option, _ACTOR_OPTIONS)

    def _lookup(
        self, number: int, option: str, known: Mapping[str, Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        if option not in known:
            raise StoryError(
                self._file, number, f"unknown option {option!r}; there is {', '.join(known)}"
            )
        return known[option]

    def _finish_step(self) -> None:
        pending, block = self._pending, self._block
        self._pending, self._block = None, []
        if pending is None:
            return
        number, text = pending
        while block and not block[-1][1]:
            block.pop()
        while block and not block[0][1]:
            block.pop(0)
        self._section.steps.append(Step(number, text, self._action(number, text, block)))

    def _action(self, number: int, text: str, block: list[tuple[int, str]]) -> Action:
        names = self._common.cast | self._section.cast
        if text.endswith(":"):
            for form, make in _BLOCK_STEPS.items():
                if match := _actors(form, names).fullmatch(text):
                    return make(match, self._xml(number, block))
        else:
            for form, build in _STEPS.items():
                if match := _actors(form, names).fullmatch(text):
                    return build(match)
        known = "\n  ".join(forms())
        raise StoryError(
            self._file,
            number,
            f"this is no step: {text!r}\nThe cast is {', '.join(names) or 'empty'}; steps are\n"
            f"  {known}",
        )

    def _xml(self, number: int, block: list[tuple[int, str]]) -> Block:
        if not block:
            raise StoryError(self._file, number, "the step ends with ':' but no XML follows")
        indent = min(len(line) - len(line.lstrip()) for _, line in block if line)
        return Block(block[0][0], "\n".join(line[indent:] for _, line in block))

    def _story(self, section: _Section) -> Story:
        cast = self._common.cast | section.cast
        hosts = {actor.host: HostOptions() for actor in cast.values() if not actor.component}
        return Story(
            self._file,
            section.line,
            self._source,
            section.title,
            cast,
            hosts | self._common.hosts | section.hosts,
            (*self._common.steps, *section.steps),
        )


def _actors(form: str, names: Mapping[str, Actor]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    alternatives = "|".join(map(re.escape, longest_first)) or r"(?!)"
    return re.compile(form.replace("NAME", f"(?:{alternatives})"))


def _check_titles(stories: list[Story]) -> None:
    seen: set[str] = set()
    for story in stories:
        if story.title in seen:
            raise StoryError(story.file, story.line, f"a second story {story.title!r}")
        seen.add(story.title)
        if not story.steps:
            raise StoryError(story.file, story.line, "nothing happens in the story")
