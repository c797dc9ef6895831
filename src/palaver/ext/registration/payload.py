"""The elements and forms of in-band registration (XEP-0077 §3, §7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from palaver.kernel import forms
from palaver.kernel.form_fields import Field, Filled, TextMulti, TextPrivate, TextSingle
from palaver.kernel.forms import Form
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

REASON: Final = TextMulti(
    "text", "Why you want an account", desc="An administrator reads it and decides."
)
INSTRUCTIONS: Final = "Choose a username and a password for use with this service."
TO_WAIT: Final = "You can log in as soon as an administrator has approved your account."
TO_ANSWER: Final = "Answer the question as well."

REGISTER_FORM: Final = Form(
    (USERNAME, PASSWORD),
    form_type=NS,
    title="Registration",
    instructions=(INSTRUCTIONS,),
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

    ``form_type`` says which form it was; ``values`` are the first ones of all its fields, and
    ``reason`` is why an account is wanted.
    """

    username: str | None
    password: str | None
    old_password: str | None
    form_type: str
    values: Mapping[str, str]
    reason: str = ""


def read(query: Element) -> Wish:
    """Read what was filled in; the form comes first where both are there (XEP-0077 §7)."""
    form = forms.find(query, "submit")
    if form is None:
        reason = query.text_of("text") or ""
        return Wish(query.text_of("username"), query.text_of("password"), None, "", {}, reason)
    values = forms.values(form)
    first = {var: texts[0] for var, texts in values.items() if texts}
    reason = "\n".join(values.get(REASON.var, []))

    def value(var: str) -> str | None:
        return next(iter(values.get(var, [])), None)

    kind = forms.form_type(form) or ""
    given = (value("username"), value("password"), value("old_password"))
    return Wish(*given, kind, first, reason)


def to_register(
    fields: Sequence[Field[str]], filled: Sequence[Filled], *, waits: bool
) -> tuple[str, Element]:
    """Return what is asked of somebody who registers: in words, and as a form.

    ``fields`` are those of a challenge; ``waits`` tells that an administrator decides.
    """
    texts = [INSTRUCTIONS]
    if fields:
        texts.append(TO_ANSWER)
    if waits:
        texts.append(TO_WAIT)
    form = Form(
        (*fields, USERNAME, PASSWORD, *([REASON] if waits else [])),
        form_type=NS,
        title="Registration",
        instructions=tuple(texts),
    )
    return " ".join(texts), form.blank(*filled)


def to_fill_in(form: Form, condition: str, type_: str) -> StanzaError:
    """Make the error that asks for more, by a form (XEP-0077 §3.2, §3.3)."""
    query = Element("query", NS, None, form.blank())
    return StanzaError(condition, "fill in the form", type=type_, payload=query)


def hide(error: StanzaError) -> NoReturn:
    """Raise an error that does not send back what was asked, because of the password in it."""
    if error.payload is None:
        error.payload = Element("query", NS)
    raise error
