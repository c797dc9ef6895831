"""Commands of rooms by which admins make hats and say who wears them (XEP-0317 §3.2 to §3.7).

A form may come with the first request, as for what XEP-0317 destroys and removes without asking.
Who may read what is said in a room may list its hats; who wears them is known to whom the
addresses are.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import Final, NamedTuple

from palaver.ext.adhoc import payload
from palaver.ext.adhoc.payload import Order, bad_request
from palaver.ext.adhoc.sessions import CommandSession, CommandSessions, Parties
from palaver.ext.disco import Identity, Info, Inquiry, Item
from palaver.ext.muc.admin import later
from palaver.ext.muc.configuration import person
from palaver.ext.muc.discovering import may_read, room_of
from palaver.ext.muc.engine import Engine
from palaver.ext.muc.hats import LONGEST_HUE, LONGEST_URI, Hat
from palaver.ext.muc.names import CONFIGURATION_CHANGED, USER
from palaver.ext.muc.privileges import Affiliation
from palaver.ext.muc.room import Room
from palaver.ext.muc.wardrobe import Wardrobe
from palaver.jid import JID, BareJID
from palaver.kernel import forms
from palaver.kernel.adhoc import Done, Stage
from palaver.kernel.extension import Request
from palaver.kernel.form_fields import JidSingle, ListSingle, Option, TextSingle
from palaver.kernel.forms import Form, FormError, Submission, report
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError

COMMANDS: Final = "urn:xmpp:hats:commands"
_SESSIONS: Final = 1_000
_SECONDS: Final = 900.0
_MOST_HATS: Final = 100  # of one room
_MOST_WORN: Final = 20  # by one address: all hear of them with every presence
_LONGEST_TITLE: Final = 200
_URI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_HUE: Final = re.compile(r"[0-9]{1,3}(\.[0-9]+)?")


def _title(text: str) -> str:
    if not text.strip() or len(text) > _LONGEST_TITLE:
        raise ValueError(f"has at most {_LONGEST_TITLE} characters, which can be seen")
    return text.strip()


def _uri(text: str) -> str:
    if not _URI.fullmatch(text) or len(text.encode()) > LONGEST_URI:
        raise ValueError(f"is no URI of at most {LONGEST_URI} bytes")
    return text


def _hue(text: str) -> str:
    if not _HUE.fullmatch(text) or len(text) > LONGEST_HUE or float(text) > 360:
        raise ValueError("is no angle between 0 and 360")
    return text


_TITLE: Final = TextSingle("hats#title", "Hat Title", required=True, check=_title)
_WHICH: Final = TextSingle("hats#uri", "Hat URI", required=True, check=_uri)
_COLOUR: Final = TextSingle("hats#hue", "Hat Hue", check=_hue)
_WHO: Final = JidSingle("hats#jid", "User Address", required=True, check=person)


class Dresser(NamedTuple):
    """One command.

    ``name``  what people read
    ``form``  what it asks for, as it is read; None where it asks for nothing
    ``run``   does it, in a room
    ``may``   tells whether somebody may
    """

    name: str
    form: Form | None
    run: Callable[[Room, Submission], Awaitable[Done]]
    may: Callable[[Room, JID], bool]


class Dressing:
    """Runs the commands about hats."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.wardrobe = Wardrobe(engine.server)
        self._sessions = CommandSessions(_SESSIONS, _SECONDS)
        admins, readers = self._is_admin, self._reads
        create = Form((_TITLE, _WHICH, _COLOUR), COMMANDS, "Creating a Hat")
        destroy = Form((_WHICH,), COMMANDS, "Destroying a Hat")
        assign = Form((_WHO, _WHICH), COMMANDS, "Assigning a Hat")
        unassign = Form((_WHO, _WHICH), COMMANDS, "Removing a Hat")
        self._commands = {
            f"{COMMANDS}:{word}": command
            for word, command in (
                ("create", Dresser("Create a hat", create, self._create, admins)),
                ("destroy", Dresser("Destroy a hat", destroy, self._destroy, admins)),
                ("list", Dresser("List hats", None, self._list, readers)),
                ("assign", Dresser("Assign a hat", assign, self._assign, admins)),
                ("unassign", Dresser("Remove a hat", unassign, self._unassign, admins)),
                ("list-assigned", Dresser("List who wears hats", None, self._worn, self._knows)),
            )
        }

    # -- who may -----------------------------------------------------------------------------------

    def _is_admin(self, room: Room, who: JID) -> bool:
        return self._engine.power(room, who) >= Affiliation.ADMIN

    def _reads(self, room: Room, who: JID) -> bool:
        return may_read(self._engine, room, who)

    def _knows(self, room: Room, who: JID) -> bool:
        return self._is_admin(room, who) or (not room.config.anonymous and self._reads(room, who))

    # -- service discovery -------------------------------------------------------------------------

    async def described(self, inquiry: Inquiry) -> Info | None:
        """Tell what a command or the list of them is; None where the node is another."""
        if inquiry.address is not None and inquiry.node == payload.NS:
            return Info((Identity("automation", "command-list", "Commands"),))
        command = self._commands.get(inquiry.node)
        room = None if inquiry.address is None else await room_of(self._engine, inquiry)
        if command is None or room is None or not command.may(room, inquiry.sender):
            return None
        identity = Identity("automation", "command-node", command.name)
        return Info((identity,), (payload.NS, forms.NS))

    async def items(self, inquiry: Inquiry) -> Sequence[Item] | None:
        """List the commands of a room that are for who asks (XEP-0050 §2.2)."""
        room = None if inquiry.address is None else await room_of(self._engine, inquiry)
        if room is None or inquiry.node != payload.NS:
            return None
        return [
            Item(room.jid, command.name, node)
            for node, command in self._commands.items()
            if command.may(room, inquiry.sender)
        ]

    # -- the course of a command -------------------------------------------------------------------

    async def execute(self, room: Room, request: Request) -> Element:
        """Begin a command or go on with one (XEP-0050 §2.4).

        Raises:
            StanzaError: item-not-found, there is no such command, or no such hat; forbidden;
                bad-request, something is wrong with the request or the form;
                resource-constraint, there are too many hats.
        """
        order = payload.read(request.payload, request.stanza.lang)
        command = self._commands.get(order.node)
        if command is None:
            raise StanzaError("item-not-found", "there is no such command")
        if not command.may(room, request.sender):
            raise StanzaError("forbidden", "this command is not for you")
        parties = Parties(request.sender, request.host, f"{room.jid} {order.node}")
        now = self._engine.server.clock.monotonic()
        if order.session is None:
            session = self._sessions.new(parties)
            if order.form is None and command.form is not None:
                self._sessions.keep(session, now)
                return _asked(room, command, command.form, order.node, session)
            return await self._run(room, command, order, session)
        session = self._sessions.take(order.session, parties, now)
        if order.action == "cancel":
            return payload.canceled(order.node, session.id)
        try:
            return await self._run(room, command, order, session)
        except Exception:
            self._sessions.keep(session, now)
            raise

    async def _run(
        self, room: Room, command: Dresser, order: Order, session: CommandSession
    ) -> Element:
        if order.action not in ("execute", "complete"):
            raise bad_request("bad-action", f"there is nothing to {order.action}")
        answers = Submission({})
        if command.form is not None:
            if order.form is None:
                raise bad_request("bad-payload", "the form is missing")
            try:
                answers = command.form.read(order.form)
            except FormError as error:
                raise bad_request("bad-payload", error.text) from error
        async with self._engine.turn(room):
            if not command.may(room, session.parties.requester):
                raise StanzaError("forbidden", "this command is not for you")
            done = await command.run(room, answers)
        return payload.completed(order.node, session.id, done)

    # -- hats --------------------------------------------------------------------------------------

    async def _create(self, room: Room, answers: Submission) -> Done:
        """Make a hat, or let it look different (§3.2)."""
        hat = Hat(answers[_WHICH], answers[_TITLE], answers.get(_COLOUR, ""))
        if hat.uri not in room.hats.all and len(room.hats.all) >= _MOST_HATS:
            raise StanzaError("resource-constraint", f"a room has at most {_MOST_HATS} hats")
        await self.wardrobe.put(room, hat)
        later(partial(self._listed_anew, room, room.hats.wearers(hat.uri)))
        return Done()

    async def _destroy(self, room: Room, answers: Submission) -> Done:
        uri = _known(room, answers)
        wearers = room.hats.wearers(uri)
        await self.wardrobe.remove(room, uri)
        later(partial(self._listed_anew, room, wearers))
        return Done()

    async def _list(self, room: Room, _answers: Submission) -> Done:
        rows = [
            (_TITLE.filled(hat.title), _WHICH.filled(hat.uri), _COLOUR.filled(hat.hue))
            for hat in room.hats.listed()
        ]
        return Done((report((_TITLE, _WHICH, _COLOUR), rows),))

    # -- wearing them ------------------------------------------------------------------------------

    async def _assign(self, room: Room, answers: Submission) -> Done:
        who = answers[_WHO].bare
        uri, hats = _known(room, answers), room.hats
        worn = hats.worn.get(who, set())
        if uri in worn:
            return Done()
        most = self._engine.limits(room.host).affiliations
        if len(worn) >= _MOST_WORN or (not worn and len(hats.worn) >= most):
            text = f"{_MOST_WORN} hats of one address at most, and {most} who wear any"
            raise StanzaError("resource-constraint", text)
        await self.wardrobe.put_on(room, who, uri)
        later(partial(self._show, room, [who]))
        return Done()

    async def _unassign(self, room: Room, answers: Submission) -> Done:
        who = answers[_WHO].bare
        uri = _known(room, answers)
        if uri not in room.hats.worn.get(who, ()):
            raise StanzaError("item-not-found", "this hat is not worn by this address")
        await self.wardrobe.take_off(room, who, uri)
        later(partial(self._show, room, [who]))
        return Done()

    async def _worn(self, room: Room, _answers: Submission) -> Done:
        rows = [
            (
                _WHO.filled(who),
                _WHICH.filled(hat.uri),
                _TITLE.filled(hat.title),
                _COLOUR.filled(hat.hue),
            )
            for who in sorted(room.hats.worn)
            for hat in room.hats.of(who)
        ]
        return Done((report((_WHO, _WHICH, _TITLE, _COLOUR), rows),))

    # -- telling -----------------------------------------------------------------------------------

    def _listed_anew(self, room: Room, wearers: Iterable[BareJID]) -> None:
        """Tell of another list of hats, and how its wearers look now (§3.2, §3.3)."""
        status = Element("status", USER, {"code": str(CONFIGURATION_CHANGED)})
        self._engine.tell_all(room, Element("x", USER, None, status))
        self._show(room, wearers)

    def _show(self, room: Room, wearers: Iterable[BareJID]) -> None:
        for who in wearers:
            for occupant in room.of(who):
                occupant.changed()
                self._engine.show(room, occupant)


def _asked(room: Room, command: Dresser, form: Form, node: str, session: CommandSession) -> Element:
    """Write the form of a command; hats that there are can be chosen from."""
    choice = ListSingle(_WHICH.var, "The role", required=True, options=tuple(_options(room)))
    chooses = _TITLE not in form.fields
    fields = tuple(choice if each is _WHICH and chooses else each for each in form.fields)
    asked = Form(fields, form.form_type, form.title, ("Fill out this form.",))
    stage = Stage(asked, complete=lambda _call, answers: command.run(room, answers))
    return payload.executing(node, session.id, stage, (), first=True)


def _options(room: Room) -> Iterable[Option]:
    """Return a choice for each hat, of which no two look alike."""
    titles: set[str] = set()
    for hat in room.hats.listed():
        yield Option(hat.uri, f"{hat.title} ({hat.uri})" if hat.title in titles else hat.title)
        titles.add(hat.title)


def _known(room: Room, answers: Submission) -> str:
    uri = answers[_WHICH]
    if uri not in room.hats.all:
        raise StanzaError("item-not-found", "there is no such hat")
    return uri
