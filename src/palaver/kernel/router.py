"""Takes every stanza from its entry to its handlers and on to where it goes (RFC 6120 §8, §10)."""

from collections.abc import Callable, Mapping, Set
from typing import Final

from palaver import jid
from palaver.kernel import hooks
from palaver.kernel.account import Account, Accounts, Outcome
from palaver.kernel.answering import Answering, refusal_for
from palaver.kernel.components import Component, Link
from palaver.kernel.delivery import Delivery
from palaver.kernel.extension import Target
from palaver.kernel.hooks import STOP
from palaver.kernel.host import Host
from palaver.kernel.session import Session, Source
from palaver.wire.errors import StanzaError, StreamError
from palaver.wire.stanza import Stanza

Taker = Callable[[Stanza], Link | None]
"""Takes a stanza for a domain, and returns what carries it on (None: nothing, it is dealt with);
raises `StanzaError`."""

Resume = Callable[[Callable[[], None]], None]
"""Goes on with a stanza that was set aside, by the function that it is given."""

_IQ_TYPES: Final = frozenset({"get", "set", "result", "error"})
_ANSWERS: Final = frozenset({"result", "error"})


class Router:
    """Routes stanzas between sessions, accounts, hosts, and whatever lies outside.

    ``services``  take stanzas for domains that others answer for: components, and extensions
    ``remote``    takes stanzas for all other domains; refuses them where there is no federation
    ``source``    whose stanza is being handled, for back-pressure
    ``barrier``   tells of a stanza on its way whether it goes no further, having said so to its
                  sender where that is due; None while nobody is blocked, so that it costs nothing
    ``returned``  takes an error of another server if it is about what was sent once for many
    """

    def __init__(self, hosts: Mapping[str, Host], accounts: Accounts, answering: Answering) -> None:
        self.hosts = hosts
        self.accounts = accounts
        self.source: Source | None = None
        self.services: dict[str, Taker] = {}
        self.remote: Taker = _no_remote
        self.barrier: Callable[[Stanza], bool] | None = None
        self.returned: Callable[[Stanza], bool] | None = None
        self.answering = answering
        answering.send = self.route_answer
        self._delivery = Delivery(self, answering)
        self._loaded = accounts.loaded
        self._anonymous = {name for name, host in hosts.items() if host.settings.anonymous}

    # -- from our sessions -------------------------------------------------------------------------

    def submit(self, stanza: Stanza, session: Session) -> None:
        """Take a stanza that a client of ours sent.

        Raises:
            StreamError: the stanza claims to be from somebody else (RFC 6120 §8.1.2.1).
        """
        self.source = session
        attrs = stanza.attrs
        stanza.sender = session.jid
        stanza.to = None
        try:
            if "from" in attrs:
                self._check_from(attrs.pop("from"), session)
                stanza.tag = b""
            to = attrs.pop("to", None)
            if to is not None:
                stanza.to = self._address(to)
            if session.lang is not None and "xml:lang" not in attrs:
                attrs["xml:lang"] = session.lang
            if stanza.tag and stanza.to == to:
                stanza.keep_tag(session.origin)
            if stanza.kind == "iq":
                check_iq(stanza)
            self._send_on(stanza, session)
        except StreamError:
            raise
        except Exception as error:
            about = {"stanza": repr(stanza), "session": str(session.jid)}
            self.refuse(stanza, refusal_for(error, **about), session)
        finally:
            self.source = None

    def submit_for(self, stanza: Stanza, session: Session) -> None:
        """Take a stanza that counts as sent by a session, whose sender and address are set.

        Raises:
            StanzaError: it is refused.
        """
        self._send_on(stanza, session)

    def _send_on(self, stanza: Stanza, session: Session) -> None:
        dispatch = session.host.dispatch
        for handle in dispatch.outgoing[stanza.kind][stanza.names]:
            verdict = handle(stanza, session)
            if verdict is None:
                continue
            if verdict is STOP:
                return
            stanza = verdict
        if stanza.to is None or (stanza.kind == "iq" and stanza.to == session.bare):
            self._to_own_account(stanza, session)
        else:
            self.route(stanza)
        for observe in dispatch.sent[stanza.kind][stanza.names]:
            observe(stanza, session)

    def _to_own_account(self, stanza: Stanza, session: Session) -> None:
        if stanza.kind == "message":
            self.deliver(stanza.addressed(stanza.sender, session.bare), session.account)
        elif stanza.kind == "iq":
            self.answering.ask(stanza, Target.ACCOUNT, session.host, session.account, session)

    @staticmethod
    def _address(to: str) -> "jid.BareJID | jid.FullJID":
        try:
            return jid.parse(to)
        except jid.JIDError as error:
            raise StanzaError("jid-malformed", str(error)) from error

    @staticmethod
    def _check_from(claimed: str, session: Session) -> None:
        if claimed in (session.jid, session.bare):
            return
        try:
            normalised = jid.parse(claimed)
        except jid.JIDError:
            normalised = None
        if normalised not in (session.jid, session.bare):
            raise StreamError("invalid-from", "that is not your address")

    # -- from components ---------------------------------------------------------------------------

    def submit_from(self, stanza: Stanza, component: Component, source: Source) -> None:
        """Take a stanza that a component sent, of any address in its domain (XEP-0114 §3).

        Raises:
            StreamError: it is from somewhere else, or for nobody.
        """
        from_, to = stanza.attrs.pop("from", ""), stanza.attrs.pop("to", "")
        try:
            stanza.sender = jid.parse(from_)
        except jid.JIDError as error:
            if _domain(from_) == component.address:
                return  # nobody can be told: no stanza may be for that address
            raise StreamError("invalid-from", "a stanza needs an address it is from") from error
        if stanza.sender.domain != component.address:
            raise StreamError("invalid-from", "that is not an address of the component")
        if not to:
            raise StreamError("improper-addressing", "a stanza needs an address it is for")
        stanza.to = None
        self.source = source
        try:
            stanza.to = self._address(to)
            if stanza.kind == "iq":
                component.asks(stanza, source.wire)
                check_iq(stanza)
            self.route(stanza)
        except Exception as error:
            self.refuse(stanza, refusal_for(error, stanza=repr(stanza)))
        finally:
            self.source = None

    # -- from other servers ------------------------------------------------------------------------

    def submit_remote(
        self, stanza: Stanza, authorised: Set[tuple[str, str]], source: Source
    ) -> None:
        """Take a stanza that another server sent, for pairs of domains that it has shown to have.

        The language of the stream is not added: a server's stream has none of its users'.

        Raises:
            StreamError: it is not from there, or not for us (RFC 6120 §8.1.1.2, §8.1.2.2).
        """
        try:
            attrs = stanza.attrs
            from_, to_ = attrs.pop("from", ""), attrs.pop("to", "")
            sender = stanza.sender = jid.parse(from_)
            to = stanza.to = jid.parse(to_)
        except jid.JIDError as error:
            self._refuse_malformed(stanza, (from_, to_), authorised, source, error)
            return
        if (sender.domain, to.domain) not in authorised:
            raise _not_authorised(sender.domain, to.domain, authorised)
        if stanza.tag and sender == from_ and to == to_:
            stanza.keep_tag(b"")
        if stanza.type == "error" and self.returned is not None and self.returned(stanza):
            return
        self.source = source
        try:
            if stanza.kind == "iq":
                check_iq(stanza)
            self.route(stanza)
        except Exception as error:
            self.refuse(stanza, refusal_for(error, stanza=repr(stanza)))
        finally:
            self.source = None

    def _refuse_malformed(
        self,
        stanza: Stanza,
        addresses: tuple[str, str],
        authorised: Set[tuple[str, str]],
        source: Source,
        error: jid.JIDError,
    ) -> None:
        """Refuse a stanza with an address that is none here, but of domains that are authorised.

        RFC 6120 §4.9.3.7 lets it end the stream. But what others take for an address differs by
        the version of Unicode alone, and one user of theirs would cut off all; so it costs only
        that stanza (§8.3.3.8). To a sender that has no address nothing can be said.

        Raises:
            StreamError: it lacks an address, or a domain; or it is not from there, or not for us.
        """
        sender, to = map(_domain, addresses)
        if not (sender and to):
            raise StreamError("improper-addressing", str(error)) from error
        if (sender, to) not in authorised:
            raise _not_authorised(sender, to, authorised)
        stanza.to = jid.parse(to)
        self.source = source
        try:
            stanza.sender = jid.parse(addresses[0])
            self.refuse(stanza, StanzaError("jid-malformed", str(error)))
        except jid.JIDError:
            return
        finally:
            self.source = None

    # -- from anywhere -----------------------------------------------------------------------------

    def route(self, stanza: Stanza) -> None:
        """Send a stanza to where its ``to`` says; it must have one.

        Raises:
            StanzaError: a session of ours sent it to whom it may not (`barrier`).
        """
        to = stanza.to
        assert to is not None
        if self.barrier is not None and self.barrier(stanza):
            return
        account = self._loaded(to.bare)
        if account is not None:
            self.deliver(stanza, account)
            return
        host = self.hosts.get(to.domain)
        if host is None:
            self._outside(stanza)
        elif not to.local:
            self.answering.to_host(stanza, host, self.asking(stanza))
        else:
            resume = self.set_aside(stanza)
            self.accounts.when_loaded(
                to.bare, lambda outcome: resume(lambda: self._arrive(stanza, outcome))
            )

    def put_off(self) -> Callable[[], None]:
        """Take note that the stanza being handled takes longer, as `Session.put_off` does."""
        return _nothing if self.source is None else self.source.put_off()

    def set_aside(self, stanza: Stanza) -> Resume:
        """Take note that the stanza being handled is gone on with later.

        What is returned goes on as if it came only then: it may be put off once more, and an error
        goes back to its sender.
        """
        later = _SetAside(self.source) if self.source is not None else None

        def resume(go_on: Callable[[], None]) -> None:
            before, self.source = self.source, later
            try:
                go_on()
            except Exception as error:
                self.refuse(stanza, refusal_for(error, stanza=repr(stanza)))
            finally:
                self.source = before
                if later is not None:
                    later.done()

        return resume

    def asking(self, stanza: Stanza) -> Session | None:
        """Return the session that sent the stanza being handled, if it is that one's own."""
        source = self.source
        if isinstance(source, Session) and source.jid == stanza.sender:
            return source
        return None

    def _arrive(self, stanza: Stanza, outcome: Outcome) -> None:
        """Go on with a stanza that waited for its account."""
        if isinstance(outcome, StanzaError):
            self.refuse(stanza, outcome)
        elif outcome is None:
            self._to_nobody(stanza)
        else:
            self.deliver(stanza, outcome)

    def _to_nobody(self, stanza: Stanza) -> None:
        """Answer for an account that does not exist (RFC 6121 §8.5.1)."""
        to = stanza.to
        assert to is not None
        host = self.hosts[to.domain]
        if stanza.kind == "iq":
            target = Target.NOBODYS_RESOURCE if to.resource else Target.NOBODY
            self.answering.ask(stanza, target, host, None, None)
        elif stanza.kind == "presence":
            for observe in host.dispatch.handlers(hooks.presence_for_nobody):
                observe(stanza)
        else:
            self.refuse(stanza, StanzaError("service-unavailable"))

    def deliver(self, stanza: Stanza, account: Account) -> None:
        """Bring a stanza to an account of ours; an error goes back to its sender."""
        try:
            for handle in account.host.dispatch.incoming[stanza.kind][stanza.names]:
                verdict = handle(stanza, account)
                if verdict is None:
                    continue
                if verdict is STOP:
                    return
                stanza = verdict
            self._delivery.by_kind[stanza.kind](stanza, account)
        except Exception as error:
            about = {"stanza": repr(stanza), "account": str(account.jid)}
            self.refuse(stanza, refusal_for(error, **about))

    def refuse(self, stanza: Stanza, error: StanzaError, session: Session | None = None) -> None:
        """Answer a stanza with an error, unless it is one itself or a result (RFC 6120 §8.3.1)."""
        if stanza.type == "error" or (stanza.kind == "iq" and stanza.type == "result"):
            return
        host = self.hosts.get(stanza.sender.domain)
        for observe in host.dispatch.handlers(hooks.refused) if host is not None else ():
            observe(stanza, error)
        answer = stanza.error(error)
        if session is not None:
            session.send(answer)
            return
        for handle in host.dispatch.handlers(hooks.bounced) if host is not None else ():
            if handle(stanza, answer) is STOP:
                return
        self.route_answer(answer)

    def route_answer(self, stanza: Stanza) -> None:
        """Send what the server itself says; to a session of ours directly, past the hooks."""
        to = stanza.to
        assert to is not None
        account = self._loaded(to.bare)
        session = account.sessions.get(to.resource) if account else None
        if session is not None:
            session.send(stanza)
        elif to.domain not in self.hosts:
            self._outside(stanza)
        elif stanza.kind == "iq" and not to.resource:
            self.answering.answered(stanza)  # to what a host or an account asked a service here
        elif account is not None and stanza.kind == "presence" and not to.resource:
            for session in account.sessions.values():  # about a subscription (RFC 6121 §3.1.2)
                if session.available:
                    session.send(stanza)

    def _outside(self, stanza: Stanza) -> None:
        """Pass a stanza on to whoever answers for its domain."""
        assert stanza.to is not None
        take = self.services.get(stanza.to.domain)
        try:
            if take is None:
                take = self.remote
                if stanza.sender.domain in self._anonymous:
                    self._check_known(stanza)
            link = take(stanza)
        except Exception as error:
            self.refuse(stanza, refusal_for(error, stanza=repr(stanza)))
            return
        if link is not None and self.source is not None and link.congested:
            self.source.wire.wait_for(link)

    def _check_known(self, stanza: Stanza) -> None:
        """Let nobody without an account begin something with other servers (XEP-0175 §2)."""
        account = self._loaded(stanza.sender.bare)
        if account is not None and account.temporary and stanza.attrs.get("type") not in _ANSWERS:
            raise StanzaError("forbidden", "temporary accounts do not reach other servers")


