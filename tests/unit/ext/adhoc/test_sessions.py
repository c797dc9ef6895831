"""Sessions of commands: who may go on with one, for how long, and how many there are."""

import pytest

from palaver import jid
from palaver.ext.adhoc.sessions import CommandSession, CommandSessions, Parties
from palaver.kernel.host import Host
from palaver.kernel.settings import HostSettings
from palaver.wire.errors import StanzaError

HOST = Host("capulet.example", HostSettings())
OTHER_HOST = Host("montague.example", HostSettings())
BARD = jid.parse("bard@capulet.example/globe")
ROMEO = jid.parse("romeo@capulet.example/orchard")


def begin(sessions: CommandSessions, parties: Parties, now: float = 0.0) -> CommandSession:
    session = sessions.new(parties)
    sessions.keep(session, now)
    return session


def refused(sessions: CommandSessions, id_: str, parties: Parties, now: float = 0.0) -> str:
    with pytest.raises(StanzaError) as caught:
        sessions.take(id_, parties, now)
    assert caught.value.detail is not None
    return caught.value.detail.name


def test_the_requester_goes_on_with_a_session() -> None:
    sessions, parties = CommandSessions(10, 60.0), Parties(BARD, HOST, "config")
    session = begin(sessions, parties)
    assert sessions.take(session.id, parties, 59.0) is session


def test_ids_cannot_be_guessed() -> None:
    sessions, parties = CommandSessions(10, 60.0), Parties(BARD, HOST, "config")
    ids = {sessions.new(parties).id for _ in range(1_000)}
    assert len(ids) == 1_000
    assert all(len(each) > 40 for each in ids)


@pytest.mark.parametrize(
    "others",
    [
        Parties(ROMEO, HOST, "config"),
        Parties(jid.parse("bard@capulet.example/other"), HOST, "config"),
        Parties(BARD, OTHER_HOST, "config"),
        Parties(BARD, HOST, "other"),
    ],
)
def test_a_session_is_nobody_elses_and_of_no_other_command(others: Parties) -> None:
    sessions, parties = CommandSessions(10, 60.0), Parties(BARD, HOST, "config")
    session = begin(sessions, parties)
    assert refused(sessions, session.id, others) == "bad-sessionid"
    assert sessions.take(session.id, parties, 0.0) is session


@pytest.mark.parametrize("invented", ["", "x", "x.y", ".", "é.é"])
def test_an_invented_id_is_a_bad_one(invented: str) -> None:
    sessions = CommandSessions(10, 60.0)
    assert refused(sessions, invented, Parties(BARD, HOST, "config")) == "bad-sessionid"


def test_a_session_that_was_taken_or_whose_time_is_over_has_expired() -> None:
    sessions, parties = CommandSessions(10, 60.0), Parties(BARD, HOST, "config")
    taken = begin(sessions, parties)
    sessions.take(taken.id, parties, 0.0)
    assert refused(sessions, taken.id, parties) == "session-expired"
    late = begin(sessions, parties)
    assert refused(sessions, late.id, parties, 60.0) == "session-expired"
    assert len(sessions) == 0


def test_the_oldest_session_makes_room_for_the_eleventh_of_one_requester() -> None:
    sessions, parties = CommandSessions(100, 60.0), Parties(BARD, HOST, "config")
    others = begin(sessions, Parties(ROMEO, HOST, "config"))
    first, *rest = [begin(sessions, parties) for _ in range(11)]
    assert len(sessions) == 11
    assert refused(sessions, first.id, parties) == "session-expired"
    for each in rest:
        assert sessions.take(each.id, parties, 0.0) is each
    assert sessions.take(others.id, Parties(ROMEO, HOST, "config"), 0.0) is others


def test_no_more_are_kept_than_there_may_be_until_some_end() -> None:
    sessions = CommandSessions(3, 60.0)
    for number in range(3):
        begin(sessions, Parties(jid.parse(f"user{number}@capulet.example/x"), HOST, "config"))
    late = sessions.new(Parties(BARD, HOST, "config"))
    with pytest.raises(StanzaError) as caught:
        sessions.keep(late, 1.0)
    assert caught.value.condition == "resource-constraint"
    sessions.keep(late, 61.0)
    assert len(sessions) == 1
