"""The arguments of the commands about rooms."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from palaver.kernel import durations

Word = Literal["owner", "admin", "member", "outcast", "none"]


class OfHosts(BaseModel):
    """Names a host, or all of them."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field("", description="Host whose rooms are meant; all hosts if empty.")


class ListArguments(OfHosts):
    """Says which rooms to list."""

    prefix: str = Field("", description="Only rooms whose names begin like this.")
    idle: str | None = Field(
        None,
        pattern=durations.PATTERN,
        description="Only rooms in which nobody was for so long, such as 90d.",
    )
    empty: bool = Field(False, description="Only rooms that nobody is in.")
    kind: Literal["any", "persistent", "temporary"] = Field(
        "any", description="Only rooms that stay when nobody is in them, or only others."
    )
    limit: int = Field(1_000, ge=1, le=1_000_000, description="Rooms, at most.")


class RoomArguments(BaseModel):
    """Names a room."""

    model_config = ConfigDict(extra="forbid")

    host: str = Field(description="Host to whose service the room belongs.")
    room: str = Field(min_length=1, description="Name of the room, or its address.")


class CreateArguments(RoomArguments):
    """Says which room to make, for whom."""

    owner: str = Field(description="Address of the first owner.")
    option: list[str] = Field(
        default_factory=list,
        description="How it is configured, as option=value; `room config` lists what there is.",
    )


class ConfigArguments(RoomArguments):
    """Says what to change of a room's configuration, if anything."""

    option: list[str] = Field(
        default_factory=list, description="What to change, as option=value; all are shown after it."
    )


class DestroyArguments(RoomArguments):
    """Says which room ends, and why."""

    reason: str = Field("", max_length=2_000, description="What people in the room are told.")
    alternative: str = Field("", description="Address of the room to go to instead.")


class AffiliationsArguments(RoomArguments):
    """Says whose affiliations to list."""

    affiliation: Word | None = Field(None, description="Only this one.")


class AffiliateArguments(RoomArguments):
    """Says which affiliation somebody gets."""

    address: str = Field(description="Whom it is about: an address, or a domain to ban.")
    affiliation: Word = Field(description="owner, admin, member, outcast or none.")
    reason: str = Field("", max_length=2_000, description="Why.")


class KickArguments(RoomArguments):
    """Says who has to leave."""

    nick: str = Field(description="Nickname in the room.")
    reason: str = Field("", max_length=2_000, description="Why.")


class PurgeArguments(OfHosts):
    """Says which rooms nobody needs."""

    idle: str = Field(
        pattern=durations.PATTERN,
        description="Delete rooms in which nobody was for so long, such as 90d.",
    )
    dry_run: bool = Field(False, description="Only tell which rooms those are.")


class MessageArguments(OfHosts):
    """Says what to tell, and whom."""

    text: str = Field(min_length=1, max_length=10_000, description="What to say.")
    room: str = Field("", description="Name of the room, or its address; all rooms if empty.")
