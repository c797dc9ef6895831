"""Puts a client back into the session that it had (XEP-0198 §5)."""

from palaver.kernel import hooks
from palaver.kernel.account import Account
from palaver.kernel.host import Host
from palaver.kernel.management import ResumptionError, StreamManager
from palaver.kernel.session import Session
from palaver.net.connection import ClientConnection
from palaver.stream.events import Resume


def manager_of(host: Host) -> StreamManager | None:
    """Return what manages the streams of a host's clients, if anything does."""
    for handle in host.dispatch.handlers(hooks.stream_manager):
        manager: StreamManager = handle()
        return manager
    return None


async def taken_over(account: Account, wish: Resume) -> tuple[Session, StreamManager]:
    """Take a session from the connection it had; it is ready for another one.

    Raises:
        ResumptionError: there is no such session.
        StreamError: the client acknowledges more than it was sent, or what it sent before cannot
            be stored now.
    """
    manager = manager_of(account.host)
    if manager is None:
        raise ResumptionError("feature-not-implemented")
    session = manager.find(account, wish.token)
    manager.acknowledge(session, wish.h)
    if isinstance(session.wire, ClientConnection):
        session.wire.give_up()
        manager.lost(session)
    await manager.complete(session)
    # The client may have come on yet another connection meanwhile, or be gone for good.
    session = manager.find(account, wish.token)
    if session.outbox is None or not session.outbox.detached:
        raise ResumptionError("item-not-found")
    return session, manager
