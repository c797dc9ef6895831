"""Reports of spam and abuse, which users send when they block somebody (XEP-0377)."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

import structlog
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Column, Table, delete, insert, select

from palaver import jid as addresses
from palaver.ext.delay import timestamp
from palaver.jid import JID
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, ExtensionConfig, Progress, Xep, command, on
from palaver.kernel.rate_limit import RateLimit
from palaver.kernel.storage import (
    BigId,
    JidText,
    LogFilter,
    Name,
    Timestamp,
    Xml,
    account_column,
    metadata,
    parse_stanza_id,
)
from palaver.wire.element import Element

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

NS: Final = "urn:xmpp:reporting:1"
_IDS: Final = "urn:xmpp:sid:0"
_MOST_STANZAS: Final = 20  # of one report
_MOST_TEXT: Final = 5_000  # characters
_MOST_REASON: Final = 200  # bytes
_HOUR: Final = 3600.0

table: Final = Table(
    "abuse_reports",
    metadata,
    Column("id", BigId, primary_key=True),
    account_column(),
    Column("host", Name(1023), nullable=False, index=True),
    Column("by", JidText, nullable=False),
    Column("about", JidText(full=True), nullable=False),
    Column("reason", Name(_MOST_REASON), nullable=False),
    Column("words", Xml, nullable=False),
    Column("stanzas", Xml, nullable=False),
    Column("since", Timestamp, nullable=False),
    sqlite_autoincrement=True,
)
_c: Final = table.c


class ReportsConfig(ExtensionConfig):
    """How much users may report."""

    per_hour: int = Field(
        20, ge=1, le=10_000, description="Reports of one user that are kept in an hour, at most."
    )


class ListArguments(BaseModel):
    """Says which reports to list."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field("", description="Only those of users of this host.")


class IdArguments(BaseModel):
    """Says which report."""

    model_config = ConfigDict(extra="forbid")

    id: int = Field(description="The number that the list gives it.")


class Reports(Extension[ReportsConfig]):
    """Keeps reports, with what is reported, for those who administer the server."""

    Config = ReportsConfig
    name: ClassVar = "reports"
    implements: ClassVar = (Xep(377, "0.4.1", "reports are kept here and go nowhere else"),)
    features: ClassVar = (NS,)
    account_features: ClassVar = (NS,)
    requires: ClassVar = ("blocking",)
    tables: ClassVar = (table,)

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with nobody having reported anything."""
        super().__init__(server, settings)
        self._limits: dict[str, RateLimit] = {}

    @on(hooks.blocked)
    async def take(self, account: Account, items: Sequence[Element]) -> None:
        """Keep the reports that come with blocking somebody (§5)."""
        for item in items:
            report = item.find("report", NS)
            if report is None or not report.get("reason"):
                continue
            host = account.host.name
            limit = self._limits.setdefault(host, RateLimit(self.config(host).per_hour, _HOUR))
            if limit.take(account.jid, self.server.clock.monotonic()):
                log.warning("too many reports: one is not kept", account=str(account.jid))
                return
            await self._keep(account, addresses.parse(item.get("jid", "")), report)

    async def _keep(self, account: Account, about: JID, report: Element) -> None:
        texts = [child.text.strip() for child in report.find_all("text")]
        stanzas = await self._reported(account, about, report)
        row = {
            "account_id": account.id,
            "host": account.host.name,
            "by": str(account.jid),
            "about": str(about),
            "reason": report.get("reason", "").encode()[:_MOST_REASON].decode(errors="ignore"),
            "words": "\n".join(texts)[:_MOST_TEXT],
            "stanzas": "\n".join(stanzas),
            "since": int(self.server.clock.now() * 1_000_000),
        }
        async with self.server.database.begin() as connection:
            await connection.execute(insert(table), row)
        log.warning("abuse reported", about=str(about), by=str(account.jid), reason=row["reason"])

    async def _reported(self, account: Account, about: JID, report: Element) -> list[str]:
        """Return the messages that are reported, as the reporter's own archive has them (§5.1)."""
        ids = []
        for named in report.find_all("stanza-id", _IDS):
            try:
                ids.append(parse_stanza_id(named.get("id", "")))
            except ValueError:
                continue
        if not ids:
            return []
        wanted = LogFilter(ids=tuple(ids[:_MOST_STANZAS]), peer=about.bare)
        rows = await self.server.log.page(account.id, wanted, _MOST_STANZAS)
        return [row.stanza.decode() for row in rows if not row.outgoing]

    # -- for administrators ------------------------------------------------------------------------

    @command("report list", ListArguments)
    async def list(self, arguments: ListArguments, _progress: Progress) -> list[dict[str, object]]:
        """List the reports of spam and abuse that users have sent."""
        query = select(_c.id, _c.since, _c.by, _c.about, _c.reason, _c.words).order_by(_c.id)
        if arguments.host:
            query = query.where(_c.host == arguments.host)
        async with self.server.database.connect() as connection:
            rows = await connection.execute(query)
            return [
                {
                    "id": row.id,
                    "when": timestamp(row.since),
                    "by": row.by,
                    "about": row.about,
                    "reason": row.reason.rpartition(":")[2],
                    "text": row.words,
                }
                for row in rows
            ]

    @command("report show", IdArguments)
    async def show(self, arguments: IdArguments, _progress: Progress) -> dict[str, object]:
        """Show a report with the messages that are reported."""
        async with self.server.database.connect() as connection:
            found = await connection.execute(select(table).where(_c.id == arguments.id))
            row = found.first()
        if row is None:
            raise CommandError("not-found", f"There is no report {arguments.id}.")
        return {
            "when": timestamp(row.since),
            "by": row.by,
            "about": row.about,
            "reason": row.reason,
            "text": row.words,
            "messages": row.stanzas.splitlines(),
        }

    @command("report delete", IdArguments)
    async def delete(self, arguments: IdArguments, _progress: Progress) -> dict[str, object]:
        """Delete a report that is dealt with."""
        async with self.server.database.begin() as connection:
            found = await connection.execute(delete(table).where(_c.id == arguments.id))
        if not found.rowcount:
            raise CommandError("not-found", f"There is no report {arguments.id}.")
        return {"deleted": arguments.id}
