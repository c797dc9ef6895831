"""Sessions: who is connected, and ending connections, for administrators."""

import datetime

from pydantic import BaseModel, ConfigDict, Field

from palaver import jid as addresses
from palaver.jid import JIDError
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, Progress, command
from palaver.kernel.roles import Access
from palaver.kernel.session import Session
from palaver.wire.errors import StreamError


class ListArguments(BaseModel):
    """Says which sessions to list."""

    model_config = ConfigDict(extra="forbid")

    jid: str | None = Field(None, description="Only the sessions of this account or host.")


class KickArguments(BaseModel):
    """Says which sessions to end."""

    model_config = ConfigDict(extra="forbid")

    jid: str = Field(description="A session (user@host/resource), or all of an account's.")
    reason: str = Field("", description="Text for the user.")


class Sessions(Extension):
    """Lists and ends sessions."""

    name = "sessions"

    @command("session list", ListArguments, access=Access.ADMINISTRATORS)
    async def list_sessions(
        self, arguments: ListArguments, progress: Progress
    ) -> list[dict[str, object]]:
        """List the sessions."""
        if arguments.jid is None:
            return [_shown(session) for session in self.server.sessions()]
        return [_shown(session) for session in self._of(arguments.jid)]

    @command("session kick", KickArguments, access=Access.ADMINISTRATORS)
    async def kick(self, arguments: KickArguments, progress: Progress) -> dict[str, object]:
        """End sessions; their clients may connect again."""
        if "@" not in arguments.jid:
            raise CommandError("bad-jid", f"{arguments.jid} is not the address of an account.")
        sessions = self._of(arguments.jid)
        if not sessions:
            raise CommandError("not-found", f"{arguments.jid} is not connected.")
        for session in sessions:
            session.wire.end(StreamError("policy-violation", arguments.reason))
        return {"ended": len(sessions)}

    def _of(self, text: str) -> list[Session]:
        try:
            jid = addresses.parse(text)
        except JIDError as error:
            raise CommandError("bad-jid", f"{text!r} is not an address: {error}.") from None
        if jid.is_domain:
            return [each for each in self.server.sessions() if each.host.name == jid]
        account = self.server.accounts.loaded(jid.bare)
        sessions = account.sessions.values() if account else ()
        return [each for each in sessions if jid in (each.jid, each.bare)]


def _shown(session: Session) -> dict[str, object]:
    since = datetime.datetime.fromtimestamp(session.since, datetime.UTC)
    return {
        "jid": str(session.jid),
        "address": session.wire.peer,
        "tls": session.wire.secure,
        "mechanism": session.mechanism,
        "software": session.device.software if session.device else "",
        "since": since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "available": session.available,
        "priority": session.priority,
    }
