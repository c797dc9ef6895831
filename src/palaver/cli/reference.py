"""Writes what is made from code: references of configuration, hooks and features; the DOAP file.

``python -m palaver.cli.reference docs`` writes them all; a test fails when they are older than the
code.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from palaver import ext
from palaver.cli import implemented
from palaver.cli.doap import doap
from palaver.cli.implemented import Extensions, Implemented
from palaver.kernel import config_schema, hooks, loader
from palaver.kernel.component_settings import ComponentSettings, PrivilegeSettings
from palaver.kernel.config_schema import Key
from palaver.kernel.endpoint import Endpoint
from palaver.kernel.environment import PREFIX
from palaver.kernel.extension import Extension
from palaver.kernel.settings import (
    CertificateSettings,
    DomainSettings,
    HostSettings,
    Settings,
)
from palaver.specifications import Rfc, Xep

_GENERATED = "<!-- Made from the code by `make docs`: do not edit. -->"


def configuration(extensions: Extensions) -> str:
    """Describe every key of ``palaver.toml`` in Markdown."""
    root = config_schema.schema_of(Settings)
    parts = [
        _GENERATED,
        "# Configuration",
        "One file in TOML, `palaver.toml` in the data directory or the one named by `--config`. "
        "Every key has a default; an empty file serves `localhost`. A wrong key or value stops "
        "the start with its line, the reason and a suggestion; `palaver config check` finds them "
        "without starting. Relative paths are relative to the data directory.",
        f"Each key can also be set by an environment variable: `{PREFIX}`, then section and key "
        f"with two underscores between them, as in `{PREFIX}LIMITS__DEPTH=50` or "
        f"`{PREFIX}LISTEN__TLS='[\"127.0.0.1:5223\"]'`. Values are written as in TOML; quotes "
        "around text may be left out.",
    ]
    for name, node in _sections(root):
        parts += _section(f"[{name}]", root, node)
        if name == "server":
            parts += _hosts() + _certificates() + _components()
        elif name == "federation":
            parts += _domains()
    parts += _extension_sections(extensions)
    return "\n\n".join(parts) + "\n"


def hook_list() -> str:
    """Describe every hook in Markdown."""
    phases = [f"| `{phase.name}` | {_attribute_text(phase.name)} |" for phase in hooks.Phase]
    parts = [
        _GENERATED,
        "# Hooks",
        "The points at which an extension can take part, from `palaver.kernel.hooks`. A method "
        "is attached with `@on(hook)`; handlers of stanzas name their phase: "
        "`@on(hooks.incoming, phase=Phase.GUARD)`. Phases run in this order:",
        "\n".join(["| phase | a handler |", "| --- | --- |", *phases]),
    ]
    for hook in hooks.ALL:
        parts.append(f"## {hook.name}")
        parts.append(f"`{_signature(hook.name)}`{' · runs in phases' if hook.phased else ''}")
        parts.append(_flowing(hook.summary))
    return "\n\n".join(parts) + "\n"


def features(extensions: Extensions) -> str:
    """List what Palaver's parts implement, and the extensions, in Markdown."""
    return (
        "\n\n".join(
            [
                _GENERATED,
                "# Features",
                "What the parts of Palaver declare: extensions by their name, and the packages "
                "beneath them. The server advertises what the extensions of a host handle "
                "(XEP-0030).",
                "\n".join(
                    [
                        "| specification | version | part | note |",
                        "| --- | --- | --- | --- |",
                        *map(_xep_row, implemented.xeps(extensions)),
                    ]
                ),
                "## RFCs",
                "\n".join(
                    [
                        "| specification | title | part | note |",
                        "| --- | --- | --- | --- |",
                        *map(_rfc_row, implemented.rfcs()),
                    ]
                ),
                "## Extensions",
                "\n".join(_extension_rows(extensions)),
            ]
        )
        + "\n"
    )


def write(directory: Path, extensions: Extensions) -> list[Path]:
    """Write all that is made from code into a directory; returns the files that changed."""
    changed = []
    for name, text in pages(extensions).items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            changed.append(file)
    return changed


def pages(extensions: Extensions) -> dict[str, str]:
    """Make everything that is made from code, by file name."""
    return {
        "developers/configuration.md": configuration(extensions),
        "developers/hooks.md": hook_list(),
        "developers/features.md": features(extensions),
        "palaver.doap": doap(extensions),
    }


def built_in() -> Extensions:
    """Find the extensions that are part of Palaver, by name in alphabetical order."""
    found = loader.discover(ext).items()
    own = (each for each in found if each[1].__module__.startswith(f"{ext.__name__}."))
    return dict(sorted(own))


def _sections(root: config_schema.Node) -> Iterator[tuple[str, config_schema.Node]]:
    for name in config_schema.key_names(root):
        node = config_schema.node_at(root, (name,))
        if node and "properties" in node:
            yield name, node


def _section(title: str, root: config_schema.Node, node: config_schema.Node) -> list[str]:
    rows = [_row(key) for key in config_schema.keys(root, node)]
    parts = [f"## `{title}`", _flowing(str(node.get("description", "")))]
    if rows:
        head = ["| key | type | default | |", "| --- | --- | --- | --- |"]
        parts.append("\n".join(head + rows))
    return parts


