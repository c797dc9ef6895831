"""What the commands about accounts are told."""

from pydantic import BaseModel, ConfigDict, Field

from palaver.kernel import durations
from palaver.kernel.permissions import GRANTS
from palaver.kernel.settings import SECRET

_ROLE = "member, admin, restricted, or a role of the configuration."


class AccountArguments(BaseModel):
    """Names an account."""

    model_config = ConfigDict(extra="forbid")

    jid: str = Field(description="Address of the account, such as user@example.org.")


class AddArguments(AccountArguments):
    """Describes an account to make."""

    password: str = Field(description="Password.", json_schema_extra=SECRET)
    role: str = Field("member", description=_ROLE, json_schema_extra=GRANTS)
    allow_look_alike: bool = Field(
        False, description="Make it even if its name can be taken for another account's."
    )
    despite_tombstone: bool = Field(
        False, description="Make it even if an account of that name was deleted lately."
    )


class PasswordArguments(AccountArguments):
    """Gives an account another password."""

    password: str = Field(description="New password.", json_schema_extra=SECRET)
    keep_sessions: bool = Field(False, description="Leave the account's sessions connected.")


class RoleArguments(AccountArguments):
    """Gives an account another role."""

    role: str = Field(description=_ROLE, json_schema_extra=GRANTS)


class DisableArguments(AccountArguments):
    """Disables an account."""

    for_: str | None = Field(
        None,
        pattern=durations.PATTERN,
        description="How long, such as 12h, 7d or 2w; until it is enabled, if not given.",
    )
    reason: str = Field("", description="Why; users are told when they try to log in.")


class DeleteArguments(AccountArguments):
    """Deletes an account."""

    free_name: bool = Field(False, description="Let others take the name at once.")


class ListArguments(BaseModel):
    """Says which accounts to list."""

    model_config = ConfigDict(extra="forbid")

    host: str | None = Field(None, description="Only this host's accounts.")
    prefix: str = Field("", description="Only names that begin so.")
    role: str | None = Field(None, description="Only accounts of this role.")
    idle: str | None = Field(
        None,
        pattern=durations.PATTERN,
        description="Only accounts that nobody has used for so long, such as 90d.",
    )
    disabled: bool = Field(False, description="Only accounts that may not log in.")
    limit: int | None = Field(None, ge=1, description="At most so many.")
