"""What the commands of groups are given."""

from pydantic import BaseModel, ConfigDict, Field


class HostArguments(BaseModel):
    """Says of which host."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field(description="Host of the group.")


class GroupArguments(HostArguments):
    """Says which group."""

    name: str = Field(description="Name of the group, as rosters show it.")


class CreateArguments(GroupArguments):
    """Says what group to make."""

    everybody: bool = Field(False, description="All accounts of the host are in it.")


class RenameArguments(GroupArguments):
    """Says how to call a group."""

    to: str = Field(description="Its new name.")


class MemberArguments(BaseModel):
    """Says who is in which group."""

    model_config = ConfigDict(extra="forbid")

    jid: str = Field(description="Account of the host of the group.")
    name: str = Field(description="Name of the group, as rosters show it.")


class EverybodyArguments(GroupArguments):
    """Says whether everybody is in a group."""

    everybody: bool = Field(
        True, description="All accounts of the host are in it, and not only those added."
    )


class DisplayArguments(GroupArguments):
    """Says who has a group in the roster."""

    to: str = Field(description="Group whose members have it in their rosters.")
