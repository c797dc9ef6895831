"""Tells about single users (XEP-0133 §4.8 to §4.10)."""

from typing import ClassVar, Final

from palaver.ext.administration.fields import (
    VERSION,
    account_field,
    accounts_field,
    check_accounts,
    form,
    node,
    told,
)
from palaver.ext.delay import timestamp
from palaver.ext.roster.payload import query_of, version_text
from palaver.ext.roster.roster import roster_of
from palaver.jid import JID
from palaver.kernel.account import Account
from palaver.kernel.adhoc import Call, Done, Reply, Stage, adhoc
from palaver.kernel.extension import Extension, Xep
from palaver.kernel.form_fields import JidSingle, ListMulti, Number, Option, TextSingle
from palaver.kernel.forms import Submission, report
from palaver.wire.errors import StanzaError

ROSTERS: Final = accounts_field("The Jabber ID(s) for which to retrieve the roster")
LOGINS: Final = accounts_field("The Jabber ID(s) for which to retrieve the last login time")
STATISTICS: Final = account_field("The Jabber ID for statistics")
LAST_LOGIN: Final = TextSingle("lastlogin", "The last login time")
ACCOUNT: Final = JidSingle("accountjids", "The account")
ROSTER_SIZE: Final = Number("rostersize", "Number of roster items")

ROSTER_FORM: Final = form(
    "Getting a User's Roster", "Fill out this form to get a user's roster.", ROSTERS
)
LOGIN_FORM: Final = form(
    "Getting a User's Last Login", "Fill out this form to get a user's last login time.", LOGINS
)
STATISTICS_FORM: Final = form(
    "Get User Statistics", "Fill out this form to gather user statistics.", STATISTICS
)


class UserReports(Extension):
    """Tells administrators about single users."""

    name: ClassVar = "user_reports"
    implements: ClassVar = (
        Xep(133, VERSION, "user-stats tells no rates, which nobody measures by account"),
    )
    requires: ClassVar = ("adhoc", "roster")

    @adhoc(node("get-user-roster"), "Get User Roster")
    async def roster(self, call: Call) -> Reply:
        """Ask whose roster to show (§4.8)."""
        return Stage(ROSTER_FORM, complete=self._roster)

    async def _roster(self, call: Call, answers: Submission) -> Reply:
        jids = answers[ROSTERS]
        check_accounts(call, ROSTERS, *jids)
        rosters = [roster_of(await self._account(jid)) for jid in jids]
        queries = [query_of(each.items, version_text(each.version)) for each in rosters]
        return told((ROSTERS, jids), extra=tuple(queries))

    @adhoc(node("get-user-lastlogin"), "Get User Last Login Time")
    async def last_login(self, call: Call) -> Reply:
        """Ask whose last login to tell (§4.9)."""
        return Stage(LOGIN_FORM, complete=self._last_login)

    async def _last_login(self, call: Call, answers: Submission) -> Reply:
        jids = answers[LOGINS]
        check_accounts(call, LOGINS, *jids)
        logins = [(jid, await self._login_of(jid)) for jid in jids]
        if len(logins) == 1:
            return told((LOGINS, jids), (LAST_LOGIN, logins[0][1]))
        # Of several, a table tells whose each is.
        rows = [(ACCOUNT.filled(jid), LAST_LOGIN.filled(at)) for jid, at in logins]
        return Done(payload=(report((ACCOUNT, LAST_LOGIN), rows),))

    async def _login_of(self, jid: JID) -> str:
        record = await self.server.store.find(jid.domain, jid.local)
        if record is None:
            raise _no_account(jid)
        return "" if record.last_login is None else timestamp(record.last_login)

    @adhoc(node("user-stats"), "Get User Statistics")
    async def statistics(self, call: Call) -> Reply:
        """Ask whose statistics to tell (§4.10)."""
        return Stage(STATISTICS_FORM, complete=self._statistics)

    async def _statistics(self, call: Call, answers: Submission) -> Reply:
        jid = answers[STATISTICS]
        check_accounts(call, STATISTICS, jid)
        account = await self._account(jid)
        sessions = list(account.sessions.values())
        return told(
            _texts("ipaddresses", "IP addresses", [each.wire.peer for each in sessions]),
            (ROSTER_SIZE, len(roster_of(account).items)),
            _texts("onlineresources", "Online resources", [each.jid.resource for each in sessions]),
        )

    async def _account(self, jid: JID) -> Account:
        account = await self.server.accounts.get(jid.bare)
        if account is None:
            raise _no_account(jid)
        return account


def _texts(var: str, label: str, texts: list[str]) -> tuple[ListMulti, tuple[str, ...]]:
    """Return a field of several texts with its values, each once."""
    values = tuple(dict.fromkeys(texts))
    return ListMulti(var, label, options=tuple(map(Option, values))), values


def _no_account(jid: JID) -> StanzaError:
    return StanzaError("item-not-found", f"there is no account {jid}")
