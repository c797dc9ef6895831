"""vCards: what users tell about themselves to anybody (XEP-0054)."""

from collections.abc import AsyncIterator, Sequence
from typing import ClassVar, Final

import structlog
from pydantic import Field
from sqlalchemy import Column, Table, delete, select

from palaver.ext.portable import Note, Piece, Portable
from palaver.ext.profile.conversion import completed
from palaver.jid import JID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import Answer, Extension, ExtensionConfig, Request, Target, Xep, iq
from palaver.kernel.host import Host
from palaver.kernel.storage import Xml, account_column, metadata
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

log = structlog.get_logger()

NS: Final = "vcard-temp"

table: Final = Table(
    "vcards", metadata, account_column(primary_key=True), Column("vcard", Xml, nullable=False)
)


class VcardConfig(ExtensionConfig):
    """How long vCards may be, and what the host's own one says; without any text it has none."""

    max_bytes: int = Field(
        131_072,
        ge=1_024,
        le=67_108_864,
        description="Longest vCard of an account, its picture included.",
        json_schema_extra={"unit": "bytes"},
    )
    organization: str = Field(
        "",
        description="In the host's vCard: the name of who runs it.",
        examples=["Verona City Council"],
    )
    url: str = Field(
        "", description="In the host's vCard: its web site.", examples=["https://example.org/"]
    )
    email: str = Field(
        "",
        description="In the host's vCard: a mail address.",
        examples=["xmpp@example.org"],
    )
    country: str = Field(
        "", description="In the host's vCard: the country it is in.", examples=["Italy"]
    )
    description: str = Field(
        "",
        description="In the host's vCard: more about it.",
        examples=["Chat for the citizens of Verona"],
    )


