"""Binds a resource to a client that logged in (RFC 6120 §7)."""

import secrets

import structlog

from palaver import jid
from palaver.jid import FullJID
from palaver.kernel.account import Account
from palaver.kernel.device import Device
from palaver.kernel.server import Server
from palaver.kernel.session import Gate, Session, Wire
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
        since: float | None,
    ) -> Session:
        """Open a session for who logged in, with the resource asked for or one of our choosing.

        Raises:
            StanzaError: bad-request for what is no resource, conflict, resource-constraint, or
                not-allowed and item-not-found for an account disabled or deleted since the login.
            StreamError: not-authorized, the password was changed since the login began.
        """
        account = await self.account(identity, since)
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
        return self._opened(account, address, wire, lang=lang, mechanism=mechanism)

    def _opened(
        self,
        account: Account,
        address: FullJID,
        wire: Wire,
        *,
        lang: str | None,
        mechanism: str,
        device: Device | None = None,
        gate: Gate | None = None,
    ) -> Session:
        server = self._server
        session = Session(
            address,
            account,
            wire,
            lang=lang,
            mechanism=mechanism,
            since=server.clock.now(),
            device=device,
        )
        if gate is not None:
            session.put_gate(gate)
        server.open_session(session)
        if account.record is not None:
            server.store.touch_login(account.record.id)
        return session

    def bind_inline(
        self,
        account: Account,
        tag: str,
        agent: str,
        wire: Wire,
        *,
        device: Device | None,
        gate: Gate,
        lang: str | None,
        mechanism: str,
    ) -> Session:
        """Open a session for who logs in, in place of those the same device had (XEP-0386 §3.2).

        ``agent`` is the id of the client, which gets the same resource each time; or "". The
        ``gate`` is for what is written to the session before its client knows of it.

        Raises:
            StanzaError: resource-constraint, the account has too many sessions.
        """
        address = self._inline_address(account, tag, agent)
        for older in list(account.sessions.values()):
            if older.jid == address or (older.device and device and older.device.id == device.id):
                self._replace(older, "your device logged in anew")
        return self._opened(
            account, address, wire, lang=lang, mechanism=mechanism, device=device, gate=gate
        )

    def _inline_address(self, account: Account, tag: str, agent: str) -> FullJID:
        """Make a resource of the client's tag and a name of ours (XEP-0386 §3.2.1)."""
        name = secrets.token_urlsafe(12)
        if agent:
            name = self._server.secret.name("resource", str(account.jid), agent, tag)
        if tag:
            try:
                return account.jid.with_resource(f"{tag}/{name}")
            except jid.JIDError:
                pass  # the tag is for diagnosis only
        return account.jid.with_resource(name)

    async def account(self, identity: Identity, since: float | None = None) -> Account:
        """Return the account of who logged in; ``since`` is when the login began.

        Raises:
            StanzaError: it was disabled or deleted since the login.
            StreamError: the password was changed since the login began.
        """
        if identity.anonymous:
            return self._server.temporary_account(identity.jid)
        account = await self._server.accounts.get(identity.jid)
        if account is None:
            raise StanzaError("item-not-found", "the account was deleted meanwhile")
        if account.record is not None and account.record.is_disabled(self._server.clock.now()):
            # Disabled, or being deleted, since the login: no session would be ended any more.
            raise StanzaError("not-allowed", "the account was disabled meanwhile")
        if since is not None and account.revoked >= since:
            raise StreamError("not-authorized", "the password was changed meanwhile")
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
        self._replace(older, "another client took over this resource")
        return wanted

    def _replace(self, older: Session, why: str) -> None:
        older.wire.end(StreamError("conflict", why))
        self._server.close_session(older)


def _renamed(account: Account, wanted: FullJID) -> FullJID:
    """Return another address than the one wanted, much like it unless that would be too long."""
    try:
        return account.jid.with_resource(f"{wanted.resource}-{secrets.token_urlsafe(6)}")
    except jid.JIDError:
        return account.jid.with_resource(secrets.token_urlsafe(9))
