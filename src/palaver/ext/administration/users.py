"""Makes, changes and ends accounts and sessions (XEP-0133 §4.1 to §4.7, §4.29)."""

import asyncio
from typing import Any, ClassVar, Final

from palaver import jid as addresses
from palaver.ext.accounts import (
    AccountArguments,
    Accounts,
    DisableArguments,
    PasswordArguments,
    RoleArguments,
)
from palaver.ext.administration import census
from palaver.ext.administration.fields import (
    VERSION,
    account_field,
    accounts_field,
    check_accounts,
    form,
    node,
    said,
)
from palaver.ext.vcard import Vcard
from palaver.jid import JID
from palaver.kernel import permissions
from palaver.kernel.adhoc import Call, Done, Note, Reply, Stage, adhoc
from palaver.kernel.commands import nobody_watches
from palaver.kernel.extension import Extension, Xep
from palaver.kernel.form_fields import Field, JidMulti, TextPrivate, TextSingle
from palaver.kernel.forms import FormError, Problem, Submission
from palaver.kernel.roles import administers
from palaver.kernel.session import Session
from palaver.kernel.storage import AccountRecord
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError, StreamError

ADDED: Final = account_field("The Jabber ID for the account to be added")
PASSWORD: Final = TextPrivate("password", "The password for this account", required=True)
VERIFY: Final = TextPrivate("password-verify", "Retype password")
EMAIL: Final = TextSingle("email", "Email address")
GIVEN_NAME: Final = TextSingle("given_name", "Given name")
SURNAME: Final = TextSingle("surname", "Family name")
CHANGED: Final = account_field("The Jabber ID for this account")
DELETED: Final = accounts_field("The Jabber ID(s) to delete")
DISABLED: Final = accounts_field("The Jabber ID(s) to disable")
ENABLED: Final = accounts_field("The Jabber ID(s) to re-enable")
ENDED: Final = accounts_field("The Jabber ID(s) for which to end sessions")
ADMINS: Final = JidMulti("adminjids", "The admin list")

ADD: Final = form(
    "Adding a User",
    "Fill out this form to add a user.",
    ADDED,
    PASSWORD,
    VERIFY,
    EMAIL,
    GIVEN_NAME,
    SURNAME,
)
DELETE: Final = form("Deleting a User", "Fill out this form to delete a user.", DELETED)
DISABLE: Final = form("Disabling a User", "Fill out this form to disable a user.", DISABLED)
REENABLE: Final = form("Re-Enabling a User", "Fill out this form to re-enable a user.", ENABLED)
END: Final = form("Ending a User Session", "Fill out this form to end a user's session.", ENDED)
CHANGE: Final = form(
    "Changing a User Password",
    "Fill out this form to change a user's password.",
    CHANGED,
    PASSWORD,
)
EDIT_ADMINS: Final = form(
    "Editing the Admin List",
    "Fill out this form to edit the list of accounts that administer this host.",
    ADMINS,
)


