"""Words in the drawing: measured, wrapped and cut so that they stay within their boxes."""

from hypothesis import given
from hypothesis import strategies as st

from journeys.flow.text import shorten, text_width, wrap


@given(st.text(max_size=60), st.integers(30, 300), st.integers(1, 3))
def test_lines_fit(text, width, lines):
    wrapped = wrap(text, 13, width, lines)
    assert len(wrapped) <= lines
    assert all(text_width(line, 13) <= width + 0.01 for line in wrapped if len(line) > 1)


def test_chinese_characters_count_double():
    assert text_width("开户", 10) > 1.7 * text_width("ab", 10)
    assert shorten("开户开户开户开户", 10, 40).endswith("…")
    assert wrap("欢迎加入三分钟完成开户", 10, 60, 2) == ("欢迎加入三", "分钟完成…")


def test_words_are_not_broken_where_they_fit():
    assert wrap("Wait before the check", 13, 90, 2) == ("Wait before", "the check")
