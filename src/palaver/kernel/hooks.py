"""Every point at which an extension can take part, as a typed and documented object.

An extension attaches a method with ``@on(hook)`` (`palaver.kernel.extension`). Hooks of stanzas run
in phases; the others call every handler in turn.
"""

from collections.abc import Awaitable, Mapping, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, Generic, ParamSpec, TypeVar, final

from palaver.wire.element import Element
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from palaver.jid import JID, BareJID, FullJID
    from palaver.kernel.account import Account
    from palaver.kernel.components import Component, Link
    from palaver.kernel.extension import Request
    from palaver.kernel.host import Host
    from palaver.kernel.management import StreamManager
    from palaver.kernel.session import Session
    from palaver.kernel.tokens import TokenKeeper
    from palaver.wire.errors import StanzaError

P = ParamSpec("P")
R = TypeVar("R", covariant=True)


class Phase(IntEnum):
    """When a handler of a stanza runs; inside a phase only ``after`` and ``before`` order."""

    GUARD = 1
    """May stop the stanza: raise `StanzaError` to refuse it, return `STOP` to drop it silently."""
    REWRITE = 2
    """May return another stanza, which travels on instead."""
    ROUTE = 3
    """May take the stanza over: return `STOP` when it was dealt with."""


@final
class Stop:
    """The type of `STOP`."""

    def __repr__(self) -> str:
        return "STOP"


STOP: Final = Stop()
Verdict = Stanza | Stop | None
"""What a handler of a stanza returns: None to go on, a stanza to go on with, or `STOP`."""


class Hook(Generic[P, R]):
    """A point at which extensions take part; ``summary`` says when it is reached."""

    def __init__(self, name: str, summary: str, *, phased: bool = False) -> None:
        self.name = name
        self.summary = summary
        self.phased = phased

    def __repr__(self) -> str:
        return f"<hook {self.name}>"


# -- stanzas ---------------------------------------------------------------------------------------

outgoing: "Hook[[Stanza, Session], Verdict]" = Hook(
    "outgoing",
    "A session of ours sent a stanza. ``stanza.sender`` is its full JID; ``stanza.to`` is None "
    "when the stanza had no address. Runs before the stanza is routed.",
    phased=True,
)
incoming: "Hook[[Stanza, Account], Verdict]" = Hook(
    "incoming",
    "A stanza for an account of ours (its bare JID or one of its resources) arrived, from here or "
    "elsewhere. Runs before its sessions are chosen. IQ results and errors pass here too.",
    phased=True,
)
unreachable: "Hook[[Stanza, Account], Verdict]" = Hook(
    "unreachable",
    "A message that is to be kept for an account has no session to go to (RFC 6121 §8.5.2.2). "
    "The first handler that returns `STOP` took it; otherwise the sender gets an error.",
    phased=True,
)
sent: "Hook[[Stanza, Session], None]" = Hook(
    "sent", "A stanza of one of our sessions went on its way, as rewritten by `outgoing`."
)
refused: "Hook[[Stanza, StanzaError], None]" = Hook(
    "refused",
    "A stanza of a sender of ours is answered with an error, whoever refused it and however late.",
)
bounced: "Hook[[Stanza, Stanza], Verdict]" = Hook(
    "bounced",
    "A stanza of a sender of ours comes back, with this answer, maybe so late that they have "
    "left. Runs after `refused`. The first handler that returns `STOP` took the answer; "
    "otherwise the session gets it that sent the stanza, if it is still there.",
)
delivered: "Hook[[Stanza, Account, tuple[Session, ...]], None]" = Hook(
    "delivered",
    "A message for one of our accounts was handed to these sessions (none when it was kept).",
)
host_message: "Hook[[Stanza, Host], Verdict]" = Hook(
    "host_message",
    "A message or a presence came for a host itself. The first handler that returns `STOP` took "
    "it; otherwise the sender of a message gets an error.",
)
presence_for_nobody: "Hook[[Stanza], None]" = Hook(
    "presence_for_nobody",
    "A presence came for an address of ours that is no account's. It is dropped after this.",
)

presence_broadcast: "Hook[[Stanza, Session], None]" = Hook(
    "presence_broadcast",
    "The presence of a session, available or not, went to all who are subscribed to it.",
)
contact_presence: "Hook[[Stanza, Account], None]" = Hook(
    "contact_presence",
    "A presence for an account came, available or not, that was no broadcast of a session here.",
)
component_connected: "Hook[[Component, Link], None]" = Hook(
    "component_connected",
    "An instance of an external component proved who it is; nothing was sent to it since.",
)

# -- sessions --------------------------------------------------------------------------------------

