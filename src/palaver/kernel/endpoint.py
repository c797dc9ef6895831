"""Socket addresses as the configuration writes them."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_ENDPOINT = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<name>[^:\[\]\s]+)):(?P<port>\d{1,5})")
_WANTED = "not an address and port such as 127.0.0.1:5222 or [::]:5222"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Names a socket address, written ``127.0.0.1:5222`` or ``[::1]:5222``.

    ``[::]`` means every IPv6 and IPv4 address; port 0 asks the system for a free one.
    """

    address: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``address:port``; raises ValueError with the reason for anything else."""
        match = _ENDPOINT.fullmatch(text)
        if match is None:
            raise ValueError(_WANTED)
        port = int(match["port"])
        if port > 65535:
            raise ValueError(f"port {port} is above 65535")
        if match["v6"] is None:
            return cls(match["name"], port)
        try:
            return cls(str(ipaddress.IPv6Address(match["v6"])), port)
        except ipaddress.AddressValueError:
            raise ValueError(_WANTED) from None

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the address."""
        if self.address == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.address).is_loopback
        except ValueError:
            return False

    def __str__(self) -> str:
        address = f"[{self.address}]" if ":" in self.address else self.address
        return f"{address}:{self.port}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic read it from text, or take an `Endpoint` as it is."""
        from_text = core_schema.no_info_after_validator_function(
            cls.parse, core_schema.str_schema(strict=True)
        )
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.union_schema(
                [core_schema.is_instance_schema(cls), from_text]
            ),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the type in the configuration reference."""
        return {"type": "string", "format": "address:port"}
