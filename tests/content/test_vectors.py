"""Nothing executable survives: known attacks through every way in, looked at by another parser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from content.mjml import DoesNotCompile, compile_mjml
from content.sanitising import TooLarge, clean, sanitised
from tests.content import vectors
from tests.content.harmless import faults

MJML = "<mjml>{}<mj-body><mj-section><mj-column>{}</mj-column></mj-section></mj-body></mjml>"


def quoted(attack: str, quote: str) -> str:
    """The attack within an attribute, with or without a way out of it."""
    return quote + attack + quote


WAYS = {
    "body": lambda attack: sanitised(attack),
    "between": lambda attack: sanitised(f"<p>before{attack}after</p>"),
    "table": lambda attack: sanitised(f"<table><tr><td>{attack}</table>"),
    "page": lambda attack: sanitised(f"<!doctype html><html><head>{attack}</head><body>{attack}"),
    "title": lambda attack: sanitised(f"<p title={quoted(attack, chr(34))}>x</p>"),
    "alt": lambda attack: sanitised(f"<img src=a.png alt={quoted(attack, chr(39))}>"),
    "bare": lambda attack: sanitised(f"<p title={attack}>x</p>"),
    "source": lambda attack: sanitised(f"<img src={quoted(attack, chr(34))}>"),
    "body-tag": lambda attack: sanitised(f"<body style={quoted(attack, chr(34))} class=x>x"),
    "sheet": lambda attack: sanitised(f"<style>p{{color:red}}{attack}</style><p class=a>x</p>"),
    "rule": lambda attack: sanitised(f"<style>p{{color:{attack}}}</style><p>x</p>"),
    "style": lambda attack: sanitised(f"<p style={quoted(attack, chr(34))}>x</p>"),
    "cleaned": lambda attack: clean(attack),
    "prose": lambda attack: clean(prose(attack)),
    "prose-html": lambda attack: clean(prose(attack, html=True)),
    "mj-text": lambda attack: from_mjml(MJML.format("", f"<mj-text>{attack}</mj-text>")),
    "mj-raw": lambda attack: from_mjml(MJML.format("", f"<mj-raw>{attack}</mj-raw>")),
    "mj-table": lambda attack: from_mjml(MJML.format("", f"<mj-table>{attack}</mj-table>")),
    "mj-style": lambda attack: from_mjml(
        MJML.format(f"<mj-head><mj-style>{attack}</mj-style></mj-head>", "<mj-text>x</mj-text>")
    ),
    "mj-inline": lambda attack: from_mjml(
        MJML.format(
            f"<mj-head><mj-style inline='inline'>p{{color:{attack}}}</mj-style></mj-head>", ""
        )
    ),
    "mj-head": lambda attack: from_mjml(
        MJML.format(f"<mj-head><mj-preview>{attack}</mj-preview><mj-title>{attack}</mj-title>"
                    "</mj-head>", "")
    ),
    "mj-attribute": lambda attack: from_mjml(
        MJML.format("", f"<mj-button css-class={quoted(attack, chr(34))} "
                        f"background-color={quoted(attack, chr(34))} "
                        f"href={quoted(attack, chr(34))}>x</mj-button>")
    ),
    "mj-image": lambda attack: from_mjml(
        MJML.format("", f"<mj-image src={quoted(attack, chr(39))} alt={quoted(attack, chr(39))} />")
    ),
}  # fmt: skip


def prose(source: str, *, html: bool = False) -> str:
    """Prose as it is read, and as a reader would that lets markup through."""
    return (
        MarkdownIt("commonmark", {"html": html}).enable(["table", "strikethrough"]).render(source)
    )


def from_mjml(source: str) -> str:
    """What is shown of an MJML message; nothing of one that does not compile."""
    try:
        return sanitised(compile_mjml(source).html)
    except (DoesNotCompile, TooLarge):
        return ""


def test_there_are_more_than_two_hundred_different_attacks():
    assert len(set(vectors.EVERY)) > 300


def test_the_other_parser_sees_what_is_wrong():
    missed = [
        one for one in [*vectors.HANDLERS, *vectors.STYLES, *vectors.LOADS] if not faults(one)
    ]
    assert missed == []


@pytest.mark.parametrize("way", WAYS)
def test_nothing_executable_survives(way):
    survived = {attack: found for attack in vectors.EVERY if (found := faults(WAYS[way](attack)))}
    assert survived == {}


@pytest.mark.parametrize("way", ["body", "style", "sheet", "mj-text"])
def test_what_was_made_harmless_stays_the_same(way):
    for attack in vectors.EVERY[::7]:
        once = WAYS[way](attack)
        assert faults(sanitised(once)) == []


PIECES = st.sampled_from(
    ["<", ">", "</", "/>", "<!--", "-->", "<script>", "</script>", "<style>", "</style>", "<svg>",
     "<img src=x ", "onerror=", "alert(1)", '"', "'", "`", "=", " ", "\n", "&quot;", "&lt;",
     "&#60;",
     "<p style=", "url(//evil.example)", "\\75rl(", "javascript:", "<a href=", "<math>", "<table>",
     "<mj-raw>", "<title>", "<textarea>", "]]>", "<![CDATA[", "{{", "}}", "x", "\x00", "\u2028"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_mixture_of_pieces_survives(source):
    assert faults(sanitised(source)) == []
    assert faults(from_mjml(MJML.format("", f"<mj-text>{source}</mj-text>"))) == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_no_text_survives_as_anything_but_text(source):
    assert faults(sanitised(source)) == []
