"""Reviewers see all of what they approve, or are told what they do not see."""

import pytest
from django.urls import reverse

import content.services
from content.reading import links_of, words_of
from governance.presenting.rows import SHOWN_CHARACTERS, compared, text_pieces
from governance.services import edit_change, open_change
from tests.bad_input.conftest import Browser
from tests.cast import email_document, propose

LONG = " ".join(f"word{number}" for number in range(SHOWN_CHARACTERS // 6))


def test_a_text_that_is_cut_says_so_and_leads_to_the_whole():
    row = compared("Body", LONG, LONG + " end", whole="/whole/")
    assert len(LONG) > SHOWN_CHARACTERS
    assert "40,000" in row.note
    assert row.url == "/whole/"


def test_a_text_that_fits_is_shown_whole_and_says_nothing():
    before, after = LONG[:30_000], LONG[:30_000] + " and the end"
    row = compared("Body", before, after, whole="/whole/")
    assert (row.note, row.url) == ("", "")
    assert ("insert", " and the end") in row.pieces


def test_many_different_words_are_compared_whole():
    before = "".join(chr(0x4E00 + number % 20_000) for number in range(39_000))
    pieces = text_pieces(before, before + "末")
    assert "".join(text for kind, text in pieces if kind != "delete") == before + "末"


def reworded(cast, **fields):
    """A change that shows a new version of the welcome e-mail, with these fields."""
    document = email_document()
    document["renditions"][0] |= fields
    version = content.services.add_version(asset=cast.asset, document=document, actor=cast.mei)
    slot = {"slots/body/version": version.number, "slots/body/digest": version.digest}
    return propose(
        cast, {"op": "update", "element": "steps", "key": "welcome-email", "fields": slot}
    )


def test_the_body_of_an_email_is_compared_by_its_words(cast):
    change = reworded(cast, body="<h1>Welcome</h1><p>Your account is <b>closed</b>.</p>")

    page = Browser(cast.tom).get(reverse("change-detail", args=[change.number])).content.decode()

    assert "Message, in words" in page
    assert "open</del>" in page
    assert "closed</ins>" in page


def test_another_link_behind_the_same_words_is_seen(cast):
    change = reworded(
        cast,
        body='<h1>Welcome</h1><p>Your <a href="https://x.example/">account</a> is open.</p>',
    )

    page = Browser(cast.tom).get(reverse("change-detail", args=[change.number])).content.decode()

    assert "Links lead to" in page
    assert "https://x.example/" in page
    assert "Message, in words" not in page


def test_markup_that_changes_alone_is_said_to(cast):
    change = reworded(cast, body="<h1>Welcome</h1><div>Your account is open.</div>")

    page = Browser(cast.tom).get(reverse("change-detail", args=[change.number])).content.decode()

    assert "Only the markup changes" in page


@pytest.mark.parametrize("kind", ["slot", "asset"])
def test_both_texts_can_be_read_in_full(cast, kind):
    body = f"<h1>Welcome</h1><p>{LONG}</p>"
    if kind == "slot":
        change = reworded(cast, body=body)
        place = "steps/welcome-email/slots/body/en/body"
    else:
        change = open_change(kind="asset", key=cast.asset.key, title="Longer", actor=cast.mei)
        edit = {"op": "update", "element": "renditions", "key": "en", "fields": {"body": body}}
        edit_change(number=change.number, actor=cast.mei, edits=[edit])
        place = "renditions/en/body"
    address = reverse("change-text", args=[change.number, place])
    tom = Browser(cast.tom)

    assert address in tom.get(reverse("change-detail", args=[change.number])).content.decode()
    page = tom.get(address).content.decode()
    assert LONG in page
    assert "&lt;p&gt;Your account is open.&lt;/p&gt;" in page
    assert Browser(cast.zoe).get(address).status_code == (404 if kind == "slot" else 200)


NO_TEXTS = [
    "steps",
    "steps/gone/name",
    "steps/welcome-email/slots",
    "x/y/z",
    "header/header/steps",
    "personas/x/y",
    "tags/x/y",
]


@pytest.mark.parametrize(
    "place",
    NO_TEXTS,
)
def test_a_text_that_is_not_there_is_not_found(cast, place):
    fields = {"personas": ["First job"]}
    change = propose(cast, {"op": "update", "element": "header", "fields": fields})

    address = f"/changes/{change.number}/text/{place}/"

    assert Browser(cast.tom).get(address).status_code in (200, 404)
    assert Browser(cast.zoe).get(address).status_code == 404


def test_words_and_links_of_markup():
    body = (
        "<style>p{}</style><!-- no --><p>Dear&nbsp;<b>Ana</b>,</p><p>see\n <a href='x?a=1&amp;b=2'>"
        "this</a> <img alt='A house' src=y></p><mj-button href=z>Go</mj-button>"
    )
    assert words_of(body) == "Dear Ana,\nsee this A house\nGo"
    assert links_of(body) == ["x?a=1&b=2", "z"]
