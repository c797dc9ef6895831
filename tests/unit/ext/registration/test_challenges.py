"""Challenges: one question or some work for one registration (XEP-0158)."""

import itertools
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from tests.support.house import House, open_house

from palaver import jid
from palaver.ext.registration.challenges import (
    LIFETIME,
    Challenge,
    Challenges,
    Question,
    answers,
    choose,
    read_question,
)
from palaver.ext.registration.payload import NS
from palaver.kernel import forms
from palaver.kernel.clock import SystemClock
from palaver.kernel.extension import Request, Stranger, Target
from palaver.wire import element
from palaver.wire.element import Element
from palaver.wire.errors import StanzaError
from palaver.wire.stanza import Stanza

HOST = "capulet.example"
ADDRESS = jid.parse(HOST)
SNOW = Question("en", "What colour is snow?", ("white", "pure white"))


class Later(SystemClock):
    """The machine's clock in a quarter of an hour."""

    def monotonic(self) -> float:
        return super().monotonic() + 900


def solve(work: int) -> str:
    """Do the work: a text that begins with the address, whose hash ends with these bits."""
    mask = (1 << work.bit_length()) - 1
    for number in itertools.count():
        text = f"{HOST}{number:X}"
        if int.from_bytes(sha256(text.encode()).digest()) & mask == work:
            return text
    raise AssertionError


def asked(work_bits: int = 0) -> tuple[Challenges, Stranger, Challenge]:
    challenges, stranger = Challenges(), Stranger({})
    return challenges, stranger, challenges.ask(stranger, SNOW, work_bits, 0.0)


def refused(challenges: Challenges, stranger: Stranger, now: float = 1.0, **values: str) -> str:
    given = {name.replace("_", "-"): value for name, value in values.items()}
    try:
        challenges.check(stranger, given, ADDRESS, now)
    except StanzaError as error:
        return error.condition
    return "passed"


# -- one challenge ---------------------------------------------------------------------------------


def test_the_right_answer_passes_once() -> None:
    challenges, stranger, made = asked()
    assert refused(challenges, stranger, challenge=made.id, qa=" White. ") == "passed"
    assert refused(challenges, stranger, challenge=made.id, qa="white") == "service-unavailable"


def test_a_wrong_answer_uses_the_challenge_up() -> None:
    challenges, stranger, made = asked()
    assert refused(challenges, stranger, challenge=made.id, qa="black") == "not-acceptable"
    assert refused(challenges, stranger, challenge=made.id, qa="white") == "service-unavailable"


def test_a_challenge_is_over_in_time() -> None:
    challenges, stranger, made = asked()
    late = LIFETIME + 0.1
    given = {"challenge": made.id, "qa": "white"}
    assert refused(challenges, stranger, late, **given) == "service-unavailable"


def test_a_challenge_belongs_to_its_stream_and_the_newest_counts() -> None:
    challenges, stranger, made = asked()
    assert refused(challenges, Stranger({}), challenge=made.id, qa="white") == "service-unavailable"
    challenges.ask(stranger, SNOW, 0, 0.0)
    assert refused(challenges, stranger, challenge=made.id, qa="white") == "service-unavailable"
    assert refused(challenges, stranger) == "service-unavailable"


def test_work_passes_instead_of_an_answer_and_counts_once() -> None:
    challenges, stranger, made = asked(work_bits=8)
    assert 128 <= made.work < 256
    solution = solve(made.work)
    assert refused(challenges, stranger, challenge=made.id, SHA_256=solution) == "passed"
    while challenges.ask(stranger, SNOW, 8, 0.0).work != made.work:
        pass
    again = next(v.id for v in stranger.slots.values())
    assert refused(challenges, stranger, challenge=again, SHA_256=solution) == "not-acceptable"


@pytest.mark.parametrize("solution", ["", "x", HOST, f"{HOST}\ud7ff" + "9" * 2000])
def test_what_is_no_work_does_not_pass(solution: str) -> None:
    challenges, stranger, made = asked(work_bits=24)
    assert refused(challenges, stranger, challenge=made.id, SHA_256=solution) == "not-acceptable"


def test_work_does_not_pass_where_none_was_offered() -> None:
    challenges, stranger, made = asked()
    assert refused(challenges, stranger, challenge=made.id, SHA_256=HOST) == "not-acceptable"


# -- questions -------------------------------------------------------------------------------------


def test_a_question_is_read_with_its_answers() -> None:
    assert read_question("en: What colour is snow? = white | pure white") == SNOW


@pytest.mark.parametrize("line", ["", "en: x", "x = y", ": x = y", "en: = y", "en: x = |", "en:=:"])
def test_what_is_no_question(line: str) -> None:
    with pytest.raises(ValueError, match="is no question"):
        read_question(line)


def test_questions_are_in_the_language_of_who_is_asked() -> None:
    german = Question("de", "Welche Farbe hat Schnee?", ("weiß",))
    assert choose([SNOW, german], "de-AT", "en") is german
    assert choose([SNOW, german], "fr", "en") is SNOW
    assert choose([german], "fr", "en") is german


