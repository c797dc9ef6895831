"""The commented ``palaver.toml`` that setting up writes: every key, with its default."""

import secrets
import textwrap
from collections.abc import Iterator, Sequence

from palaver.cli.reference import toml
from palaver.kernel import config_schema
from palaver.kernel.config_schema import Key
from palaver.kernel.section import Section
from palaver.kernel.settings import (
    CertificateSettings,
    DomainSettings,
    HostSettings,
    Settings,
)

_HEAD = """\
# Palaver's configuration. Keys behind a "# " show their default, or an example where there is
# none; take the "# " away to change them. `palaver config check` finds mistakes, `palaver config
# reference` explains every key, those of extensions too.
"""


def configuration(hosts: Sequence[str], admins: Sequence[str]) -> str:
    """Write the file for these hosts and administrators."""
    root = config_schema.schema_of(Settings)
    lines = [_HEAD]
    for name in config_schema.key_names(root):
        node = config_schema.node_at(root, (name,))
        if name == "hosts":
            lines += _hosts(hosts)
        elif name == "certificates":
            lines += _certificates()
        elif name == "components":
            lines += _components()
        elif name == "domains":
            lines += _domains()
        elif name == "extensions":
            lines += _extensions()
        elif node and "properties" in node:
            values: dict[str, object] = {"admins": list(admins)} if name == "server" else {}
            lines += _section(f"[{name}]", root, node, values)
    return "\n".join(lines)


def _section(
    title: str, root: config_schema.Node, node: config_schema.Node, values: dict[str, object]
) -> Iterator[str]:
    yield title
    for key in config_schema.keys(root, node):
        yield from _comment(key.description + (f" Allowed: {key.range}." if key.range else ""))
        if key.name in values:
            yield f"{key.name} = {toml(values[key.name])}"
        else:
            yield f"# {key.name} = {_value(key)}"
    yield ""


def _hosts(hosts: Sequence[str]) -> Iterator[str]:
    root = config_schema.schema_of(HostSettings)
    for at, host in enumerate(hosts):
        if at == 0:
            yield from _section(f"[hosts.{toml(host)}]", root, root, {})
        else:
            yield f"[hosts.{toml(host)}]\n"


def _components() -> Iterator[str]:
    yield '# [components."irc.example.org"]'
    yield from _comment("An external component, such as a gateway (XEP-0114).")
    yield f"# secret = {toml(secrets.token_urlsafe(16))}"
    yield ""


def _certificates() -> Iterator[str]:
    yield '# [certificates."conference.example.org"]'
    yield from _comment("What other servers see of a service or component, unlike its host's.")
    yield from _commented(CertificateSettings)


def _domains() -> Iterator[str]:
    yield '# [domains."example.net"]'
    yield from _comment("What differs for the server of one other domain.")
    yield from _commented(DomainSettings)


def _commented(section: type[Section]) -> Iterator[str]:
    root = config_schema.schema_of(section)
    for key in config_schema.keys(root, root):
        yield from _comment(key.description)
        yield f"# {key.name} = {_value(key)}"
    yield ""


def _extensions() -> Iterator[str]:
    yield "# [extensions.<name>]"
    yield from _comment("Each extension has its section; `enabled` turns it on or off.")
    yield "# enabled = true"
    yield ""


def _comment(text: str) -> Iterator[str]:
    for line in textwrap.wrap(text, 96, break_on_hyphens=False):
        yield f"## {line}"


def _value(key: Key) -> str:
    if key.default is not None:
        return toml(key.default)
    return toml(key.example if key.example is not None else "")
