"""How extensions take part when accounts move: what of an account's data travels (XEP-0227).

An extension that keeps something for accounts is `Portable` as well: it names the children of
``<user/>`` that are its own, writes them, and reads them. That is all it takes; nothing is listed
anywhere else.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from palaver.kernel.account import Account
from palaver.wire.element import Element

Note = Callable[[str], None]
"""Called with what did not fit, in words for the administrator."""


class Piece(NamedTuple):
    """One piece of a user's data.

    ``element``  the piece
    ``within``   the elements around it, below ``<user/>``, without what they contain
    """

    element: Element
    within: tuple[Element, ...] = ()


class Portable:
    """Lets data of accounts be exported and imported.

    ``portable``  which children of ``<user/>`` are this extension's: ``"namespace local"``, and
                  how deep in them the pieces are. 0: the child is one piece; 1: each of its own
                  children is, so that a child may be longer than memory; and so on.
    """

    portable: ClassVar[Mapping[str, int]] = {}

    async def exported(self, account: Account) -> AsyncIterator[bytes]:
        """Iterate over the XML of an account's data, for where XEP-0227's namespace is default."""
        nothing: tuple[bytes, ...] = ()
        for each in nothing:
            yield each

    def importing(self, account: Account) -> None:
        """Take note that data of an account come next, from the beginning."""

    async def imported(self, account: Account, pieces: Sequence[Piece], note: Note) -> None:
        """Store some pieces that follow each other; what is there already stays as it is.

        Raises:
            StanzaError: they cannot be stored; the others of the account are tried all the same.
            StorageUnavailable: nothing can be stored now.
        """
        raise NotImplementedError
