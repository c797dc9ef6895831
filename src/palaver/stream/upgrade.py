"""Keys for mechanisms that an account has none for, asked of a client that logs in (XEP-0480)."""

import secrets
from typing import TYPE_CHECKING, Final

from palaver import sasl
from palaver.sasl import Condition, Hash, Policy, SaslError, ScramKeys
from palaver.stream.events import Authenticated
from palaver.stream.state import State
from palaver.wire.element import Element
from palaver.wire.errors import StreamError

if TYPE_CHECKING:
    from palaver.stream.client import ClientStream

NS: Final = "urn:xmpp:sasl:upgrade:0"
NS_SCRAM: Final = "urn:xmpp:scram-upgrade:0"
NS_TASKS: Final = "urn:xmpp:sasl:2"

_SALT_BYTES: Final = 16


def _task(hash_: Hash) -> str:
    return f"UPGR-SCRAM-{hash_}"


def offered(policy: Policy) -> dict[str, Hash]:
    """Return the tasks there are: one for each SCRAM mechanism of the host."""
    configured = sasl.scram_hashes(policy)
    return {_task(hash_): hash_ for hash_ in configured}


def features(policy: Policy) -> list[Element]:
    """Offer the tasks (§2.1).

    To everybody: which of them an account needs would tell something of it before it logs in.
    """
    return [Element("upgrade", NS, None, task) for task in offered(policy)]


def wanted(element: Element, policy: Policy, mechanism: str) -> list[Hash]:
    """Return the hash functions that a client wants to give keys for.

    Only of one that logs in with its password: whoever has a token, or a certificate, does not get
    to choose what passwords fit.
    """
    if mechanism not in sasl.PASSWORD_MECHANISMS:
        return []
    tasks = offered(policy)
    names = dict.fromkeys(each.text.strip() for each in element.find_all("upgrade", NS))
    return [tasks[name] for name in names if name in tasks]


def ask(stream: "ClientStream") -> None:
    """Ask for the first of the keys that are still missing (§2.2)."""
    request = stream.inline
    assert request is not None
    task = _task(request.upgrades[0])
    parts = Element("continue", NS_TASKS)
    if request.data is not None:
        parts.add(Element("additional-data", NS_TASKS, None, sasl.encode(request.data)))
        request.data = None
    parts.add(Element("tasks", NS_TASKS, None, Element("task", NS_TASKS, None, task)))
    stream.say(parts.to_bytes())
    request.salt = b""


def begin(stream: "ClientStream", element: Element) -> None:
    """Take ``<next/>``: say how the key is to be derived (§3).

    Raises:
        SaslError: malformed-request, it is not the task that was asked for.
    """
    request = stream.inline
    if request is None or request.salt != b"":
        raise StreamError("policy-violation", "no task is due")
    hash_ = request.upgrades[0]
    if element.get("task") != _task(hash_):
        raise SaslError(Condition.MALFORMED_REQUEST, "that is not the task")
    request.salt = secrets.token_bytes(_SALT_BYTES)
    iterations = str(hash_.iterations(stream.here.policy.iterations))
    salt = Element("salt", NS_SCRAM, {"iterations": iterations}, sasl.encode(request.salt))
    stream.say(Element("task-data", NS_TASKS, None, salt).to_bytes())


def finish(stream: "ClientStream", element: Element) -> None:
    """Take ``<task-data/>`` with the salted password, and have its keys stored (§3).

    Raises:
        SaslError: malformed-request or incorrect-encoding, it is no hash of that kind.
    """
    request = stream.inline
    if request is None or not request.salt:
        raise StreamError("policy-violation", "no task is going on")
    hash_ = request.upgrades.pop(0)
    salted = sasl.decode((element.text_of("hash", NS_SCRAM) or "").strip())
    if len(salted) != hash_.size:
        raise SaslError(Condition.MALFORMED_REQUEST, "that is no hash of this kind")
    iterations = hash_.iterations(stream.here.policy.iterations)
    request.keys = ScramKeys.of_salted(salted, hash_, request.salt, iterations)
    request.salt = None
    stream.tell(Authenticated(request))
    stream.wait(State.AUTHENTICATING)
