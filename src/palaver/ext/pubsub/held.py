"""What is known of an account in use: whether it is subscribed to anything, and how long."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from palaver.ext.pubsub.node import WITH_PRESENCE, SubscriptionOptions
from palaver.ext.pubsub.tables import subscriptions
from palaver.kernel.account import Account
from palaver.kernel.slots import Slot


class Held(NamedTuple):
    """The subscriptions an account holds, or held since it came into use.

    ``any``        whether there are any
    ``temporary``  whether one of them ends when the account goes offline
    """

    any: bool = False
    temporary: bool = False


_HELD: Final[Slot[Held]] = Slot("subscriptions to nodes")
_NONE: Final = Held()


def load(account: Account, connection: Connection) -> None:
    """Find out, so that nobody has to ask the database at each coming and going."""
    columns = subscriptions.c
    query = select(func.count(), func.min(columns.expires)).where(columns.jid == str(account.jid))
    count, first = connection.execute(query).one()
    if count:
        _HELD.set(account, Held(any=True, temporary=first == WITH_PRESENCE))


def held_by(account: Account) -> Held:
    """Return what an account holds."""
    return _HELD.get(account) or _NONE


def note_subscription(account: Account, options: SubscriptionOptions) -> None:
    """Take note of one more."""
    temporary = held_by(account).temporary or options.expire == WITH_PRESENCE
    _HELD.set(account, Held(any=True, temporary=temporary))
