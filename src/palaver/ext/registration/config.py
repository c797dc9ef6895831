"""What users may do with accounts by themselves, and how often."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field

from palaver.ext.registration.challenges import read_question
from palaver.kernel.extension import ExtensionConfig
from palaver.kernel.rate_limit import RateLimit
from palaver.kernel.settings import unit

# RFC 2142, and names that people take for the service itself.
_RESERVED: Final = (
    "abuse",
    "admin",
    "administrator",
    "hostmaster",
    "info",
    "noc",
    "noreply",
    "operator",
    "postmaster",
    "root",
    "security",
    "server",
    "support",
    "sysadmin",
    "system",
    "webmaster",
    "xmpp",
)


def _question(line: str) -> str:
    read_question(line)
    return line


class RegistrationConfig(ExtensionConfig):
    """What users may do with accounts by themselves."""

    open: bool = Field(
        False,
        description="Whether anybody may make an account with a client. A public service attracts "
        "spammers; most services make accounts for people they know.",
    )
    url: str = Field(
        "",
        pattern=r"^(https?://\S+)?$",
        description="Where people register instead, in a browser: clients are sent there while "
        "`open` is false.",
        examples=["https://example.org/register"],
    )
    approval: bool = Field(
        False,
        description="Whether an account that somebody makes while `open` is true waits until an "
        "administrator approves it; those who are invited do not wait.",
    )
    approval_days: int = Field(
        14,
        ge=1,
        le=365,
        description="A request on which nobody decides in this time is deleted.",
        json_schema_extra=unit("days"),
    )
    approval_queue: int = Field(
        100, ge=1, le=100_000, description="Requests that may wait for approval at a time."
    )
    challenge: bool = Field(
        False,
        description="Whether those who register while `open` is true answer a question first "
        "(XEP-0158); those who are invited need not.",
    )
    questions: tuple[Annotated[str, AfterValidator(_question)], ...] = Field(
        (),
        description="Questions to choose from, each with its language and the answers that are "
        "right. Sums in English and German if there are none; those deter only simple robots.",
        examples=[["en: Which colour has our logo? = blue | azure", "de: Farbe des Logos? = blau"]],
    )
    work_bits: int = Field(
        0,
        ge=0,
        le=32,
        description="Offer work for the client in place of the question: about 2 to the power of "
        "this many hashes, 20 takes seconds. 0 offers none.",
        json_schema_extra=unit("bits"),
    )
    change_password: bool = Field(True, description="Whether users may change their password.")
    remove_account: bool = Field(True, description="Whether users may remove their account.")
    ask_password: bool = Field(
        False,
        description="Whether the present password has to be given to change it or to remove the "
        "account. Many clients cannot do that.",
    )
    min_password_length: int = Field(
        8,
        ge=1,
        le=200,
        description="Shortest password that users may choose.",
        json_schema_extra=unit("characters"),
    )
    reserved: tuple[str, ...] = Field(
        _RESERVED,
        description="Names that nobody may register, nor any that look like them. Those in "
        "`[server] admins` are reserved in any case.",
    )
    accounts_per_address: int = Field(
        5,
        ge=0,
        description="Accounts that may be made from one IP address (IPv6: one /64) in an "
        "`interval`; 0 for no limit.",
        json_schema_extra=unit("accounts"),
    )
    attempts_per_address: int = Field(
        50,
        ge=0,
        description="Attempts to make one, successful or not, from one IP address (IPv6: one /64) "
        "in an `interval`; 0 for no limit. Wrong passwords of one user count alike.",
        json_schema_extra=unit("attempts"),
    )
    interval: float = Field(
        3600.0,
        gt=0,
        le=31_536_000,
        description="The time that the limits are about.",
        json_schema_extra=unit("seconds"),
    )


class Limits:
    """The limits of one host."""

    __slots__ = ("accounts", "attempts")

    def __init__(self, config: RegistrationConfig) -> None:
        def limit(times: int) -> RateLimit | None:
            return RateLimit(times, config.interval) if times else None

        self.accounts = limit(config.accounts_per_address)
        self.attempts = limit(config.attempts_per_address)