class UserAdministration(Extension):
    """Lets administrators make, change and end accounts and sessions."""

    name: ClassVar = "user_administration"
    implements: ClassVar = (
        Xep(133, VERSION, "no get-user-password, which was retracted: no passwords are kept"),
    )
    requires: ClassVar = ("accounts", "adhoc", "vcard")

    # -- accounts ----------------------------------------------------------------------------------

    @adhoc(node("add-user"), "Add User")
    async def add(self, call: Call) -> Reply:
        """Ask for an account to make (§4.1)."""
        return Stage(ADD, complete=self._add)

    async def _add(self, call: Call, answers: Submission) -> Reply:
        jid, password = answers[ADDED].bare, answers[PASSWORD]
        check_accounts(call, ADDED, answers[ADDED])
        if VERIFY in answers and answers.get(VERIFY) != password:
            raise FormError([Problem(VERIFY.var, "is not the same password")])
        await self._accounts.create(jid, password)
        card = _card(answers)
        account = await self.server.accounts.get(jid) if card is not None else None
        if account is not None and card is not None:
            await self.server.extension(Vcard).keep(account, card)
        return said(f"{jid} was added.")

    @adhoc(node("delete-user"), "Delete User")
    async def delete(self, call: Call) -> Reply:
        """Ask which accounts to delete (§4.2)."""
        return Stage(DELETE, complete=self._delete)

    async def _delete(self, call: Call, answers: Submission) -> Reply:
        records = await self._others(call, DELETED, answers[DELETED])
        for record in records:
            await self._accounts.delete(record)
        return said(f"{_number(records)} deleted.")

    @adhoc(node("disable-user"), "Disable User")
    async def disable(self, call: Call) -> Reply:
        """Ask which accounts to keep out (§4.3)."""
        return Stage(DISABLE, complete=self._disable)

    async def _disable(self, call: Call, answers: Submission) -> Reply:
        records = await self._others(call, DISABLED, answers[DISABLED])
        for record in records:
            arguments = DisableArguments(jid=_jid(record))
            await self._accounts.disable(arguments, nobody_watches)
        return said(f"{_number(records)} disabled.")

    @adhoc(node("reenable-user"), "Re-Enable User")
    async def reenable(self, call: Call) -> Reply:
        """Ask which accounts to let in again (§4.4)."""
        return Stage(REENABLE, complete=self._reenable)

    async def _reenable(self, call: Call, answers: Submission) -> Reply:
        records = await self._records(call, ENABLED, answers[ENABLED])
        for record in records:
            await self._accounts.enable(AccountArguments(jid=_jid(record)), nobody_watches)
        return said(f"{_number(records)} enabled again.")

    @adhoc(node("change-user-password"), "Change User Password")
    async def change_password(self, call: Call) -> Reply:
        """Ask whose password to change (§4.7)."""
        return Stage(CHANGE, complete=self._change_password)

    async def _change_password(self, call: Call, answers: Submission) -> Reply:
        (record,) = await self._records(call, CHANGED, (answers[CHANGED],))
        jid = _jid(record)
        # Others have to log in with the new one; the administrator's own session goes on.
        own = jid == call.sender.bare
        arguments = PasswordArguments(jid=jid, password=answers[PASSWORD], keep_sessions=own)
        await self._accounts.passwd(arguments, nobody_watches)
        return said(f"The password of {jid} was changed.")

    # -- sessions ----------------------------------------------------------------------------------

    @adhoc(node("end-user-session"), "End User Session")
    async def end_session(self, call: Call) -> Reply:
        """Ask whose sessions to end (§4.5)."""
        return Stage(END, complete=self._end_session)

    async def _end_session(self, call: Call, answers: Submission) -> Reply:
        jids = answers[ENDED]
        check_accounts(call, ENDED, *jids, resources=True)
        for jid in jids:
            await self._check_rank(call, jid)
        sessions = {session for jid in jids for session in self._sessions(jid)}
        for session in sessions:
            if session is call.session:
                # Its own end comes after the answer.
                asyncio.get_running_loop().call_soon(_end, session)
            else:
                _end(session)
        return said(f"{len(sessions)} session{'' if len(sessions) == 1 else 's'} ended.")

    def _sessions(self, jid: JID) -> list[Session]:
        account = self.server.accounts.loaded(jid.bare)
        sessions = account.sessions.values() if account is not None else ()
        return [each for each in sessions if jid in (each.jid, each.bare)]

    # -- administrators ----------------------------------------------------------------------------

    @adhoc(node("edit-admin"), "Edit Admin List")
    async def edit_admins(self, call: Call) -> Reply:
        """Ask who administers the host (§4.29)."""
        admins: set[JID] = {*await census.administrators(self.server, call.host), *self._configured}
        return Stage(EDIT_ADMINS, (ADMINS.filled(tuple(sorted(admins))),), complete=self._edit)

    async def _edit(self, call: Call, answers: Submission) -> Reply:
        if not administers(self.server, call.sender, call.host):
            raise StanzaError("forbidden", "only administrators make others administrators")
        if ADMINS not in answers:
            return said("Nothing was changed.")
        chosen: tuple[JID, ...] = answers.get(ADMINS, ())
        wanted = set(chosen)
        present = await census.administrators(self.server, call.host)
        # Those of the configuration administer every host; this list cannot change that.
        added = wanted - set(present) - self._configured
        records = await self._records(call, ADMINS, tuple(sorted(added)))
        if not wanted and not self._configured:
            raise StanzaError("conflict", "somebody has to administer this host")
        for jid in map(_jid, records):
            await self._set_role(jid, "admin")
        for jid in present:
            if jid not in wanted:
                await self._set_role(jid, "member")
        stay = sorted(self._configured - wanted)
        text = f"{', '.join(stay)}: named in the configuration, and still administers the server."
        return Done(notes=(Note(text, "warn"),) if stay else ())

    async def _set_role(self, jid: str, role: str) -> None:
        arguments = RoleArguments.model_validate({"jid": jid, "role": role})
        await self._accounts.role(arguments, nobody_watches)

    # -- who may be changed ------------------------------------------------------------------------

    @property
    def _accounts(self) -> Accounts:
        return self.server.extension(Accounts)

    @property
    def _configured(self) -> set[JID]:
        return set(map(addresses.parse, self.server.settings.server.admins))

    async def _check_rank(self, call: Call, jid: JID) -> AccountRecord | None:
        """Keep people from getting hold of those who have more to say; return the account.

        Raises:
            StanzaError: not-allowed.
        """
        record = await self.server.store.find(jid.domain, jid.local)
        role = "member" if record is None else record.role
        if not permissions.may_touch(self.server, call.sender, call.host, jid, role):
            raise StanzaError("not-allowed", f"{jid.bare} has as much to say as you, or more")
        return record

    async def _records(
        self, call: Call, field: Field[Any], jids: tuple[JID, ...]
    ) -> list[AccountRecord]:
        """Find the accounts that the administrator named and may change.

        Raises:
            StanzaError: one is none of this host, does not exist, or may not be changed.
        """
        check_accounts(call, field, *jids)
        found = []
        for jid in jids:
            record = await self._check_rank(call, jid)
            if record is None:
                raise StanzaError("item-not-found", f"there is no account {jid}")
            found.append(record)
        return found

    async def _others(
        self, call: Call, field: Field[Any], jids: tuple[JID, ...]
    ) -> list[AccountRecord]:
        """Find accounts, among which the administrator's own must not be."""
        records = await self._records(call, field, jids)
        if any(_jid(record) == call.sender.bare for record in records):
            raise StanzaError("not-allowed", "that is your own account")
        return records


def _card(answers: Submission) -> Element | None:
    """Return what is told of a new user as a vCard (XEP-0054), or None where nothing is."""
    email, given, family = (answers.get(each, "") for each in (EMAIL, GIVEN_NAME, SURNAME))
    if not (email or given or family):
        return None
    ns = "vcard-temp"
    card = Element("vCard", ns)
    if given or family:
        card.add(Element("FN", ns, None, f"{given} {family}".strip()))
        name = Element("N", ns)
        name.add(Element("FAMILY", ns, None, family), Element("GIVEN", ns, None, given))
        card.add(name)
    if email:
        internet, user = Element("INTERNET", ns), Element("USERID", ns, None, email)
        card.add(Element("EMAIL", ns, None, internet, user))
    return card


def _jid(record: AccountRecord) -> str:
    return f"{record.localpart}@{record.host}"


def _number(records: list[AccountRecord]) -> str:
    return f"{_jid(records[0])} was" if len(records) == 1 else f"{len(records)} accounts were"


def _end(session: Session) -> None:
    session.wire.end(StreamError("policy-violation", "An administrator ended this session."))
