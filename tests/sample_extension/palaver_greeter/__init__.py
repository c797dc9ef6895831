"""Greets people when they come online: in the host's words, or in words of their own."""

from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Column, Connection, Table, select

from palaver.ext.accounts import Accounts
from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.extension import (
    Answer,
    Extension,
    ExtensionConfig,
    Progress,
    Request,
    Target,
    command,
    iq,
    on,
)
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot
from palaver.kernel.storage import Name, account_column, metadata
from palaver.wire import ns
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

NS: Final = "urn:example:greeter:0"

_LENGTH: Final = 250  # characters, of at most four bytes each

table: Final = Table(
    "greeter_words",
    metadata,
    account_column(primary_key=True),
    Column("words", Name(4 * _LENGTH), nullable=False),
)

_OWN: Final[Slot[str]] = Slot("greeting of one's own")


class GreeterConfig(ExtensionConfig):
    """How people are greeted."""

    words: str = Field(
        "Welcome, {name}!",
        min_length=1,
        max_length=_LENGTH,
        description="What is said to who has no words of their own; {name} is the account's name.",
    )


class AccountArguments(BaseModel):
    """Names an account."""

    model_config = ConfigDict(extra="forbid")

    jid: str = Field(description="Address of the account, such as user@example.org.")


class WordsArguments(AccountArguments):
    """Gives an account words of its own."""

    words: str = Field(max_length=_LENGTH, description="The greeting; an empty one takes it away.")


class Greeter(Extension[GreeterConfig]):
    """Greets people when they come online."""

    Config = GreeterConfig
    name: ClassVar = "greeter"
    requires: ClassVar = (Accounts.name,)
    account_features: ClassVar = (NS,)
    tables: ClassVar = (table,)

    # -- what happens ------------------------------------------------------------------------------

    @on(hooks.account_loading)
    def load(self, account: Account, connection: Connection) -> None:
        """Have the account's words at hand while it is in use."""
        query = select(table.c.words).where(table.c.account_id == account.id)
        words = connection.scalar(query)
        if words is not None:
            _OWN.set(account, words)

    @on(hooks.session_available)
    def greet(self, session: Session, _presence: Stanza) -> None:
        """Greet who came online."""
        body = Element("body", ns.CLIENT, None, self._words(session.account))
        attrs = {"type": "headline"}
        session.send(Stanza.make("message", session.host.jid, session.jid, attrs, body))

    # -- requests ----------------------------------------------------------------------------------

    @iq("get", NS, "greeting", to=Target.ACCOUNT)
    def tell(self, request: Request) -> Answer:
        """Tell the words in use."""
        assert request.account is not None
        return Element("greeting", NS, None, self._words(request.account))

    @iq("set", NS, "greeting", to=Target.ACCOUNT)
    async def change(self, request: Request) -> Answer:
        """Take words of one's own; none at all means the host's again.

        Raises:
            StanzaError: not-allowed, the account is temporary; not-acceptable, that is too long.
        """
        account = request.account
        assert account is not None
        words = request.payload.text.strip()
        if account.temporary:
            raise StanzaError("not-allowed", "nothing is stored for a temporary account")
        if len(words) > _LENGTH:
            raise StanzaError("not-acceptable", f"a greeting has at most {_LENGTH} characters")
        await self._keep(account.id, words)
        _remember(account, words)
        return None

    # -- commands ----------------------------------------------------------------------------------

    @command("greeter set", WordsArguments, offline=True)
    async def set_words(self, arguments: WordsArguments, progress: Progress) -> dict[str, object]:
        """Give an account words of its own."""
        jid, record = await self.server.extension(Accounts).record(arguments.jid)
        words = arguments.words.strip()
        await self._keep(record.id, words)
        account = self.server.accounts.loaded(jid)
        if account is not None:
            _remember(account, words)
        return {"jid": jid, "words": words}

    @command("greeter show", AccountArguments, offline=True)
    async def show_words(
        self, arguments: AccountArguments, progress: Progress
    ) -> dict[str, object]:
        """Show an account's own words."""
        jid, record = await self.server.extension(Accounts).record(arguments.jid)
        query = select(table.c.words).where(table.c.account_id == record.id)
        async with self.server.database.connect() as connection:
            return {"jid": jid, "words": await connection.scalar(query)}

    # -- words -------------------------------------------------------------------------------------

    def _words(self, account: Account) -> str:
        own = _OWN.get(account)
        if own is not None:
            return own
        return self.config(account.host.name).words.replace("{name}", account.jid.local)

    async def _keep(self, account_id: int, words: str) -> None:
        async with self.server.database.begin() as connection:
            if not words:
                await connection.execute(table.delete().where(table.c.account_id == account_id))
                return
            row = {"account_id": account_id, "words": words}
            await self.server.database.upsert(connection, table, row, ["account_id"])


def _remember(account: Account, words: str) -> None:
    if words:
        _OWN.set(account, words)
    else:
        _OWN.clear(account)