session_bound: "Hook[[Session], None]" = Hook(
    "session_bound", "A client bound a resource; nothing was sent to it yet after the result."
)
session_resumed: "Hook[[Session], None]" = Hook(
    "session_resumed",
    "A client came back to the session that it had, on another connection (XEP-0198 §5).",
)
bind_requested: "Hook[[Session, Element], Awaitable[Element | None]]" = Hook(
    "bind_requested",
    "A client bound a resource along with its login (XEP-0386), with this request: do what it asks "
    "of you, and return what it is to be told. Until then nothing is written to the client.",
)
session_closed: "Hook[[Session], None]" = Hook(
    "session_closed",
    "A session ended, however it did. It is no longer among its account's sessions, but its last "
    "presence is still on it.",
)
session_available: "Hook[[Session, Stanza], None]" = Hook(
    "session_available",
    "A session sent its initial presence, or changed from a negative priority to another: it now "
    "receives messages for the bare JID. The presence was already broadcast.",
)

session_saving: "Hook[[Session, dict[str, Any]], None]" = Hook(
    "session_saving",
    "The server stops, and this session will be resumed after its restart: put what is yours into "
    "the dictionary, under your extension's name, as JSON can hold it.",
)
session_restored: "Hook[[Session, Mapping[str, Any]], None]" = Hook(
    "session_restored",
    "A session from before a restart is among its account's sessions again: take what you put "
    "into the dictionary when it was saved. It is not `session_bound` again.",
)

client_state: "Hook[[Session, bool], None]" = Hook(
    "client_state",
    "A client says whether its user attends to it (XEP-0352). Every session begins as if it did.",
)

client_interests: "Hook[[Session, frozenset[str]], None]" = Hook(
    "client_interests",
    "An available client says what more it wants to hear of: these nodes, the features with "
    '"+notify" of its capabilities (XEP-0060 §9.2). Reached once for each node and presence '
    "session, when the capabilities are known, which can be later.",
)

contact_interests: "Hook[[Account, JID, frozenset[str]], None]" = Hook(
    "contact_interests",
    "An available client of a contact at another server wants to hear of these nodes of an account "
    "of ours, likewise.",
)

# -- accounts --------------------------------------------------------------------------------------

account_loading: "Hook[[Account, Connection], None]" = Hook(
    "account_loading",
    "An account comes into use: load what you keep in its slots, with the connection given. "
    "Stanzas for the account wait meanwhile. An error makes the account unavailable.",
)
account_creating: "Hook[[BareJID], Awaitable[None]]" = Hook(
    "account_creating",
    "An account of this address is to be made: raise `CommandError` to refuse.",
)
account_created: "Hook[[Account], Awaitable[None]]" = Hook(
    "account_created", "An account was created, by a command or by registration."
)
contact_changed: "Hook[[Account, BareJID, str], None]" = Hook(
    "contact_changed",
    "The roster of an account has something else about a contact: its name, its groups, or the "
    "subscription, which was the one given. It is stored already.",
)
roster_pushed: "Hook[[Account, BareJID], None]" = Hook(
    "roster_pushed",
    "Clients of an account were sent how its roster shows a contact from now on.",
)
item_publishing: "Hook[[Account, str, str, Element], Awaitable[None]]" = Hook(
    "item_publishing",
    "Something is published in an account's node: the node's name, the item's id, and what it "
    "holds. It can be stored and is not yet; raise `StanzaError` to refuse. Do not change nodes.",
)
node_changed: "Hook[[Account, str], Awaitable[None]]" = Hook(
    "node_changed",
    "A request changed an account's node of that name: its items, its configuration, or whether it "
    "exists. It is answered after this. What extensions publish does not count.",
)
node_imported: "Hook[[Account, str], Awaitable[None]]" = Hook(
    "node_imported",
    "An account's node of that name has new items, which came with the account from elsewhere. "
    "What was there before is to stay as it is.",
)
room_said: "Hook[[FullJID, Stanza], None]" = Hook(
    "room_said",
    "Somebody said something in a room here that is worth keeping: the address of the occupant, "
    "and the message as it came, from a real address. All who are in the room have it already.",
)
name_freed: "Hook[[BareJID], Awaitable[None]]" = Hook(
    "name_freed", "An administrator wants the name of a deleted account to be anybody's at once."
)
private_storing: "Hook[[Account, Element], Awaitable[None]]" = Hook(
    "private_storing",
    "A client puts an element into private storage (XEP-0049): raise `StanzaError` to refuse.",
)
private_imported: "Hook[[Account, Element], Awaitable[None]]" = Hook(
    "private_imported",
    "An account has this element in private storage, which came with it from elsewhere. What was "
    "there before is to stay as it is.",
)
role_changed: "Hook[[Account], None]" = Hook(
    "role_changed", "An account in use has another role now, which is in its record."
)
vcard_publishing: "Hook[[Account, Element], Awaitable[Element]]" = Hook(
    "vcard_publishing",
    "A user publishes a vCard (XEP-0054), which is not too long: return what of it is to be stored "
    "as such, or raise `StanzaError` to refuse.",
)
vcard_changed: "Hook[[Account, Element | None], Awaitable[None]]" = Hook(
    "vcard_changed",
    "An account has this vCard stored from now on (XEP-0054), or none. It is for reading.",
)
vcard_reading: "Hook[[Account, JID, Element | None], Awaitable[Element | None]]" = Hook(
    "vcard_reading",
    "Somebody reads the vCard of an account, stored or not: return it with what else belongs to "
    "it, or None where they may not read it.",
)
access_revoked: "Hook[[Account], Awaitable[None]]" = Hook(
    "access_revoked",
    "An account has another password now, or is disabled: whatever else lets a client log in to it "
    "is void.",
)
account_deleting: "Hook[[Account], Awaitable[None]]" = Hook(
    "account_deleting",
    "An account is about to be deleted; its rows are still there. Say goodbye for it where others "
    "must hear of it. Rows that refer to the account disappear with it. After a crash this is "
    "reached again.",
)

