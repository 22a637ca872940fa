"""What is wrong with a template or with MJML, in sentences that can be translated."""

import pytest

from content.liquid import LiquidFault, parse, render
from content.liquid_words import sentence_for
from content.mjml import DoesNotCompile, compile_mjml
from tests.content.checking import asset, found

ENGLISH = "says in English"


def words_of(source):
    with pytest.raises(LiquidFault) as fault:
        render(parse(source), {"a": "Mei"})
    return fault.value.words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{% foo %}", "There is no tag “foo” here."),
        ("{% include 'x' %}", "There is no tag “include” here."),
        ("{% if a %}", "“endif” is missing."),
        ("{% endif %}", "“endif” belongs to nothing that is open here."),
        ("{% if a %}{% endfor %}", "“endfor” belongs to nothing that is open here."),
        ("{% else %}", "“else” belongs to nothing that is open here."),
        ("{% case a %}x", "A “case” has to go on with a “when”."),
        ("{% comment %}", "A comment is opened here and never closed."),
        ("{% %}", "A tag has no name, or no end."),
        ("{% if %}", "A tag ends after its name."),
        ("{% break %}", "“break” stands in no loop."),
        ("{% assign a %}", "There is no “=” after the name"),
        ("{% assign a.b = 1 %}", "The name of a new value has a dot in it."),
        ("{% for a %}", "There is no “in” in a “for”."),
        ("{% for a in b foo %}x{% endfor %}", "Behind the list of a “for”"),
        ("{{ a. }}", "A name is missing"),
        ("{{ a[ }}", "A square bracket is not closed"),
        ("{{ 'a }}", "A quotation mark is not closed."),
        ('{{ "a }}', "A quotation mark is not closed."),
        ("{% if a & b %}x{% endif %}", "“&” means nothing here."),
        ("{{ a ! b }}", "“!” means nothing here."),
        ("{{ | a }}", "There is no value before “|”."),
        ("{{ }}", "A value is missing."),
        ("{% if a > %}x{% endif %}", "A value is missing."),
        ("{% if a = b %}x{% endif %}", "A single “=” compares nothing."),
        ("{{ a b }}", "There is something too much in a tag"),
        ("{% if (a %}x{% endif %}", "Parentheses cannot stand in a condition."),
        ("{% for a in (1..3 %}x{% endfor %}", "A parenthesis is not closed."),
        ("{{ a | nope }}", "There is no filter “nope”."),
        ("{{ a | upcase: 1 }}", "The filter “upcase” was given too much or too little."),
        ("{{ a | append }}", "The filter “append” was given too much or too little."),
        ("{{ a | divided_by: 0 }}", "Something is divided by zero."),
        ("{% if a < 1 %}x{% endif %}", "A number is compared with a text."),
        ("{% if 1 contains a %}x{% endif %}", "“contains” looks into texts and lists"),
        ("{{ a | slice: 'x' }}", "The filter “slice” needs a number."),
        ("{% for x in a limit:'q' %}x{% endfor %}", "There is a text where a number is needed."),
        ("{{ a | sum }}", "A filter cannot do anything with this value."),
        ("{{ a | concat: 1 }}", "A filter cannot do anything with this value."),
        ("{{ zzz.b }}", "“zzz” has no value."),
    ],
)
def test_what_the_library_says_is_said_in_words_of_our_own(source, words):
    told = words_of(source)
    assert told.startswith(words)
    assert ENGLISH not in told


def test_what_is_not_known_is_quoted_and_called_english():
    assert sentence_for("something 100% new") == (
        "The program that reads it says in English: “something 100% new”."
    )


def test_a_sign_of_the_format_in_a_name_does_no_harm():
    assert "“%s”" in sentence_for("unknown filter '%s'")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<mjml><mj-text>a</mj-text></mjml>", "because <mj-text> cannot stand where it does"),
        (
            "<mjml><mj-head><mj-attributes>x</mj-attributes></mj-head></mjml>",
            "something where only other tags of MJML can stand",
        ),
        ("<mj-text>a</mj-text>", "something where only other tags of MJML can stand"),
        ("Hi", "because"),
        ("<mjml/>x", "because a tag in it cannot be read"),
    ],
)
def test_why_mjml_does_not_compile_is_said_too(body, words):
    message = found(asset(body=body, format="mjml"))["mjml-broken"].message
    assert words in message
    assert ENGLISH not in message


def test_what_the_compiler_says_beyond_that_is_quoted(monkeypatch):
    def broken(_source):
        raise ValueError("a new fault")

    monkeypatch.setattr("content.mjml.mrml.mjml2html", broken)
    message = found(asset(body="<mjml></mjml>", format="mjml"))["mjml-broken"].message
    assert message.endswith("The compiler says in English: “a new fault”.")
    with pytest.raises(DoesNotCompile) as fault:
        compile_mjml("<mjml></mjml>")
    assert (fault.value.code, fault.value.name) == ("", "")
