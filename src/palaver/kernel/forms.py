"""Data forms (XEP-0004) with the names of XEP-0068: declared once, then asked, checked and told.

>>> NAME = TextSingle("name", "The room's name", required=True)
>>> PUBLIC = Boolean("public", "Anybody may find it", default=True)
>>> ROOM = Form((NAME, PUBLIC), form_type="urn:example:room", title="A new room")
>>> ROOM.blank()                                 # <x type='form'>, to be filled in
>>> answer = ROOM.read(x)                        # <x type='submit'>; raises FormError
>>> answer[NAME], answer.get(PUBLIC, True)       # a str, a bool
>>> ROOM.result(NAME.filled("Verona"))           # <x type='result'>
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple, TypeVar, overload

from palaver.kernel.form_fields import NS as NS
from palaver.kernel.form_fields import Field, Filled, Fixed
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

FORM_TYPE: Final = "FORM_TYPE"

T = TypeVar("T")
D = TypeVar("D")

FormType = Literal["form", "submit", "cancel", "result"]


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
