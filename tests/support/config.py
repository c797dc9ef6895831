"""The configuration of a server under test: the only place that knows the keys."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Ports:
    """The loopback ports of one server."""

    starttls: int
    tls: int
    metrics: int
    components: int
    bytestreams: int


@dataclass(frozen=True, slots=True)
class HostOptions:
    """What one virtual host allows beyond the defaults."""

    registration: bool = False
    approval: bool = False
    question: bool = False
    anonymous: bool = False
    search: bool = False
    without: tuple[str, ...] = ()

    def settings(self) -> dict[str, Any]:
        """Give the host's section of the configuration."""
        section: dict[str, Any] = {}
        if self.anonymous:
            section["anonymous"] = True
        if self.without:
            section["without"] = list(self.without)
        extensions: dict[str, Any] = {}
        if self.registration or self.approval or self.question:
            # The passwords of XEP-0077's examples are shorter than our default allows.
            extensions["registration"] = {
                "open": True,
                "min_password_length": 6,
                "approval": self.approval,
                "challenge": self.question,
                "questions": [
                    "en: Type the color of a stop light = red",
                    "de: Welche Farbe hat ein Haltesignal? = rot",
                ],
            }
        if self.search:
            extensions["user_search"] = {"enabled": True}
        return section | ({"extensions": extensions} if extensions else {})


def _localhost() -> dict[str, HostOptions]:
    return {"localhost": HostOptions()}


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What a test wants of its server.

    ``settings`` is merged over everything else, section by section:
    ``{"limits": {"stanza_bytes": 10_000}}``. A key that is None is left out.
    """

    hosts: Mapping[str, HostOptions] = field(default_factory=_localhost)
    admins: tuple[str, ...] = ()
    database: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)


def render(options: ServerOptions, ports: Ports, certificate: Path, key: Path) -> str:
    """Write the configuration file of a server."""
    tls = {"certificate": str(certificate), "key": str(key)}
    config: dict[str, Any] = {
        "server": {"admins": list(options.admins)},
        "listen": {
            "starttls": [f"127.0.0.1:{ports.starttls}"],
            "tls": [f"127.0.0.1:{ports.tls}"],
            "components": [f"127.0.0.1:{ports.components}"],
            "bytestreams": [f"127.0.0.1:{ports.bytestreams}"],
        },
        # Tests create many accounts and lose nothing that matters in a power cut.
        "sasl": {"iterations": 4096},
        "storage": {"synchronous": "off"},
        "log": {"format": "json", "level": "info"},
        "metrics": {"listen": f"127.0.0.1:{ports.metrics}"},
        "federation": {"enabled": False},
        "hosts": {name: host.settings() | tls for name, host in options.hosts.items()},
    }
    if options.database:
        config["storage"]["url"] = options.database
    return "\n".join(_section((), _merged(config, options.settings))) + "\n"


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[key] = _merged(old, value)
        else:
            merged[key] = value
    return merged


def _section(path: tuple[str, ...], section: Mapping[str, Any]) -> list[str]:
    lines = [f"[{'.'.join(_key(part) for part in path)}]"] if path else []
    tables = {key: value for key, value in section.items() if isinstance(value, Mapping)}
    lines += [
        # JSON's strings, numbers, booleans and arrays of them are TOML's too.
        f"{_key(key)} = {json.dumps(value, ensure_ascii=False)}"
        for key, value in section.items()
        if key not in tables and value is not None
    ]
    for key, value in tables.items():
        lines += _section((*path, key), value)
    return lines


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
