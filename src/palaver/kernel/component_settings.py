"""The settings of external components: their secret, and what the administrator lets them do."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from palaver.kernel.section import SECRET, HostName, Section

Access = Literal["none", "get", "set", "both"]


class PrivilegeSettings(Section):
    """What a component may do in the name of a host's users (XEP-0356)."""

    roster: Access = Field(
        "none", description="Whether it reads (`get`) and changes (`set`) everybody's roster."
    )
    roster_push: bool = Field(
        True, description="Whether a component that reads rosters is told of changes in them."
    )
    message: Literal["none", "outgoing"] = Field(
        "none", description="Whether it sends messages in the name of the host and of its users."
    )
    presence: Literal["none", "managed_entity", "roster"] = Field(
        "none",
        description="Whose presence it gets: that of the host's users (`managed_entity`), or also "
        "that of all their contacts (`roster`), for which it has to read rosters.",
    )
    iq: Mapping[str, Access] = Field(
        default_factory=dict,
        description="The requests that it sends in the name of users: by namespace, which types.",
    )

    @model_validator(mode="after")
    def _reads_the_rosters_it_watches(self) -> Self:
        if self.presence == "roster" and self.roster not in ("get", "both"):
            raise ValueError('presence = "roster" needs roster = "get" or "both" (XEP-0356 §7.4)')
        return self

    @property
    def pushes(self) -> bool:
        """Tell whether it gets roster pushes (XEP-0356 §4.4)."""
        return self.roster_push and self.roster in ("get", "both")


class ComponentSettings(Section):
    """One external component, in ``[components."irc.example.org"]``."""

    secret: str = Field(
        min_length=1,
        json_schema_extra=SECRET,
        description="What the component proves to know (XEP-0114 §3). There is no default.",
        examples=["Yah4ooch7eiQuah0"],
    )
    share: bool = Field(
        False,
        description="Whether several instances share the work. Otherwise one that connects takes "
        "the place of the one before.",
    )
    privileges: Mapping[HostName, PrivilegeSettings] = Field(
        default_factory=dict,
        description="What it may do in the name of users, by host (XEP-0356).",
    )
    delegations: Mapping[HostName, Mapping[str, tuple[str, ...]]] = Field(
        default_factory=dict,
        description="The namespaces whose requests it answers instead of the server, by host "
        "(XEP-0355); each with the attributes that a request must have for that.",
    )