@pytest.mark.parametrize(
    ("lang", "expected"), [("de", "de"), ("en-GB", "en"), ("fr", "en"), ("", "en")]
)
def test_without_questions_there_are_sums(lang: str, expected: str) -> None:
    for _ in range(50):
        found = choose([], lang, "en")
        number, word = found.answers
        assert found.lang == expected
        assert answers(found, number)
        assert answers(found, f" {word.upper()}! ")
        assert not answers(found, str(int(number) + 1))


# -- registration ----------------------------------------------------------------------------------


async def ask(
    house: House, stranger: Stranger, kind: str, inner: str = "", lang: str = "en"
) -> Element:
    host = house.server.hosts[HOST]
    query = element.parse(f"<query xmlns='{NS}'>{inner}</query>".encode())
    attrs = {"type": kind, "id": "reg1", "xml:lang": lang}
    stanza = Stanza.make("iq", host.jid, host.jid, attrs, query)
    handler = host.dispatch.iq[Target.STRANGER, kind, f"{NS} query"]
    request = Request(stanza, query, host, None, None, "192.0.2.1", stranger=stranger)
    answer = await house.server.router.answering.run(handler, request)
    return element.parse(answer.to_bytes())


def fields(answer: Element) -> dict[str, Any]:
    query = answer.find("query", NS)
    assert query is not None
    form = query.find("x", "jabber:x:data")
    assert form is not None
    return {each.get("var"): each for each in form.find_all("field")}


def condition(answer: Element) -> str:
    error = answer.find("error", "jabber:client")
    return "registered" if error is None else next(iter(error)).name


def filled(**values: str) -> str:
    given = {"FORM_TYPE": NS, "username": "newcomer", "password": "Calliope", **values}
    inner = "".join(f"<field var='{k}'><value>{v}</value></field>" for k, v in given.items())
    return f"<x xmlns='jabber:x:data' type='submit'>{inner}</x>"


def configured(more: str = "") -> str:
    question = 'questions = ["en: Colour of snow? = white", "de: Farbe von Schnee? = weiß"]\n'
    section = f'[hosts."{HOST}".extensions.registration]\nopen = true\nchallenge = true\n'
    return section + question + more + "[sasl]\niterations = 4096\n"


async def test_the_form_has_the_challenge(tmp_path: Path) -> None:
    async with open_house(tmp_path, configuration=configured("work_bits = 20\n")) as house:
        asked_for = fields(await ask(house, Stranger({}), "get", lang="de-AT"))
        assert asked_for["sid"].text_of("value") == "reg1"
        assert asked_for["answers"].text_of("value") == "1"
        assert asked_for["qa"].get("label") == "Farbe von Schnee?"
        assert 2**19 <= int(asked_for["SHA-256"].get("label"), 16) < 2**20
        assert asked_for.keys() >= {"username", "password", "challenge", "FORM_TYPE"}


async def test_who_answers_gets_an_account(tmp_path: Path) -> None:
    async with open_house(tmp_path, configuration=configured()) as house:
        stranger = Stranger({})
        for answer, outcome in (("blue", "not-acceptable"), ("White", "registered")):
            found = fields(await ask(house, stranger, "get"))
            given = filled(challenge=found["challenge"].text_of("value"), qa=answer)
            assert condition(await ask(house, stranger, "set", given)) == outcome
        assert await house.server.store.find(HOST, "newcomer")


async def test_who_leaves_the_challenge_out_gets_the_form(tmp_path: Path) -> None:
    async with open_house(tmp_path, configuration=configured()) as house:
        stranger = Stranger({})
        plain = "<username>newcomer</username><password>Calliope</password>"
        answer = await ask(house, stranger, "set", plain)
        assert condition(answer) == "not-acceptable"
        assert b"Calliope" not in answer.to_bytes()
        given = filled(challenge=fields(answer)["challenge"].text_of("value"), qa="white")
        assert condition(await ask(house, stranger, "set", given)) == "registered"


async def test_a_challenge_that_is_over_is_told_so(tmp_path: Path) -> None:
    async with open_house(tmp_path, configuration=configured()) as house:
        stranger = Stranger({})
        found = fields(await ask(house, stranger, "get"))
        house.server.clock = Later()
        given = filled(challenge=found["challenge"].text_of("value"), qa="white")
        assert condition(await ask(house, stranger, "set", given)) == "service-unavailable"
        assert await house.server.store.find(HOST, "newcomer") is None


async def test_answers_are_attempts_that_are_limited(tmp_path: Path) -> None:
    more = "attempts_per_address = 3\n"
    async with open_house(tmp_path, configuration=configured(more)) as house:
        outcomes = [
            condition(await ask(house, Stranger({}), "set", filled(challenge="x", qa="white")))
            for _ in range(4)
        ]
        assert outcomes == [*3 * ["service-unavailable"], "resource-constraint"]


def test_the_fields_are_those_of_the_registry() -> None:
    _, _, made = asked(work_bits=12)
    found, values = made.fields("reg1")
    form = forms.Form(found, form_type=NS).blank(*values)
    kinds = {each.get("var"): each.get("type") for each in form.find_all("field", forms.NS)}
    assert kinds["qa"] == kinds["SHA-256"] == "text-single"
    assert kinds["challenge"] == kinds["sid"] == kinds["answers"] == "hidden"
