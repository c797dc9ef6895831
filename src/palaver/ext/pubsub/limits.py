"""How much may be kept in nodes, and by whom."""

from typing import Literal

from pydantic import Field

from palaver.kernel.extension import ExtensionConfig


class PubSubConfig(ExtensionConfig):
    """Nodes of accounts, and of the service of each host."""

    service: str = Field(
        "pubsub",
        pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$|^$",
        max_length=63,
        description="Name below each host of the service with nodes of its own; empty for none.",
    )
    create: Literal["everybody", "accounts", "administrators"] = Field(
        "accounts",
        description="Who may create nodes at the service: everybody, accounts of this server, or "
        "administrators of the host.",
    )
    nodes: int = Field(
        1_000, ge=1, description="Most nodes that one account may have, or create at the service."
    )
    items: int = Field(
        100_000,
        ge=1,
        le=100_000_000,
        description="Most items in a node: what `max` means in its configuration.",
    )
    account_bytes: int = Field(
        104_857_600,
        ge=0,
        description="Most bytes in the nodes of one account, and in those it created at the "
        "service.",
    )
    payload_bytes: int = Field(
        131_072,
        ge=1_024,
        description="Largest payload of an item, bytes; a stanza must hold it with room to spare.",
    )
    page: int = Field(
        1_000, ge=1, le=100_000, description="Most items in one answer; the rest comes in pages."
    )
    subscribers: int = Field(100_000, ge=1, description="Most subscriptions to one node.")
    subscriptions: int = Field(
        20, ge=1, description="Most subscriptions of one address, with its resources, to one node."
    )
    affiliations: int = Field(10_000, ge=1, description="Most affiliations of one node.")
