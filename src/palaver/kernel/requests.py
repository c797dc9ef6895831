"""Requests that the server itself sends, and their answers (RFC 6120 §8.2.3)."""

import asyncio
import secrets
from collections.abc import Callable
from typing import Final

from palaver.jid import JID, BareJID
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_TIMEOUT: Final = 30.0  # seconds


class Requests:
    """Sends IQ requests and finds out which answer belongs to which."""

    def __init__(self, send: Callable[[Stanza], None]) -> None:
        """Send by ``send``."""
        self._send = send
        self._waiting: dict[tuple[JID, BareJID, str], asyncio.Future[Stanza]] = {}

    async def ask(self, type_: str, sender: BareJID, to: JID, payload: Element) -> Element | None:
        """Ask ``to`` in the name of a host or an account; return the payload of its result.

        Raises:
            StanzaError: the answer is an error, or (remote-server-timeout) there is none.
        """
        answer = await self.exchange(type_, sender, to, payload)
        if answer.type == "error":
            raise _error_of(answer)
        return answer.payload

    async def exchange(self, type_: str, sender: BareJID, to: JID, payload: Element) -> Stanza:
        """Ask likewise; return the result or error as it came.

        Raises:
            StanzaError: remote-server-timeout, there is none.
        """
        id_ = secrets.token_hex(8)
        key = (to, sender, id_)
        future: asyncio.Future[Stanza] = asyncio.get_running_loop().create_future()
        self._waiting[key] = future
        try:
            self._send(Stanza.make("iq", sender, to, {"type": type_, "id": id_}, payload))
            async with asyncio.timeout(_TIMEOUT):
                return await future
        except TimeoutError:
            raise StanzaError("remote-server-timeout", "there was no answer") from None
        finally:
            del self._waiting[key]

    def answered(self, stanza: Stanza) -> None:
        """Take a result or an error; those that nobody waits for end here."""
        asker = stanza.sender if stanza.to is None else stanza.to  # to one's own account
        future = self._waiting.get((stanza.sender, asker.bare, stanza.id or ""))
        if future is None or future.done():
            return
        future.set_result(stanza)


def _error_of(stanza: Stanza) -> StanzaError:
    """Return the error that a stanza brings (RFC 6120 §8.3.2)."""
    error = stanza.child("error")
    for child in error or ():
        if child.ns == ns.STANZA_ERRORS and child.name != "text":
            try:
                return StanzaError(child.name, child.text)  # where to, if it is gone
            except (KeyError, ValueError):
                break
    return StanzaError("undefined-condition")
