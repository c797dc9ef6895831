"""Stops or restarts the server after a while (XEP-0133 §4.30, §4.31)."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Final

import structlog

from palaver.ext.administration.announcements import Announcements
from palaver.ext.administration.fields import ANNOUNCEMENT, DELAY, VERSION, form, node, said
from palaver.kernel.adhoc import Call, Reply, Stage, adhoc
from palaver.kernel.extension import Extension, ExtensionConfig, Xep
from palaver.kernel.forms import Submission
from palaver.kernel.roles import Access

if TYPE_CHECKING:
    from palaver.kernel.server import Server

log = structlog.get_logger()

RESTART: Final = form(
    "Restarting the Service", "Fill out this form to restart the service.", DELAY, ANNOUNCEMENT
)
SHUT_DOWN: Final = form(
    "Shutting Down the Service", "Fill out this form to shut down the service.", DELAY, ANNOUNCEMENT
)


class ServiceControl(Extension):
    """Lets those who administer the server stop it, or start it again, with all its hosts.

    A restart runs the same command line again in the same process, so it needs no supervisor and
    disturbs none. Whoever asks again replaces what was asked before.
    """

    name: ClassVar = "service_control"
    implements: ClassVar = (Xep(133, VERSION, "for the whole server, not for one host"),)
    requires: ClassVar = ("adhoc", "announcements")

    def __init__(self, server: "Server", settings: Callable[[str | None], ExtensionConfig]) -> None:
        """Begin with no end in sight."""
        super().__init__(server, settings)
        self._waiting: asyncio.Task[None] | None = None

    @adhoc(node("restart"), "Restart Service", access=Access.SERVER_ADMINISTRATORS)
    async def restart(self, call: Call) -> Reply:
        """Ask when to restart (§4.30)."""
        return Stage(RESTART, complete=self._restart)

    async def _restart(self, call: Call, answers: Submission) -> Reply:
        return self._stop(call, answers, again=True)

    @adhoc(node("shutdown"), "Shut Down Service", access=Access.SERVER_ADMINISTRATORS)
    async def shut_down(self, call: Call) -> Reply:
        """Ask when to stop (§4.31)."""
        return Stage(SHUT_DOWN, complete=self._shut_down)

    async def _shut_down(self, call: Call, answers: Submission) -> Reply:
        return self._stop(call, answers, again=False)

    def _stop(self, call: Call, answers: Submission, *, again: bool) -> Reply:
        delay = int(answers.get(DELAY, "0"))
        log.warning("stop asked for", by=str(call.sender), seconds=delay, restart=again)
        text = answers.get(ANNOUNCEMENT)
        if text:
            announcements = self.server.extension(Announcements)
            for host in self.server.hosts.values():
                announcements.announce(host, text)
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = self.server.spawn(self._stop_after(delay, again=again))
        what = "restarts" if again else "stops"
        return said(f"The server {what} {f'in {delay} seconds' if delay else 'now'}.")

    async def _stop_after(self, seconds: float, *, again: bool) -> None:
        await asyncio.sleep(seconds)
        self.server.please_stop(again)
