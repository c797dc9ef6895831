"""What a story consists of, once it is read."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.support.client import Security
from tests.support.config import HostOptions


class StoryError(Exception):
    """Says what is wrong with the text of a story, and in which file and line."""

    def __init__(self, file: Path, line: int, problem: str) -> None:
        super().__init__(f"{file}:{line}: {problem}")


@dataclass(frozen=True, slots=True)
class Actor:
    """A named client: who it logs in as, and how."""

    name: str
    jid: str
    password: str = "secret"
    security: Security = "starttls"
    mechanism: str | None = None
    language: str | None = None
    logs_in: bool = True
    names_itself: bool = False
    has_account: bool = True
    administrator: bool = False
    component: bool = False

    @property
    def bare(self) -> str:
        """The account's address."""
        return self.jid.partition("/")[0]

    @property
    def host(self) -> str:
        """The virtual host it belongs to."""
        return self.bare.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class Block:
    """The indented XML under a step, and where it begins."""

    line: int
    xml: str


@dataclass(frozen=True, slots=True)
class Connect:
    """The actor connects; it logs in too, unless it is one that does not."""

    actor: str


@dataclass(frozen=True, slots=True)
class ComeOnline:
    """The actor connects, asks for its roster and becomes available."""

    actor: str
    priority: int


@dataclass(frozen=True, slots=True)
class IsOffered:
    """These are among the features that came last with the actor's stream."""

    actor: str
    block: Block


@dataclass(frozen=True, slots=True)
class LogIn:
    """The actor, already connected, authenticates and binds its resource."""

    actor: str


@dataclass(frozen=True, slots=True)
class CannotLogIn:
    """The actor connects and its login fails, with the SASL condition if one is named."""

    actor: str
    condition: str | None


@dataclass(frozen=True, slots=True)
class Disconnect:
    """The actor closes its stream in order."""

    actor: str


@dataclass(frozen=True, slots=True)
class Drop:
    """The actor's connection breaks without a word."""

    actor: str


@dataclass(frozen=True, slots=True)
class Closed:
    """The server closes the actor's connection."""

    actor: str


@dataclass(frozen=True, slots=True)
class MayClose:
    """The server may have closed the actor's connection, or not."""

    actor: str


@dataclass(frozen=True, slots=True)
class Send:
    """The actor sends XML."""

    actor: str
    block: Block


Manner = Literal["in order", "in any order", "perhaps"]


@dataclass(frozen=True, slots=True)
class Receive:
    """The actor receives these stanzas next."""

    actor: str
    block: Block
    manner: Manner


@dataclass(frozen=True, slots=True)
class OneOrMoreReceive:
    """At least one of the actors receives the stanza."""

    actors: tuple[str, ...]
    block: Block


@dataclass(frozen=True, slots=True)
class ReceiveNothing:
    """Nothing is on its way to the actor."""

    actor: str


@dataclass(frozen=True, slots=True)
class Skip:
    """What the actor received so far does not matter."""

    actor: str


@dataclass(frozen=True, slots=True)
class Befriend:
    """The first actor is subscribed to the second's presence, or each to the other's."""

    subscriber: str
    contact: str
    mutual: bool


Action = (
    Connect
    | ComeOnline
    | IsOffered
    | LogIn
    | CannotLogIn
    | Disconnect
    | Drop
    | Closed
    | MayClose
    | Send
    | Receive
    | OneOrMoreReceive
    | ReceiveNothing
    | Skip
    | Befriend
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a story: where it stands, its words, and what they mean."""

    line: int
    text: str
    action: Action


@dataclass(frozen=True, slots=True)
class Story:
    """One story: the rule it checks, who takes part, and what happens."""

    file: Path
    line: int
    source: str
    title: str
    cast: dict[str, Actor]
    hosts: dict[str, HostOptions]
    steps: tuple[Step, ...] = field(repr=False)

    @property
    def accounts(self) -> dict[str, str]:
        """The accounts that exist before the story begins: bare JID and password."""
        return {actor.bare: actor.password for actor in self.cast.values() if actor.has_account}
