"""Messages to all in a room, and its subject (XEP-0045 §7.4, §8.1).

A message of somebody here is acknowledged (XEP-0198) when its row in the room's log is committed:
the log sees to that. One that cannot be stored after all is refused to its sender.
"""

from collections.abc import Coroutine
from functools import lru_cache, partial
from typing import Any, Final

from palaver.ext.keeping import judge
from palaver.ext.muc import manners
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.history import Past, without_delays_of
from palaver.ext.muc.mentions import Mentions, Said
from palaver.ext.muc.names import UNTRUSTED
from palaver.ext.muc.occupant import Occupant
from palaver.ext.muc.privileges import Role
from palaver.ext.muc.retracting import RETRACT_KEY, Retracting
from palaver.ext.muc.room import Room, Subject
from palaver.ext.muc.sheets import Copies
from palaver.ext.stanza_ids import stamp
from palaver.kernel import hooks
from palaver.kernel.storage import LogEntry, StorageUnavailable, timestamp_of
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

_BODY: Final = "jabber:client body"
_SUBJECT: Final = "jabber:client subject"
_THREAD: Final = "jabber:client thread"
_CLOSING: Final = b"</message>"
_BETWEEN_TRIES: Final = 1.0  # seconds
_NO_ROW: Final = 0
_FEW: Final = 32  # children; peers choose their names, and what is remembered must stay small
_LONGEST_SUBJECT: Final = 16_384  # bytes, with its markup


def _judged(names: tuple[str, ...]) -> tuple[bool, bool]:
    """Tell of a message with these children whether it sets the subject, and is worth keeping."""
    subject = _SUBJECT in names and _BODY not in names and _THREAD not in names
    return subject, subject or judge("normal", names).archived


_remembered: Final = lru_cache(1024)(_judged)


class Speaking:
    """Takes messages of type "groupchat"."""

    def __init__(self, engine: Engine, retracting: Retracting) -> None:
        self._engine = engine
        self._mentions = Mentions(engine)
        self._retracting = retracting
        self._tried = 0.0

    def say(self, stanza: Stanza, room: Room) -> Coroutine[Any, Any, None] | None:
        """Pass a message on to all; return the work of storing what else it does.

        That is setting the subject, or taking back another message.

        Raises:
            StanzaError: not-acceptable, the sender is not in the room; forbidden, it has no voice,
                may not set the subject, post links and files, or speak for a moderator;
                policy-violation, it said something a moment ago; resource-constraint, it cannot
                be stored now.
        """
        attendant = room.attendants.get(stanza.sender)  # type: ignore[call-overload]  # bare: never there
        if attendant is None:
            raise StanzaError("not-acceptable", "you are not in the room")
        occupant = room.occupants[attendant.nick]
        if occupant.role < Role.PARTICIPANT:
            raise StanzaError("forbidden", "you have no voice in this room")
        manners.check(stanza, room, occupant, self._engine.server.clock.monotonic())
        names = stanza.names
        is_subject, kept = (_remembered if len(names) <= _FEW else _judged)(names)
        if is_subject:
            self._check_subject(stanza, room, occupant)
        if not UNTRUSTED.isdisjoint(stanza.names):
            stanza = stanza.without(lambda key, _child: key in UNTRUSTED)
        stanza = without_delays_of(room.jid, stanza)
        retracts = None
        if RETRACT_KEY in stanza.names:
            retracts = self._retracting.begin(stanza, room, occupant)
        rest = _rest(stanza, occupant)
        if not (kept and room.config.logging):
            after = rest + _CLOSING
            at = self._engine.now()
        else:
            id_ = self._keep(stanza, room, occupant, rest)
            after = b"".join((rest, stamp(room.jid, id_), _CLOSING))
            at = timestamp_of(id_)
        attendant.seen = at
        self._engine.crowd.settle(room, occupant.nick)
        copies = Copies(occupant.opening, after)
        self._engine.fanout.send(copies, room.attendants.values())
        if is_subject:
            content = b"".join(data for key, data in stanza.parts() if key == _SUBJECT)
            room.subject = Subject(content + occupant.id, occupant.nick, at)
            return self._set_subject(room, room.subject)
        if kept and _BODY in stanza.names and room.config.history:
            room.history.add(Past(at, occupant.opening, after), room.config.history)
        if kept:
            self._tell_absent(Said(stanza, occupant.jid, copies, at), room)
        if retracts is not None:
            return self._retracting.finish(stanza, room, retracts)
        return None

    def _tell_absent(self, said: Said, room: Room) -> None:
        """Tell members who are away, if the message is for them."""
        if room.config.forward_mentions:
            self._mentions.look(said, room)
        for observe in room.host.dispatch.handlers(hooks.room_said):
            observe(said.occupant, said.stanza)

    # -- the log -----------------------------------------------------------------------------------

    def _keep(self, stanza: Stanza, room: Room, occupant: Occupant, rest: bytes) -> int:
        """Write the row of a message; return its id."""
        log = self._engine.server.log
        if not log.available:
            self._refuse(room)
        id_, sender = log.new_id(), stanza.sender
        data = b"".join((occupant.opening, rest, _CLOSING))
        settled = partial(self._settled, stanza)
        # As in `LogEntry`: …, outgoing, peer, peer_resource, stanza, pending, archived, origin_id.
        log.append(
            LogEntry(
                room.id, id_, False, sender.bare, sender.resource, data, False, True, None, settled
            )
        )
        return id_

    def _refuse(self, room: Room) -> None:
        server = self._engine.server
        now = server.clock.monotonic()
        if now - self._tried > _BETWEEN_TRIES:
            self._tried = now
            # Work for the log, so that it finds out whether the database is back.
            server.log.acknowledge(room.id, (_NO_ROW,))
        raise StanzaError("resource-constraint", "messages cannot be stored at the moment")

    def _settled(self, stanza: Stanza, error: BaseException | None) -> None:
        if error is not None:
            refusal = "resource-constraint"
            if not isinstance(error, StorageUnavailable):
                refusal = "internal-server-error"
            self._engine.server.router.refuse(
                stanza, StanzaError(refusal, "the message could not be stored")
            )

    # -- the subject -------------------------------------------------------------------------------

    @staticmethod
    def _check_subject(stanza: Stanza, room: Room, occupant: Occupant) -> None:
        if occupant.role < Role.MODERATOR and not room.config.change_subject:
            raise StanzaError("forbidden", "the subject is for moderators to change")
        if len(stanza.inner) > _LONGEST_SUBJECT:
            raise StanzaError("not-acceptable", "that is too long for a subject")

    async def _set_subject(self, room: Room, subject: Subject) -> None:
        """Store the subject; the last one, where several are set at once."""
        engine = self._engine
        async with engine.turn(room):
            if room.subject is subject:
                await engine.store.set_subject(room, subject)


def _rest(stanza: Stanza, occupant: Occupant) -> bytes:
    """Write what follows the address of a message that an occupant says, up to its last child."""
    head = stanza.addressed(occupant.jid, None).head()
    inner = stanza.inner if stanza.names else b""
    return b"".join((head[len(occupant.opening) :], b">", inner, occupant.id))
