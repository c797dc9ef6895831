"""What accounts of a role may do: ``[roles.<name>]``."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from palaver.kernel.section import Section

RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,15}$")]

Right = Literal["strangers", "nodes", "rooms", "invitations", "account"]
"""Something that not everybody may do:

``strangers``   exchange anything with whom is neither on the own host nor a contact
``nodes``       create nodes at the publish-subscribe service
``rooms``       create rooms
``invitations`` invite others
``account``     change the own password, and remove the own account
"""

_ALL: Final[tuple[Right, ...]] = ("strangers", "nodes", "rooms", "invitations", "account")


class RoleSettings(Section):
    """What accounts of a role may do, in ``[roles.<name>]``."""

    rights: tuple[Right, ...] = Field(
        _ALL,
        description="What its accounts may do: `strangers`, exchange messages and subscriptions "
        "with whom is neither on their host nor a contact; `nodes`, create nodes at the "
        "publish-subscribe service; `rooms`, create rooms; `invitations`, invite others; "
        "`account`, change their password and remove their account. Of the role `restricted` only "
        "`account` if there is no such section.",
        examples=[["nodes", "account"]],
    )
    commands: tuple[str, ...] = Field(
        (),
        description="Commands that its accounts may run by chat beside those that all may: names "
        'such as `"user list"`, or of XEP-0133 such as `"end-user-session"`; `*` stands for any '
        "text. They concern the accounts' own host alone, and nobody who has more to say.",
        examples=[["user list", "user show", "report *"]],
    )
    without: tuple[str, ...] = Field(
        (),
        description="Commands that its accounts may not run although their role would let them.",
        examples=[["user delete", "delete-user"]],
    )


BUILT_IN: Final[Mapping[str, RoleSettings]] = {
    "member": RoleSettings(),
    "admin": RoleSettings(),
    "restricted": RoleSettings(rights=("account",)),
}
"""The roles that there are without configuration."""
