"""What a key of the configuration accepts, read from its model's JSON Schema.

One source for the hints in error messages, the reference and the commented sample file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from palaver.kernel.endpoint import Endpoint

Node = Mapping[str, Any]

_LOWEST = {"minimum": "at least", "exclusiveMinimum": "above"}
_LOWEST |= {"minLength": "at least", "minItems": "at least"}
_HIGHEST = {"maximum": "at most", "exclusiveMaximum": "below"}
_HIGHEST |= {"maxLength": "at most", "maxItems": "at most"}


@dataclass(frozen=True, slots=True)
class Key:
    """Describes one key: what the schema says, ready for people to read."""

    name: str
    type: str
    description: str
    default: object
    required: bool
    choices: tuple[object, ...]
    bounds: str
    unit: str
    example: object
    secret: bool

    @property
    def range(self) -> str:
        """The bounds with their unit, as ``16 to 1000 levels``; empty when there are none."""
        return f"{self.bounds} {self.unit}".strip() if self.bounds else ""


class _Schema(GenerateJsonSchema):
    """Writes defaults as the file has them, also those of addresses."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, tuple) and not hasattr(dft, "_fields"):
            return [self.encode_default(each) for each in dft]
        return str(dft) if isinstance(dft, Endpoint) else super().encode_default(dft)


@cache
def schema_of(model: type[BaseModel]) -> Node:
    """Make the JSON Schema of a model, once."""
    return model.model_json_schema(mode="validation", schema_generator=_Schema)


def node_at(root: Node, path: tuple[str, ...]) -> Node | None:
    """Find what the schema says about a path; None where it allows nothing of the kind."""
    node: Node | None = _target(root, root)
    for part in path:
        node = _step(root, node, part)
        if node is None:
            return None
    return node


def key_names(node: Node) -> tuple[str, ...]:
    """List the keys a section may have; empty when their names are free."""
    return tuple(node.get("properties", ()))


def keys(root: Node, node: Node) -> Iterator[Key]:
    """Describe each key of a section, in the order of declaration; sections in it are left out."""
    required = node.get("required", ())
    for name, found in node.get("properties", {}).items():
        target = _target(root, found)
        if "properties" not in target and not is_table(target):
            yield describe(root, name, found, required=name in required)


def is_table(node: Node) -> bool:
    """Tell whether the node is a table of sections with names of the administrator's choice."""
    return "patternProperties" in node or isinstance(node.get("additionalProperties"), Mapping)


def describe(root: Node, name: str, found: Node, *, required: bool = False) -> Key:
    """Describe one key."""
    node = {**found, **_target(root, found)} if "$ref" in found else found
    return Key(
        name=name,
        type=type_name(root, node),
        description=str(node.get("description", "")),
        default=node.get("default"),
        required=required,
        choices=_choices(root, node),
        bounds=_bounds(_merged(root, node)),
        unit=str(node.get("unit", "")),
        example=next(iter(node.get("examples", ())), None),
        secret=bool(node.get("secret")),
    )


def type_name(root: Node, node: Node) -> str:
    """Name the type in TOML's terms: ``integer``, ``text``, ``list of texts`` …."""
    node = _merged(root, node)
    if "anyOf" in node:
        names = [type_name(root, each) for each in node["anyOf"]]
        return " or ".join(dict.fromkeys(names))
    if "const" in node or "enum" in node:
        return "text"
    match node.get("type"):
        case "array":
            return f"list of {_plural(type_name(root, node.get('items', {})))}"
        case "string":
            return {"path": "path", "address:port": "address"}.get(node.get("format", ""), "text")
        case "object":
            return "section"
        case str(kind):
            return kind
        case _:
            return "value"


def _plural(name: str) -> str:
    return {"address": "addresses", "text": "texts"}.get(name, f"{name}s")


def _target(root: Node, node: Node) -> Node:
    while "$ref" in node:
        node = root["$defs"][node["$ref"].removeprefix("#/$defs/")]
    return node


def _merged(root: Node, node: Node) -> Node:
    """Follow references, and take the "or nothing" from optional values."""
    node = _target(root, node)
    variants = [each for each in node.get("anyOf", ()) if each.get("type") != "null"]
    if len(variants) == 1:
        outer = {name: value for name, value in node.items() if name != "anyOf"}
        return {**_target(root, variants[0]), **outer}
    return node


def _step(root: Node, node: Node | None, part: str) -> Node | None:
    if node is None:
        return None
    node = _merged(root, node)
    if part in node.get("properties", {}):
        return _merged(root, node["properties"][part])
    if part.isdigit() and "items" in node:
        return _merged(root, node["items"])
    for inner in node.get("patternProperties", {}).values():
        return _merged(root, inner)
    further = node.get("additionalProperties")
    return _merged(root, further) if isinstance(further, Mapping) else None


def _choices(root: Node, node: Node) -> tuple[object, ...]:
    node = _merged(root, node)
    if node.get("type") == "array":
        node = _merged(root, node.get("items", {}))
    if "const" in node:
        return (node["const"],)
    return tuple(node.get("enum", ()))


def _bounds(node: Node) -> str:
    low = next((name for name in _LOWEST if name in node), "")
    high = next((name for name in _HIGHEST if name in node), "")
    if low in ("minimum", "minLength", "minItems") and high:
        return f"{node[low]:,} to {node[high]:,}"
    found = [f"{_LOWEST[low]} {node[low]:,}"] if low else []
    found += [f"{_HIGHEST[high]} {node[high]:,}"] if high else []
    return ", ".join(found)
