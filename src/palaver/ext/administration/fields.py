"""What the forms of service administration have in common (XEP-0133 §8.2)."""

from typing import Any, Final

from palaver.jid import JID
from palaver.kernel.adhoc import Call, Done, Note
from palaver.kernel.form_fields import (
    Field,
    Filled,
    JidMulti,
    JidSingle,
    ListSingle,
    Option,
    TextMulti,
)
from palaver.kernel.forms import Form, FormError, Problem
from palaver.wire.element import Element

NS: Final = "http://jabber.org/protocol/admin"

VERSION: Final = "1.3.1"
"""The version of XEP-0133 that all of this follows."""


def node(name: str) -> str:
    """Return the node of a command."""
    return f"{NS}#{name}"


def form(title: str, instructions: str, *fields: Field[Any]) -> Form:
    """Make a form of service administration."""
    return Form(fields, form_type=NS, title=title, instructions=(instructions,))


def told(*fields: tuple[Field[Any], Any], extra: tuple[Element, ...] = ()) -> Done:
    """End a command with values; ``extra`` goes into the form behind them."""
    known: list[Field[Any]] = [field for field, _ in fields]
    filled: list[Filled] = [field.filled(value) for field, value in fields]
    result = Form(tuple(known), form_type=NS).result(*filled)
    return Done(payload=(result.add(*extra),))


def said(text: str) -> Done:
    """End a command with a text for a person."""
    return Done(notes=(Note(text),))


def account_field(label: str) -> JidSingle:
    """Make the field for one account."""
    return JidSingle("accountjid", label, required=True)


def accounts_field(label: str) -> JidMulti:
    """Make the field for several accounts."""
    return JidMulti("accountjids", label, required=True)


def check_accounts(call: Call, field: Field[Any], *jids: JID, resources: bool = False) -> None:
    """Check that addresses are those of accounts of the host.

    ``resources`` allows addresses of their sessions.

    Raises:
        FormError: for each that is not.
    """
    problems = []
    for jid in jids:
        if not jid.local or jid.domain != call.host.name:
            problems.append(Problem(field.var, f"{jid} is no account of {call.host.name}"))
        elif jid.resource and not resources:
            problems.append(Problem(field.var, f"{jid} has a resource"))
    if problems:
        raise FormError(problems)


MAX_ITEMS: Final = ListSingle(
    "max_items",
    "Maximum number of items to show",
    default="100",
    options=(
        *(Option(number, number) for number in ("25", "50", "75", "100", "150", "200")),
        Option("none", "None"),
    ),
)
DELAY: Final = ListSingle(
    "delay",
    "Time delay before stopping; at once where none is chosen",
    options=(
        Option("30", "30 seconds"),
        Option("60", "60 seconds"),
        Option("90", "90 seconds"),
        Option("120", "2 minutes"),
        Option("180", "3 minutes"),
        Option("240", "4 minutes"),
        Option("300", "5 minutes"),
    ),
)
ANNOUNCEMENT: Final = TextMulti("announcement", "Announcement")
