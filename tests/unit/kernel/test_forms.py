"""Data forms: what is asked, what is accepted, what is told (XEP-0004, XEP-0068)."""

import pytest

from palaver import jid
from palaver.kernel import forms
from palaver.kernel.form_fields import (
    Boolean,
    Field,
    Fixed,
    Hidden,
    JidMulti,
    JidSingle,
    ListMulti,
    ListSingle,
    Number,
    Option,
    TextMulti,
    TextPrivate,
    TextSingle,
)
from palaver.kernel.forms import Form, FormError, Problem
from palaver.wire.element import Element, parse
from palaver.wire.errors import StanzaError

NAME = TextSingle("botname", "The name of your bot")
DESCRIPTION = TextMulti("description", "Helpful description of your bot")
PUBLIC = Boolean("public", "Public bot?", required=True)
PASSWORD = TextPrivate("password", "Password for special access")
FEATURES = ListMulti(
    "features",
    "What features will the bot support?",
    default=("news", "search"),
    options=(Option("contests", "Contests"), Option("news", "News"), Option("search", "Search")),
)
LIMIT = ListSingle(
    "maxsubs",
    "Maximum number of subscribers",
    default="20",
    options=(Option("20", "20"), Option("50", "50"), Option("none", "None")),
)
INVITED = JidMulti(
    "invitelist", "People to invite", desc="Tell all your friends about your new bot!"
)
BOT = Form(
    (
        Fixed("Section 1: Bot Info"),
        NAME,
        DESCRIPTION,
        PUBLIC,
        PASSWORD,
        Fixed("Section 2: Features"),
        FEATURES,
        LIMIT,
        INVITED,
    ),
    form_type="jabber:bot",
    title="Bot Configuration",
    instructions=("Fill out this form to configure your new bot!",),
)


def submit(*fields: str) -> Element:
    return parse(f"<x xmlns='jabber:x:data' type='submit'>{''.join(fields)}</x>".encode())


def field(var: str, *values: str) -> str:
    return f"<field var='{var}'>{''.join(f'<value>{value}</value>' for value in values)}</field>"


def refusal(form: Form, *fields: str) -> tuple[Problem, ...]:
    with pytest.raises(FormError) as caught:
        form.read(submit(*fields))
    return caught.value.problems


def test_a_blank_form_is_that_of_example_3() -> None:
    expected = parse(
        b"<x xmlns='jabber:x:data' type='form'>"
        b"<title>Bot Configuration</title>"
        b"<instructions>Fill out this form to configure your new bot!</instructions>"
        b"<field var='FORM_TYPE' type='hidden'><value>jabber:bot</value></field>"
        b"<field type='fixed'><value>Section 1: Bot Info</value></field>"
        b"<field type='text-single' label='The name of your bot' var='botname'/>"
        b"<field type='text-multi' label='Helpful description of your bot' var='description'/>"
        b"<field type='boolean' label='Public bot?' var='public'><required/></field>"
        b"<field type='text-private' label='Password for special access' var='password'/>"
        b"<field type='fixed'><value>Section 2: Features</value></field>"
        b"<field type='list-multi' label='What features will the bot support?' var='features'>"
        b"<value>news</value><value>search</value>"
        b"<option label='Contests'><value>contests</value></option>"
        b"<option label='News'><value>news</value></option>"
        b"<option label='Search'><value>search</value></option></field>"
        b"<field type='list-single' label='Maximum number of subscribers' var='maxsubs'>"
        b"<value>20</value>"
        b"<option label='20'><value>20</value></option>"
        b"<option label='50'><value>50</value></option>"
        b"<option label='None'><value>none</value></option></field>"
        b"<field type='jid-multi' label='People to invite' var='invitelist'>"
        b"<desc>Tell all your friends about your new bot!</desc></field></x>"
    )
    assert BOT.blank() == expected


