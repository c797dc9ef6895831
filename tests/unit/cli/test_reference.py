import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from palaver.cli import reference, sample
from palaver.kernel import config, hooks
from palaver.kernel.settings import Settings

DOCS = Path(__file__).parents[3] / "docs"
MADE = reference.pages(reference.built_in())


@pytest.mark.parametrize("name", MADE)
def test_what_is_committed_is_as_new_as_the_code(name: str) -> None:
    found = (DOCS / name).read_text(encoding="utf-8")
    assert found == MADE[name], f"run `make docs` and commit docs/{name}"


def test_what_the_layers_below_implement_is_listed_with_what_extensions_do() -> None:
    text = MADE["developers/features.md"]
    for xep, part in (("0199", "ping"), ("0368", "palaver.net"), ("0478", "palaver.stream")):
        assert f"[XEP-{xep}](https://xmpp.org/extensions/xep-{xep}.html)" in text
        assert f"| `{part}` |" in text
    assert "| [RFC 7622](https://www.rfc-editor.org/rfc/rfc7622) |" in text
    assert "| `palaver.jid` |" in text


def test_the_project_is_described_as_xep_0453_has_it() -> None:
    rdf, doap, xmpp = (
        "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}",
        "{http://usefulinc.com/ns/doap#}",
        "{https://linkmauve.fr/ns/xmpp-doap#}",
    )
    root = ElementTree.fromstring(MADE["palaver.doap"].encode())
    assert root.tag == f"{rdf}RDF"
    assert root.findtext(f"{doap}Project/{doap}name") == "Palaver"
    supported = root.findall(f"{doap}Project/{doap}implements/{xmpp}SupportedXep")
    links = [each.find(f"{xmpp}xep").attrib[f"{rdf}resource"] for each in supported]
    assert "https://xmpp.org/extensions/xep-0030.html" in links
    assert len(links) == len(set(links))
    for each in supported:
        assert each.findtext(f"{xmpp}status") in ("complete", "partial")
        assert each.findtext(f"{xmpp}version")


def test_every_key_is_in_the_configuration_reference() -> None:
    text = reference.configuration({})
    for section, field in Settings.model_fields.items():
        for key in getattr(field.annotation, "model_fields", {}):
            assert f"| `{key}` |" in text.partition(f"## `[{section}]`")[2], (section, key)


def test_every_key_of_an_extension_has_a_description() -> None:
    for name, extension in reference.built_in().items():
        for key, field in extension.Config.model_fields.items():
            assert field.description, f"{name}.{key} has no description"


def test_every_hook_is_in_the_reference_with_its_signature() -> None:
    text = reference.hook_list()
    for hook in hooks.ALL:
        assert f"## {hook.name}\n\n`(" in text
    assert "`(Stanza, Account, tuple[Session, ...]) -> None`" in text


def test_every_hook_of_the_module_is_listed() -> None:
    declared = {each for each in vars(hooks).values() if isinstance(each, hooks.Hook)}
    assert declared == set(hooks.ALL)


def test_the_sample_configuration_is_what_the_defaults_are() -> None:
    text = sample.configuration(["example.org", "b.example"], ["admin@example.org"])
    settings = config.parse(text)
    assert list(settings.hosts) == ["example.org", "b.example"]
    assert settings.server.admins == ("admin@example.org",)
    assert settings.limits == Settings().limits


def test_the_sample_configuration_is_valid_with_every_key_uncommented() -> None:
    text = sample.configuration(["example.org"], [])
    lines = [line.removeprefix("# ") for line in text.splitlines() if not line.startswith("##")]
    lines = lines[lines.index("[server]") : lines.index("[extensions.<name>]")]
    settings = config.parse("\n".join(lines))
    assert settings.limits == Settings().limits
    assert settings.listen == Settings().listen
    assert settings.metrics == Settings().metrics


@pytest.mark.parametrize(
    "value", [True, 5, 1.5, "", 'a"b\\c\n\t', "ü\x00\x1b\u2028", [], ["a", 1], {"a": [False]}]
)
def test_values_are_written_as_toml(value: object) -> None:
    assert tomllib.loads(f"x = {reference.toml(value)}") == {"x": value}
