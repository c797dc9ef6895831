"""What an extension declares: who it is, what it handles, its settings, tables, tasks and commands.

Importing an extension registers nothing. The loader reads these declarations, builds the dispatch
tables from them, and replaces the tables as a whole.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, Generic, ParamSpec, cast

from pydantic import BaseModel, ConfigDict
from sqlalchemy import Table
from typing_extensions import TypeVar

from palaver.kernel.hooks import Hook, Phase
from palaver.kernel.roles import Access
from palaver.specifications import Xep as Xep  # extensions import it from here
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.jid import JID
    from palaver.kernel.account import Account
    from palaver.kernel.host import Host
    from palaver.kernel.server import Server
    from palaver.kernel.services import Service
    from palaver.kernel.session import Session
    from palaver.wire.stanza import Stanza

E = TypeVar("E")
P = ParamSpec("P")
R = TypeVar("R")
F = TypeVar("F", bound=Callable[..., object])
_MARK = "__palaver_handles__"
_COMMAND = re.compile("[a-z][a-z0-9-]* [a-z][a-z0-9-]*")


class Target(Enum):
    """To whom an IQ request is addressed."""

    ACCOUNT = "account"
    """the sender's own account: no ``to``, or the sender's own bare JID"""
    CONTACT = "contact"
    """the bare JID of another account here"""
    NOBODY = "nobody"
    """a bare JID here that is no account's; ``service-unavailable`` where nothing answers
    (RFC 6121 §8.5.1). What refuses strangers at an account refuses them here as well: a different
    answer would tell which accounts exist."""
    NOBODYS_RESOURCE = "nobody's resource"
    """a full JID of the same kind"""
    HOST = "host"
    """a host of this server"""
    SERVICE = "service"
    """a service below a host that an extension provides (`Extension.service_address`); only that
    extension's own handlers take what comes there, and those of extensions without a service"""
    SERVED = "served"
    """an address of a service, ``local@service`` (`Extension.serves_addresses`)"""
    STRANGER = "stranger"
    """a host, by a client that has not logged in (in-band registration)"""


class Stranger:
    """A client that has not logged in: what extensions know of it, as long as its stream lasts."""

    __slots__ = ("slots",)

    def __init__(self, slots: dict[Any, Any]) -> None:
        self.slots = slots


@dataclass(frozen=True, slots=True)
class Request:
    """An IQ request as its handler sees it.

    ``payload``  the request element
    ``host``     the host that answers
    ``account``  the account addressed; None when the host itself is
    ``session``  the session that asks; None when it is elsewhere
    ``peer``     the IP address of a client that has not logged in, else empty
    ``service``  the service addressed; None when a host or an account is
    ``stranger`` that client; None when it has logged in
    """

    stanza: "Stanza"
    payload: Element
    host: "Host"
    account: "Account | None"
    session: "Session | None"
    peer: str = ""
    service: "Service | None" = None
    stranger: Stranger | None = None

    @property
    def sender(self) -> "JID":
        """Who asks."""
        return self.stanza.sender

    @property
    def is_set(self) -> bool:
        """Tell a ``set`` from a ``get``."""
        return self.stanza.type == "set"


Answer = Element | None
"""What an IQ handler returns: the payload of the result, or None for an empty result."""


@dataclass(frozen=True, slots=True)
class HookHandler:
    """Marks a method as the handler of a hook."""

    hook: Hook[..., object]
    phase: Phase | None
    kinds: tuple[str, ...]
    payload: str | None
    after: tuple[str, ...]
    before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IqHandler:
    """Marks a method as the handler of IQ requests."""

    types: tuple[str, ...]
    payload: str
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """Marks a method that runs again and again, ``every`` so many seconds."""

    every: float


class NoArguments(BaseModel):
    """The parameters of a command that takes none."""

    model_config = ConfigDict(extra="forbid")