def test_a_blank_form_shows_the_values_given_instead_of_the_defaults() -> None:
    shown = forms.values(BOT.blank(LIMIT.filled("50"), FEATURES.filled(None)))
    assert shown["maxsubs"] == ["50"]
    assert shown["features"] == []


def test_a_submission_is_read_as_in_example_4() -> None:
    answer = BOT.read(
        submit(
            field("FORM_TYPE", "jabber:bot"),
            field("botname", "The Jabber Google Bot"),
            field("description", "This bot enables you", "to send requests"),
            field("public", "0"),
            field("password", "v3r0na"),
            field("features", "news", "search"),
            field("maxsubs", "50"),
            field("invitelist", "juliet@capulet.com", "Benvolio@montague.net"),
        )
    )
    assert answer[NAME] == "The Jabber Google Bot"
    assert answer[DESCRIPTION] == "This bot enables you\nto send requests"
    assert answer[PUBLIC] is False
    assert answer[PASSWORD] == "v3r0na"
    assert answer[FEATURES] == ("news", "search")
    assert answer[LIMIT] == "50"
    invited = (jid.parse("juliet@capulet.com"), jid.parse("benvolio@montague.net"))
    assert answer[INVITED] == invited


def test_a_result_tells_the_fields_given_in_the_order_of_the_form() -> None:
    told = BOT.result(PUBLIC.filled(True), NAME.filled("Bot"), DESCRIPTION.filled("one\ntwo"))
    assert [f.get("var") for f in told.find_all("field")] == [
        "FORM_TYPE",
        "botname",
        "description",
        "public",
    ]
    assert forms.values(told)["description"] == ["one", "two"]
    assert forms.values(told)["public"] == ["1"]
    assert told.get("type") == "result"
    assert forms.form_type(told) == "jabber:bot"


def test_fields_the_form_does_not_know_are_ignored() -> None:
    assert BOT.read(submit(field("public", "1"), field("colour", "red")))[PUBLIC] is True


def test_a_field_left_out_differs_from_one_sent_empty() -> None:
    answer = BOT.read(submit(field("public", "1"), field("botname"), field("maxsubs", "")))
    assert NAME in answer
    assert LIMIT in answer
    assert PASSWORD not in answer
    assert answer.get(NAME) is None
    assert answer.get(PASSWORD, "none") == "none"
    with pytest.raises(KeyError):
        answer[NAME]


@pytest.mark.parametrize(("text", "meaning"), [("1", True), ("true", True), ("false", False)])
def test_both_spellings_of_a_boolean_are_read(text: str, meaning: bool) -> None:
    assert BOT.read(submit(field("public", text)))[PUBLIC] is meaning


@pytest.mark.parametrize("empty", ["", field("public"), field("public", "")])
def test_a_required_field_without_a_value_is_refused(empty: str) -> None:
    assert refusal(BOT, empty) == (Problem("public", "a value is needed"),)


