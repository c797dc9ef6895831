"""Search for people on a host, for those who have an account there (XEP-0055).

Who has published a vCard is found by it, unless not everybody may read it or it says that it is
private. A search goes by the beginnings of words.
"""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha1
from typing import TYPE_CHECKING, ClassVar, Final

import structlog
from pydantic import Field

from palaver.ext.disco import Discoverable, Identity, Info
from palaver.ext.profile.extension import NODE
from palaver.ext.pubsub.extension import PubSub
from palaver.ext.user_search.entry import FIELDS, Word, split, texts_of
from palaver.ext.user_search.index import Found, PeopleIndex, people, words
from palaver.ext.vcard import Vcard
from palaver.jid import BareJID, parse_bare
from palaver.kernel import forms, hooks, result_sets
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
from palaver.kernel.form_fields import Filled, JidSingle, TextSingle
from palaver.kernel.forms import Form
from palaver.kernel.host import Host
from palaver.kernel.rate_limit import RateLimit
from palaver.kernel.result_sets import Page
from palaver.kernel.storage import AccountRecord, StorageUnavailable
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

NS: Final = "jabber:iq:search"

_MINUTE: Final = 60.0
_PART: Final = 100  # accounts looked at in one query
_PLAIN: Final = ("first", "last", "nick", "email")  # elements of the schema
_LABELS: Final = ("Given Name", "Family Name", "Nickname", "Email Address", "Name")
_COLUMNS: Final = tuple(
    TextSingle(name, label) for name, label in zip(FIELDS, _LABELS, strict=True)
)
_ADDRESS: Final = JidSingle("jid", "Address")
_FORM: Final = Form(
    _COLUMNS,
    form_type=NS,
    title="Search for people",
    instructions=("Fill in one field or more; the beginnings of words are enough.",),
)


class UserSearchConfig(ExtensionConfig):
    """How much may be found."""

    results: int = Field(
        50, ge=1, le=1_000, description="Most people in one answer; the rest comes in pages."
    )
    per_minute: int = Field(
        30, ge=1, le=10_000, description="Searches of one account in a minute, at most."
    )


class UserSearch(Extension[UserSearchConfig], Discoverable):
    """Finds the people on a host by what their vCards tell everybody."""

    Config = UserSearchConfig
    name: ClassVar = "user_search"
    implements: ClassVar = (Xep(55, "1.3", "off by default; for accounts of the host"),)
    features: ClassVar = (NS,)
    requires: ClassVar = ("vcard", "pubsub", "profile", "disco")
    default: ClassVar = False
    tables: ClassVar = (people, words)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        super().__init__(server, settings)
        self._index = PeopleIndex(server.database)
        self._limits: dict[str, RateLimit] = {}

    def disco_about(self, host: Host, account: Account | None) -> Info:
        """Tell that a host is a directory of users."""
        return Info((Identity("directory", "user", "People"),)) if account is None else Info()

    # -- requests ----------------------------------------------------------------------------------

    @iq("get", NS, "query", to=Target.HOST)
    def fields(self, request: Request) -> Answer:
        """Return what can be searched for (§2.1).

        Raises:
            StanzaError: forbidden, the asker has no account on the host.
        """
        _check_member(request)
        text = "Fill in one field or more to search for people."
        blanks = (Element(name, NS) for name in _PLAIN)
        return Element(
            "query", NS, None, Element("instructions", NS, None, text), *blanks, _FORM.blank()
        )

    @iq("set", NS, "query", to=Target.HOST)
    async def search(self, request: Request) -> Answer:
        """Return who was found, in a form where one was sent (§2.1, §3).

        Raises:
            StanzaError: forbidden, the asker has no account on the host; not-acceptable, there is
                nothing to search for, or the form is wrong; policy-violation of type wait, the
                asker searches too often; as `palaver.kernel.result_sets.read` has it.
        """
        account = _check_member(request)
        form = forms.find(request.payload)
        page = result_sets.read(request.payload)
        wanted = _wanted(_asked(request.payload, form))
        self._count(account)
        config = self.config(request.host.name)
        most = config.results if page.most is None else min(page.most, config.results)
        found = await self._index.find(request.host.name, wanted, page, most)
        more = len(found) > most
        found = found[:most]
        if page.last:
            found.reverse()
        return _answer(request, form, page, found, more=more)

    def _count(self, account: Account) -> None:
        host = account.host.name
        limit = self._limits.setdefault(host, RateLimit(self.config(host).per_minute, _MINUTE))
        if limit.take(account.jid, self.server.clock.monotonic()):
            raise StanzaError("policy-violation", "you search too often", type="wait")

    # -- the index ---------------------------------------------------------------------------------

    @on(hooks.vcard_changed)
    async def vcard_changed(self, account: Account, card: Element | None) -> None:
        """Let an account be found by what its vCard says now."""
        if account.record is not None:
            await self._put(account.record, card, await self._is_public(account.jid))

    @on(hooks.node_changed)
    @on(hooks.node_imported)
    async def node_changed(self, account: Account, node: str) -> None:
        """Let nobody be found by a vCard that not everybody may read any more."""
        if node == NODE:
            await self.vcard_changed(account, await self.server.extension(Vcard).stored(account))

    async def _put(self, account: AccountRecord, card: Element | None, public: bool) -> None:
        if card is None:
            await self._index.drop(account)
        else:
            await self._index.put(account, _source(card, public), texts_of(card) if public else {})

    async def _is_public(self, address: BareJID) -> bool:
        node = await self.server.extension(PubSub).engine.nodes.find(address, NODE)
        return node is None or node.config.access_model == "open"

    @on(hooks.server_started)
    async def begin(self) -> None:
        """Catch up with what was published while this extension was not there."""
        self.server.spawn(self.catch_up())

    async def catch_up(self) -> None:
        """Index the vCards of all hosts that have this extension, unless they are already."""
        for host in self.server.hosts.values():
            if self.name in host.extensions:
                try:
                    await self._catch_up_on(host)
                except StorageUnavailable as error:
                    log.warning("people not indexed", host=host.name, reason=str(error))

    async def _catch_up_on(self, host: Host) -> None:
        after = ""
        while records := await self.server.store.page(host.name, after=after, limit=_PART):
            after = records[-1].localpart
            ids = [record.id for record in records]
            known = await self._index.sources(ids)
            cards = await self.server.extension(Vcard).stored_by(ids)
            for record in records:
                card, source = cards.get(record.id), known.get(record.id)
                if card is not None or source is not None:
                    await self._catch_up_with(record, card, source)

    async def _catch_up_with(
        self, account: AccountRecord, card: Element | None, known: str | None
    ) -> None:
        public = await self._is_public(parse_bare(f"{account.localpart}@{account.host}"))
        if (None if card is None else _source(card, public)) != known:
            await self._put(account, card, public)


