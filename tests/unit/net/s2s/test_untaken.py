"""What was sent to a server that counts nothing, and not confirmed by its machine."""

import socket

from palaver import jid
from palaver.net.s2s.untaken import Untaken, unconfirmed
from palaver.wire.stanza import Stanza


def message(number: int) -> Stanza:
    sender, to = jid.parse("juliet@capulet.example"), jid.parse("romeo@montague.example")
    return Stanza.make("message", sender, to, {"id": str(number)})


def test_what_was_confirmed_is_forgotten_and_the_rest_is_left_in_order() -> None:
    untaken, stanzas = Untaken(), [message(number) for number in range(4)]
    for stanza in stanzas:
        untaken.sent(stanza, 100)
    assert untaken.look(250) == stanzas[:1]  # one and a half is left
    assert untaken.take() == stanzas[1:]
    assert untaken.take() == []


def test_nothing_is_left_where_all_was_confirmed() -> None:
    untaken = Untaken()
    untaken.sent(message(1), 100)
    assert len(untaken.look(0)) == 1
    assert not untaken.stanzas


def test_the_system_tells_what_the_other_end_has_not_confirmed() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()) as ours,
    ):
        theirs, _ = listening.accept()
        with theirs:
            assert unconfirmed(ours) == 0
            ours.setblocking(False)
            sent = 0
            try:
                while True:
                    sent += ours.send(bytes(65_536))
            except BlockingIOError:
                pass
            left = unconfirmed(ours)
            assert left is not None
            assert left > 100_000


def test_of_a_socket_that_is_closed_nothing_is_known() -> None:
    closed = socket.socket()
    closed.close()
    assert unconfirmed(closed) is None