def _hosts() -> list[str]:
    root = config_schema.schema_of(HostSettings)
    parts = _section('[hosts."example.org"]', root, root)
    parts.insert(
        2,
        "One section for each virtual host, in the order in which they are presented; "
        "`localhost` when there is none. "
        '`[hosts."example.org".extensions.<name>]` changes keys of an extension for this host.',
    )
    return parts


def _certificates() -> list[str]:
    root = config_schema.schema_of(CertificateSettings)
    parts = _section('[certificates."conference.example.org"]', root, root)
    parts.insert(
        2, "One section for each service or component that does not show its host's certificate."
    )
    return parts


def _components() -> list[str]:
    root = config_schema.schema_of(ComponentSettings)
    parts = _section('[components."irc.example.org"]', root, root)
    parts.insert(
        2,
        "One section for each external component, named by its address: a gateway, a bot, any "
        "program that speaks XEP-0114. Its domain belongs to it alone; where it is below a host "
        "(`irc.example.org` below `example.org`), clients find it there. "
        '`[components."irc.example.org".delegations."example.org"]` has the namespaces that it '
        "answers for, each with the attributes that requests must have for that, as in "
        '`"urn:xmpp:mam:2" = ["node"]`.',
    )
    root = config_schema.schema_of(PrivilegeSettings)
    own = _section('[components."irc.example.org".privileges."example.org"]', root, root)
    own.append(
        'The key `iq` is a section: `iq."http://jabber.org/protocol/pubsub" = "both"` with '
        "`get`, `set` or `both`."
    )
    return parts + own


def _domains() -> list[str]:
    root = config_schema.schema_of(DomainSettings)
    parts = _section('[domains."example.net"]', root, root)
    parts.insert(2, "One section for each domain whose server is to be treated in its own way.")
    return parts


def _extension_sections(extensions: Extensions) -> Iterator[str]:
    yield "## `[extensions.<name>]`"
    yield (
        "Every extension has the key `enabled` (boolean). Those that have keys of their own follow."
    )
    for name, extension in extensions.items():
        root = config_schema.schema_of(extension.Config)
        rows = [_row(key) for key in config_schema.keys(root, root)]
        if rows:
            yield f"### `[extensions.{name}]`"
            yield _first_paragraph(extension)
            yield "\n".join(["| key | type | default | |", "| --- | --- | --- | --- |", *rows])


def _xep_row(each: Implemented) -> str:
    assert isinstance(each.what, Xep)
    note = f"in part: {each.what.note}" if each.what.partial else each.what.note
    return f"| {_link(each.what)} | {each.what.version} | `{each.where}` | {_cell(note)} |"


def _rfc_row(each: Implemented) -> str:
    assert isinstance(each.what, Rfc)
    return f"| {_link(each.what)} | {each.what.title} | `{each.where}` | {_cell(each.what.note)} |"


def _link(what: Xep | Rfc) -> str:
    return f"[{what.name}]({what.url})"


def _extension_rows(extensions: Extensions) -> Iterator[str]:
    yield "| extension | does | on by default |"
    yield "| --- | --- | --- |"
    for name, extension in extensions.items():
        text = _cell(_first_paragraph(extension))
        yield f"| `{name}` | {text} | {'yes' if extension.default else 'no'} |"


def _row(key: Key) -> str:
    default = (
        "required" if key.required else "" if key.default is None else f"`{toml(key.default)}`"
    )
    about = [key.description]
    if key.range:
        about.append(f"Allowed: {key.range}.")
    elif key.unit:
        about.append(f"In {key.unit}.")
    if key.choices:
        about.append(f"Choices: {', '.join(f'`{choice}`' for choice in key.choices if choice)}.")
    if key.example is not None:
        about.append(f"Example: `{toml(key.example)}`.")
    return f"| `{key.name}` | {key.type} | {_cell(default)} | {_cell(' '.join(about))} |"


def toml(value: object) -> str:
    """Write a value as TOML does."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(toml(each) for each in value)}]"
        case dict():
            return f"{{ {', '.join(f'{name} = {toml(each)}' for name, each in value.items())} }}"
        case Endpoint() | str() | Path():
            return _quoted(str(value))
        case BaseModel():
            return toml(value.model_dump(mode="json", exclude_none=True))
        case _:
            return _quoted(str(value))


def _quoted(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    shown = (
        escapes.get(each) or (each if each.isprintable() else f"\\u{ord(each):04x}")
        for each in text
    )
    return f'"{"".join(shown)}"'


def _signature(name: str) -> str:
    """Write a hook's handler as its declaration types it."""
    declared = hooks.__annotations__[name]
    inside = declared.removeprefix("Hook[[").removesuffix("]")
    arguments, _, result = inside.rpartition("], ")
    return f"({arguments}) -> {result}"


def _attribute_text(phase: str) -> str:
    source = Path(hooks.__file__).read_text(encoding="utf-8")
    after = source.partition(f"    {phase} = ")[2]
    text = after.partition('"""')[2].partition('"""')[0]
    return _cell(_flowing(text))


def _first_paragraph(extension: type[Extension[Any]]) -> str:
    return _flowing((extension.__doc__ or "").strip().partition("\n\n")[0])


def _flowing(text: str) -> str:
    return " ".join(text.replace("``", "`").split())


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    for page in write(Path(sys.argv[1]), built_in()):
        print(page)  # noqa: T201 - tells whoever ran `make docs`
