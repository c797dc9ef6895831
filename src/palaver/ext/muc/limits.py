"""The settings of a host's rooms: who may create them, how large they are, how they begin."""

from typing import Literal

from pydantic import Field

from palaver.ext.muc.configuration import RoomConfig
from palaver.kernel.extension import ExtensionConfig
from palaver.kernel.settings import unit


class MucConfig(ExtensionConfig):
    """Rooms of each host."""

    service: str = Field(
        "conference",
        pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$|^$",
        max_length=63,
        description="Name below each host of the service with its rooms; empty for none.",
    )
    name: str = Field(
        "Rooms", min_length=1, max_length=200, description="What clients show as its name."
    )
    create: Literal["everybody", "accounts", "administrators"] = Field(
        "accounts",
        description="Who may create rooms: everybody, accounts of this server, or administrators "
        "of the host.",
    )
    lock_seconds: int = Field(
        300,
        ge=0,
        le=86_400,
        description="How long a new room waits for its creator's configuration, closed to others; "
        "then the defaults count as accepted. 0 opens new rooms at once.",
        json_schema_extra=unit("seconds"),
    )
    rooms: int = Field(100, ge=1, description="Most rooms that one address may create.")
    occupants: int = Field(
        10_000, ge=2, le=1_000_000, description="Most occupants that a room may be configured for."
    )
    crowd: int = Field(
        100,
        ge=2,
        le=1_000_000,
        description="From how many devices in it on a room is large: what happens within up to a "
        "fifth of a second is told of occupants at once, and who enters is told in slices who is "
        "in the room.",
        json_schema_extra=unit("devices"),
    )
    sessions: int = Field(
        10,
        ge=1,
        le=1_000,
        description="Most devices of one person under one nickname, and most nicknames of one "
        "person in a room.",
    )
    entries: int = Field(
        120,
        ge=0,
        le=1_000_000,
        description="How often one address may enter the same room in a minute; 0 for no limit.",
    )
    affiliations: int = Field(
        20_000, ge=1, description="Most addresses with an affiliation to one room."
    )
    history: int = Field(
        100, ge=0, le=1_000, description="Most messages of history that one may get by entering."
    )
    days: int = Field(
        0,
        ge=0,
        le=36_500,
        description="Messages older than this are deleted from archives of rooms; 0 keeps them "
        "for ever.",
        json_schema_extra=unit("days"),
    )
    page: int = Field(
        100, ge=1, le=10_000, description="Messages in one answer from an archive, at most."
    )
    rooms_page: int = Field(
        500,
        ge=1,
        le=10_000,
        description="Rooms in one answer from the list of those that are public or from a search, "
        "at most; the rest comes in pages.",
    )
    searches: int = Field(
        30,
        ge=0,
        le=10_000,
        description="Searches for rooms in a minute of one account, and of everybody at one other "
        "domain; 0 for no searching.",
    )
    nick: int = Field(
        100, ge=1, le=1_023, description="Longest nickname.", json_schema_extra=unit("characters")
    )
    ghost_minutes: int = Field(
        15,
        ge=0,
        le=1_440,
        description="Devices of other servers that are in a room and have said nothing for so long "
        "are asked whether they are still there; 0 asks nobody.",
        json_schema_extra=unit("minutes"),
    )
    default_persistent: bool = Field(
        False, description="Whether new rooms stay when their last occupant leaves."
    )
    default_public: bool = Field(True, description="Whether new rooms are listed.")
    default_members_only: bool = Field(False, description="Whether new rooms are for members.")
    default_moderated: bool = Field(
        False, description="Whether those who enter new rooms without an affiliation are mute."
    )
    default_addresses: Literal["anyone", "moderators"] = Field(
        "moderators", description="Who sees the addresses of occupants of new rooms."
    )
    default_logging: bool = Field(
        True, description="Whether the messages of new rooms are archived."
    )
    default_history: int = Field(
        20, ge=0, le=1_000, description="Messages of history sent to who enters a new room."
    )

    def default(self) -> RoomConfig:
        """Return the configuration with which rooms begin."""
        return RoomConfig(
            persistent=self.default_persistent,
            public=self.default_public,
            members_only=self.default_members_only,
            moderated=self.default_moderated,
            whois=self.default_addresses,
            logging=self.default_logging,
            history=min(self.default_history, self.history),
        )
