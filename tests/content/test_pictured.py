"""Which pictures of a rendition a change replaces, in places for files and in messages."""

import pytest

from content.marking import marked
from content.passages import passages
from content.preview import reviewing
from content.preview.embedding import embedded, stand_in
from content.preview.look import MOST_EMBEDDED, Look
from content.preview.pictured import in_places, replaced, spoken_about

OLD, NEW, THIRD = "a" * 64, "b" * 64, "c" * 64


def with_files(**files):
    placed = {place: {"file": file, "alt": alt} for place, (file, alt) in files.items()}
    rendition = {"key": "en", "language": "en", "title": "Hi", "text": "Hi", "files": placed}
    return {"kind": "push", "renditions": [{"body": "", "format": "html", **rendition}]}


def address(sha256):
    return f"/content/card/pictures/{sha256}/"


def image(sha256, alt="A card"):
    return f'<img src="{address(sha256)}" alt="{alt}">'


def with_body(body, kind="email", form="html"):
    rendition = {"key": "en", "language": "en", "body": body, "format": form, "variables": {}}
    return {"kind": kind, "renditions": [{"subject": "", "text": "", **rendition}]}


def said(found):
    return [
        (one.place, one.before and one.before.sha256, one.after and one.after.sha256)
        for one in found
    ]


def test_a_file_in_its_place_is_replaced():
    pair = replaced(with_files(picture=(OLD, "A card")), with_files(picture=(NEW, "A card")), "en")
    assert said(pair) == [("picture", OLD, NEW)]


def test_the_same_file_with_the_same_words_is_none():
    assert replaced(with_files(picture=(OLD, "A")), with_files(picture=(OLD, "A")), "en") == []


def test_other_words_for_the_same_file_count():
    found = replaced(with_files(picture=(OLD, "A")), with_files(picture=(OLD, "B")), "en")
    assert [(one.before.alt, one.after.alt) for one in found] == [("A", "B")]


def test_what_comes_and_what_goes_in_places():
    found = replaced(
        with_files(**{"300x250": (OLD, "A")}), with_files(**{"728x90": (NEW, "A")}), "en"
    )
    assert said(found) == [("300x250", OLD, None), ("728x90", None, NEW)]


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_side_that_is_not_there(side):
    sides = {"before": None, "after": None, side: with_files(picture=(OLD, "A"))}
    assert len(replaced(sides["before"], sides["after"], "en")) == 1


@pytest.mark.parametrize(
    ("kind", "form", "written"),
    [
        ("email", "html", "<p>Hello</p>{}<p>Bye</p>{}"),
        (
            "email",
            "mjml",
            "<mjml><mj-body><mj-section><mj-column>{}{}</mj-column></mj-section></mj-body></mjml>",
        ),
        ("web-block", "html", "Hello\n\n{}\n\n{}"),
    ],
)
def test_a_picture_of_a_message_is_replaced(kind, form, written):
    def drawn(sha256):
        if form == "mjml":
            return f'<mj-image src="{address(sha256)}" alt="A card" />'
        return f"![A card]({address(sha256)})" if kind == "web-block" else image(sha256)

    before, after = (
        with_body(written.format(drawn(first), drawn(THIRD)), kind, form) for first in (OLD, NEW)
    )
    found = replaced(before, after, "en")
    assert said(found) == [("", OLD, NEW)]
    assert (found[0].number, found[0].after.alt) == (1, "A card")


def test_a_new_picture_of_a_message_stands_in_the_message_alone():
    before, after = with_body(image(OLD)), with_body(image(OLD) + "<p>x</p>" + image(NEW))
    assert replaced(before, after, "en") == []


def test_a_picture_that_replaces_another_with_the_same_words_is_marked_in_the_message():
    both = marked(*(reviewing.message(with_body(image(one)), "en") for one in (OLD, NEW)))
    assert ['class="mark"' in one for one in both] == [True, True]


def test_the_name_of_a_picture_does_not_depend_on_who_sees_it():
    document = with_body(image(OLD))
    names = {one.name for one in passages(reviewing.message(document, "en"))}
    seen = Look(pictures={OLD: "data:image/png;base64,AAAA"})
    assert {one.name for one in passages(reviewing.message(document, "en", seen))} == names


def test_stored_pictures_stand_in_the_page_in_the_end():
    seen = Look(pictures={OLD: "data:image/png;base64,AAAA"})
    page = reviewing.reviewed(with_body(image(OLD) + image(NEW)), "en", str, seen)
    assert page.count("data:image/png;base64,AAAA") == 1
    assert stand_in(NEW) in page


def test_a_page_does_not_grow_beyond_bounds():
    large = Look(pictures={OLD: "data:image/png;base64," + "A" * (MOST_EMBEDDED // 2)})
    once = f'<img src="{stand_in(OLD)}"/>'
    assert stand_in(OLD) not in embedded(once, large)
    assert embedded(once * 2, large) == once * 2


def test_another_file_in_the_same_place_is_another_passage():
    old, new = (with_files(picture=(one, "A"))["renditions"][0] for one in (OLD, NEW))
    assert [one.words for one in spoken_about(old)] == ["A"]
    assert spoken_about(old)[0].name != spoken_about(new)[0].name


def test_a_place_without_a_file_is_none():
    rendition = with_files(picture=(None, "A"))["renditions"][0]
    assert in_places(rendition) == {}