def _source(card: Element, public: bool) -> str:
    """Return what tells a change of what somebody is found by."""
    data = card.to_bytes() if public else b""
    return sha1(data, usedforsecurity=False).hexdigest()


def _check_member(request: Request) -> Account:
    session = request.session
    if session is None or session.account.temporary or session.host is not request.host:
        raise StanzaError("forbidden", "only those who have an account here may search")
    return session.account


def _asked(query: Element, form: Element | None) -> Mapping[str, str]:
    if form is None:
        return {name: query.text_of(name) or "" for name in _PLAIN}
    submission = _FORM.read(form)
    return {field.var: submission.get(field, "") for field in _COLUMNS}


def _wanted(asked: Mapping[str, str]) -> set[Word]:
    """Return the words to search for.

    Raises:
        StanzaError: not-acceptable, there is none, or one is a single letter, which finds too many.
    """
    found = {Word(field, word) for field, text in asked.items() for word in split(field, text)}
    if not found:
        raise StanzaError("not-acceptable", "fill in one field or more")
    if any(len(word) == 1 and word.isascii() for _, word in found):
        raise StanzaError("not-acceptable", "one letter is not enough to search for")
    return found


def _answer(
    request: Request, form: Element | None, page: Page, found: Sequence[Found], *, more: bool
) -> Element:
    host = request.host.name
    answer = Element("query", NS)
    if form is None:
        answer.add(*(_item(each, host) for each in found))
    elif found:
        rows = (_row(each, host) for each in found)
        report = forms.report((_ADDRESS, *_COLUMNS), rows)
        kind = Element("field", forms.NS, {"var": forms.FORM_TYPE, "type": "hidden"})
        kind.add(Element("value", forms.NS, None, NS))
        report.children.insert(0, kind)
        answer.add(report)
    if found and (more or page != Page()):
        answer.add(result_sets.write(found[0].localpart, found[-1].localpart))
    return answer


def _item(found: Found, host: str) -> Element:
    texts = (Element(name, NS, None, found.texts.get(name)) for name in _PLAIN)
    return Element("item", NS, {"jid": f"{found.localpart}@{host}"}, *texts)


def _row(found: Found, host: str) -> list[Filled]:
    address = Filled(_ADDRESS.var, (f"{found.localpart}@{host}",))
    return [address, *(Filled(name, (found.texts.get(name, ""),)) for name in FIELDS)]
