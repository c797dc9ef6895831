"""Answers the IQ requests that are for an account or a host of ours, by their handlers."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

import structlog

from palaver.kernel.account import Account
from palaver.kernel.extension import Answer, Request, Target
from palaver.kernel.hooks import STOP
from palaver.kernel.host import Host
from palaver.kernel.services import Service
from palaver.kernel.session import Session
from palaver.kernel.storage import StorageUnavailable
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

Handler = Callable[[Request], Answer | Awaitable[Answer]]
log = structlog.get_logger()

_DELEGABLE: Final = frozenset({Target.HOST, Target.ACCOUNT, Target.CONTACT, Target.NOBODY})


class Answering:
    """Finds the handler of a request, runs it, and sends what it answers.

    An ``async`` handler holds up only the further requests of the same session to this server, so
    that they are answered in order; everything else goes on.
    """

    def __init__(self, spawn: Callable[[Coroutine[Any, Any, None]], object]) -> None:
        self._spawn = spawn
        self.send: Callable[[Stanza], None] = _not_ready
        """Sends an answer on its way; set by whoever owns the router."""
        self.answered: Callable[[Stanza], None] = _not_ready
        """Takes the answers to what we asked; set by the server."""

    def to_host(self, stanza: Stanza, host: Host, session: Session | None) -> None:
        """Take a stanza whose address is a host itself (RFC 6121 §8.4).

        Raises:
            StanzaError: hosts do not read messages.
        """
        if stanza.kind == "iq":
            self.ask(stanza, Target.HOST, host, None, session)
        elif not self._taken(stanza, host) and stanza.kind == "message":
            raise StanzaError("service-unavailable", "a host does not read messages")

    @staticmethod
    def _taken(stanza: Stanza, host: Host) -> bool:
        handlers = host.dispatch.host_message[stanza.kind][stanza.names]
        taken = any(handle(stanza, host) is STOP for handle in handlers)
        return taken or stanza.type in ("error", "headline")

    def to_service(
        self, stanza: Stanza, target: Target, service: Service, session: Session | None
    ) -> None:
        """Take an IQ whose address is a service inside this process, or one that it serves."""
        self.ask(stanza, target, service.host, None, session, service)

    def ask(
        self,
        stanza: Stanza,
        target: Target,
        host: Host,
        account: Account | None,
        session: Session | None,
        service: Service | None = None,
    ) -> None:
        """Answer a request of ``session`` (None: it comes from elsewhere).

        Results and errors belong to what the server asked in the name of its host or account.
        """
        if stanza.type not in ("get", "set"):
            self.answered(stanza)
            return
        if session is not None and session.waiting is not None:
            done = session.put_off()
            session.waiting.append(
                lambda: self._start(stanza, target, host, account, session, service, done)
            )
        else:
            self._start(stanza, target, host, account, session, service)

    def _start(
        self,
        stanza: Stanza,
        target: Target,
        host: Host,
        account: Account | None,
        session: Session | None,
        service: Service | None,
        done: Callable[[], None] | None = None,
    ) -> None:
        try:
            handler = _handler(stanza, target, host, service)
            if handler is None:
                raise StanzaError("service-unavailable")
            payload = stanza.payload
            assert payload is not None
            answer = handler(Request(stanza, payload, host, account, session, service=service))
        except Exception as error:
            self._answer(session, _failure(stanza, error))
        else:
            if isinstance(answer, Awaitable):
                if session is not None:
                    session.waiting = []
                    done = done or session.put_off()
                self._spawn(self._finish(answer, stanza, session, done))
                return
            self._answer(session, _result(stanza, answer))
        if done is not None:
            done()

    async def run(self, handler: Handler, request: Request) -> Stanza:
        """Return the answer to one request, whatever becomes of it."""
        try:
            answer = handler(request)
            if isinstance(answer, Awaitable):
                answer = await answer
            return _result(request.stanza, answer)
        except Exception as error:
            return _failure(request.stanza, error)

    async def _finish(
        self,
        answer: Awaitable[Answer],
        stanza: Stanza,
        session: Session | None,
        done: Callable[[], None] | None,
    ) -> None:
        try:
            reply = _result(stanza, await answer)
        except Exception as error:
            reply = _failure(stanza, error)
        self._answer(session, reply)
        if done is not None:
            done()
        if session is not None:
            self._go_on(session)

    @staticmethod
    def _go_on(session: Session) -> None:
        """Run the requests that waited, up to the next that takes its time."""
        waiting = session.waiting or []
        session.waiting = None
        while waiting and not session.closed:
            waiting.pop(0)()
            if session.waiting is not None:
                session.waiting = waiting
                return

    def _answer(self, session: Session | None, answer: Stanza) -> None:
        if session is None:
            self.send(answer)
        elif not session.closed:
            session.send(answer)


def _handler(stanza: Stanza, target: Target, host: Host, service: Service | None) -> Handler | None:
    """Find who answers a request: whom it is delegated to (XEP-0355), or an extension."""
    if service is not None:
        return service.dispatch.iq.get((target, stanza.type, stanza.names[0]))
    if host.delegations and target in _DELEGABLE:
        delegate = host.delegations.get(stanza.names[0].partition(" ")[0])
        handler = delegate(stanza, target) if delegate is not None else None
        if handler is not None:
            return handler
    return host.dispatch.iq.get((target, stanza.type, stanza.names[0]))


def _result(stanza: Stanza, answer: Answer) -> Stanza:
    return stanza.result() if answer is None else stanza.result(answer)


def _failure(stanza: Stanza, error: Exception) -> Stanza:
    return stanza.error(refusal_for(error, stanza=repr(stanza)))


def refusal_for(error: Exception, **about: str) -> StanzaError:
    """Return the stanza error for whatever a handler raised; log what is not the sender's fault."""
    if isinstance(error, StanzaError):
        return error
    if isinstance(error, StorageUnavailable):
        log.error("storage is unavailable: request refused", reason=str(error), **about)
        return StanzaError("resource-constraint", "the server cannot store or look up now")
    log.error("handler failed", exc_info=error, **about)
    return StanzaError("internal-server-error", "the server could not handle this")


def _not_ready(_stanza: Stanza) -> None:
    raise RuntimeError("there is no router yet")
