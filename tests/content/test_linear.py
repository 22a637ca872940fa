"""No text makes a check look at it again and again: four times the text takes about four times."""

import time

import pytest

from content import sections, stylesheets
from content.markup import tokens
from content.validation import email, links, readable

# Quadratic work takes sixteen times as long, cubic sixty-four times.
MOST_TIMES = 9
SIZE = 1_000

WORK = {
    "brackets": lambda n: links.LEFT_OVER.search("[" * n),
    "phone": lambda n: links._PHONE.fullmatch("1" * n + "!"),
    "mail": lambda n: links._MAIL.fullmatch("a@" + "a." * n + "@"),
    "sender": lambda n: email._SENDER.fullmatch("x <a@" + "a." * n + "@>"),
    "sentences": lambda n: readable._END.findall("!" * n + "x"),
    "feature": lambda n: stylesheets._FEATURE.fullmatch("(a:" + " " * n),
    "length": lambda n: stylesheets._LENGTH.fullmatch("1" * n + "x"),
    "ratio": lambda n: stylesheets._RATIO.fullmatch("1" * n + "y"),
    "styles": lambda n: list(stylesheets._MARK.finditer('"' + '\\"' * n)),
    "tags": lambda n: list(tokens('<a ">"' * n)),
    "outlook": lambda n: sections._for_all("<!--[if" * n),
}


def takes(work, size):
    """The least time of some runs, each of many rounds."""
    found = []
    for _run in range(3):
        begun = time.process_time()
        for _round in range(5):
            work(size)
        found.append(time.process_time() - begun)
    return min(found)


@pytest.mark.parametrize("name", WORK)
def test_four_times_the_text_takes_about_four_times(name):
    work = WORK[name]
    assert takes(work, 4 * SIZE) < MOST_TIMES * takes(work, SIZE) + 0.01


@pytest.mark.parametrize(
    ("is_right", "address"),
    [
        (True, "a@b.cc"),
        (True, "a@b.c.dd"),
        (True, "a.b@.c.dd"),
        (False, "a@b"),
        (False, "a@.cc"),
        (False, "a@b."),
        (False, "a@b@c.dd"),
    ],
)
def test_the_same_addresses_hold(is_right, address):
    assert bool(links._MAIL.fullmatch(address)) is is_right
    assert bool(email._SENDER.fullmatch(address)) is is_right
    assert bool(email._SENDER.fullmatch(f"Bank < {address} >")) is is_right


@pytest.mark.parametrize(
    ("text", "read"),
    [("12px", "12"), (".5em", ".5"), ("1.25", "1.25"), ("1.", None), ("1.2.3", None), ("px", None)],
)
def test_the_same_lengths_are_read(text, read):
    found = stylesheets._LENGTH.fullmatch(text)
    assert (found.group(1) if found else None) == read


def test_the_same_phones_hold():
    assert links._PHONE.fullmatch("+44 20 7946 0958;ext=1")
    assert not links._PHONE.fullmatch("call me")


def test_the_same_sentences_are_counted():
    assert readable._END.findall('One. Two?! "Three!" 4.5 x') == [".", "?!", "!"]


def test_frames_for_outlook_go_and_what_begins_none_stays():
    text = "a<!--[if mso]>b<![ENDIF]-->c<!--[if x"
    assert sections._for_all(text) == "ac<!--[if x"
