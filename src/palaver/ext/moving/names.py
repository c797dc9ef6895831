"""The names of XEP-0227, and what readers of any format tell about accounts."""

from dataclasses import dataclass
from typing import Final

from palaver.ext.portable import Piece
from palaver.kernel.storage import Credential

NS: Final = "urn:xmpp:pie:0"
NS_SCRAM: Final = "urn:xmpp:pie:0#scram"
NS_ARCHIVE: Final = "urn:xmpp:pie:0#mam"
ARCHIVE: Final = f"{NS_ARCHIVE} archive"
OFFLINE: Final = f"{NS} offline-messages"


class FormatError(ValueError):
    """Refuses a file as a whole: it is not what it should be, or somebody's trap."""


@dataclass(frozen=True, slots=True)
class UserBegins:
    """An account comes next; ``password`` where the file has it."""

    host: str
    name: str
    password: str | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """A SCRAM key of the account."""

    credential: Credential


@dataclass(frozen=True, slots=True)
class UserEnds:
    """That was all of the account."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something that cannot be understood, in words."""

    text: str


Found = UserBegins | Key | Piece | UserEnds | Misfit
"""What a reader finds, in order."""