class _SetAside:
    """The source of a stanza that is gone on with later; what puts it off again shares its place.

    Its source has others in hand by then, and would take a new one to be about those.
    """

    __slots__ = ("_done", "_left", "jid", "wire")

    def __init__(self, source: Source) -> None:
        self.jid = source.jid
        self.wire = source.wire
        self._done = source.put_off()
        self._left = 1

    def put_off(self) -> Callable[[], None]:
        self._left += 1
        return self.done

    def done(self) -> None:
        self._left -= 1
        if not self._left:
            self._done()


def _no_remote(_stanza: Stanza) -> Link | None:
    raise StanzaError("remote-server-not-found", "this server does not federate")


def _domain(address: str) -> str:
    """Return the domain of an address that is malformed elsewhere; empty where there is none."""
    try:
        return jid.domain_of(address)
    except jid.JIDError:
        return ""


def _not_authorised(sender: str, to: str, authorised: Set[tuple[str, str]]) -> StreamError:
    """Return what ends the stream: it is not from there, or not for us, as far as was shown."""
    text = f"{sender} → {to} is not authorised"
    known = any(sender == domain for domain, _ in authorised)
    return StreamError("host-unknown" if known else "invalid-from", text)


def check_iq(stanza: Stanza) -> None:
    """Check the rules of RFC 6120 §8.2.3.

    Raises:
        StanzaError: bad-request, with what is wrong.
    """
    kind = stanza.attrs.get("type")
    if kind not in _IQ_TYPES:
        raise StanzaError("bad-request", "an IQ has the type get, set, result or error")
    if not stanza.id:
        raise StanzaError("bad-request", "an IQ needs an id")
    children = len(stanza.names)
    if kind in ("get", "set") and children != 1:
        raise StanzaError("bad-request", f"a request has one payload, this has {children}")
    if kind == "result" and children > 1:
        raise StanzaError("bad-request", f"a result has at most one payload, this has {children}")


def _nothing() -> None:
    pass
