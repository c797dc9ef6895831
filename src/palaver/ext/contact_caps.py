"""What clients of contacts at other servers want to hear of, by their presence (XEP-0163 §4.3.2).

Only of contacts with whom presence is shared both ways: others are not told of anything by it.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar, Final

from palaver.ext.client_caps import Claim, ClientCaps, claim_in
from palaver.ext.roster.roster import roster_of
from palaver.jid import JID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, ExtensionConfig, on
from palaver.kernel.hooks import Phase, Verdict
from palaver.kernel.slots import Slot
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_MOST: Final = 2_000  # clients of contacts that are remembered for one account
_ASKING: Final = 200  # requests under way at the same time


class _Listener:
    """What a contact's client claims, and wants to hear of as far as that is known."""

    __slots__ = ("claim", "nodes")

    def __init__(self, claim: Claim, nodes: frozenset[str]) -> None:
        self.claim = claim
        self.nodes = nodes


_LISTENERS: Final[Slot[dict[JID, _Listener]]] = Slot("contacts' capabilities")


def listeners(account: Account, node: str) -> Iterator[JID]:
    """Iterate over the clients of contacts elsewhere that want to hear of a node."""
    for address, listener in list((_LISTENERS.get(account) or {}).items()):
        if node in listener.nodes:
            yield address


class ContactCaps(Extension):
    """Finds out what clients of contacts at other servers want to hear of."""

    name: ClassVar = "contact_caps"
    requires: ClassVar = ("client_caps", "roster")

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin without asking anybody."""
        super().__init__(server, settings)
        self._asking: dict[Claim, list[tuple[Account, JID, _Listener]]] = {}

    @on(hooks.incoming, phase=Phase.REWRITE, kind="presence")
    def presence(self, stanza: Stanza, account: Account) -> Verdict:
        """Take note of what a contact's client says of itself, or that it went away."""
        sender = stanza.sender
        if sender.domain in self.server.hosts or not sender.resource:
            return None
        known = _LISTENERS.get(account)
        if stanza.type == "available":
            claim = claim_in(stanza)
            if claim is not None and self._shares(account, sender):
                self._claimed(account, sender, claim)
        elif known is not None and stanza.type in ("unavailable", "error"):
            known.pop(sender, None)
        return None

    @staticmethod
    def _shares(account: Account, contact: JID) -> bool:
        state = roster_of(account).state_of(contact.bare)
        return state.sees and state.is_seen

    def _claimed(self, account: Account, client: JID, claim: Claim) -> None:
        known = _LISTENERS.get(account)
        if known is None:
            _LISTENERS.set(account, known := {})
        before = known.get(client)
        if (before is not None and before.claim == claim) or len(known) >= _MOST:
            return
        heard = before.nodes if before is not None else frozenset[str]()
        listener = known[client] = _Listener(claim, heard)
        nodes = self._caps.verified(claim)
        if nodes is not None:
            self._learnt(account, client, listener, nodes)
        else:
            self._find_out(account, client, listener)

    def _find_out(self, account: Account, client: JID, listener: _Listener) -> None:
        """Ask a client, unless another one with the same hash is being asked."""
        key = listener.claim._replace(node="")
        if key in self._asking:
            self._asking[key].append((account, client, listener))
        elif len(self._asking) < _ASKING:
            self._asking[key] = []
            self.server.spawn(self._ask(key, account, client, listener))

    @property
    def _caps(self) -> ClientCaps:
        return self.server.extension(ClientCaps)

    async def _ask(self, key: Claim, account: Account, client: JID, listener: _Listener) -> None:
        try:
            nodes = await self._caps.ask(account.jid, client, listener.claim)
        finally:
            others = self._asking.pop(key)
        if nodes is not None:
            self._learnt(account, client, listener, nodes)
        verified = self._caps.verified(key)
        for other in others:
            if verified is not None:
                self._learnt(*other, verified)
            else:
                self._find_out(*other)

    def _learnt(
        self, account: Account, client: JID, listener: _Listener, nodes: frozenset[str]
    ) -> None:
        new, listener.nodes = nodes - listener.nodes, nodes
        if not new or (_LISTENERS.get(account) or {}).get(client) is not listener:
            return
        for handle in account.host.dispatch.handlers(hooks.contact_interests):
            self.server.guarded(handle, account, client, new)
