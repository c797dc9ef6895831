"""Contact addresses of a service, told by service discovery (XEP-0157)."""

import re
from typing import Annotated, ClassVar, Final
from urllib.parse import unquote

from pydantic import AfterValidator, Field

from palaver import jid
from palaver.ext.disco import Discoverable, Info
from palaver.kernel.account import Account
from palaver.kernel.extension import Extension, ExtensionConfig, Xep
from palaver.kernel.form_fields import ListMulti
from palaver.kernel.forms import Form
from palaver.kernel.host import Host

FORM_TYPE: Final = "http://jabber.org/network/serverinfo"

_URI = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?P<rest>[^\s<>\"{}|\\^`]+)")


def uri(text: str) -> str:
    """Check the address of a contact: a URI, with a real address inside where we know the scheme.

    Raises:
        ValueError: it is none.
    """
    match = _URI.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a URI such as mailto:abuse@example.org")
    scheme, rest = match["scheme"].lower(), match["rest"]
    if scheme == "mailto" and not re.fullmatch(r"[^@?]+@[^@?]+(\?.*)?", rest):
        raise ValueError(f"{text!r} holds no mail address")
    if scheme in ("http", "https") and not re.match(r"//[^/?#]", rest):
        raise ValueError(f"{text!r} names no host")
    if scheme == "xmpp":
        jid.parse(unquote(rest.partition("?")[0].partition("#")[0].removeprefix("//")))
    return text


Uris = Annotated[tuple[Annotated[str, AfterValidator(uri)], ...], Field(max_length=50)]


class ContactAddressesConfig(ExtensionConfig):
    """Whom users and other services can turn to, as URIs; what is empty is not told."""

    abuse: Uris = Field(
        (),
        description="For reports of abusive traffic.",
        examples=[["mailto:abuse@example.org", "xmpp:abuse@example.org"]],
    )
    admin: Uris = Field(
        (),
        description="The administrators of the service.",
        examples=[["mailto:xmpp@example.org"]],
    )
    feedback: Uris = Field(
        (),
        description="For feedback of users.",
        examples=[["https://example.org/feedback"]],
    )
    sales: Uris = Field((), description="For sales and marketing.", examples=[["xmpp:sales@a.org"]])
    security: Uris = Field(
        (),
        description="For concerns about security.",
        examples=[["mailto:security@example.org"]],
    )
    status: Uris = Field(
        (),
        description="Where the state of the service can be seen.",
        examples=[["https://status.example.org"]],
    )
    support: Uris = Field(
        (),
        description="For help to users.",
        examples=[["xmpp:support@example.org"]],
    )


_FIELDS: Final = {
    role: ListMulti(f"{role}-addresses") for role in ContactAddressesConfig.model_fields
}
_FORM: Final = Form(tuple(_FIELDS.values()), form_type=FORM_TYPE)


class ContactAddresses(Extension[ContactAddressesConfig], Discoverable):
    """Tells the addresses that the configuration names."""

    Config = ContactAddressesConfig
    name: ClassVar = "contact_addresses"
    implements: ClassVar = (Xep(157, "1.1.1"),)
    requires: ClassVar = ("disco",)

    def disco_about(self, host: Host, account: Account | None) -> Info:
        """Add the form to what is told of a host, when there is something in it."""
        if account is not None:
            return Info()
        config = self.config(host.name)
        filled = [
            field.filled(addresses)
            for role, field in _FIELDS.items()
            if (addresses := getattr(config, role))
        ]
        return Info(forms=(_FORM.result(*filled),)) if filled else Info()
