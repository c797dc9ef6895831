"""Stanzas that are the same for many of another domain go there as one, where it takes that."""

from collections.abc import Callable, Sequence

import pytest
from tests.unit.kernel.test_federation import HERE, LATER, PAIR, THERE, Kept, Line, World

from palaver import jid
from palaver.kernel.federation_routes import Pair
from palaver.kernel.sharing import KEY, NS, RECIPIENTS, Shared, Sharing, originals
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.rereading import reread
from palaver.wire.stanza import Stanza

STANDARD = (NS,)
SHORT = (NS, RECIPIENTS)


class Sharer:
    """A federation with a stream, whose turns of the loop end when that is said."""

    def __init__(self, features: Sequence[str] | None = SHORT, **settings: object) -> None:
        self.world = World(**settings)
        self.link = Line()
        self.later: list[Callable[[], None]] = []
        self.asked: list[Pair] = []
        self.federation = self.world.federation
        self.sharing: Sharing = self.federation.share(self.later.append, self.asked.append)
        self.federation.joined(PAIR, self.link)  # type: ignore[arg-type]
        self.route = self.federation.routes[PAIR]
        if features is not None:
            self.sharing.learnt(self.route, features)

    def send(self, one: Stanza, *names: str) -> None:
        for name in names:
            local, slash, resource = name.partition("/")
            to = jid.parse(f"{local}@{THERE}{slash}{resource}")
            self.federation.take(one.addressed(one.sender, to))

    def end_turn(self) -> None:
        later = self.later.copy()
        self.later.clear()
        for each in later:
            each()

    @property
    def carried(self) -> list[tuple[str, int]]:
        """To whom, and how many it stands for."""
        return [
            (str(each.to), len(each.originals) if isinstance(each, Shared) else 1)
            for each in self.link.carried
        ]


def presence(show: str = "away", **attrs: str) -> Stanza:
    inside = Element("show", "jabber:client", None, show)
    return Stanza.make("presence", jid.parse(f"juliet@{HERE}/balcony"), None, attrs, inside)


def message(text: str = "Soft", **attrs: str) -> Stanza:
    inside = Element("body", "jabber:client", None, text)
    return Stanza.make("message", jid.parse(f"room@{HERE}/juliet"), None, attrs, inside)


def refusal(id_: str | None) -> Stanza:
    """Give the error of a domain that does not take a message of the room."""
    to = jid.parse(f"room@{HERE}/juliet")
    return Stanza.make("message", jid.parse(THERE), to, {"type": "error", "id": id_ or ""})


def test_the_first_goes_at_once_and_the_others_together_at_the_end_of_the_turn() -> None:
    sharer = Sharer()
    sharer.send(presence(), "a", "b", "c")
    assert sharer.carried == [(f"a@{THERE}", 1)]
    sharer.end_turn()
    assert sharer.carried == [(f"a@{THERE}", 1), (THERE, 2)]


def test_one_that_is_alone_is_sent_as_it_is() -> None:
    sharer = Sharer()
    sharer.send(presence(), "a", "b")
    sharer.end_turn()
    assert sharer.carried == [(f"a@{THERE}", 1), (f"b@{THERE}", 1)]


def test_a_stanza_for_many_can_be_read_as_the_standard_has_it() -> None:
    sharer = Sharer(STANDARD)
    sharer.send(message(type="groupchat", id="m1"), "a", "b/x & y", "c")
    sharer.end_turn()
    one = reread(sharer.link.carried[1].to_bytes())
    assert (one.to, one.sender, one.type, one.id) == (
        THERE,
        f"room@{HERE}/juliet",
        "groupchat",
        "m1",
    )
    assert one.names[-1] == KEY
    recipients = (f"b@{THERE}/x & y", f"c@{THERE}")
    expected = [{"type": "bcc", "jid": recipient} for recipient in recipients]
    assert [each.attrs for each in one.elements[-1]] == expected


def test_who_knows_the_short_form_gets_a_line_for_each() -> None:
    sharer = Sharer(SHORT)
    sharer.send(presence(), "a", "b/x & y", "c")
    sharer.end_turn()
    (address,) = reread(sharer.link.carried[1].to_bytes()).elements[-1]
    assert address.attrs == {"type": "bcc", "jid": THERE}
    assert address.text_of("recipients", RECIPIENTS) == "b/x & y\nc"


class Narrow(Line):
    """A stream to a server that takes no stanza with so many recipients."""

    def carry(self, stanza: Stanza) -> None:
        if isinstance(stanza, Shared):
            raise StanzaError("policy-violation")
        super().carry(stanza)


