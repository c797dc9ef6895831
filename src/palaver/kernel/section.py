"""What every section of the configuration is made of: its base, types of values, and marks."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from palaver.jid import BareJID, parse_bare, prepare_domain


def _account(text: str) -> BareJID:
    address = parse_bare(text)
    if not address.local:
        raise ValueError("not an address such as user@example.org")
    return address


HostName = Annotated[str, AfterValidator(prepare_domain)]
Address = Annotated[str, AfterValidator(_account)]
ExtensionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def unit(name: str) -> dict[str, Any]:
    """Make the ``json_schema_extra`` that tells a field's unit to the reference."""
    return {"unit": name}


SECRET: dict[str, Any] = {"secret": True}
"""The ``json_schema_extra`` of a key whose value is never shown."""


class Section(BaseModel):
    """Is one section of the file: frozen, and strict about names and types."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
    )