@pytest.mark.parametrize(
    ("asked", "values", "problem"),
    [
        (TextSingle("f"), ("one", "two"), "takes one value only"),
        (TextSingle("f"), ("one\ntwo",), "takes one line only"),
        (Boolean("f"), ("yes",), "is neither true nor false"),
        (ListSingle("f", options=(Option("a"),)), ("b",), "is none of the choices"),
        (ListMulti("f", options=(Option("a"),)), ("a", "b"), "is none of the choices"),
        (Number("f"), ("ten",), "is not a whole number"),
        (Number("f"), ("\u0661",), "is not a whole number"),
        (Number("f"), ("9" * 5000,), "is not a whole number"),
        (Number("f", minimum=1), ("0",), "is less than 1"),
        (Number("f", maximum=5), ("6",), "is more than 5"),
        (Hidden("f"), ("one", "two"), "takes one value only"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(
    asked: Field[object], values: tuple[str, ...], problem: str
) -> None:
    assert refusal(Form((asked,)), field("f", *values)) == (Problem("f", problem),)


def test_an_invalid_address_is_refused() -> None:
    (problem,) = refusal(Form((JidSingle("who"),)), field("who", "@capulet.com"))
    assert problem.var == "who"


def test_duplicate_addresses_and_choices_are_ignored() -> None:
    answer = BOT.read(
        submit(
            field("public", "1"),
            field("invitelist", "romeo@montague.net", "ROMEO@montague.net"),
            field("features", "news", "news"),
        )
    )
    assert answer[INVITED] == (jid.parse("romeo@montague.net"),)
    assert answer[FEATURES] == ("news",)


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(StanzaError) as caught:
        BOT.read(submit(field("maxsubs", "1000")))
    assert caught.value.condition == "not-acceptable"
    assert caught.value.text == "public: a value is needed; maxsubs: is none of the choices"


def test_a_check_of_the_fields_own_may_refuse_or_change_a_value() -> None:
    def short(text: str) -> str:
        if len(text) > 3:
            raise ValueError("is longer than 3 characters")
        return text.upper()

    form = Form((TextSingle("f", check=short),))
    assert form.read(submit(field("f", "abc"))).get(TextSingle("f")) == "ABC"
    assert refusal(form, field("f", "abcd")) == (Problem("f", "is longer than 3 characters"),)


def test_a_field_sent_twice_is_refused() -> None:
    problems = refusal(BOT, field("public", "1"), field("public", "0"))
    assert problems == (Problem("public", "is there twice"),)


def test_the_submission_of_another_form_is_refused() -> None:
    problems = refusal(BOT, field("FORM_TYPE", "jabber:other"), field("public", "1"))
    assert problems == (Problem("FORM_TYPE", "this is another form"),)


@pytest.mark.parametrize("kind", ["form", "cancel", "result"])
def test_only_a_form_of_type_submit_is_a_submission(kind: str) -> None:
    with pytest.raises(FormError):
        BOT.read(Element("x", forms.NS, {"type": kind}))


def test_a_report_has_every_column_in_every_item() -> None:
    name, url = TextSingle("name", "Name"), TextSingle("url", "URL")
    told = forms.report(
        (name, url),
        [[name.filled("Verona"), url.filled("http://verona.example/")], [name.filled("Mantua")]],
    )
    assert told == parse(
        b"<x xmlns='jabber:x:data' type='result'><reported>"
        b"<field var='name' type='text-single' label='Name'/>"
        b"<field var='url' type='text-single' label='URL'/></reported>"
        b"<item><field var='name'><value>Verona</value></field>"
        b"<field var='url'><value>http://verona.example/</value></field></item>"
        b"<item><field var='name'><value>Mantua</value></field>"
        b"<field var='url'><value></value></field></item></x>"
    )
    with pytest.raises(ValueError, match="column"):
        forms.report((), [])


def test_a_form_type_that_is_not_hidden_does_not_count() -> None:
    shown = "<field var='FORM_TYPE' type='text-single'><value>http://example.com/</value></field>"
    as_form = parse(f"<x xmlns='jabber:x:data' type='form'>{shown}</x>".encode())
    assert forms.form_type(as_form) is None
    assert forms.form_type(submit(field("FORM_TYPE", "a"))) == "a"
    assert forms.form_type(submit()) is None


def test_forms_are_found_by_type() -> None:
    query = Element("query", "urn:example:q", None, BOT.result(), submit())
    found = forms.find(query, "submit", "cancel")
    assert found is not None
    assert found.get("type") == "submit"
    first = forms.find(query)
    assert first is not None
    assert first.get("type") == "result"
    assert forms.find(query, "form") is None


def test_choices_that_cannot_be_told_apart_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="same"):
        ListSingle("f", options=(Option("a", "A"), Option("b", "A")))
    with pytest.raises(ValueError, match="same"):
        ListMulti("f", options=(Option("a"), Option("a")))
    with pytest.raises(ValueError, match="same"):
        Form((TextSingle("f"), Boolean("f")))
