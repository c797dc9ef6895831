from pathlib import Path

import pytest
from tests.support.config import HostOptions
from tests.support.story.model import (
    Befriend,
    Block,
    CannotLogIn,
    Closed,
    ComeOnline,
    Connect,
    OneOrMoreReceive,
    Receive,
    Send,
    Story,
    StoryError,
)
from tests.support.story.parser import forms, parse

FILE = Path("tale.story")

TALE = """\
= RFC 9999 §1: A tale

Romeo: romeo@localhost/orchard
Juliet: juliet@localhost (password secret, direct TLS)
Juliet's phone: juliet@localhost/phone (using PLAIN, language it)

# Both stories begin so.
Romeo connects

== The first

Juliet comes online with priority -1
Romeo sends:
    <message to="juliet@localhost">
      <body>#1</body>

    </message>

Juliet receives:
    <message/>

== The second

Host localhost: registration
Tybalt: tybalt@example.test/hall (no account)

Juliet's phone's connection is closed
Tybalt cannot log in (not-authorized)
One or more of Juliet's phone, Romeo receive:
    <presence/>
"""


def read(text: str) -> list[Story]:
    return parse(FILE, text)


def test_a_file_has_a_heading_and_stories_with_titles() -> None:
    stories = read(TALE)
    assert [story.title for story in stories] == ["The first", "The second"]
    assert {story.source for story in stories} == {"RFC 9999 §1: A tale"}
    assert [story.line for story in stories] == [10, 22]


def test_what_stands_before_the_first_story_belongs_to_all() -> None:
    first, second = read(TALE)
    assert first.steps[0].action == second.steps[0].action == Connect("Romeo")
    assert first.cast["Romeo"].jid == second.cast["Romeo"].jid == "romeo@localhost/orchard"


def test_a_story_has_a_cast_and_hosts_of_its_own() -> None:
    first, second = read(TALE)
    assert "Tybalt" not in first.cast
    assert first.hosts == {"localhost": HostOptions()}
    assert second.hosts == {
        "localhost": HostOptions(registration=True),
        "example.test": HostOptions(),
    }


def test_options_of_an_actor_are_read() -> None:
    cast = read(TALE)[1].cast
    assert cast["Juliet"].security == "direct"
    assert cast["Juliet"].bare == "juliet@localhost"
    assert cast["Juliet's phone"].mechanism == "PLAIN"
    assert cast["Juliet's phone"].language == "it"
    assert not cast["Tybalt"].has_account


def test_accounts_are_made_for_actors_that_have_one() -> None:
    assert read(TALE)[1].accounts == {"romeo@localhost": "secret", "juliet@localhost": "secret"}


def test_steps_name_their_actor_and_line() -> None:
    _, online, send, receive = read(TALE)[0].steps
    assert online.action == ComeOnline("Juliet", -1)
    assert send.action == Send(
        "Romeo", Block(14, '<message to="juliet@localhost">\n  <body>#1</body>\n\n</message>')
    )
    assert receive.action == Receive("Juliet", Block(20, "<message/>"), "in order")
    assert (online.line, send.line, receive.line) == (12, 13, 19)


def test_names_of_several_words_are_actors() -> None:
    _, closed, failure, one_or_more = read(TALE)[1].steps
    assert closed.action == Closed("Juliet's phone")
    assert failure.action == CannotLogIn("Tybalt", "not-authorized")
    assert one_or_more.action == OneOrMoreReceive(
        ("Juliet's phone", "Romeo"), Block(30, "<presence/>")
    )


def test_subscriptions_that_exist_already_are_a_step() -> None:
    cast = "Romeo: romeo@localhost\nJuliet: juliet@localhost\n== T\n"
    steps = read(f"{cast}Romeo is subscribed to Juliet\nRomeo and Juliet are contacts\n")[0].steps
    assert [step.action for step in steps] == [
        Befriend("Romeo", "Juliet", mutual=False),
        Befriend("Romeo", "Juliet", mutual=True),
    ]


@pytest.mark.parametrize("form", forms())
def test_every_form_that_is_listed_is_understood(form: str) -> None:
    optional = form.replace("[", "").replace("]", "")
    block = "    <presence/>\n" if form.endswith(":") else ""
    cast = "Romeo: a@localhost/a\nJuliet: b@localhost/b\nPhone: b@localhost/c\n== T\n"
    assert len(read(f"{cast}{optional}\n{block}")[0].steps) == 1


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("Romeo: romeo@localhost\n", 1, "there is no story"),
        ("= A\n= B\n", 2, "one heading"),
        ("== T\nRomeo connects\n", 2, "this is no step: 'Romeo connects'"),
        ("Romeo: romeo@localhost\n== T\nRomeo dances\n", 3, "The cast is Romeo"),
        ("Romeo: romeo@localhost\n== T\nRomeo sends:\nRomeo connects\n", 3, "no XML follows"),
        ("Romeo: romeo@localhost\n== T\nRomeo connects\n    <presence/>\n", 4, "indented XML"),
        ("Romeo: romeo@localhost (tall)\n", 1, "unknown option 'tall'"),
        ("Host localhost: haunted\n", 1, "unknown option 'haunted'"),
        ("Romeo: localhost\n", 1, "needs an account"),
        ("Romeo: a@localhost\nRomeo connects\n== T\n== T\n", 4, "a second story 'T'"),
        ("== T\n", 1, "nothing happens"),
    ],
)
def test_mistakes_are_told_with_file_and_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(StoryError, match=rf"^tale\.story:{line}: ") as caught:
        read(text)
    assert problem in str(caught.value)
