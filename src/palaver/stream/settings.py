"""What the streams of clients need to know of the server and its hosts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from palaver.sasl import Policy
from palaver.wire.element import Element
from palaver.wire.events import Limits


@dataclass(frozen=True, slots=True)
class StreamHost:
    """What a stream needs to know of a host.

    ``policy``  which SASL mechanisms, and for whom
    ``tls``     whether there is a certificate to offer STARTTLS with
    ``before_login``, ``after_login``  give the features that extensions add
    ``tokens``  tells whether tokens can be had to log in with (XEP-0484)
    ``inline``  gives what can be had along with a login (XEP-0388 §2.1)
    ``features``  the features already written, by the position of the stream
    """

    policy: Policy
    tls: bool
    before_login: Callable[[], list[Element]]
    after_login: Callable[[], list[Element]]
    inline: Callable[[], list[Element]] = list
    tokens: Callable[[], bool] = bool
    features: dict[object, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StreamSettings:
    """What is the same for every client stream.

    ``before``, ``after``  limits before and after login
    ``idle_seconds``       told to clients (XEP-0478), 0 for none
    ``attempts``           failed logins until the stream is closed
    """

    hosts: Mapping[str, StreamHost]
    default_host: str
    lang: str
    before: Limits
    after: Limits
    idle_seconds: int
    attempts: int
