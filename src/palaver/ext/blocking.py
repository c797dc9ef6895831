"""The blocking command: a simple way to edit what the default privacy list denies (XEP-0191)."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from palaver.ext.portable import Note, Piece, Portable
from palaver.ext.privacy.extension import Privacy
from palaver.ext.privacy.payload import normal
from palaver.ext.privacy.pushes import BLOCKING, push_blocking, push_list
from palaver.ext.privacy.rules import Rules
from palaver.ext.privacy.state import USES_BLOCKING, rules_of
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Answer, Extension, Request, Target, Xep, iq
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError


class Blocking(Extension, Portable):
    """Lets users block addresses; what it means is the business of privacy lists."""

    name: ClassVar = "blocking"
    implements: ClassVar = (Xep(191, "1.3"),)
    features: ClassVar = (BLOCKING,)
    account_features: ClassVar = (BLOCKING,)
    requires: ClassVar = ("privacy",)
    # Only read: here the block list travels as a privacy list (XEP-0227 §4.8).
    portable: ClassVar = {f"{BLOCKING} blocklist": 0}

    async def imported(self, account: Account, pieces: Sequence[Piece], note: Note) -> None:
        """Block whom other servers export in the form of XEP-0191."""
        jids = [jid for piece, _ in pieces for jid in _jids(piece)]
        blocked = rules_of(account).blocked
        new = [jid for jid in jids if jid not in blocked]
        if new:
            await self._privacy.change(account, lambda rules: rules.blocking(new))

    @iq("get", BLOCKING, "blocklist", to=Target.ACCOUNT)
    def show(self, request: Request) -> Answer:
        """Return the block list; the session gets its changes from now on (XEP-0191 §3.2)."""
        assert request.account is not None
        if request.session is not None:
            USES_BLOCKING.set(request.session, True)
        items = [Element("item", BLOCKING, {"jid": j}) for j in rules_of(request.account).blocked]
        return Element("blocklist", BLOCKING, None, *items)

    @iq("set", BLOCKING, "block", to=Target.ACCOUNT)
    async def block(self, request: Request) -> Answer:
        """Block addresses (XEP-0191 §3.3)."""
        jids = _jids(request.payload)
        if not jids:
            raise StanzaError("bad-request", "whom to block?")
        assert request.account is not None
        before, after = await self._privacy.change(
            request.account, lambda rules: rules.blocking(jids)
        )
        _push(request.account, "block", jids, before, after)
        for handle in request.host.dispatch.handlers(hooks.blocked):
            await handle(request.account, tuple(request.payload))
        return None

    @iq("set", BLOCKING, "unblock", to=Target.ACCOUNT)
    async def unblock(self, request: Request) -> Answer:
        """Unblock addresses, or all (XEP-0191 §3.4, §3.5)."""
        jids = _jids(request.payload)
        assert request.account is not None
        before, after = await self._privacy.change(
            request.account, lambda rules: rules.unblocking(jids or None)
        )
        _push(request.account, "unblock", jids, before, after)
        return None

    @property
    def _privacy(self) -> Privacy:
        return self.server.extension(Privacy)


def _jids(element: Element) -> list[str]:
    """Return the addresses in a request, in normal form.

    Raises:
        StanzaError: bad-request or jid-malformed.
    """
    jids = []
    for item in element:
        if item.key != f"{BLOCKING} item" or "jid" not in item.attrs:
            raise StanzaError("bad-request", "an item names a JID")
        jids.append(normal(item.attrs["jid"]))
    return list(dict.fromkeys(jids))


def _push(account: Account, verb: str, jids: list[str], before: Rules, after: Rules) -> None:
    """Push the change after the answer to the request."""
    loop = asyncio.get_running_loop()
    loop.call_soon(push_blocking, account, verb, jids)
    changed = after.default or before.default
    if changed is not None and after is not before:
        loop.call_soon(_push_list, account, changed)


def _push_list(account: Account, name: str) -> None:
    push_list(account, name, to_all=False)
