"""Software version: a host tells what it runs (XEP-0092)."""

import platform
from typing import ClassVar, Final

from pydantic import Field

import palaver
from palaver.kernel.extension import Answer, Extension, ExtensionConfig, Request, Target, Xep, iq
from palaver.wire.element import Element

NS: Final = "jabber:iq:version"


class VersionConfig(ExtensionConfig):
    """What a host tells about the software it runs on."""

    show_os: bool = Field(
        False,
        description="Whether the name and release of the operating system are told as well. They "
        "help attackers more than users (XEP-0092 §5).",
    )


class Version(Extension[VersionConfig]):
    """Answers for the host."""

    Config = VersionConfig
    name: ClassVar = "version"
    implements: ClassVar = (Xep(92, "1.1"),)
    features: ClassVar = (NS,)

    @iq("get", NS, "query", to=Target.HOST)
    def version(self, request: Request) -> Answer:
        """Tell name and version, and the operating system where that is allowed (XEP-0092 §2)."""
        query = Element("query", NS, None, Element("name", NS, None, "Palaver"))
        query.add(Element("version", NS, None, palaver.__version__))
        if self.config(request.host.name).show_os:
            query.add(Element("os", NS, None, f"{platform.system()} {platform.release()}"))
        return query