blocked: "Hook[[Account, Sequence[Element]], Awaitable[None]]" = Hook(
    "blocked",
    "An account blocked addresses (XEP-0191): the items of the request, each with a valid address.",
)
blocks_changed: "Hook[[Host], None]" = Hook(
    "blocks_changed",
    "A host blocks other addresses than before: ask `palaver.ext.blocklists` about those whom you "
    "have let in.",
)
registering: "Hook[[Request, BareJID | None], Awaitable[bool]]" = Hook(
    "registering",
    "Somebody without an account asks what registration takes (the address is None), or wants that "
    "address. True lets them although registration is closed; raise `StanzaError` to refuse.",
)
token_shown: "Hook[[Request, str], Awaitable[bool]]" = Hook(
    "token_shown",
    "Somebody without an account shows a token that is no invitation (XEP-0445 §5): return True "
    "where it is yours, and remember it with the stranger.",
)
register_instead: "Hook[[Request, str, str], Awaitable[bool]]" = Hook(
    "register_instead",
    "Somebody without an account, who may register, gave this username and this password: return "
    "True where you dealt with it and no account is to be made; raise `StanzaError` to refuse.",
)
registered: "Hook[[Request, Account | None], Awaitable[None]]" = Hook(
    "registered", "Somebody registered and has this account now; None when it came to nothing."
)

# -- streams and server ----------------------------------------------------------------------------

inline_features: "Hook[[Host], Element | None]" = Hook(
    "inline_features",
    "What can be had along with a login is being written (XEP-0388 §2.1): return one to advertise.",
)
bind_features: "Hook[[Host], str | None]" = Hook(
    "bind_features",
    "What a client can have enabled as it binds a resource is being written (XEP-0386 §3.1): "
    "return the namespace to advertise.",
)
features_before_login: "Hook[[Host], Element | None]" = Hook(
    "features_before_login",
    "The features of a stream on which nobody is logged in are being written (after TLS where TLS "
    "is required): return one to advertise.",
)
features_after_login: "Hook[[Host], Element | None]" = Hook(
    "features_after_login",
    "The features of a stream that has logged in are being written: return one to advertise.",
)
stream_manager: "Hook[[], StreamManager]" = Hook(
    "stream_manager",
    "The first client of a host wants its stream managed: return what does that (XEP-0198).",
)
token_keeper: "Hook[[], TokenKeeper]" = Hook(
    "token_keeper",
    "A client wants a token to log in with, or has one: return what gives and takes them "
    "(XEP-0484).",
)
server_started: "Hook[[], Awaitable[None]]" = Hook(
    "server_started", "Everything is loaded; the listeners open next."
)
server_ending: "Hook[[], Awaitable[None]]" = Hook(
    "server_ending",
    "The server stops: the listeners are closed, and the sessions end next. Storage works.",
)
server_stopping: "Hook[[], Awaitable[None]]" = Hook(
    "server_stopping", "The listeners are closed and the sessions ended; storage still works."
)

ALL: Final[tuple[Hook[..., object], ...]] = (
    outgoing,
    incoming,
    unreachable,
    sent,
    refused,
    bounced,
    delivered,
    host_message,
    presence_for_nobody,
    presence_broadcast,
    contact_presence,
    component_connected,
    session_bound,
    session_resumed,
    bind_requested,
    session_closed,
    session_available,
    session_saving,
    session_restored,
    client_state,
    client_interests,
    contact_interests,
    account_loading,
    account_creating,
    account_created,
    contact_changed,
    roster_pushed,
    item_publishing,
    node_changed,
    node_imported,
    room_said,
    name_freed,
    private_storing,
    private_imported,
    role_changed,
    vcard_publishing,
    vcard_changed,
    vcard_reading,
    access_revoked,
    account_deleting,
    blocked,
    blocks_changed,
    registering,
    token_shown,
    register_instead,
    registered,
    inline_features,
    bind_features,
    features_before_login,
    features_after_login,
    stream_manager,
    token_keeper,
    server_started,
    server_ending,
    server_stopping,
)
