"""Privacy lists: users say who may communicate with them (XEP-0016, once RFC 3921 §10)."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final
from weakref import WeakKeyDictionary

from pydantic import Field
from sqlalchemy import Connection

from palaver.ext.portable import Note, Piece, Portable
from palaver.ext.privacy import guard, moving, payload, table
from palaver.ext.privacy.notices import announce
from palaver.ext.privacy.pushes import push_difference, push_list
from palaver.ext.privacy.rules import Item, PrivacyList, Rules
from palaver.ext.privacy.state import (
    ACTIVE,
    RULES,
    USES_BLOCKING,
    USES_LISTS,
    applied,
    groups_of,
    in_use_elsewhere,
    rules_of,
    set_rules,
)
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Request,
    Target,
    Xep,
    iq,
    on,
)
from palaver.kernel.hooks import STOP, Phase, Verdict
from palaver.kernel.session import Session
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

if TYPE_CHECKING:
    from palaver.kernel.server import Server

_NOT_FOR_ACCOUNTS: Final = ("groupchat", "error")  # messages that a bare JID does not get


class PrivacyConfig(ExtensionConfig):
    """How many rules an account may have."""

    max_lists: int = Field(16, ge=1, le=1_000, description="Privacy lists of one account.")
    max_items: int = Field(
        1_000,
        ge=1,
        le=100_000,
        description="Items of one privacy list; blocked addresses are items, too.",
    )


class Privacy(Extension[PrivacyConfig], Portable):
    """Applies the rules of accounts to what they receive and send, and lets users edit them."""

    Config = PrivacyConfig
    name: ClassVar = "privacy"
    implements: ClassVar = (Xep(16, "1.7"),)
    features: ClassVar = (payload.NS,)
    account_features: ClassVar = (payload.NS,)
    tables: ClassVar = (table.table,)
    portable: ClassVar = {f"{payload.NS} query": 0}

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin without an edit under way."""
        super().__init__(server, settings)
        self._locks: WeakKeyDictionary[Account, asyncio.Lock] = WeakKeyDictionary()

    # -- moving ------------------------------------------------------------------------------------

    async def exported(self, account: Account) -> AsyncIterator[bytes]:
        """Write the lists, the block list among them."""
        rules = rules_of(account)
        if rules:
            yield moving.write(rules).to_bytes()

    async def imported(self, account: Account, pieces: Sequence[Piece], note: Note) -> None:
        """Add lists of other names than those that are there."""
        config = self.config(account.host.name)
        lists = moving.Lists(pieces, config.max_items, note)
        await self.change(account, lambda rules: lists.added_to(rules, config.max_lists))

    # -- stanzas -----------------------------------------------------------------------------------

    @on(hooks.incoming, phase=Phase.GUARD)
    def check_incoming(self, stanza: Stanza, account: Account) -> Verdict:
        """Stop what the rules deny (XEP-0016 §2.14)."""
        if RULES not in account.slots or guard.may_receive(stanza, account, rules_of(account)):
            return None
        return guard.refuse(stanza)

    @on(hooks.outgoing, phase=Phase.GUARD)
    def check_outgoing(self, stanza: Stanza, session: Session) -> None:
        """Stop what a user sends to whom the rules deny (XEP-0016 §2.14)."""
        if RULES in session.account.slots:
            guard.check_sending(stanza, session, rules_of(session.account))

    @on(hooks.incoming, phase=Phase.ROUTE, kind=("message", "presence"))
    def deliver_to_some(self, stanza: Stanza, account: Account) -> Verdict:
        """Pass by the sessions whose active list denies what others of the account may have."""
        if RULES not in account.slots or stanza.type in _NOT_FOR_ACCOUNTS:
            return None
        permitted = guard.permitted(stanza, account, rules_of(account))
        if len(permitted) == len(guard.targets(stanza, account)):
            return None
        for session in permitted:
            session.send(stanza)
        if stanza.kind == "message":
            for observe in account.host.dispatch.delivered["message"][stanza.names]:
                observe(stanza, account, permitted)
        return STOP

    @on(hooks.session_saving)
    def save_session(self, session: Session, known: dict[str, Any]) -> None:
        """Remember over a restart what a session uses."""
        lists, blocking = USES_LISTS.get(session), USES_BLOCKING.get(session)
        known[self.name] = {"active": ACTIVE.get(session), "lists": lists, "blocking": blocking}

    @on(hooks.session_restored)
    def restore_session(self, session: Session, known: Mapping[str, Any]) -> None:
        """Know again what a session uses."""
        saved = known.get(self.name, {})
        for slot, key in ((ACTIVE, "active"), (USES_LISTS, "lists"), (USES_BLOCKING, "blocking")):
            if saved.get(key) is not None:
                slot.set(session, saved[key])

    # -- requests ----------------------------------------------------------------------------------

    @iq("get", payload.NS, "query", to=Target.ACCOUNT)
    def get(self, request: Request) -> Answer:
        """Tell the names of all lists, or the items of one (XEP-0016 §2.3)."""
        account, session = _who(request)
        USES_LISTS.set(session, True)
        rules = rules_of(account)
        if not list(request.payload):
            return _names(rules, session)
        name = _name(payload.only_child(request.payload), "list")
        return payload.query(payload.list_element(name, _found(rules, name)))

    @iq("set", payload.NS, "query", to=Target.ACCOUNT)
    async def set(self, request: Request) -> Answer:
        """Change a list, or which one applies (XEP-0016 §2.4 to §2.8)."""
        account, session = _who(request)
        USES_LISTS.set(session, True)
        child = payload.only_child(request.payload)
        if child.name == "active":
            self._activate(account, session, child.get("name"))
        elif child.name == "default":
            await self._make_default(account, session, child.get("name"))
        else:
            name = _name(child, "list")
            if list(child):
                self._check_length(account, rules_of(account), name, len(list(child)))
                items = payload.items_of(child, groups_of(account))
                await self._edit(account, name, items)
            else:
                await self._remove(account, session, name)
        return None

    def _activate(self, account: Account, session: Session, name: str | None) -> None:
        rules = rules_of(account)
        before = applied(rules, session)
        if name is None:
            ACTIVE.clear(session)
        else:
            _found(rules, name)
            ACTIVE.set(session, name)
        _soon(announce, self.server, session, before, applied(rules, session))

    async def _make_default(self, account: Account, session: Session, name: str | None) -> None:
        def edit(rules: Rules) -> Rules:
            if name is not None:
                _found(rules, name)
            if name != rules.default:
                _check_use(account, rules.default, session)
            return rules.with_default(name)

        await self._change_and_push(account, edit)

    async def _edit(self, account: Account, name: str, items: list[Item]) -> None:
        if len(name.encode()) > table.NAME_BYTES:
            raise StanzaError("policy-violation", f"a name may have {table.NAME_BYTES} bytes")
        await self._change_and_push(account, lambda rules: rules.with_list(name, items))
        _soon(_push_list, account, name)

    async def _remove(self, account: Account, session: Session, name: str) -> None:
        def edit(rules: Rules) -> Rules:
            _found(rules, name)
            _check_use(account, name, session)
            return rules.without_list(name)

        await self._change_and_push(account, edit)
        _soon(_push_list, account, name)

    async def _change_and_push(self, account: Account, edit: Callable[[Rules], Rules]) -> None:
        before, after = await self.change(account, edit)
        _soon(push_difference, account, before, after)

    # -- changes -----------------------------------------------------------------------------------

    async def change(self, account: Account, edit: Callable[[Rules], Rules]) -> tuple[Rules, Rules]:
        """Change an account's rules by a function, and return them as they were and are.

        They are stored before they come into force; presence follows as soon as the answer to the
        request that asked for the change has been sent.

        Raises:
            StanzaError: what ``edit`` raises, policy-violation, or resource-constraint.
        """
        lock = self._locks.setdefault(account, asyncio.Lock())
        async with lock:
            before = rules_of(account)
            after = edit(before)
            if after is before:
                return before, after
            self._check_size(account, before, after)
            if not account.temporary:
                try:
                    await table.save(self.server.database, account.id, before, after)
                except StorageUnavailable as error:
                    raise StanzaError("resource-constraint", "nothing can be stored now") from error
            lists = {s: applied(before, s) for s in account.sessions.values()}
            set_rules(account, after)
        for session, old in lists.items():
            _soon(announce, self.server, session, old, applied(after, session))
        return before, after

    def _check_size(self, account: Account, before: Rules, after: Rules) -> None:
        config = self.config(account.host.name)
        if len(after.lists) > max(config.max_lists, len(before.lists)):
            raise StanzaError(
                "policy-violation", f"an account has at most {config.max_lists} lists"
            )
        for name, each in after.lists.items():
            self._check_length(account, before, name, len(each.items))

    def _check_length(self, account: Account, before: Rules, name: str, length: int) -> None:
        """Refuse a list that is too long, unless it is no longer than it was."""
        most = self.config(account.host.name).max_items
        old = before.lists.get(name)
        if length > max(most, len(old.items) if old else 0):
            raise StanzaError("policy-violation", f"a list has at most {most} items")

    # -- storage -----------------------------------------------------------------------------------

    @on(hooks.account_loading)
    def load(self, account: Account, connection: Connection) -> None:
        """Read the rules."""
        set_rules(account, table.load(connection, account.id))


