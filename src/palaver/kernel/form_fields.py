"""The kinds of fields of data forms (XEP-0004 §3.3): what a person sees, and what is accepted.

`palaver.kernel.forms` makes forms of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Generic, Literal, NamedTuple, TypeVar

from palaver import jid
from palaver.jid import JID
from palaver.wire.element import Element

NS: Final = "jabber:x:data"

T = TypeVar("T")

FieldType = Literal[
    "boolean",
    "fixed",
    "hidden",
    "jid-multi",
    "jid-single",
    "list-multi",
    "list-single",
    "text-multi",
    "text-private",
    "text-single",
]


class Filled(NamedTuple):
    """A field with the values it has in a form that is told or asked; see `Field.filled`."""

    var: str
    values: tuple[str, ...]


class Option(NamedTuple):
    """A choice of a list: its value, and what a person reads."""

    value: str
    label: str = ""


@dataclass(frozen=True, eq=False)
class Field(Generic[T]):
    """A field that holds a ``T``; take one of the classes below (XEP-0004 §3.3).

    ``var``       its name
    ``label``     what a person reads beside it
    ``desc``      an explanation, in one line
    ``required``  a submission without a value is refused
    ``default``   the value in a blank form, unless another is given there
    ``check``     looks at a value that has the right type, and returns it or what to take instead;
                  raises ValueError with a text for a person
    """

    var: str
    label: str = ""
    desc: str = ""
    required: bool = False
    default: T | None = None
    check: Callable[[T], T] | None = None

    type: ClassVar[FieldType] = "text-single"

    def encode(self, value: T) -> tuple[str, ...]:
        """Write a value as the texts of ``<value/>`` elements."""
        return (str(value),)

    def decode(self, values: list[str]) -> T:
        """Read a value from texts, of which one at least is not empty.

        Raises:
            ValueError: they are not a value of this field; the text is for a person.
        """
        raise NotImplementedError

    def options_offered(self) -> tuple[Option, ...]:
        """Return the choices to offer."""
        return ()

    def filled(self, value: T | None) -> Filled:
        """Return this field with a value, for `Form.blank`, `Form.result` and `report`."""
        return Filled(self.var, () if value is None else self.encode(value))

    def element(self, values: Sequence[str], *, asking: bool) -> Element:
        """Return the ``<field/>``; ``asking`` adds what a person needs to fill it in."""
        attrs = {"var": self.var, "type": self.type, "label": self.label or None}
        field = Element("field", NS, attrs)
        if asking:
            field.add(Element("desc", NS, None, self.desc) if self.desc else None)
            field.add(Element("required", NS) if self.required else None)
        field.add(*(Element("value", NS, None, value or None) for value in values))
        if asking:
            field.add(*map(_option, self.options_offered()))
        return field

    def read(self, values: list[str]) -> T | None:
        """Return the checked value of a submitted field, or None where it was left empty.

        Raises:
            ValueError: the field does not take that.
        """
        if not any(values):
            if self.required:
                raise ValueError("a value is needed")
            return None
        value = self.decode(values)
        return value if self.check is None else self.check(value)


def _option(option: Option) -> Element:
    value = Element("value", NS, None, option.value)
    return Element("option", NS, {"label": option.label or None}, value)


def _single(values: list[str]) -> str:
    if len(values) > 1:
        raise ValueError("takes one value only")
    return values[0]


class TextSingle(Field[str]):
    """One line of text."""

    def decode(self, values: list[str]) -> str:
        """Return the line."""
        line = _single(values)
        if "\n" in line or "\r" in line:
            raise ValueError("takes one line only")
        return line


class TextPrivate(TextSingle):
    """One line of text that is not shown while it is typed, such as a password."""

    type: ClassVar = "text-private"


class TextMulti(Field[str]):
    """Lines of text; here one string with line feeds, on the wire one value a line."""

    type: ClassVar = "text-multi"

    def encode(self, value: str) -> tuple[str, ...]:
        """Return the lines."""
        return tuple(value.splitlines())

    def decode(self, values: list[str]) -> str:
        """Return the lines as one text."""
        return "\n".join("\n".join(value.splitlines()) for value in values)


class Hidden(Field[str]):
    """A value that is not shown but comes back with the form."""

    type: ClassVar = "hidden"

    def decode(self, values: list[str]) -> str:
        """Return the value."""
        return _single(values)


class Boolean(Field[bool]):
    """Yes or no; both spellings of each are read (XML Schema Part 2 §3.2.2)."""

    type: ClassVar = "boolean"
    _meaning: ClassVar = {"1": True, "true": True, "0": False, "false": False}

    def encode(self, value: bool) -> tuple[str, ...]:
        """Write "1" or "0"."""
        return ("1" if value else "0",)

    def decode(self, values: list[str]) -> bool:
        """Read "1", "true", "0" or "false"."""
        text = _single(values)
        if text not in self._meaning:
            raise ValueError("is neither true nor false")
        return self._meaning[text]


class JidSingle(Field[JID]):
    """One address."""

    type: ClassVar = "jid-single"

    def decode(self, values: list[str]) -> JID:
        """Return the address in normal form."""
        return jid.parse(_single(values))


class JidMulti(Field[tuple[JID, ...]]):
    """Any number of addresses; duplicates are ignored."""

    type: ClassVar = "jid-multi"

    def encode(self, value: tuple[JID, ...]) -> tuple[str, ...]:
        """Return the addresses as texts."""
        return tuple(map(str, value))

    def decode(self, values: list[str]) -> tuple[JID, ...]:
        """Return the addresses in normal form."""
        return tuple(dict.fromkeys(jid.parse(value) for value in values if value))


@dataclass(frozen=True, eq=False)
class Number(Field[int]):
    """A whole number, as a line of text; ``minimum`` and ``maximum`` are allowed themselves."""

    minimum: int | None = None
    maximum: int | None = None

    def decode(self, values: list[str]) -> int:
        """Return the number."""
        text = _single(values).strip()
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
            raise ValueError("is not a whole number")
        number = int(text)
        if self.minimum is not None and number < self.minimum:
            raise ValueError(f"is less than {self.minimum}")
        if self.maximum is not None and number > self.maximum:
            raise ValueError(f"is more than {self.maximum}")
        return number


@dataclass(frozen=True, eq=False)
class ListSingle(Field[str]):
    """One of several choices."""

    options: tuple[Option, ...] = ()
    type: ClassVar = "list-single"

    def __post_init__(self) -> None:
        """Refuse choices that a person or a program cannot tell apart (XEP-0004 §3.3)."""
        _check_options(self.options)

    def options_offered(self) -> tuple[Option, ...]:
        """Return the choices."""
        return self.options

    def decode(self, values: list[str]) -> str:
        """Return the choice."""
        return _chosen(_single(values), self.options)


@dataclass(frozen=True, eq=False)
class ListMulti(Field[tuple[str, ...]]):
    """Any number of several choices."""

    options: tuple[Option, ...] = ()
    type: ClassVar = "list-multi"

    def __post_init__(self) -> None:
        """Refuse choices that a person or a program cannot tell apart (XEP-0004 §3.3)."""
        _check_options(self.options)

    def options_offered(self) -> tuple[Option, ...]:
        """Return the choices."""
        return self.options

    def encode(self, value: tuple[str, ...]) -> tuple[str, ...]:
        """Return the choices made."""
        return tuple(value)

    def decode(self, values: list[str]) -> tuple[str, ...]:
        """Return the choices made, each once."""
        return tuple(dict.fromkeys(_chosen(value, self.options) for value in values if value))


def _check_options(options: tuple[Option, ...]) -> None:
    labels = [option.label for option in options if option.label]
    values = [option.value for option in options]
    if len(set(labels)) < len(labels) or len(set(values)) < len(values):
        raise ValueError("two options have the same value or label")


def _chosen(value: str, options: tuple[Option, ...]) -> str:
    if all(option.value != value for option in options):
        raise ValueError("is none of the choices")
    return value


@dataclass(frozen=True, eq=False)
class Fixed:
    """A line of text between the fields, such as the title of a section."""

    text: str

    def element(self) -> Element:
        """Return the ``<field type='fixed'/>``."""
        return Element("field", NS, {"type": "fixed"}, Element("value", NS, None, self.text))
