"""Loading of the configuration: one TOML file, environment overrides, checked settings.

The keys are declared in `palaver.kernel.settings`; extensions declare theirs in a ``Config``
model, which the loader checks here with `check_extensions` and reads with `extension_settings`.
"""

import json
import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from palaver.jid import prepare_domain
from palaver.kernel.config_error import (
    ConfigError,
    Location,
    Origin,
    Problem,
    diagnose,
    suggest,
)
from palaver.kernel.environment import merged, overrides
from palaver.kernel.settings import ExtensionSettings, Settings
from palaver.kernel.toml_lines import key_lines

__all__ = [
    "ConfigError",
    "Problem",
    "check_extensions",
    "explicitly_enabled",
    "extension_enabled",
    "extension_settings",
    "load",
    "parse",
]

FILE_NAME = "palaver.toml"

Config = TypeVar("Config", bound=BaseModel)

_DELEGATION: Final = "urn:xmpp:delegation:2"
_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")


def load(
    data: Path, file: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Read the settings of the server whose data directory is ``data``.

    ``file`` is the configuration file; without it ``palaver.toml`` in the data directory is read
    if it is there. ``environ`` (default: the process's) overrides single keys. Raises
    `ConfigError` with every problem found.
    """
    environ = os.environ if environ is None else environ
    path = file or data / FILE_NAME
    try:
        document = path.read_bytes()
    except FileNotFoundError:
        if file is not None:
            raise ConfigError(Problem("", "there is no such file", "", str(path))) from None
        return parse("", None, environ)
    except OSError as error:
        raise ConfigError(Problem("", f"cannot be read: {error.strerror}", "", str(path))) from None
    try:
        return parse(document.decode(), path, environ)
    except UnicodeDecodeError as error:
        line = document.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            Problem("", "is not UTF-8 text", "Save the file as UTF-8.", str(path), line)
        ) from None


def parse(
    document: str, file: Path | None = None, environ: Mapping[str, str] | None = None
) -> Settings:
    """Read settings from the text of a TOML file; raises `ConfigError`."""
    document = document.replace("\r\n", "\n")
    try:
        written = tomllib.loads(document)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax(str(error), document, file)) from None
    changed, variables = overrides(environ or {})
    origin = Origin(file, key_lines(document), variables)
    keys = merged(written, changed)
    settings = _checked(Settings, keys, origin)
    problems = [
        *_written_twice(keys, origin),
        *_without_host(settings, origin),
        *_of_hosts(settings, origin),
    ]
    if problems:
        raise ConfigError(*problems)
    return settings.with_origin(origin)


def _written_twice(keys: Mapping[str, Any], origin: Origin) -> Iterator[Problem]:
    """Find domains that differ in spelling only: the sections of one would hide those of another.

    The address of a component is no host either.
    """
    known: dict[str, str] = {}
    for section, kind in (("hosts", "host"), ("components", "address")):
        for name in keys.get(section, {}):
            first = known.setdefault(prepare_domain(name), name)
            taken = first != name or (section == "components" and name in keys.get("hosts", {}))
            if taken:
                yield Problem(
                    f"{section}.{json.dumps(name, ensure_ascii=False)}",
                    f"is the same {kind} as {json.dumps(first, ensure_ascii=False)}",
                    "Put both sections together under one spelling."
                    if section == "hosts"
                    else "Give the component an address of its own.",
                    *origin.where((section, name)),
                )


def _without_host(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """Find what components are granted on hosts that there are not, or that two of them answer."""
    answered: dict[tuple[str, str], str] = {}
    for component, section in settings.components.items():
        for key, hosts in (
            ("privileges", section.privileges),
            ("delegations", section.delegations),
        ):
            for host in hosts.keys() - settings.hosts.keys():
                hint = suggest(host, settings.hosts)
                path: Location = ("components", component, key, host)
                yield origin.problem(path, f'there is no host "{host}"', hint)
        for host, namespaces in section.delegations.items():
            for namespace in namespaces:
                path = ("components", component, "delegations", host, namespace)
                if namespace == _DELEGATION:
                    yield origin.problem(path, "cannot be delegated itself (XEP-0355 §8)", "")
                first = answered.setdefault((host, namespace), component)
                if first != component:
                    yield origin.problem(path, f"is answered by {first} already", "")


def _of_hosts(settings: Settings, origin: Origin) -> Iterator[Problem]:
    """Find certificates of other domains that are those of hosts."""
    hosts = {prepare_domain(name): name for name in settings.hosts}
    for name in settings.certificates:
        host = hosts.get(prepare_domain(name))
        if host is not None:
            hint = f"Its certificate belongs to [hosts.{json.dumps(host, ensure_ascii=False)}]."
            yield origin.problem(("certificates", name), "is a host", hint)


def extension_enabled(
    settings: Settings, name: str, host: str | None = None, *, default: bool = True
) -> bool:
    """Tell whether an extension is on: on one host, or (without ``host``) on any of them.

    ``default`` is what the extension itself declares.
    """
    if host is None:
        return any(
            extension_enabled(settings, name, each, default=default) for each in settings.hosts
        )
    own = settings.hosts[host]
    if name in own.without:
        return False
    for source in (own.extensions, settings.extensions):
        if name in source and (enabled := source[name].enabled) is not None:
            return enabled
    return default


def explicitly_enabled(settings: Settings) -> set[str]:
    """Return the names of the extensions that the configuration turns on by name."""
    sections = (settings.extensions, *(host.extensions for host in settings.hosts.values()))
    return {name for each in sections for name, section in each.items() if section.enabled}


def extension_settings(
    settings: Settings, name: str, model: type[Config], host: str | None = None
) -> Config:
    """Make an extension's ``Config`` from ``[extensions.<name>]``, and a host's own keys over it.

    Raises `ConfigError` with every wrong key of it.
    """
    origin = settings.origin
    written = _own_keys(settings.extensions.get(name))
    if host is None:
        return _checked(model, written, origin, ("extensions", name))
    changed = _own_keys(settings.hosts[host].extensions.get(name))
    prefix: Location = ("hosts", host, "extensions", name)
    return _checked(
        model, merged(written, changed), origin.over(prefix, ("extensions", name)), prefix
    )


def check_extensions(settings: Settings, models: Mapping[str, type[BaseModel]]) -> None:
    """Check what the configuration says about extensions against those that exist.

    ``models`` has the ``Config`` of every installed extension, on or off, by its name. Raises
    `ConfigError` with all problems: names that do not exist, and wrong keys and values.
    """
    problems = [*_unknown_names(settings, models)]
    for host in (None, *settings.hosts):
        section = settings.extensions if host is None else settings.hosts[host].extensions
        for name in section.keys() & models.keys():
            try:
                extension_settings(settings, name, models[name], host)
            except ConfigError as error:
                problems += error.problems
    if problems:
        # A wrong key of all hosts shows up again for each host that changes another.
        told: dict[object, Problem] = {}
        for each in problems:
            told.setdefault((each.source, each.line, each.reason), each)
        raise ConfigError(*_in_order(told.values()))


def _unknown_names(settings: Settings, known: Iterable[str]) -> Iterator[Problem]:
    names = set(known)
    places: list[tuple[Location, str]] = [
        (("extensions", name), name) for name in settings.extensions
    ]
    for host, own in settings.hosts.items():
        places += [(("hosts", host, "extensions", name), name) for name in own.extensions]
        places += [(("hosts", host, "without", str(i)), name) for i, name in enumerate(own.without)]
    for path, name in places:
        if name not in names:
            yield settings.origin.problem(
                path, f'there is no extension "{name}"', suggest(name, names)
            )


def _own_keys(section: ExtensionSettings | None) -> dict[str, Any]:
    return dict(section.model_extra or {}) if section else {}


def _checked(
    model: type[Config], values: Mapping[str, Any], origin: Origin, prefix: Location = ()
) -> Config:
    try:
        # As JSON, because only there strict types go together with lists for tuples.
        return model.model_validate_json(json.dumps(values, default=str), strict=True)
    except ValidationError as error:
        raise ConfigError(*_in_order(diagnose(error, model, origin, prefix))) from None


def _in_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda each: (each.line or 0, each.path))


def _syntax(message: str, document: str, file: Path | None) -> Problem:
    place = _PLACE.search(message)
    line = int(place[1]) if place else document.count("\n") + 1
    reason = _PLACE.sub("", message).removesuffix(" (at end of document)")
    return Problem(
        "",
        f"is not TOML: {reason[:1].lower()}{reason[1:]}",
        'Texts need quotes: name = "value".' if reason == "Invalid value" else "",
        str(file or ""),
        line,
    )
