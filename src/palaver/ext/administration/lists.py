"""Tells how many users there are, and who (XEP-0133 §4.13 to §4.22)."""

from collections.abc import Sequence
from typing import ClassVar, Final

from palaver.ext.administration import census
from palaver.ext.administration.fields import MAX_ITEMS, VERSION, form, node, told
from palaver.jid import BareJID
from palaver.kernel.account import Account
from palaver.kernel.adhoc import Call, Done, Note, Reply, Stage, adhoc
from palaver.kernel.extension import Extension, Xep
from palaver.kernel.form_fields import JidMulti, Number
from palaver.kernel.forms import Form, Submission

_MOST: Final = 5_000  # addresses in one answer, however many are asked for

REGISTERED_NUMBER: Final = Number("registeredusersnum", "The number of registered users")
DISABLED_NUMBER: Final = Number("disabledusersnum", "The number of disabled users")
ONLINE_NUMBER: Final = Number("onlineusersnum", "The number of online users")
ACTIVE_NUMBER: Final = Number("activeusersnum", "The number of active users")
IDLE_NUMBER: Final = Number("idleusersnum", "The number of idle users")

REGISTERED: Final = JidMulti("registereduserjids", "The list of all users")
DISABLED: Final = JidMulti("disableduserjids", "The list of all disabled users")
ONLINE: Final = JidMulti("onlineuserjids", "The list of all online users")
ACTIVE: Final = JidMulti("activeuserjids", "The list of active users")
# The name is the specification's: there is none of its own in the registry.
IDLE: Final = JidMulti("activeuserjids", "The list of idle users")


def _asked(which: str) -> Form:
    return form(
        f"Requesting List of {which.title()} Users",
        f"Fill out this form to request the {which} users of this service.",
        MAX_ITEMS,
    )


class UserLists(Extension):
    """Tells administrators how many users there are, and who.

    Idle are those whose clients all show that nobody is there (away, extended away), or are
    connected without being available; whoever else is online is active.
    """

    name: ClassVar = "user_lists"
    implements: ClassVar = (Xep(133, VERSION),)
    requires: ClassVar = ("adhoc",)

    # -- numbers -----------------------------------------------------------------------------------

    @adhoc(node("get-registered-users-num"), "Get Number of Registered Users")
    async def registered_number(self, call: Call) -> Reply:
        """Count the accounts (§4.13)."""
        return told((REGISTERED_NUMBER, await census.count_registered(self.server, call.host)))

    @adhoc(node("get-disabled-users-num"), "Get Number of Disabled Users")
    async def disabled_number(self, call: Call) -> Reply:
        """Count the accounts that are kept out (§4.14)."""
        return told((DISABLED_NUMBER, await census.count_disabled(self.server, call.host)))

    @adhoc(node("get-online-users-num"), "Get Number of Online Users")
    async def online_number(self, call: Call) -> Reply:
        """Count the accounts that are connected (§4.15)."""
        return told((ONLINE_NUMBER, len(census.online(self.server, call.host))))

    @adhoc(node("get-active-users-num"), "Get Number of Active Users")
    async def active_number(self, call: Call) -> Reply:
        """Count the connected accounts that somebody uses (§4.16)."""
        return told((ACTIVE_NUMBER, len(census.active(self.server, call.host))))

    @adhoc(node("get-idle-users-num"), "Get Number of Idle Users")
    async def idle_number(self, call: Call) -> Reply:
        """Count the connected accounts that nobody uses (§4.17)."""
        return told((IDLE_NUMBER, len(census.idle(self.server, call.host))))

    # -- lists -------------------------------------------------------------------------------------

    @adhoc(node("get-registered-users-list"), "Get List of Registered Users")
    async def registered(self, call: Call) -> Reply:
        """Ask how many accounts to list (§4.18)."""
        return Stage(_asked("registered"), complete=self._registered)

    async def _registered(self, call: Call, answers: Submission) -> Reply:
        limit = _limit(answers)
        found = await census.registered(self.server, call.host, limit + 1)
        return _listed(REGISTERED, found, limit)

    @adhoc(node("get-disabled-users-list"), "Get List of Disabled Users")
    async def disabled(self, call: Call) -> Reply:
        """Ask how many accounts that are kept out to list (§4.19)."""
        return Stage(_asked("disabled"), complete=self._disabled)

    async def _disabled(self, call: Call, answers: Submission) -> Reply:
        limit = _limit(answers)
        found = await census.disabled(self.server, call.host, limit + 1)
        return _listed(DISABLED, found, limit)

    @adhoc(node("get-online-users-list"), "Get List of Online Users")
    async def online(self, call: Call) -> Reply:
        """Ask how many connected accounts to list (§4.20)."""
        return Stage(_asked("online"), complete=self._online)

    async def _online(self, call: Call, answers: Submission) -> Reply:
        return _listed(ONLINE, _addresses(census.online(self.server, call.host)), _limit(answers))

    @adhoc(node("get-active-users"), "Get List of Active Users")
    async def active(self, call: Call) -> Reply:
        """Ask how many accounts that somebody uses to list (§4.21)."""
        return Stage(_asked("active"), complete=self._active)

    async def _active(self, call: Call, answers: Submission) -> Reply:
        return _listed(ACTIVE, _addresses(census.active(self.server, call.host)), _limit(answers))

    @adhoc(node("get-idle-users"), "Get List of Idle Users")
    async def idle(self, call: Call) -> Reply:
        """Ask how many connected accounts that nobody uses to list (§4.22)."""
        return Stage(_asked("idle"), complete=self._idle)

    async def _idle(self, call: Call, answers: Submission) -> Reply:
        return _listed(IDLE, _addresses(census.idle(self.server, call.host)), _limit(answers))


def _limit(answers: Submission) -> int:
    chosen = answers.get(MAX_ITEMS, "none")
    return _MOST if chosen == "none" else int(chosen)


def _addresses(accounts: Sequence[Account]) -> list[BareJID]:
    return [account.jid for account in accounts]


def _listed(field: JidMulti, found: Sequence[BareJID], limit: int) -> Done:
    done = told((field, tuple(found[:limit])))
    if len(found) <= limit:
        return done
    return Done(done.payload, (Note(f"Only the first {limit} are listed.", "warn"),))
