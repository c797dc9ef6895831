"""Stanzas for other domains: by the streams that there are, or waiting for one, in bounds.

Nothing here knows how a stream is made.
"""

import random
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from palaver.kernel.departures import Departures, Forgetful
from palaver.kernel.federation_routes import (
    SHARE,
    Failed,
    Failure,
    Outlet,
    Pair,
    Route,
    Stream,
    site,
)
from palaver.kernel.federation_settings import FederationSettings, Policies
from palaver.kernel.sharing import Sharing, originals
from palaver.kernel.waiting import OVERHEAD, Total
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

log = structlog.get_logger()

_TOLD: Final = 200  # failures that are remembered for administrators
_ROUTES: Final = 10_000  # pairs of domains of which something is known
_LOOK_AGAIN: Final = 1.0  # seconds until all ways are looked through again
_WAITING_BYTES: Final = 67_108_864  # of the stanzas that wait for all domains together
_PART: Final = 262_144  # bytes of what waited that a stream gets at a time
_BREAKS: Final = Failure("remote-server-timeout", "its stream breaks again and again")


class Federation:
    """Takes stanzas for other domains.

    ``routes``  what is known of the ways, by pair
    ``failed``  the last failures
    ``dial``    begins to make a stream for a route: calls `joined` or `failed_to_reach` in time
    ``streams`` lists the streams that there are
    ``sharing`` sends one stanza for many, where that is possible; None: never
    ``departures`` keeps what is to outlast this process
    ``behind``  the ways whose stream has yet to take what waited for it
    """

    def __init__(
        self,
        settings: FederationSettings,
        policies: Policies,
        *,
        ours: Callable[[str], bool],
        refuse: Callable[[Stanza, StanzaError], None],
        monotonic: Callable[[], float],
        now: Callable[[], float],
    ) -> None:
        """Send back by ``refuse``; ``ours`` tells whether a domain is one of ours."""
        self.settings = settings
        self.policies = policies
        self.routes: dict[Pair, Route] = {}
        self.failed: deque[Failed] = deque(maxlen=_TOLD)
        self.dial: Callable[[Route], None] = _nobody_dials
        self.streams: Callable[[], list[Stream]] = list
        self.sharing: Sharing | None = None
        self.departures: Departures = Forgetful()
        self.behind: set[Route] = set()
        self._ours = ours
        self._refuse = refuse
        self._monotonic = monotonic
        self._now = now
        self._trying: Counter[str] = Counter()
        self._sites: Counter[str] = Counter()
        self._look_at = 0.0
        self._total = Total()

    # -- stanzas -----------------------------------------------------------------------------------

    def take(self, stanza: Stanza) -> Outlet | None:
        """Pass a stanza on to its domain, or keep it until there is a stream; return the stream.

        Raises:
            StanzaError: the domain is not spoken to, could not be reached a moment ago, or has too
                much waiting; or the stanza cannot be stored.
        """
        assert stanza.to is not None
        pair = (stanza.sender.domain, stanza.to.domain)
        route = self.routes.get(pair)
        if route is None:
            route = self._new(pair)
        self.departures.keep(stanza, sent=route.link is not None)
        try:
            return self._pass_on(route, stanza)
        except Exception:  # the sender hears of all of them
            self.departures.forget((stanza,))
            raise

    def _pass_on(self, route: Route, stanza: Stanza) -> Outlet | None:
        link = route.link
        if link is None or route.waiting:
            if link is not None and link.slow:
                raise StanzaError("resource-constraint", "that server does not read")
            self._keep(route, stanza)
        elif self.sharing is None or not self.sharing.took(route, stanza):
            link.carry(stanza)
        return link

    def share(
        self, soon: Callable[[Callable[[], None]], object], ask: Callable[[Pair], None]
    ) -> Sharing:
        """Send one stanza for many from now on; see `Sharing`."""
        self.sharing = Sharing(self._carry, self._anew, soon, self._monotonic)
        self.sharing.ask = ask
        return self.sharing

    def _anew(self, stanza: Stanza) -> Stanza:
        """Return a copy to send: the stanza itself is acknowledged without having arrived."""
        copy = stanza.addressed(stanza.sender, stanza.to)
        if self.departures.kept(stanza):
            self.departures.replace(stanza, copy)
            return copy
        try:
            self.departures.keep(copy, sent=False)
        except StanzaError:
            self.departures.keep(copy, sent=True)  # it may be stored in a moment
        return copy

    def _carry(self, route: Route, stanza: Stanza) -> None:
        """Send what was gathered; nobody above catches errors here.

        What is too large for the other server may be so for its many recipients alone.
        """
        if route.link is None:
            until = self._monotonic() + self.settings.hold_time
            route.waiting.put_first(until, originals(stanza))  # what waits was to follow it
            if not route.trying:
                self._try(route)
            return
        try:
            route.link.carry(stanza)
        except StanzaError as error:
            single = originals(stanza)
            if error.condition == "policy-violation" and len(single) > 1:
                for each in single:
                    self._carry(route, each)
            else:
                self._return(stanza, error)

    def _return(self, stanza: Stanza, error: StanzaError) -> None:
        for each in originals(stanza):
            self._refuse(each, error)
            self.departures.forget((each,))

    def _new(self, pair: Pair) -> Route:
        if not self._ours(pair[0]):
            log.error("stanza with a foreign sender was not sent", pair=pair)
            raise StanzaError("internal-server-error")
        if not self.policies.of(pair[1]).allowed:
            raise StanzaError("not-allowed", "this server does not speak to that domain")
        if not self._room(pair):
            self._forget()
        if not self._room(pair):
            raise StanzaError("resource-constraint", "too many domains are being spoken to")
        return self._route(pair)

    def _route(self, pair: Pair) -> Route:
        route = self.routes.get(pair)
        if route is None:
            route = self.routes[pair] = Route(pair, self._total)
            self._sites[route.site] += 1
        return route

    def _room(self, pair: Pair) -> bool:
        """Tell whether one more way may be known: whoever has a domain has as many as they like."""
        return len(self.routes) < _ROUTES and self._sites[site(pair[1])] < _ROUTES // SHARE

    def _forget(self) -> None:
        """Forget the ways of which nothing need be known."""
        now = self._monotonic()
        if now < self._look_at:
            return
        self._look_at = now + _LOOK_AGAIN
        for route in [route for route in self.routes.values() if route.idle(now)]:
            del self.routes[route.pair]
            self._sites[route.site] -= 1
        self._sites = +self._sites  # without those that are zero

    def _keep(self, route: Route, stanza: Stanza) -> None:
        now = self._monotonic()
        failure = route.refused(now) if route.link is None else None
        if failure is not None:
            raise StanzaError(failure.condition, failure.reason)
        settings, until = self.settings, now + self.settings.hold_time
        number, size = route.waiting.cost(until, stanza)
        full = number and len(route.waiting) >= settings.queue_stanzas
        full = full or route.waiting.size + size > settings.queue_bytes
        # Who sends more than a stream takes is made to wait, and not refused, until it is slow.
        if (full and route.link is None) or self._total.size + size > _WAITING_BYTES:
            raise StanzaError("resource-constraint", "too much waits for that domain already")
        idle = route.link is None and not route.trying
        if idle:
            self._check_attempts(route.site)
        route.waiting.add(until, stanza, self.departures.replace)
        if idle:
            self._try(route)

    def _check_attempts(self, site: str) -> None:
        """Check whether one more domain may be tried.

        What comes back from streams that broke is tried however much it is; where that is more than
        the share of a site, it is at the cost of that one alone.

        Raises:
            StanzaError: resource-constraint.
        """
        share = self.settings.attempts // SHARE
        total = sum([min(number, share + 1) for number in self._trying.values()])
        if total >= self.settings.attempts or self._trying[site] > share:
            raise StanzaError("resource-constraint", "too many domains are being tried")

    def _try(self, route: Route) -> None:
        route.trying = True
        self._trying[route.site] += 1
        self.dial(route)

    def _try_no_more(self, route: Route) -> None:
        if route.trying:
            route.trying = False
            self._trying[route.site] -= 1
            if not self._trying[route.site]:
                del self._trying[route.site]

    # -- what became of the streams ----------------------------------------------------------------

    def joined(self, pair: Pair, link: Outlet) -> None:
        """Take a stream into use unless one is; what waited for it goes first.

        One that is in use stays so, as what goes by two streams may come in another order.
        """
        route = self._route(pair)
        self._try_no_more(route)
        now = self._monotonic()
        if route.link is None:
            route.link = link
            route.lane.asked = False
            route.breaks.begin(now)
        route.failures = 0
        route.failure = None
        route.pause(0.0, now)
        self._catch_up(route)

    def catch_up(self, link: Outlet) -> None:
        """Send more of what waited for a stream, which has room again."""
        for route in [route for route in self.behind if route.link is link]:
            self._catch_up(route)

    def _catch_up(self, route: Route) -> None:
        """Send a part of what waits: who is sent all of very much at once seems not to read."""
        room = _PART
        while route.waiting and room > 0:
            for stanza in route.waiting.take():
                room -= len(stanza.inner) + OVERHEAD
                if self.sharing is None or not self.sharing.took(route, stanza):
                    self._carry(route, stanza)
        if route.waiting:
            self.behind.add(route)
        else:
            self.behind.discard(route)

    def offered(self, pair: Pair, link: Outlet) -> None:
        """Take a stream of the other server's into use if anything was to be sent before.

        Otherwise nothing is remembered of the pair until it is: whoever ``dial`` asks finds it.
        """
        if pair in self.routes:
            self.joined(pair, link)

    def again(self, pair: Pair) -> None:
        """Have a stream made though nothing waits for it: the other server may wait for that."""
        route = self.routes.get(pair)
        if route is not None and route.link is None and not route.trying:
            self._try(route)

    def tries(self, pair: Pair) -> bool:
        """Tell whether a stream is being made for a pair, or will be tried again."""
        route = self.routes.get(pair)
        return route is not None and route.trying

    def left(self, pair: Pair, link: Outlet, *, progress: bool = False) -> None:
        """Take note that a stream is gone; ``progress`` tells whether it got anything across."""
        route = self.routes.get(pair)
        if route is not None and route.link is link:
            route.link = None
            if progress:
                route.breaks.forgive(self._monotonic(), self.settings.retry_after)
            self.behind.discard(route)
            if self.sharing is not None:
                self.sharing.flush(route)
            if route.waiting and not route.trying:
                self._try(route)

    def put_back(self, stanzas: Iterable[Stanza]) -> None:
        """Keep stanzas for another stream, before all that waits: theirs did not get them across.

        Nobody knows whether the other server has them already; see `arrived`. The next stream is
        made at once, but where one after the other breaks only after pauses that grow.
        """
        back: defaultdict[Pair, list[Stanza]] = defaultdict(list)
        for stanza in _single(stanzas):
            assert stanza.to is not None
            back[stanza.sender.domain, stanza.to.domain].append(stanza)
        for pair, those in back.items():
            self._broke(self._route(pair), those)

    def _broke(self, route: Route, stanzas: list[Stanza]) -> None:
        now = self._monotonic()
        before, since = route.breaks.add(now)
        route.waiting.put_first(since + self.settings.hold_time, stanzas)
        returned: list[Stanza] = []
        if before:
            pause = self._back_off(route, _BREAKS, before - 1)
            returned = route.waiting.take_until(now + pause)
        if not route.waiting:
            self._try_no_more(route)
        elif route.link is not None:
            self._catch_up(route)
        elif not route.trying:
            self._try(route)
        for stanza in returned:
            self._return(stanza, StanzaError(_BREAKS.condition, _BREAKS.reason))

    def go_on(self, stanzas: Iterable[Stanza]) -> None:
        """Keep stanzas that were on their way when the server ended, behind all that waits."""
        until = self._monotonic() + self.settings.hold_time
        for stanza in stanzas:
            assert stanza.to is not None
            pair = (stanza.sender.domain, stanza.to.domain)
            try:
                route = self.routes.get(pair) or self._new(pair)
            except StanzaError as error:
                self._return(stanza, error)
                continue
            route.waiting.append(until, stanza)
            if not route.trying:
                self._try(route)

    def lost(self, stanzas: Iterable[Stanza]) -> None:
        """Send back stanzas that a stream took, and that most likely did not get across."""
        for stanza in stanzas:
            self._return(stanza, StanzaError("remote-server-timeout", "the connection broke"))

    def crossed(self, stanzas: Iterable[Stanza]) -> None:
        """Take note that the other server has stanzas."""
        self.departures.forget(_single(stanzas))

    def arrived(self, stanzas: Sequence[Stanza]) -> None:
        """Forget stanzas that were put back: the other server has them."""
        self.crossed(stanzas)
        gone: defaultdict[Pair, set[int]] = defaultdict(set)
        for stanza in _single(stanzas):
            assert stanza.to is not None
            gone[stanza.sender.domain, stanza.to.domain].add(id(stanza))
        for pair, ids in gone.items():
            route = self.routes.get(pair)
            if route is not None:
                route.waiting.forget(ids)

    def failed_to_reach(self, route: Route, failure: Failure) -> float | None:
        """Take note that a domain was not reached.

        Return the seconds until it is to be tried again, for what still waits; None: not at all.
        """
        pause = self._back_off(route, failure, route.failures)
        route.failures = min(route.failures + 1, 30)
        until = float("inf") if failure.permanent else self._monotonic() + pause
        returned = route.waiting.take_until(until)
        again = bool(route.waiting)
        if not again:
            self._try_no_more(route)
        for stanza in returned:
            self._return(stanza, StanzaError(failure.condition, failure.reason))
        return pause if again else None

    def _back_off(self, route: Route, failure: Failure, times: int) -> float:
        """Try no more for a while, which doubles with each time; return the seconds."""
        settings = self.settings
        pause = min(settings.retry_after * 2.0**times, settings.retry_at_most)
        pause *= random.uniform(0.75, 1.25)  # noqa: S311 - so that not all come back at once
        route.failure = failure
        route.pause(pause, self._monotonic())
        self.note(route.pair, failure.reason)
        return pause

    def give_up(self) -> None:
        """Send back all that still waits and does not outlast the server: this stops.

        The rest still goes before what may yet come, if there is a stream in the last moment.
        """
        for route in list(self.routes.values()):
            kept: list[Stanza] = []
            for stanza in route.waiting.take_until(float("inf")):
                if self.departures.kept(stanza):
                    kept.append(stanza)
                else:
                    self._refuse(stanza, StanzaError("remote-server-timeout", "the server stops"))
            route.waiting.put_first(self._monotonic() + self.settings.hold_time, kept)

    def note(self, pair: Pair, reason: str, *, incoming: bool = False) -> None:
        """Remember for administrators what failed."""
        log.info("federation failed", pair=" → ".join(pair), reason=reason, incoming=incoming)
        self.failed.append(Failed(pair, self._now(), reason, incoming))


def _single(stanzas: Iterable[Stanza]) -> list[Stanza]:
    return [each for stanza in stanzas for each in originals(stanza)]


def _nobody_dials(_route: Route) -> None:
    raise StanzaError("remote-server-not-found", "this server does not federate yet")