def test_what_is_too_large_for_its_recipients_alone_goes_to_each() -> None:
    sharer = Sharer()
    sharer.route.link = Narrow(sharer.link.carried)  # type: ignore[assignment]
    sharer.send(presence(), "a", "b", "c")
    sharer.end_turn()
    assert sharer.carried == [(f"{name}@{THERE}", 1) for name in "abc"]
    assert sharer.world.refused == []


def test_another_stanza_in_between_keeps_its_place() -> None:
    sharer = Sharer()
    sharer.send(presence("away"), "a", "b", "c")
    sharer.send(presence("dnd"), "a", "b", "c")
    sharer.end_turn()
    assert sharer.carried == [(f"a@{THERE}", 1), (THERE, 2)] * 2


@pytest.mark.parametrize("kind", ["subscribe", "subscribed", "unsubscribe", "probe", "error"])
def test_what_is_for_one_stays_single(kind: str) -> None:
    sharer = Sharer()
    sharer.send(presence(type=kind), "a", "b", "c")
    sharer.end_turn()
    assert [number for _, number in sharer.carried] == [1, 1, 1]


def test_requests_stay_single() -> None:
    sharer = Sharer()
    ping = Element("ping", "urn:xmpp:ping")
    one = Stanza.make("iq", jid.parse(f"juliet@{HERE}"), None, {"type": "get", "id": "1"}, ping)
    sharer.send(one, "a", "b", "c")
    sharer.end_turn()
    assert [number for _, number in sharer.carried] == [1, 1, 1]


def test_the_same_presence_goes_to_one_recipient_once_in_a_turn() -> None:
    sharer = Sharer(())
    sharer.send(presence(), "a", "b", "a", "b")
    assert sharer.carried == [(f"a@{THERE}", 1), (f"b@{THERE}", 1)]
    sharer.end_turn()
    sharer.send(presence(), "a")
    assert len(sharer.carried) == 3


def test_the_same_message_goes_as_often_as_it_is_sent() -> None:
    sharer = Sharer()
    sharer.send(message(), "a", "a", "a")
    sharer.end_turn()
    assert sum(number for _, number in sharer.carried) == 3


@pytest.mark.parametrize("features", [STANDARD, SHORT])
def test_nobody_gets_a_stanza_for_many_twice(features: tuple[str, ...]) -> None:
    sharer = Sharer(features)
    sharer.send(message(), "a", "b", "c", "a", "b", "b", "c")
    sharer.end_turn()
    a, b, c = (f"{name}@{THERE}" for name in "abc")
    assert sharer.carried == [(a, 1), (THERE, 2), (a, 1), (b, 1), (b, 1), (c, 1)]


def test_a_domain_is_asked_once_when_something_could_be_shared_and_gets_it_plain_until_then() -> (
    None
):
    sharer = Sharer(None)
    sharer.send(presence(), "a")
    sharer.end_turn()
    assert sharer.asked == []
    sharer.send(presence(), "a", "b", "c")
    assert sharer.asked == [PAIR]
    assert [number for _, number in sharer.carried] == [1] * 4


def test_a_domain_is_asked_again_after_half_a_day_and_on_another_stream() -> None:
    sharer = Sharer()
    sharer.world.now = 43_201.0
    sharer.send(presence(), "a", "b")
    assert sharer.asked == [PAIR]
    sharer.sharing.learnt(sharer.route, SHORT)
    sharer.federation.left(PAIR, sharer.link)  # type: ignore[arg-type]
    sharer.federation.joined(PAIR, sharer.link)  # type: ignore[arg-type]
    sharer.end_turn()
    sharer.send(presence("dnd"), "a", "b")
    assert sharer.asked == [PAIR, PAIR]


def test_what_waited_for_a_stream_goes_together_where_the_domain_is_known_to_take_that() -> None:
    """Until it says something else: XEP-0033 §2.3 lets that be remembered for a day."""
    sharer = Sharer()
    sharer.federation.left(PAIR, sharer.link)  # type: ignore[arg-type]
    for text in ("one", "two"):
        sharer.send(message(text), "a", "b", "c")
    assert sharer.carried == []
    sharer.federation.joined(PAIR, sharer.link)  # type: ignore[arg-type]
    sharer.end_turn()
    assert sharer.carried == [(f"a@{THERE}", 1), (THERE, 2)] * 2
    assert sharer.asked == [PAIR]
    sharer.sharing.learnt(sharer.route, ())
    sharer.send(message(), "a", "b", "c")
    sharer.end_turn()
    assert [number for _, number in sharer.carried[4:]] == [1, 1, 1]


