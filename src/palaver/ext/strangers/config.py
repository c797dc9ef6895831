"""What hosts do about strangers where their users have chosen nothing else."""

from pydantic import Field

from palaver.ext.strangers.circle import Policy
from palaver.kernel.extension import ExtensionConfig
from palaver.kernel.rate_limit import RateLimit
from palaver.kernel.settings import unit

_HOUR = 3600.0
_DAY = 86_400.0


class StrangersConfig(ExtensionConfig):
    """What becomes of first messages, and of requests to subscribe, of unknown senders.

    Unknown is who is not in the roster and whom the user has not written to.
    """

    policy: Policy = Field(
        "accept",
        description="accept; quarantine, which holds them back until the user lets the sender in; "
        "or refuse. For accounts whose users have chosen nothing.",
    )
    users: bool = Field(True, description="Whether users may choose for themselves.")
    strangers_per_hour: int = Field(
        200,
        ge=0,
        le=1_000_000,
        description="Strangers that one account hears from in an hour, at most; 0 for no limit.",
        json_schema_extra=unit("senders"),
    )
    contacts_per_hour: int = Field(
        200,
        ge=0,
        le=1_000_000,
        description="Addresses that one account may write to in an hour for the first time, "
        "without having heard from them; 0 for no limit.",
        json_schema_extra=unit("addresses"),
    )
    contacts_per_day: int = Field(
        1_000,
        ge=0,
        le=1_000_000,
        description="The same in a day.",
        json_schema_extra=unit("addresses"),
    )
    held: int = Field(
        200,
        ge=1,
        le=100_000,
        description="Messages and requests that are held back for one account, at most.",
    )
    held_per_sender: int = Field(20, ge=1, le=10_000, description="Those of one sender, at most.")
    days: int = Field(
        30,
        ge=1,
        le=3_650,
        description="After this time what is held back is deleted.",
        json_schema_extra=unit("days"),
    )


class Limits:
    """How often the accounts of one host have to do with somebody new."""

    __slots__ = ("_heard", "_sent")

    def __init__(self, config: StrangersConfig) -> None:
        spans = ((config.contacts_per_hour, _HOUR), (config.contacts_per_day, _DAY))
        self._sent = [RateLimit(times, span) for times, span in spans if times]
        self._heard: dict[int, RateLimit] = {}

    def write_first(self, who: str, now: float) -> bool:
        """Let an account write to somebody new, unless that is too often."""
        taken: list[RateLimit] = []
        for limit in self._sent:
            if limit.take(who, now):
                for each in taken:
                    each.give_back(who)
                return False
            taken.append(limit)
        return True

    def hear(self, who: str, times: int, now: float) -> bool:
        """Let an account hear from a stranger, unless that is more often than it wants."""
        if not times:
            return True
        limit = self._heard.get(times)
        if limit is None:
            if len(self._heard) >= 100:  # numbers that users have chosen
                self._heard.clear()
            limit = self._heard[times] = RateLimit(times, _HOUR)
        return not limit.take(who, now)
