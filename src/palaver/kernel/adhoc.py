"""Ad-hoc commands as extensions declare them (XEP-0050): forms to fill in, one after the other.

>>> class Greetings(Extension):
...     name = "greetings"
...     requires = ("adhoc",)
...
...     @adhoc("urn:example:greet", "Greet somebody", access=Access.MEMBERS)
...     async def greet(self, call: Call) -> Reply:
...         return Stage(WHOM, complete=self._greeted)
...
...     async def _greeted(self, call: Call, answers: Submission) -> Reply:
...         return Done(notes=(Note(f"Hello, {answers[NAME]}."),))

A command without a form returns `Done` at once. To refuse, raise `StanzaError` or `CommandError`.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from palaver.kernel.extension import declare
from palaver.kernel.form_fields import Filled
from palaver.kernel.forms import Form, Submission
from palaver.kernel.roles import Access
from palaver.wire.element import Element

if TYPE_CHECKING:
    from palaver.jid import JID
    from palaver.kernel.host import Host
    from palaver.kernel.session import Session

E = TypeVar("E")


@dataclass(frozen=True, slots=True)
class Call:
    """One step of a command: who asks, and of which host.

    ``session``  the session that asks; None when it is elsewhere
    """

    host: "Host"
    sender: "JID"
    session: "Session | None"


@dataclass(frozen=True, slots=True)
class Note:
    """A text about the course of a command (XEP-0050 §4.3)."""

    text: str
    type: Literal["info", "warn", "error"] = "info"


Step = Callable[[Call, Submission], Awaitable["Reply"]]
"""Goes on with what was filled in."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A form to be filled in.

    ``filled``    the values it has now, where they are not the fields' defaults
    ``next``      goes on to another stage with what was filled in
    ``complete``  ends the command with what was filled in
    ``notes``     are shown with the form

    There is ``next`` or ``complete``, or the user chooses between both; ``next`` is what happens
    when the user does not.
    """

    form: Form
    filled: tuple[Filled, ...] = ()
    next: Step | None = None
    complete: Step | None = None
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a stage that leads nowhere."""
        if self.next is None and self.complete is None:
            raise ValueError("a stage needs next or complete")


@dataclass(frozen=True, slots=True)
class Done:
    """The end of a command: what it found, and notes; an "error" note says that it failed."""

    payload: tuple[Element, ...] = ()
    notes: tuple[Note, ...] = ()


Reply = Stage | Done

Handler = Callable[[Call], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class AdHocCommand:
    """Marks a method as an ad-hoc command of hosts.

    ``node``    identifies it
    ``name``    what people read in the list of commands
    ``access``  who finds it there and may run it
    ``offered`` the name of a method ``(self, host)`` that tells whether a host has it; "" if all do
    """

    node: str
    name: str
    access: Access
    offered: str = ""


def adhoc(
    node: str, name: str, *, access: Access = Access.ADMINISTRATORS, offered: str = ""
) -> Callable[[Callable[[E, Call], Awaitable[Reply]]], Callable[[E, Call], Awaitable[Reply]]]:
    """Offer an ``async`` method ``(self, call)`` as an ad-hoc command of every host that has it.

    The extension names ``adhoc`` in its ``requires``.
    """
    declaration = AdHocCommand(node, name, access, offered)

    def attach(
        method: Callable[[E, Call], Awaitable[Reply]],
    ) -> Callable[[E, Call], Awaitable[Reply]]:
        return declare(method, declaration)

    return attach
