"""The tables of XEP-0045 §5."""

import pytest

from palaver.ext.muc.privileges import (
    Affiliation,
    Role,
    check_affiliation_change,
    check_role_change,
    first_role,
    role_after,
)
from palaver.wire.errors import StanzaError

OUTCAST, NONE, MEMBER, ADMIN, OWNER = Affiliation
_, VISITOR, PARTICIPANT, MODERATOR = Role


def condition(check: object, *arguments: object) -> str:
    """Return the condition with which something is refused, or ""."""
    assert callable(check)
    try:
        check(*arguments)
    except StanzaError as error:
        return error.condition
    return ""


@pytest.mark.parametrize(
    ("affiliation", "moderated", "role"),
    [
        (OUTCAST, False, Role.NONE),
        (NONE, True, VISITOR),
        (NONE, False, PARTICIPANT),
        (MEMBER, True, PARTICIPANT),
        (ADMIN, True, MODERATOR),
        (OWNER, False, MODERATOR),
    ],
)
def test_the_first_role(affiliation: Affiliation, moderated: bool, role: Role) -> None:
    assert first_role(affiliation, moderated=moderated) is role


def test_a_role_follows_the_affiliation() -> None:
    assert role_after(VISITOR, NONE, MEMBER, moderated=True) is PARTICIPANT
    assert role_after(MODERATOR, NONE, MEMBER, moderated=True) is MODERATOR
    assert role_after(MODERATOR, ADMIN, MEMBER, moderated=True) is PARTICIPANT
    assert role_after(MODERATOR, OWNER, ADMIN, moderated=True) is MODERATOR
    assert role_after(PARTICIPANT, MEMBER, NONE, moderated=True) is PARTICIPANT


@pytest.mark.parametrize(
    ("by", "of", "to", "refused"),
    [
        ((PARTICIPANT, MEMBER), (VISITOR, NONE), PARTICIPANT, "forbidden"),
        ((MODERATOR, NONE), (VISITOR, NONE), PARTICIPANT, ""),
        ((MODERATOR, NONE), (PARTICIPANT, NONE), VISITOR, ""),
        ((MODERATOR, NONE), (PARTICIPANT, MEMBER), VISITOR, "not-allowed"),
        ((MODERATOR, MEMBER), (PARTICIPANT, MEMBER), VISITOR, "not-allowed"),
        ((MODERATOR, MEMBER), (PARTICIPANT, MEMBER), Role.NONE, ""),
        ((MODERATOR, MEMBER), (PARTICIPANT, NONE), MODERATOR, "forbidden"),
        ((MODERATOR, MEMBER), (MODERATOR, NONE), Role.NONE, "not-allowed"),
        ((MODERATOR, MEMBER), (MODERATOR, ADMIN), Role.NONE, "not-allowed"),
        ((MODERATOR, ADMIN), (MODERATOR, NONE), PARTICIPANT, ""),
        ((MODERATOR, ADMIN), (MODERATOR, ADMIN), PARTICIPANT, "not-allowed"),
        ((MODERATOR, ADMIN), (MODERATOR, ADMIN), Role.NONE, ""),
        ((MODERATOR, ADMIN), (MODERATOR, OWNER), Role.NONE, "not-allowed"),
        ((MODERATOR, OWNER), (MODERATOR, ADMIN), VISITOR, "not-allowed"),
        ((MODERATOR, OWNER), (MODERATOR, OWNER), Role.NONE, ""),
    ],
)
def test_who_may_change_whose_role(
    by: tuple[Role, Affiliation], of: tuple[Role, Affiliation], to: Role, refused: str
) -> None:
    assert condition(check_role_change, by, of, to) == refused


@pytest.mark.parametrize(
    ("by", "before", "to", "refused"),
    [
        (MEMBER, NONE, OUTCAST, "forbidden"),
        (ADMIN, NONE, OUTCAST, ""),
        (ADMIN, MEMBER, NONE, ""),
        (ADMIN, OUTCAST, MEMBER, ""),
        (ADMIN, MEMBER, ADMIN, "forbidden"),
        (ADMIN, NONE, OWNER, "forbidden"),
        (ADMIN, ADMIN, OUTCAST, "not-allowed"),
        (ADMIN, OWNER, NONE, "not-allowed"),
        (OWNER, ADMIN, OUTCAST, ""),
        (OWNER, OWNER, ADMIN, ""),
        (OWNER, NONE, OWNER, ""),
    ],
)
def test_who_may_change_which_affiliation(
    by: Affiliation, before: Affiliation, to: Affiliation, refused: str
) -> None:
    assert condition(check_affiliation_change, by, before, to) == refused
