"""Reads and writes ``<command/>``, and its errors (XEP-0050 §4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from palaver.kernel import forms
from palaver.kernel.adhoc import Done, Note, Stage
from palaver.kernel.form_fields import Filled
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

NS: Final = "http://jabber.org/protocol/commands"
LANGUAGE: Final = "en"
"""The language of all that is written here."""

Action = Literal["execute", "next", "prev", "complete", "cancel"]
Status = Literal["executing", "completed", "canceled"]

_ACTIONS: Final = get_args(Action)
_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Order:
    """What a ``<command/>`` asks for.

    ``session``  the id of the session that goes on; None begins another
    ``form``     the form that was filled in
    """

    node: str
    session: str | None
    action: Action
    form: Element | None


def read(command: Element, lang: str | None) -> Order:
    """Read a request; ``lang`` is the language of the stanza.

    Raises:
        StanzaError: bad-request with malformed-action, bad-locale or bad-sessionid (§4.4).
    """
    node = command.get("node")
    if not node:
        raise StanzaError("bad-request", "a command has a node")
    action = command.get("action", "execute")
    if action not in _ACTIONS:
        raise bad_request("malformed-action", f"there is no action {action!r}")
    lang = command.get("xml:lang", lang or LANGUAGE)
    if not _LANGUAGE_TAG.fullmatch(lang):
        raise bad_request("bad-locale", f"{lang!r} is no language (RFC 5646)")
    session = command.get("sessionid")
    if session == "":
        raise bad_request("bad-sessionid", "the sessionid is empty")
    return Order(node, session, cast("Action", action), _form(command))


def _form(command: Element) -> Element | None:
    """Return what was filled in; a cancelled form counts as submitted (§3.5.1)."""
    form = forms.find(command, "submit", "cancel")
    if form is None or form.get("type") == "submit":
        return form
    return Element("x", forms.NS, {"type": "submit"}, *form.children)


def bad_request(condition: str, text: str) -> StanzaError:
    """Make an error of §4.4 that has a condition of its own."""
    return StanzaError("bad-request", text, detail=Element(condition, NS))


def expired() -> StanzaError:
    """Make the error for a session that is over (§4.4)."""
    detail = Element("session-expired", NS)
    return StanzaError("not-allowed", "this command has ended; begin anew", detail=detail)


def bare(command: Element) -> Element:
    """Return a request without what was filled in, which can be a password, to go with an error."""
    attrs = {key: command.get(key) for key in ("node", "sessionid", "action")}
    return Element("command", NS, attrs)


def executing(
    node: str, session: str, stage: Stage, filled: Iterable[Filled], *, first: bool
) -> Element:
    """Write a stage: the form with its values, and how to go on; from the first not back."""
    default = "next" if stage.next is not None else "complete"
    actions = Element("actions", NS, {"execute": default})
    actions.add(None if first else Element("prev", NS))
    actions.add(Element("next", NS) if stage.next is not None else None)
    actions.add(Element("complete", NS) if stage.complete is not None else None)
    command = _command(node, session, "executing").add(actions)
    return command.add(*map(_note, stage.notes), stage.form.blank(*filled))


def completed(node: str, session: str, done: Done) -> Element:
    """Write the end of a command."""
    command = _command(node, session, "completed")
    return command.add(*map(_note, done.notes), *done.payload)


def canceled(node: str, session: str) -> Element:
    """Write that a command was cancelled."""
    return _command(node, session, "canceled")


def _command(node: str, session: str, status: Status) -> Element:
    attrs = {"node": node, "sessionid": session, "status": status, "xml:lang": LANGUAGE}
    return Element("command", NS, attrs)


def _note(note: Note) -> Element:
    return Element("note", NS, {"type": note.type}, note.text)
