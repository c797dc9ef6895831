"""Federation for administrators: which streams there are to other servers, and what failed."""

from datetime import UTC, datetime
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from palaver import jid
from palaver.ext.blocklists.extension import Blocklists
from palaver.jid import JIDError
from palaver.kernel import hooks
from palaver.kernel.errors import CommandError
from palaver.kernel.extension import Extension, Progress, command, on
from palaver.kernel.federation import Federation as Ways
from palaver.kernel.federation_routes import Pair


class ListArguments(BaseModel):
    """Says which streams or failures to list."""

    model_config = ConfigDict(extra="forbid")

    domain: str = Field("", description="Only those to or from this domain.")


class Federation(Extension):
    """Lists the streams between servers, and keeps those away that block lists name."""

    name: ClassVar = "federation"
    after: ClassVar = ("blocklists",)

    @on(hooks.server_started)
    async def heed_blocklists(self) -> None:
        """Let no server connect, or be connected to, that is blocked for all hosts.

        From one that is blocked for some of them, stanzas for these go no further.
        """
        federation = self.server.federation
        found = self.server.extensions.get("blocklists")
        if federation is not None and isinstance(found, Blocklists):
            blocklists = found

            def blocked(domain: str) -> bool:
                who = jid.parse(domain)
                return all(blocklists.found(name, who) for name in self.server.hosts)

            federation.policies.blocked = blocked

    @command("federation list", ListArguments)
    async def list_streams(
        self, arguments: ListArguments, _progress: Progress
    ) -> list[dict[str, object]]:
        """List the streams to and from other servers."""
        streams: list[dict[str, object]] = [
            {
                "from": each.pair[0],
                "to": each.pair[1],
                "direction": "in" if each.incoming else "out",
                "bidi": each.bidi,
                "method": each.method,
                "address": each.address,
                "tls": each.encrypted,
                "since": _time(each.since),
            }
            for each in self._ways.streams()
            if _concerns(each.pair, arguments.domain)
        ]
        return sorted(streams, key=lambda each: (str(each["from"]), str(each["to"])))

    @command("federation failures", ListArguments)
    async def list_failures(
        self, arguments: ListArguments, _progress: Progress
    ) -> list[dict[str, object]]:
        """List what failed between servers, with the reasons; the last is first."""
        return [
            {
                "when": _time(each.when),
                "from": each.pair[0],
                "to": each.pair[1],
                "direction": "in" if each.incoming else "out",
                "reason": each.reason,
            }
            for each in reversed(self._ways.failed)
            if _concerns(each.pair, arguments.domain)
        ]

    @property
    def _ways(self) -> Ways:
        if self.server.federation is None:
            raise CommandError("not-found", "This server does not federate; see [federation].")
        return self.server.federation


def _concerns(pair: Pair, domain: str) -> bool:
    try:
        return not domain or jid.prepare_domain(domain) in pair
    except JIDError as error:
        raise CommandError("bad-jid", f"{domain!r} is not a domain: {error}.") from None


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
