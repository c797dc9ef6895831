"""The elements and forms of in-band registration (XEP-0077 §3, §7)."""

from dataclasses import dataclass
from typing import Final, NoReturn

from palaver.kernel import forms
from palaver.kernel.forms import Form, TextPrivate, TextSingle
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

NS: Final = "jabber:iq:register"
NS_FEATURE: Final = "http://jabber.org/features/iq-register"
NS_URL: Final = "jabber:x:oob"
CANCEL: Final = f"{NS}:cancel"
CHANGE: Final = f"{NS}:changepassword"

USERNAME: Final = TextSingle("username", "Username", required=True)
PASSWORD: Final = TextPrivate("password", "Password", required=True)
OLD_PASSWORD: Final = TextPrivate("old_password", "Old password", required=True)
NEW_PASSWORD: Final = TextPrivate("password", "New password", required=True)

REGISTER_FORM: Final = Form(
    (USERNAME, PASSWORD),
    form_type=NS,
    title="Registration",
    instructions=("Choose a username and a password for use with this service.",),
)
CANCEL_FORM: Final = Form(
    (USERNAME, PASSWORD),
    form_type=CANCEL,
    title="Remove the account",
    instructions=("Give your password to remove your account and all that it holds.",),
)
CHANGE_FORM: Final = Form(
    (USERNAME, OLD_PASSWORD, NEW_PASSWORD),
    form_type=CHANGE,
    title="Change the password",
    instructions=("Give your old password and a new one.",),
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was filled in, in a form or in the fields of the namespace; None is left out.

    ``form_type`` says which form it was.
    """

    username: str | None
    password: str | None
    old_password: str | None
    form_type: str


def read(query: Element) -> Wish:
    """Read what was filled in; the form comes first where both are there (XEP-0077 §7)."""
    form = forms.find(query, "submit")
    if form is None:
        return Wish(query.text_of("username"), query.text_of("password"), None, "")
    values = forms.values(form)

    def value(var: str) -> str | None:
        return next(iter(values.get(var, [])), None)

    kind = forms.form_type(form) or ""
    return Wish(value("username"), value("password"), value("old_password"), kind)


def to_fill_in(form: Form, condition: str, type_: str) -> StanzaError:
    """Make the error that asks for more, by a form (XEP-0077 §3.2, §3.3)."""
    query = Element("query", NS, None, form.blank())
    return StanzaError(condition, "fill in the form", type=type_, payload=query)


def hide(error: StanzaError) -> NoReturn:
    """Raise an error that does not send back what was asked, because of the password in it."""
    if error.payload is None:
        error.payload = Element("query", NS)
    raise error
