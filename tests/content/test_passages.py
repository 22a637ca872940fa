"""Sentences of a message, their names, and what differs between two messages."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.marking import marked
from content.passages import anchors, linked, passages, sentences
from content.sanitising import sanitised


def words(message):
    return [one.words for one in passages(message)]


def plain(message):
    return html.unescape(re.sub(r"<[^>]+>", "", message))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It is 3.5 % now.", ["It is 3.5 % now."]),
        ("您好。欢迎光临！再见", ["您好。", "欢迎光临！", "再见"]),
        ("  \n ", []),
        ("No end", ["No end"]),
    ],
    ids=ascii,
)
def test_where_sentences_end(text, expected):
    assert [text[start:stop] for start, stop in sentences(text)] == expected


def test_a_sentence_goes_on_through_emphasis():
    assert words("<p>Hello <b>Maya</b>, <i>welcome</i>. Bye.</p>") == [
        "Hello Maya, welcome.",
        "Bye.",
    ]


def test_blocks_end_sentences():
    assert words("<table><tr><td>One</td><td>Two</td></tr></table>") == ["One", "Two"]


def test_a_picture_is_spoken_about_by_its_words():
    assert words('<p>A<img src="data:x" alt="A cat"/>B</p>') == ["A", "A cat", "B"]


def test_a_sentence_keeps_its_name_wherever_it_moves():
    before = {one.words: one.name for one in passages("<p>One.</p><p>Two.</p>")}
    after = {one.words: one.name for one in passages("<p>Two.</p><p>Zero.</p><p>One.</p>")}
    assert after["One."] == before["One."]
    assert after["Two."] == before["Two."]


def test_what_is_said_twice_has_two_names():
    assert len({one.name for one in passages("<p>Hi.</p><p>Hi.</p>")}) == 2


def test_links_stand_around_sentences():
    found = linked("<p>Hi <b>you</b>.</p>", lambda one: "/x?a=1&b=2")
    assert plain(found) == "Hi you."
    assert found.count("<a ") == 3
    # The keyboard comes to a sentence once.
    assert found.count('tabindex="-1"') == 2
    assert 'href="/x?a=1&amp;b=2"' in found


def test_links_of_the_message_give_way():
    found = linked('<p><a style="color:red">Hi</a></p>', lambda one: "/x")
    assert '<span style="color:red"><a ' in found


def test_what_was_spoken_about_stands_out():
    name = passages("<p>Hi.</p>")[0].name
    assert 'class="passage said"' in linked("<p>Hi.</p>", lambda one: "/", {name})
    assert 'class="passage said"' not in linked("<p>Hi.</p>", lambda one: "/", {"other"})


def test_what_differs_is_marked_on_both_sides():
    old, new = marked("<p>Your card is here.</p>", "<p>Your new card is here!</p>")
    assert old == '<p>Your card is here<del class="mark">.</del></p>'
    assert new == '<p>Your <ins class="mark">new </ins>card is here<ins class="mark">!</ins></p>'


def test_chinese_is_compared_by_character():
    assert marked("<p>您好，朋友</p>", "<p>您好，新朋友</p>")[1] == (
        '<p>您好，<ins class="mark">新</ins>朋友</p>'
    )


def test_other_pictures_are_marked():
    old, new = marked('<p><img src="data:a" alt="A"/></p>', '<p><img src="data:b" alt="A"/></p>')
    assert '<del class="mark"><img' in old
    assert '<ins class="mark"><img' in new


def test_emphasis_alone_is_no_difference():
    old, new = marked("<p>Hi you</p>", "<p>Hi <b>you</b></p>")
    assert "mark" not in old + new


MESSAGES = st.lists(
    st.sampled_from(
        ["Hello. ", "您好。", "<b>", "</b>", "<p>", "</p>", "a & b", "&lt;", "<br/>", "!"]
    ),
    max_size=25,
).map(lambda parts: sanitised("".join(parts)))


@given(MESSAGES, MESSAGES)
def test_marks_change_no_word(before, after):
    old, new = marked(before, after)
    assert plain(old) == plain(before)
    assert plain(new) == plain(after)


@given(MESSAGES)
def test_links_change_no_word(message):
    assert plain(linked(message, lambda one: "/")) == plain(message)


@given(MESSAGES, MESSAGES)
def test_marks_leave_all_passages_where_they_are(before, after):
    assert passages(marked(before, after)[1]) == passages(after)


def test_a_customers_sentences_are_those_that_were_written():
    written = passages("<p>Dear you.</p><p>It is here.</p><p>Yours, a bank</p>")
    shown = passages("<p>Dear Maya.</p><p>It is here.</p><p>Yours, the bank</p>")
    assert anchors(written, shown) == written


def test_a_sentence_for_some_customers_alone_moves_no_other():
    written = passages("<p>Dear you, all is well.</p><p>Yours, a bank</p>")
    shown = passages("<p>Gold!</p><p>Dear Maya, all is well.</p><p>Yours, a bank</p>")
    assert anchors(written, shown) == [None, *written]
    assert anchors(shown, written) == shown[1:]


def test_a_sentence_nobody_wrote_leads_nowhere():
    text = linked("<p>Gold!</p><p>Hello.</p>", lambda one: one.name, written=passages("Hello."))
    assert text.count('class="passage"') == 1
    assert "<p>Gold!</p>" in text
