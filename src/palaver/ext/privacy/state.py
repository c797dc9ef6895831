"""The rules of accounts in use, and which list applies to whom (XEP-0016 §2.2)."""

from typing import Final

from palaver.ext.privacy.rules import NO_RULES, PrivacyList, Rules
from palaver.ext.roster.roster import roster_of
from palaver.kernel.account import Account
from palaver.kernel.session import Session
from palaver.kernel.slots import Slot

RULES: Final[Slot[Rules]] = Slot("privacy rules")
"""On accounts that have any; nothing else is looked at where it is not."""

ACTIVE: Final[Slot[str]] = Slot("active privacy list")
"""On sessions: the name of the active list."""

USES_LISTS: Final[Slot[bool]] = Slot("uses privacy lists")
"""On sessions that have asked for privacy lists."""

USES_BLOCKING: Final[Slot[bool]] = Slot("uses the blocking command")
"""On sessions that have asked for the block list."""


def rules_of(account: Account) -> Rules:
    """Return an account's rules."""
    return RULES.get(account) or NO_RULES


def set_rules(account: Account, rules: Rules) -> None:
    """Put rules into force; active lists that are no more are forgotten."""
    if rules:
        RULES.set(account, rules)
    else:
        RULES.clear(account)
    for session in account.sessions.values():
        if ACTIVE.get(session) not in rules.lists:
            ACTIVE.clear(session)


def applied(rules: Rules, session: Session | None) -> PrivacyList | None:
    """Return the list that applies to a session, or with None to the account as a whole."""
    return rules.applied(None if session is None else ACTIVE.get(session))


def name_applied(rules: Rules, session: Session) -> str | None:
    """Return the name of the list that applies to a session."""
    return ACTIVE.get(session) or rules.default


def in_use_elsewhere(account: Account, name: str | None, session: Session | None) -> bool:
    """Tell whether a list applies to a session other than this one (XEP-0016 §2.2)."""
    rules = rules_of(account)
    return name is not None and any(
        name_applied(rules, other) == name
        for other in account.sessions.values()
        if other is not session
    )


def groups_of(account: Account) -> frozenset[str]:
    """Return the groups that contacts in the account's roster are in."""
    return frozenset(group for item in roster_of(account).items for group in item.groups)
