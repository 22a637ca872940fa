"""PDFs of strangers: what a poster needs is kept, what acts is refused with its reason."""

import io

import pytest

from cjops.core.errors import Invalid, TooLarge
from content.media.papers import NotDrawn, drawn_page, is_pdf, read_pdf
from tests.bad_input import papers
from tests.bad_input.papers import opening, paper

MOST = 1024 * 1024


def read(data: bytes, most: int = MOST):
    return read_pdf(io.BytesIO(data), most_bytes=most)


def reason(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read(data)
    return refused.value.errors["file"][0]


def test_a_plain_pdf_is_kept_with_its_pages_and_size():
    drawn = read(paper(3))
    assert (drawn.media_type, drawn.frames, drawn.width, drawn.height) == (
        "application/pdf",
        3,
        300,
        400,
    )
    assert is_pdf(io.BytesIO(drawn.data))


def test_the_same_file_is_the_same_bytes():
    assert read(paper()).data == read(paper()).data


def test_what_only_says_where_to_open_is_kept():
    assert read(opening(papers.GOES)).frames == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (opening(papers.SCRIPT), "script or a film"),
        (opening(papers.DISGUISED), "script or a film"),
        (papers.hidden_in_a_stream(), "script or a film"),
        (opening(papers.LAUNCH), "starts programs"),
        (opening(papers.SENDS), "starts programs"),
        (opening(papers.GOES, papers.LINK), "starts programs"),
        (papers.attached(), "files attached"),
        (papers.encrypted(), "encrypted or has a password"),
        (papers.locked(), "encrypted or has a password"),
        (papers.form(), "a form in the PDF"),
        (paper(5), "4 pages at most"),
        (paper(size=(9_000, 9_000)), "larger than paper"),
        (b"%PDF-1.7\n" + b"x" * 5_000, "damaged or not whole"),
        (paper()[:300], "damaged or not whole"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_pdf_that_does_something_is_refused_and_says_why(data, words):
    assert words in reason(data)


def test_what_stands_behind_the_pdf_is_gone():
    polyglot = paper() + b"PK\x03\x04 and a whole archive"
    assert b"archive" not in read(polyglot).data


def test_a_pdf_over_the_limit_is_refused_unread():
    with pytest.raises(TooLarge) as refused:
        read(paper() + b" " * 2_000_000)
    assert "1 MB" in refused.value.message


def test_a_page_is_drawn_at_the_size_asked_for():
    drawn = drawn_page(io.BytesIO(read(paper()).data), 1, 200)
    assert (drawn.media_type, drawn.width, drawn.height) == ("image/jpeg", 150, 200)


def test_a_page_that_is_not_there_is_not_drawn():
    with pytest.raises(NotDrawn):
        drawn_page(io.BytesIO(read(paper()).data), 7, 200)
