"""Binds a resource to a client that logged in (RFC 6120 §7)."""

import secrets

import structlog

from palaver import jid
from palaver.jid import FullJID
from palaver.kernel.account import Account
from palaver.kernel.server import Server
from palaver.kernel.session import Session, Wire
from palaver.sasl import Identity
from palaver.wire.errors import StanzaError, StreamError

log = structlog.get_logger()


class Binding:
    """Gives every client a full JID of its own, by the configured policy for conflicts."""

    def __init__(self, server: Server) -> None:
        self._server = server

    async def bind(
        self,
        identity: Identity,
        resource: str | None,
        wire: Wire,
        *,
        lang: str | None,
        mechanism: str,
    ) -> Session:
        """Open a session for who logged in, with the resource asked for or one of our choosing.

        Raises:
            StanzaError: bad-request for what is no resource, conflict, resource-constraint, or
                not-allowed and item-not-found for an account disabled or deleted since the login.
        """
        account = await self.account(identity)
        try:
            return self._open(account, resource, wire, lang=lang, mechanism=mechanism)
        except StanzaError:
            if identity.anonymous:  # nothing else would ever take it out of use
                self._server.accounts.forget(account.jid)
            raise

    def _open(
        self,
        account: Account,
        resource: str | None,
        wire: Wire,
        *,
        lang: str | None,
        mechanism: str,
    ) -> Session:
        address = self._address(account, resource)
        server = self._server
        session = Session(
            address,
            account,
            wire,
            lang=lang,
            mechanism=mechanism,
            since=server.clock.now(),
        )
        server.open_session(session)
        if account.record is not None:
            server.store.touch_login(account.record.id)
        return session

    async def account(self, identity: Identity) -> Account:
        """Return the account of who logged in.

        Raises:
            StanzaError: it was disabled or deleted since the login.
        """
        if identity.anonymous:
            return self._server.temporary_account(identity.jid)
        account = await self._server.accounts.get(identity.jid)
        if account is None:
            raise StanzaError("item-not-found", "the account was deleted meanwhile")
        if account.record is not None and account.record.disabled_at is not None:
            # Disabled, or being deleted, since the login: no session would be ended any more.
            raise StanzaError("not-allowed", "the account was disabled meanwhile")
        return account

    def _address(self, account: Account, resource: str | None) -> FullJID:
        if resource is None:
            return account.jid.with_resource(secrets.token_urlsafe(9))
        try:
            wanted = account.jid.with_resource(resource)
        except jid.JIDError as error:
            raise StanzaError("bad-request", str(error)) from error
        older = account.sessions.get(wanted.resource)
        if older is None:
            return wanted
        policy = self._server.settings.sessions.conflict
        if older.outbox is not None and older.outbox.detached:
            policy = "close-old"  # its client is not there, or is the one that asks
        if policy == "refuse-new":
            raise StanzaError("conflict", "another client uses this resource")
        if policy == "rename-new":
            return _renamed(account, wanted)
        older.wire.end(StreamError("conflict", "another client took over this resource"))
        self._server.close_session(older)
        return wanted


def _renamed(account: Account, wanted: FullJID) -> FullJID:
    """Return another address than the one wanted, much like it unless that would be too long."""
    try:
        return account.jid.with_resource(f"{wanted.resource}-{secrets.token_urlsafe(6)}")
    except jid.JIDError:
        return account.jid.with_resource(secrets.token_urlsafe(9))