@pytest.mark.parametrize("late", [False, True])
def test_what_comes_back_is_kept_until_each_has_arrived(late: bool) -> None:
    """What is acknowledged is the one stanza for many, before it came back or after."""
    sharer = Sharer()
    kept = sharer.federation.departures = Kept()
    sharer.send(message(id="m1"), "a", "b", "c")
    sharer.end_turn()
    carried = sharer.link.carried.copy()
    if not late:
        sharer.federation.crossed(carried)
    assert sharer.sharing.returned(sharer.route, refusal("m1"))
    if late:
        sharer.federation.crossed(carried)
    resent = sharer.link.carried[2:]
    assert len(resent) == 2
    assert kept.stanzas == set(resent)
    sharer.federation.crossed(resent)
    assert not kept.stanzas


def test_what_may_come_back_is_remembered_in_bounds() -> None:
    sharer = Sharer()
    large = "x" * 1_000_000
    for number in range(20):
        sharer.send(message(large, id=f"m{number}"), "a", "b", "c")
        sharer.end_turn()
    shared = [each for each in sharer.link.carried if isinstance(each, Shared)]
    returned = [sharer.sharing.returned(sharer.route, refusal(each.id)) for each in shared]
    assert returned == [False] * 4 + [True] * 16


@pytest.mark.parametrize(("features", "most"), [(STANDARD, 20), (SHORT, 99)])
def test_recipients_of_one_stanza_are_bounded(features: tuple[str, ...], most: int) -> None:
    sharer = Sharer(features)
    sharer.send(presence(), *(f"user{number}" for number in range(most + 3)))
    sharer.end_turn()
    assert [number for _, number in sharer.carried] == [1, most, 2]


def test_what_has_addresses_of_its_own_is_shared_only_in_the_short_form() -> None:
    header = Element("addresses", NS, None, Element("address", NS, {"type": "noreply"}))
    for features, expected in ((STANDARD, [1, 1, 1]), (SHORT, [1, 2])):
        sharer = Sharer(features)
        sharer.send(message().with_child(header), "a", "b", "c")
        sharer.end_turn()
        assert [number for _, number in sharer.carried] == expected


# -- when it does not arrive -----------------------------------------------------------------------


def test_when_the_stream_is_gone_before_they_went_they_wait_for_another_in_order() -> None:
    sharer = Sharer()
    sharer.send(presence(), "a", "b", "c")
    sharer.federation.left(PAIR, sharer.link)  # type: ignore[arg-type]
    sharer.federation.put_back(sharer.link.carried)
    sharer.end_turn()
    another = Line()
    sharer.federation.joined(PAIR, another)  # type: ignore[arg-type]
    sharer.end_turn()
    found = [str(each.to) for one in another.carried for each in originals(one)]
    assert found == [f"{name}@{THERE}" for name in "abc"]


def test_what_was_not_acknowledged_goes_in_order_on_another_stream() -> None:
    sharer = Sharer()
    sharer.send(presence(), "a", "b", "c")
    sharer.end_turn()
    sharer.federation.left(PAIR, sharer.link)  # type: ignore[arg-type]
    sharer.federation.put_back(sharer.link.carried)
    another = Line()
    sharer.federation.joined(PAIR, another)  # type: ignore[arg-type]
    sharer.end_turn()
    found = [str(each.to) for one in another.carried for each in originals(one)]
    assert found == [f"{name}@{THERE}" for name in "abc"]


def test_what_arrived_after_all_is_not_sent_again() -> None:
    sharer = Sharer()
    sharer.send(presence(), "a", "b", "c")
    sharer.end_turn()
    sharer.federation.left(PAIR, sharer.link)  # type: ignore[arg-type]
    sharer.federation.put_back(sharer.link.carried)
    sharer.federation.arrived(sharer.link.carried)
    assert not sharer.route.waiting


def test_each_sender_of_what_comes_back_hears_which_recipient_it_was_for() -> None:
    sharer = Sharer(hold_time=0.0)
    sharer.send(message(id="m1"), "a", "b", "c")
    sharer.end_turn()
    sharer.federation.left(PAIR, sharer.link)  # type: ignore[arg-type]
    sharer.federation.put_back(sharer.link.carried)
    sharer.federation.failed_to_reach(sharer.route, LATER)
    refused = [str(stanza.to) for stanza, _ in sharer.world.refused]
    assert refused == [f"{name}@{THERE}" for name in "abc"]


def test_a_domain_that_refuses_a_stanza_for_many_gets_it_one_by_one_from_then_on() -> None:
    sharer = Sharer()
    sharer.send(message(id="m1"), "a", "b", "c")
    sharer.end_turn()
    error = refusal("m1")
    assert sharer.sharing.returned(sharer.route, error)
    assert [str(each.to) for each in sharer.link.carried[2:]] == [f"b@{THERE}", f"c@{THERE}"]
    assert not sharer.sharing.returned(sharer.route, error)
    sharer.send(message(id="m2"), "a", "b", "c")
    assert len(sharer.link.carried) == 7
