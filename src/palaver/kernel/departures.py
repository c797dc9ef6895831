"""What is to outlast the server of the stanzas that are on their way to other domains."""

from collections.abc import Iterable
from typing import Protocol

from palaver.wire.stanza import Stanza


class Departures(Protocol):
    """Keeps stanzas for other domains in storage, until those have them."""

    def keep(self, stanza: Stanza, *, sent: bool) -> None:
        """Keep a stanza if it is one of those that are kept.

        ``sent`` tells that there is a stream for it, so that it may well arrive at once.

        Raises:
            StanzaError: it cannot be stored.
        """

    def replace(self, stanza: Stanza, by: Stanza) -> None:
        """Take note that another object stands for a stanza from now on."""

    def kept(self, stanza: Stanza) -> bool:
        """Tell whether a stanza is sent after a restart, if it is not before."""

    def forget(self, stanzas: Iterable[Stanza]) -> None:
        """Take note that nothing is left to do for these: they arrived, or came back."""


class Forgetful:
    """Keeps nothing."""

    def keep(self, stanza: Stanza, *, sent: bool) -> None:
        """Do not keep it."""

    def replace(self, stanza: Stanza, by: Stanza) -> None:
        """Nothing is there to be replaced."""

    def kept(self, _stanza: Stanza) -> bool:
        """Tell that it is not."""
        return False

    def forget(self, stanzas: Iterable[Stanza]) -> None:
        """Nothing is there to be forgotten."""
