"""Problems in the configuration, told so that they can be put right: where, what, and how."""

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ValidationError

from palaver.kernel import config_schema


@dataclass(frozen=True, slots=True)
class Problem:
    """Is one thing wrong with one key.

    ``path`` is the key with its sections (``limits.depth``), ``hint`` says what to write instead,
    ``source`` is a file or an environment variable, ``line`` counts from 1 within the file.
    """

    path: str
    reason: str
    hint: str = ""
    source: str = ""
    line: int | None = None

    def __str__(self) -> str:
        line = str(self.line) if self.line else ""
        where = ":".join(part for part in (self.source, line) if part)
        hint = f"\n    {self.hint}" if self.hint else ""
        return ": ".join(part for part in (where, self.path, self.reason) if part) + hint


class ConfigError(Exception):
    """Stops the start: carries every problem found, not only the first."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems

    @classmethod
    def at(cls, path: str, reason: str, hint: str = "") -> "ConfigError":
        """Make an error of one problem at a key (``hosts.example.org.certificate``)."""
        return cls(Problem(path, reason, hint))


Location = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Knows where each value came from: a line of the file, or an environment variable."""

    file: Path | None = None
    lines: Mapping[Location, int] = field(default_factory=dict)
    variables: Mapping[Location, str] = field(default_factory=dict)

    def where(self, path: Location) -> tuple[str, int | None]:
        """Find source and line of a path, or of the nearest section around it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.variables:
                return f"environment variable {self.variables[path[:end]]}", None
            if path[:end] in self.lines:
                return str(self.file or ""), self.lines[path[:end]]
        inside = [name for key, name in self.variables.items() if key[: len(path)] == path]
        if inside:
            return f"environment variable {inside[0]}", None
        return str(self.file or ""), None

    def over(self, prefix: Location, below: Location) -> "Origin":
        """Let paths under ``prefix`` that have no place of their own take those under ``below``."""
        own = self.lines.keys() | self.variables.keys()
        moved = {
            prefix + path[len(below) :]: path
            for path in own
            if path[: len(below)] == below and prefix + path[len(below) :] not in own
        }
        lines = {new: self.lines[old] for new, old in moved.items() if old in self.lines}
        variables = {
            new: self.variables[old] for new, old in moved.items() if old in self.variables
        }
        return Origin(self.file, {**lines, **self.lines}, {**variables, **self.variables})

    def problem(self, path: Location, reason: str, hint: str = "") -> Problem:
        """Make the problem of a path, with its place."""
        return Problem(dotted(path), reason, hint, *self.where(path))


def dotted(path: Location) -> str:
    """Write a path as TOML would: ``hosts."example.org".anonymous``, ``listen.tls[0]``."""
    written = ""
    for part in path:
        if part.isdigit():
            written += f"[{part}]"
            continue
        bare = part.replace("_", "").replace("-", "").isalnum() and part.isascii()
        written += ("." if written else "") + (part if bare else json.dumps(part))
    return written


def suggest(given: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant, or list those there are."""
    names = sorted(known)
    close = difflib.get_close_matches(given, names, n=1)
    if close:
        return f'Did you mean "{close[0]}"?'
    return f"Known here: {', '.join(names)}." if names else ""


def diagnose(
    error: ValidationError, model: type[BaseModel], origin: Origin, prefix: Location = ()
) -> Iterator[Problem]:
    """Turn pydantic's findings about a model that stands at ``prefix`` into problems."""
    root = config_schema.schema_of(model)
    found = error.errors(include_url=False)
    places = [tuple(str(part) for part in each["loc"]) for each in found]
    for each, place in zip(found, places, strict=True):
        if each["type"] == "too_short" and any(
            other[: len(place)] == place and len(other) > len(place) for other in places
        ):
            continue  # Follows from the wrong items, which are reported themselves.
        path = _without_marks(root, place, unknown=each["type"] == "extra_forbidden")
        if each["type"] == "literal_error" and not _whole_key(root, path).choices:
            continue  # One way to write it among others, and those are reported themselves.
        reason, hint = _explain(each["type"], each["msg"], each["input"], root, path)
        yield origin.problem(prefix + path, reason, hint)


def _without_marks(root: config_schema.Node, place: Location, *, unknown: bool) -> Location:
    """Leave out what pydantic adds to a location: ``[key]``, and the member of a union."""
    path: Location = ()
    for at, part in enumerate(place):
        named = unknown and at == len(place) - 1
        if named or config_schema.node_at(root, (*path, part)) is not None:
            path = (*path, part)
    return path


def _explain(
    kind: str, message: str, given: object, root: config_schema.Node, path: Location
) -> tuple[str, str]:
    if kind == "extra_forbidden":
        return "unknown key", _misspelled(root, path)
    node = config_schema.node_at(root, path)
    key = config_schema.describe(root, path[-1] if path else "", node or {})
    whole = _whole_key(root, path)
    shown = "this value" if key.secret else _shown(given)
    if kind == "missing":
        return "is missing", _example(whole)
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return f"is a section, not {shown}", f"Write [{dotted(path)}] on a line of its own."
    if kind == "literal_error":
        return f"{shown} is not one of the choices", _choice(given, key)
    if kind.endswith(("_type", "_parsing", "_from_float")):
        return f"must be {_wanted(key.type)}, not {shown}", _example(whole)
    if kind == "value_error":
        return message.removeprefix("Value error, "), _example(whole)
    if kind == "string_pattern_mismatch":
        return f"{shown} does not have the form this key needs", _example(whole)
    if key.range:
        return f"{shown} is out of range", f"Allowed: {key.range}; {_default(key)}."
    return f"{shown} cannot be used: {message}", _example(whole)


def _whole_key(root: config_schema.Node, path: Location) -> config_schema.Key:
    """Describe the key that a list's item belongs to."""
    while path and path[-1].isdigit():
        path = path[:-1]
    node = config_schema.node_at(root, path)
    return config_schema.describe(root, path[-1] if path else "", node or {})


def _wanted(type_name: str) -> str:
    names = {"boolean": "true or false", "integer": "a whole number"}
    return names.get(type_name, f"{'an' if type_name[0] in 'aeiou' else 'a'} {type_name}")


def _misspelled(root: config_schema.Node, path: Location) -> str:
    section = config_schema.node_at(root, path[:-1])
    names = config_schema.key_names(section or {})
    close = difflib.get_close_matches(path[-1], names, n=1)
    if close:
        return f'Did you mean "{close[0]}"?'
    elsewhere = [
        f"{name}.{path[-1]}"
        for name in config_schema.key_names(root)
        if path[-1] in config_schema.key_names(config_schema.node_at(root, (name,)) or {})
    ]
    if elsewhere:
        return f"There is {' and '.join(elsewhere)}."
    return suggest(path[-1], names)


def _choice(given: object, key: config_schema.Key) -> str:
    texts = [str(choice) for choice in key.choices]
    close = difflib.get_close_matches(str(given), texts, n=1)
    meant = f'Did you mean "{close[0]}"? ' if close else ""
    return f"{meant}Choices: {', '.join(_shown(each) for each in key.choices)}."


def _example(key: config_schema.Key) -> str:
    if not key.name:
        return ""
    example = key.example if key.example is not None else key.default
    if example is None:
        return ""
    return f"Example: {key.name} = {_shown(example)}"


def _default(key: config_schema.Key) -> str:
    return f"default {_shown(key.default)}"


def _shown(value: object) -> str:
    """Show a value as TOML writes it; long ones are cut."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."
