"""One contact of an account, as the server knows it."""

from dataclasses import dataclass, replace

from palaver.ext.roster.states import State
from palaver.jid import BareJID


@dataclass(frozen=True, slots=True)
class RosterItem:
    """A contact: what the roster shows of it, and what the server keeps beside.

    ``contact``   its bare JID
    ``state``     the subscriptions between the account and it (RFC 6121 §A.1)
    ``listed``    it is in the roster; a stranger whose request waits is not (§3.1.3)
    ``name``      the user's name for it, "" for none
    ``groups``    the groups the user put it in, in the user's order
    ``approved``  its request to subscribe will be approved at once (§3.4)
    ``request``   its request to subscribe, as a stanza, while it waits for the user's answer
    ``version``   the roster's version since which it shows it, or does not; 0 if it never did
    """

    contact: BareJID
    state: State = State.NONE
    listed: bool = False
    name: str = ""
    groups: tuple[str, ...] = ()
    approved: bool = False
    request: bytes | None = None
    version: int = 0

    @property
    def size(self) -> int:
        """How much there is to keep of what users wrote, in bytes."""
        texts = (self.contact, self.name, *self.groups)
        return sum(len(text.encode()) for text in texts) + len(self.request or b"")

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to keep about it."""
        return not self.listed and self.state is State.NONE and not self.approved

    def looks_like(self, other: "RosterItem") -> bool:
        """Tell whether the roster shows both alike: then nothing is pushed (RFC 6121 §2.1.6)."""
        if not self.listed and not other.listed:
            return True
        return (
            self.listed == other.listed
            and self.name == other.name
            and self.groups == other.groups
            and self.approved == other.approved
            and self.state.subscription == other.state.subscription
            and self.state.pending_out == other.state.pending_out
        )

    def joined(self, shared: "RosterItem", version: int) -> "RosterItem":
        """Return the item with what groups add to it; the name is the user's, if there is one."""
        groups = self.groups + tuple(name for name in shared.groups if name not in self.groups)
        return replace(
            self,
            state=self.state.joined(shared.state),
            listed=self.listed or shared.listed,
            name=self.name or shared.name,
            groups=groups,
            version=version,
        )

    def moved(
        self, state: State, *, approved: bool | None = None, request: bytes | None = None
    ) -> "RosterItem":
        """Return the item in another state; in any but "pending in" it enters the roster.

        ``request`` is kept only while it waits.
        """
        approved = self.approved if approved is None else approved
        kept = (request or self.request) if state.pending_in else None
        stranger = state in (State.NONE, State.NONE_PENDING_IN) and not approved
        return replace(
            self,
            state=state,
            approved=approved,
            request=kept,
            listed=self.listed or not stranger,
        )
