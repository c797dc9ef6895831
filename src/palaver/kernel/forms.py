"""Data forms (XEP-0004) with the names of XEP-0068: declared once, then asked, checked and told.

>>> NAME = TextSingle("name", "The room's name", required=True)
>>> PUBLIC = Boolean("public", "Anybody may find it", default=True)
>>> ROOM = Form((NAME, PUBLIC), form_type="urn:example:room", title="A new room")
>>> ROOM.blank()                                 # <x type='form'>, to be filled in
>>> answer = ROOM.read(x)                        # <x type='submit'>; raises FormError
>>> answer[NAME], answer.get(PUBLIC, True)       # a str, a bool
>>> ROOM.result(NAME.filled("Verona"))           # <x type='result'>
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Generic, Literal, NamedTuple, TypeVar, overload

from palaver import jid
from palaver.jid import JID
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

NS: Final = "jabber:x:data"
FORM_TYPE: Final = "FORM_TYPE"

T = TypeVar("T")
D = TypeVar("D")

FormType = Literal["form", "submit", "cancel", "result"]
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


class Problem(NamedTuple):
    """What is wrong with one field of a submission: its name, and a text for a person."""

    var: str
    text: str


class FormError(StanzaError):
    """Refuses a submission with ``not-acceptable`` (XEP-0004 §4) and names every wrong field."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        text = "; ".join(f"{var}: {what}" if var else what for var, what in problems)
        super().__init__("not-acceptable", text)
        self.problems = tuple(problems)


class Filled(NamedTuple):
    """A field with the values it has in a form that is told or asked; see `Field.filled`."""

    var: str
    values: tuple[str, ...]


class Option(NamedTuple):
    """A choice of a list: its value, and what a person reads."""

    value: str
    label: str = ""


# -- fields ----------------------------------------------------------------------------------------


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


# -- forms -----------------------------------------------------------------------------------------


class Submission:
    """What was submitted, read by field.

    A field that was left out keeps the value it had; one that was sent empty is to lose it
    (XEP-0004 §3.5, §3.6): ``field in submission`` tells whether it was sent.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __contains__(self, field: Field[Any]) -> bool:
        return field.var in self._values

    def __getitem__(self, field: Field[T]) -> T:
        """Return the value; a required field always has one.

        Raises:
            KeyError: the field was left out or empty.
        """
        value: T | None = self._values[field.var]
        if value is None:
            raise KeyError(field.var)
        return value

    @overload
    def get(self, field: Field[T]) -> T | None: ...
    @overload
    def get(self, field: Field[T], default: D) -> T | D: ...
    def get(self, field: Field[T], default: D | None = None) -> T | D | None:
        """Return the value, or the default where the field was left out or empty."""
        value: T | None = self._values.get(field.var)
        return default if value is None else value


@dataclass(frozen=True, eq=False)
class Form:
    """A form: its fields in the order shown, its name for programs, its words for people.

    ``form_type`` is what the hidden field FORM_TYPE says (XEP-0068); without it the form has none.
    """

    fields: tuple[Field[Any] | Fixed, ...]
    form_type: str = ""
    title: str = ""
    instructions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two fields of one name."""
        names = [field.var for field in self.fields if isinstance(field, Field)]
        if len(set(names)) < len(names) or FORM_TYPE in names:
            raise ValueError("two fields have the same name")

    def blank(self, *filled: Filled) -> Element:
        """Return the form to fill in, with these values, or the defaults, as they are now."""
        given = dict(filled)
        form = self._start("form")
        for field in self.fields:
            if isinstance(field, Fixed):
                form.add(field.element())
            else:
                values = given.get(field.var, field.filled(field.default).values)
                form.add(field.element(values, asking=True))
        return form

    def result(self, *filled: Filled) -> Element:
        """Return the values as a result, in the order of the form; fields not given are absent."""
        given = dict(filled)
        form = self._start("result")
        for field in self.fields:
            if isinstance(field, Field) and field.var in given:
                form.add(field.element(given[field.var], asking=False))
        return form

    def _start(self, kind: FormType) -> Element:
        form = Element("x", NS, {"type": kind})
        form.add(Element("title", NS, None, self.title) if self.title else None)
        if kind == "form":
            form.add(*(Element("instructions", NS, None, line) for line in self.instructions))
        if self.form_type:
            value = Element("value", NS, None, self.form_type)
            form.add(Element("field", NS, {"var": FORM_TYPE, "type": "hidden"}, value))
        return form

    def read(self, submitted: Element) -> Submission:
        """Check a form of type "submit"; fields that are not of the form are ignored.

        Raises:
            FormError: with every field that is missing or wrong.
        """
        if submitted.get("type") != "submit":
            raise FormError([Problem("", "the form is not submitted")])
        found, problems = _collect(submitted)
        form_type = found.pop(FORM_TYPE, None)
        if form_type is not None and self.form_type and form_type != [self.form_type]:
            problems.append(Problem(FORM_TYPE, "this is another form"))
        values: dict[str, Any] = {}
        for field in self.fields:
            if not isinstance(field, Field) or not (field.required or field.var in found):
                continue
            try:
                values[field.var] = field.read(found.get(field.var, []))
            except ValueError as error:
                problems.append(Problem(field.var, str(error)))
        if problems:
            raise FormError(problems)
        return Submission(values)


def _collect(form: Element) -> tuple[dict[str, list[str]], list[Problem]]:
    found: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for field in form.find_all("field"):
        var = field.get("var")
        if var is None:
            continue
        if var in found:
            problems.append(Problem(var, "is there twice"))
        found[var] = [value.text for value in field.find_all("value")]
    return found, problems


def report(columns: Sequence[Field[Any]], rows: Iterable[Iterable[Filled]]) -> Element:
    """Return a result of many items under a heading (XEP-0004 §3.4); every item has every column.

    Raises:
        ValueError: there is no column.
    """
    if not columns:
        raise ValueError("a report needs a column")
    form = Element("x", NS, {"type": "result"})
    form.add(Element("reported", NS, None, *(c.element((), asking=False) for c in columns)))
    for row in rows:
        given = dict(row)
        item = Element("item", NS)
        for column in columns:
            values = given.get(column.var) or ("",)
            texts = (Element("value", NS, None, value or None) for value in values)
            item.add(Element("field", NS, {"var": column.var}, *texts))
        form.add(item)
    return form


# -- forms of others -------------------------------------------------------------------------------


def find(parent: Element, *kinds: FormType) -> Element | None:
    """Return the first form in an element, of one of these types where some are given."""
    forms = parent.find_all("x", NS)
    return next((form for form in forms if not kinds or form.get("type") in kinds), None)


def form_type(form: Element) -> str | None:
    """Return what a form's FORM_TYPE says.

    It counts in a form to fill in or a result only when it is hidden (XEP-0068 §4.3).
    """
    for field in form.find_all("field"):
        if field.get("var") == FORM_TYPE:
            if form.get("type") in ("form", "result") and field.get("type") != "hidden":
                return None
            return field.text_of("value")
    return None


def values(form: Element) -> dict[str, list[str]]:
    """Return the texts of every named field of any form, FORM_TYPE among them.

    Of fields with the same name the last one counts.
    """
    return _collect(form)[0]
