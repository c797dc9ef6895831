"""Lets users and administrators choose about strangers, and decide on what is held back."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final, get_args

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Parameter

from palaver import jid as addresses
from palaver.ext.accounts import Accounts
from palaver.ext.delay import timestamp
from palaver.ext.strangers.circle import Policy
from palaver.ext.strangers.extension import Strangers
from palaver.ext.strangers.quarantine import Held
from palaver.jid import BareJID, JIDError
from palaver.kernel.account import Account
from palaver.kernel.adhoc import Call, Done, Note, Reply, Stage, adhoc
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, Progress, command
from palaver.kernel.form_fields import ListMulti, ListSingle, Number, Option
from palaver.kernel.forms import Form, Submission
from palaver.kernel.host import Host
from palaver.kernel.roles import Access
from palaver.wire import element
from palaver.wire.errors import StanzaError

CHOOSE: Final = "urn:x-palaver:strangers"
DECIDE: Final = "urn:x-palaver:strangers:held"
_MOST: Final = 1_000_000
_WORDS: Final = 60  # characters of a message that are shown
_LABELS: Final = {
    "accept": "Let them in",
    "quarantine": "Hold them back until I let the sender in",
    "refuse": "Refuse them",
}

POLICY: Final = ListSingle(
    "policy",
    "Messages and requests of strangers",
    required=True,
    options=tuple(Option(name, label) for name, label in _LABELS.items()),
)
PER_HOUR: Final = Number(
    "per_hour",
    "Strangers I hear from in an hour, at most",
    desc="0 for any number",
    minimum=0,
    maximum=_MOST,
)
CHOICE: Final = Form(
    (POLICY, PER_HOUR),
    title="Strangers",
    instructions=("Strangers are not in your contact list, and you have not written to them.",),
)
ACTION: Final = ListSingle(
    "action",
    "What to do",
    required=True,
    options=(Option("release", "Let the senders in"), Option("discard", "Delete what they sent")),
)


class AccountArguments(BaseModel):
    """Names an account."""

    model_config = ConfigDict(extra="forbid")

    jid: str = Parameter(description="Address of the account, such as user@example.org.")


class ChooseArguments(AccountArguments):
    """Says what is to become of what strangers send to an account."""

    policy: Policy = Parameter(description="accept, quarantine or refuse.")
    per_hour: int | None = Parameter(
        None, ge=0, le=_MOST, description="Strangers it hears from in an hour; 0 for any number."
    )


class SenderArguments(AccountArguments):
    """Names an account, and who wrote to it."""

    sender: str = Parameter(description="Address of the stranger.")


class StrangerCommands(Extension):
    """Offers the commands about strangers."""

    name: ClassVar = "stranger_commands"
    requires: ClassVar = ("accounts", "adhoc", "strangers")

    @property
    def _strangers(self) -> Strangers:
        return self.server.extension(Strangers)

    # -- for users ---------------------------------------------------------------------------------

    def users_choose(self, host: Host) -> bool:
        """Tell whether the users of a host choose for themselves."""
        return Strangers.name in host.extensions and self._strangers.config(host.name).users

    def holds_back(self, host: Host) -> bool:
        """Tell whether a host may hold back what strangers send."""
        return Strangers.name in host.extensions

    @adhoc(CHOOSE, "Strangers", access=Access.MEMBERS, offered="users_choose")
    async def choose(self, call: Call) -> Reply:
        """Ask a user what is to become of what strangers send."""
        account = _own(call)
        filled = (
            POLICY.filled(self._strangers.policy_of(account)),
            PER_HOUR.filled(self._strangers.per_hour_of(account)),
        )
        return Stage(CHOICE, filled=filled, complete=self._chosen)

    async def _chosen(self, call: Call, answers: Submission) -> Reply:
        account, policy = _own(call), answers[POLICY]
        if not self.users_choose(call.host):
            raise StanzaError("forbidden", "users do not choose that here")
        await self._strangers.choose(account, _policy(policy), answers.get(PER_HOUR))
        return Done(notes=(Note(f"{_LABELS[policy]}."),))

    @adhoc(DECIDE, "Messages of strangers", access=Access.MEMBERS, offered="holds_back")
    async def decide(self, call: Call) -> Reply:
        """Show a user who wrote and is held back."""
        rows = await self._strangers.held(_own(call))
        if not rows:
            return Done(notes=(Note("Nothing is held back."),))
        senders = ListMulti("senders", "Senders", required=True, options=_options(rows))
        form = Form((senders, ACTION), title="Messages of strangers")
        return Stage(form, complete=partial(self._decided, senders))

    async def _decided(self, senders: ListMulti, call: Call, answers: Submission) -> Reply:
        account, release = _own(call), answers[ACTION] == "release"
        act = self._strangers.release if release else self._strangers.discard
        count = sum([await act(account, addresses.parse_bare(who)) for who in answers[senders]])
        return Done(notes=(Note(f"{'Delivered' if release else 'Deleted'}: {count}."),))

    # -- for administrators ------------------------------------------------------------------------

    @command("stranger show", AccountArguments, access=Access.ADMINISTRATORS)
    async def show(self, arguments: AccountArguments, _progress: Progress) -> dict[str, object]:
        """Show what becomes of what strangers send to an account."""
        account = await self._account(arguments.jid)
        return {
            "policy": self._strangers.policy_of(account),
            "per_hour": self._strangers.per_hour_of(account),
            "held": len(await self._strangers.held(account)),
        }

    @command("stranger set", ChooseArguments, access=Access.ADMINISTRATORS)
    async def set(self, arguments: ChooseArguments, _progress: Progress) -> dict[str, object]:
        """Choose what becomes of what strangers send to an account."""
        account = await self._account(arguments.jid)
        await self._strangers.choose(account, arguments.policy, arguments.per_hour)
        return await self.show(AccountArguments(jid=arguments.jid), _progress)

    @command("stranger list", AccountArguments, access=Access.ADMINISTRATORS)
    async def list(self, arguments: AccountArguments, _progress: Progress) -> object:
        """List who wrote to an account and is held back."""
        account = await self._account(arguments.jid)
        rows = await self._strangers.held(account)
        counts = Counter(row.peer for row in rows)
        since = {row.peer: row.since for row in reversed(rows)}
        return [
            {"sender": peer, "stanzas": count, "since": timestamp(since[peer])}
            for peer, count in counts.items()
        ]

    @command("stranger release", SenderArguments, access=Access.ADMINISTRATORS)
    async def release(self, arguments: SenderArguments, _progress: Progress) -> dict[str, object]:
        """Let a stranger in, with what is held back of it."""
        account, peer = await self._account(arguments.jid), _peer(arguments.sender)
        return {"delivered": await self._strangers.release(account, peer)}

    @command("stranger discard", SenderArguments, access=Access.ADMINISTRATORS)
    async def discard(self, arguments: SenderArguments, _progress: Progress) -> dict[str, object]:
        """Delete what is held back of a stranger."""
        account, peer = await self._account(arguments.jid), _peer(arguments.sender)
        count = await self._strangers.discard(account, peer)
        if not count:
            raise CommandError("not-found", f"Nothing of {peer} is held back.")
        return {"deleted": count}

    async def _account(self, text: str) -> Account:
        address = self.server.extension(Accounts).address(text)
        account = await self.server.accounts.get(address)
        if account is None:
            raise CommandError("not-found", f"There is no account {address}.")
        return account


def _own(call: Call) -> Account:
    if call.session is None or call.session.account.temporary:
        raise StanzaError("forbidden", "you need an account for that")
    return call.session.account


def _policy(text: str) -> Policy:
    found: Policy = next(each for each in get_args(Policy) if each == text)
    return found


def _peer(text: str) -> BareJID:
    try:
        return addresses.parse_bare(text)
    except JIDError as error:
        raise CommandError("bad-jid", f"{text!r} is not an address: {error}.") from None


def _options(rows: Sequence[Held]) -> tuple[Option, ...]:
    """Return the senders to choose from, each with how it began and how much there is."""
    counts = Counter(row.peer for row in rows)
    first = {row.peer: row for row in reversed(rows)}
    return tuple(
        Option(
            peer, f"{peer} ({count}, {timestamp(first[peer].since)[:10]}): {_words(first[peer])}"
        )
        for peer, count in counts.items()
    )


def _words(held: Held) -> str:
    stanza = element.parse(held.stanza.encode())
    if stanza.name == "presence":
        return "wants to be your contact"
    words = " ".join((stanza.text_of("body") or "(without text)").split())
    return words if len(words) <= _WORDS else f"{words[:_WORDS]}…"