class Vcard(Extension[VcardConfig], Portable):
    """Keeps one vCard for each account, and answers for it."""

    Config = VcardConfig
    name: ClassVar = "vcard"
    implements: ClassVar = (Xep(54, "1.3.0"),)
    features: ClassVar = (NS,)
    account_features: ClassVar = (NS,)
    tables: ClassVar = (table,)
    portable: ClassVar = {f"{NS} vCard": 0}

    async def exported(self, account: Account) -> AsyncIterator[bytes]:
        """Write what is stored; the rest of a profile is in nodes, which are written as well."""
        card = await self.stored(account)
        if card is not None:
            yield card.to_bytes()

    async def imported(self, account: Account, pieces: Sequence[Piece], note: Note) -> None:
        """Give an account a vCard if it has none.

        One that was made of an imported vCard4 gets what a vCard4 cannot say.
        """
        limit = self.config(account.host.name).max_bytes
        card, there = pieces[0].element, await self.stored(account)
        if there is not None:
            card = completed(there, card)
        data = card.to_bytes()
        if len(data) > limit:
            raise StanzaError("policy-violation", f"a vCard may have {limit} bytes")
        await self.keep(account, card)

    # -- for other extensions ----------------------------------------------------------------------

    async def stored_by(self, account_ids: Sequence[int]) -> dict[int, Element]:
        """Return what is stored of the vCards of some accounts; raises StorageUnavailable."""
        query = select(table).where(table.c.account_id.in_(account_ids))
        async with self.server.database.connect() as connection:
            rows = await connection.execute(query)
            return {row.account_id: element.parse(row.vcard.encode()) for row in rows}

    async def keep(self, account: Account, card: Element | None) -> None:
        """Give an account a vCard, or none, in place of the one it has.

        Raises StorageUnavailable.
        """
        await self.store(account.id, None if card is None else card.to_bytes().decode())
        for handle in account.host.dispatch.handlers(hooks.vcard_changed):
            try:
                await handle(account, card)
            except Exception:
                log.exception("handler failed", hook=hooks.vcard_changed.name)

    async def seen_by(self, who: JID, account: Account) -> Element | None:
        """Return the vCard of an account as somebody may see it; raises StorageUnavailable."""
        card = await self.stored(account)
        for handle in account.host.dispatch.handlers(hooks.vcard_reading):
            card = await handle(account, who, card)
        return card

    # -- requests ----------------------------------------------------------------------------------

    @iq("get", NS, "vCard", to=Target.ACCOUNT)
    async def own(self, request: Request) -> Answer:
        """Return one's own vCard (XEP-0054 §3.1).

        Raises:
            StanzaError: item-not-found, there is none.
        """
        found = await self.seen_by(request.sender, _account(request))
        if found is None:
            raise StanzaError("item-not-found", "you have not published a vCard")
        return found

    @iq("set", NS, "vCard", to=Target.ACCOUNT)
    async def publish(self, request: Request) -> Answer:
        """Replace one's own vCard (XEP-0054 §3.2); an empty one takes it away.

        Raises:
            StanzaError: policy-violation, it is too long; not-allowed, the account is temporary;
                bad-request or not-acceptable, something in it is broken.
        """
        account = _account(request)
        if account.temporary:
            raise StanzaError("not-allowed", "nothing is stored for a temporary account")
        limit = self.config(account.host.name).max_bytes
        if len(request.payload.to_bytes()) > limit:
            raise StanzaError("policy-violation", f"a vCard may have {limit} bytes")
        await self._publish(account, request.payload)
        return None

    async def _publish(self, account: Account, card: Element) -> None:
        for handle in account.host.dispatch.handlers(hooks.vcard_publishing):
            card = await handle(account, card)
        await self.keep(account, card if list(card) else None)

    @iq("get", NS, "vCard", to=Target.CONTACT)
    async def of_contact(self, request: Request) -> Answer:
        """Return somebody's vCard (XEP-0054 §3.3).

        Raises:
            StanzaError: service-unavailable, there is none; the same as for no such account, so
                that nobody harvests addresses.
        """
        found = await self.seen_by(request.sender, _account(request))
        if found is None:
            raise StanzaError("service-unavailable")
        return found

    @iq("get", NS, "vCard", to=Target.HOST)
    def of_host(self, request: Request) -> Answer:
        """Return the vCard of the host, as configured (XEP-0054 §3.3).

        Raises:
            StanzaError: service-unavailable, nothing is configured.
        """
        found = self.of(request.host)
        if found is None:
            raise StanzaError("service-unavailable")
        return found

    @iq("set", NS, "vCard", to=(Target.CONTACT, Target.NOBODY, Target.HOST))
    def refuse(self, request: Request) -> Answer:
        """Let nobody change a vCard that is not their own (XEP-0054 §3.2)."""
        raise StanzaError("forbidden", "that is not your vCard")

    def of(self, host: Host) -> Element | None:
        """Return the vCard of a host, or None where nothing is configured."""
        config = self.config(host.name)
        texts = (config.organization, config.url, config.email, config.country, config.description)
        if not any(texts):
            return None
        card = Element("vCard", NS)
        card.add(_leaf("FN", config.organization or host.name))
        if config.organization:
            card.add(Element("ORG", NS, None, _leaf("ORGNAME", config.organization)))
        if config.country:
            card.add(Element("ADR", NS, None, _leaf("WORK"), _leaf("CTRY", config.country)))
        if config.email:
            card.add(Element("EMAIL", NS, None, _leaf("INTERNET"), _leaf("USERID", config.email)))
        card.add(_leaf("JABBERID", host.name))
        card.add(_leaf("URL", config.url) if config.url else None)
        return card.add(_leaf("DESC", config.description) if config.description else None)

    # -- rows --------------------------------------------------------------------------------------

    async def stored(self, account: Account) -> Element | None:
        """Return what is stored of a vCard; raises StorageUnavailable."""
        if account.temporary:
            return None
        query = select(table.c.vcard).where(table.c.account_id == account.id)
        async with self.server.database.connect() as connection:
            found: str | None = await connection.scalar(query)
        return None if found is None else element.parse(found.encode())

    async def store(self, account_id: int, vcard: str | None) -> None:
        """Store a vCard, or none, without telling anybody; raises StorageUnavailable."""
        async with self.server.database.begin() as connection:
            if vcard is None:
                await connection.execute(delete(table).where(table.c.account_id == account_id))
            else:
                row = {"account_id": account_id, "vcard": vcard}
                await self.server.database.upsert(connection, table, row, ["account_id"])


def _account(request: Request) -> Account:
    assert request.account is not None
    return request.account


def _leaf(name: str, text: str | None = None) -> Element:
    return Element(name, NS, None, text)