def _soon(work: Callable[..., None], *arguments: object) -> None:
    """Do what follows from a request after it was answered, as the specifications show it."""
    asyncio.get_running_loop().call_soon(work, *arguments)


def _push_list(account: Account, name: str) -> None:
    push_list(account, name, to_all=True)


def _who(request: Request) -> tuple[Account, Session]:
    """Return account and session; privacy lists are for clients that are connected here."""
    if request.account is None or request.session is None:
        raise StanzaError("forbidden")
    return request.account, request.session


def _names(rules: Rules, session: Session) -> Element:
    active = ACTIVE.get(session)
    return payload.query(
        *([Element("active", payload.NS, {"name": active})] if active else ()),
        *([Element("default", payload.NS, {"name": rules.default})] if rules.default else ()),
        *(payload.list_element(name) for name in rules.lists),
    )


def _name(child: Element, expected: str) -> str:
    name = child.get("name")
    if child.name != expected or not name:
        raise StanzaError("bad-request", f"expected a <{expected}/> with a name")
    return name


def _found(rules: Rules, name: str) -> PrivacyList:
    found = rules.lists.get(name)
    if found is None:
        raise StanzaError("item-not-found", "there is no list of that name")
    return found


def _check_use(account: Account, name: str | None, session: Session) -> None:
    if in_use_elsewhere(account, name, session):
        raise StanzaError("conflict", "another of your clients uses that list")
