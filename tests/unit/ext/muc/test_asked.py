"""Nobody keeps others from getting answers by asking much."""

from palaver.ext.muc.asked import Asked, Requests
from palaver.jid import parse

ROMEO, NURSE = parse("romeo@montague.example/x"), parse("nurse@capulet.example/x")
IN_ROOM = parse("coven@rooms.example/Nurse")


def request(sender: str) -> Asked:
    """Return a request to the nurse."""
    return Asked(parse(sender), "1", parse("coven@rooms.example/Somebody"), IN_ROOM, NURSE)


def test_an_answer_is_from_who_was_asked_to_who_asked_once() -> None:
    requests = Requests()
    asked = request(str(ROMEO))
    requests.add("t", asked)
    assert requests.take("t", ROMEO, asked.asker) is None
    assert requests.take("t", NURSE, IN_ROOM) is None
    assert requests.take("t", NURSE, asked.asker) is asked
    assert requests.take("t", NURSE, asked.asker) is None


def test_who_asks_much_loses_its_own_requests() -> None:
    requests = Requests()
    first = request(str(ROMEO))
    requests.add("first", first)
    for number in range(12_000):
        requests.add(f"{number}", request("tybalt@capulet.example/x"))
    assert requests.take("0", NURSE, first.asker) is None
    assert requests.take("11999", NURSE, first.asker) is not None
    assert requests.take("first", NURSE, first.asker) is first