Progress = Callable[[int, int], None]
"""Called by a long command with how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Command:
    """Marks a method as a command, which the CLI, REST and ad-hoc commands offer.

    ``name``       group and verb, such as ``"user add"``
    ``parameters`` the model of its arguments; field descriptions are its help
    ``offline``    it needs only storage, so it also works while the server is stopped
    ``access``     who may run it, unless the roles of the configuration say otherwise. Whoever
                   owns the server's machine may run all
    """

    name: str
    parameters: type[BaseModel]
    offline: bool
    summary: str
    access: Access = Access.SERVER_ADMINISTRATORS


def declare(method: F, mark: object) -> F:
    """Let a method carry a declaration, which `declarations` finds; for decorators of its kind."""
    marks = getattr(method, _MARK, ())
    setattr(method, _MARK, (*marks, mark))
    return method


def on(
    hook: Hook[P, R],
    *,
    phase: Phase | None = None,
    kind: str | tuple[str, ...] = (),
    payload: tuple[str, str] | None = None,
    after: tuple[str, ...] = (),
    before: tuple[str, ...] = (),
) -> Callable[[Callable[Concatenate[E, P], R]], Callable[Concatenate[E, P], R]]:
    """Attach a method to a hook.

    ``phase`` is needed for the hooks of stanzas and only there; ``kind`` ("message", …) and
    ``payload`` (namespace, local name of a child) narrow which stanzas it sees; ``after`` and
    ``before`` name extensions whose handlers in the same phase run earlier or later; "*" in
    ``before`` stands for all others.
    """
    if hook.phased != (phase is not None):
        raise TypeError(f"{hook}: phase is {'needed' if hook.phased else 'not for this hook'}")
    kinds = (kind,) if isinstance(kind, str) else kind
    key = f"{payload[0]} {payload[1]}" if payload else None
    mark = HookHandler(cast("Hook[..., object]", hook), phase, kinds, key, after, before)

    def attach(method: Callable[Concatenate[E, P], R]) -> Callable[Concatenate[E, P], R]:
        return declare(method, mark)

    return attach


def iq(
    types: str | tuple[str, ...], ns: str, name: str, *, to: Target | tuple[Target, ...]
) -> Callable[
    [Callable[[E, Request], Answer | Awaitable[Answer]]],
    Callable[[E, Request], Answer | Awaitable[Answer]],
]:
    """Let a method answer IQ requests: it returns the payload or raises `StanzaError`.

    ``types`` is "get", "set" or both; the method may be ``async``, then the session's further
    requests to this server wait for it.
    """
    mark = IqHandler(
        (types,) if isinstance(types, str) else types,
        f"{ns} {name}",
        (to,) if isinstance(to, Target) else to,
    )

    def attach(
        method: Callable[[E, Request], Answer | Awaitable[Answer]],
    ) -> Callable[[E, Request], Answer | Awaitable[Answer]]:
        return declare(method, mark)

    return attach


def task(*, every: float) -> Callable[[F], F]:
    """Run an ``async`` method again and again, ``every`` so many seconds while the server runs."""
    return lambda method: declare(method, Task(every))


def command(
    name: str,
    parameters: type[BaseModel] = NoArguments,
    *,
    offline: bool = False,
    access: Access = Access.SERVER_ADMINISTRATORS,
) -> Callable[[F], F]:
    """Offer an ``async`` method ``(self, arguments, progress)`` as a command.

    ``name`` is a group and a verb, such as ``"user add"``. The first line of the method's
    docstring is the help. ``access`` is who may run it by chat (`palaver.kernel.permissions`): give
    `Access.ADMINISTRATORS` only to what names its host, or an account, as ``host`` or ``jid``.

    It returns what can be written as JSON (a pydantic model, dict, list, or None) and raises
    `palaver.kernel.errors.CommandError` to refuse.
    """
    if _COMMAND.fullmatch(name) is None:
        raise TypeError(f"command {name!r}: the name is a group and a verb, such as 'user add'")

    def attach(method: F) -> F:
        summary = (method.__doc__ or "").strip().partition("\n")[0]
        return declare(method, Command(name, parameters, offline, summary, access))

    return attach


class ExtensionConfig(BaseModel):
    """Base of an extension's settings; every field has a default and a description."""

    model_config = ConfigDict(frozen=True, extra="forbid")


C = TypeVar("C", bound=ExtensionConfig, default=ExtensionConfig)


class Extension(Generic[C]):
    """Base of all extensions: a class that declares, plus methods that handle.

    ``name``             how the configuration and other extensions call it
    ``implements``       the specifications it implements
    ``features``         disco features of every host that has it (XEP-0030)
    ``account_features`` disco features of accounts
    ``default``          whether it is loaded when the configuration does not say
    ``requires``         extensions that must be loaded before it
    ``serves_addresses`` its service takes what is for ``local@service`` and resources of those too
    ``serves_others``    users of other servers have business with its service
    ``tables``           its tables, declared on `palaver.kernel.storage.metadata`
    ``Config``           the model of its settings: ``class Away(Extension[AwayConfig])`` with
                         ``Config = AwayConfig``
    """

    Config: ClassVar[type[ExtensionConfig]] = ExtensionConfig
    name: ClassVar[str]
    implements: ClassVar[tuple[Xep, ...]] = ()
    features: ClassVar[tuple[str, ...]] = ()
    account_features: ClassVar[tuple[str, ...]] = ()
    default: ClassVar[bool] = True
    requires: ClassVar[tuple[str, ...]] = ()
    serves_addresses: ClassVar[bool] = False
    serves_others: ClassVar[bool] = True
    tables: ClassVar[tuple[Table, ...]] = ()

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Be loaded; ``settings(host)`` gives the checked `Config`, of a host or in general."""
        self.server = server
        self._settings = settings

    def service_address(self, host: "Host") -> str:
        """Return the domain of the service that this extension provides on a host; "" for none."""
        return ""

    def service_took(self, stanza: "Stanza", service: "Service") -> None:
        """Take a message or a presence for a service of yours.

        If it serves addresses, also one for these, and an IQ for a resource of these.

        Raises:
            StanzaError: it is refused.
        """
        if stanza.kind == "message" and stanza.type not in ("error", "headline"):
            raise StanzaError("service-unavailable", "a service does not read messages")

    def config(self, host: str | None = None) -> C:
        """Return the settings, as they are on a host or in general."""
        return cast("C", self._settings(host))


_declared: dict[type[Extension[Any]], tuple[tuple[str, object], ...]] = {}
"""What was found, by class: every host asks."""


def declarations(extension: type[Extension[Any]]) -> tuple[tuple[str, object], ...]:
    """Return (method name, mark) of all that an extension class declares."""
    found = _declared.get(extension)
    if found is None:
        found = _declared[extension] = tuple(
            (name, mark)
            for name in dir(extension)
            for mark in getattr(getattr(extension, name), _MARK, ())
        )
    return found
