"""Sections of a message become content of their own; what is left out leaves no half frame."""

import pytest
from django.urls import reverse

import content.services
from content.adapting import Source
from content.definition import complete
from content.kinds import EMAIL, WEB_BLOCK
from content.markup import tokens
from content.models import Asset, Draft
from content.sections import sections_of, taken_out, words
from tests.cast import email_document
from tests.pages import text_of

MJML = """<mjml><mj-head><mj-title>Hi</mj-title></mj-head><mj-body>
<mj-section><mj-column><mj-text>First</mj-text></mj-column></mj-section>
<mj-section><mj-column><mj-text>Left</mj-text></mj-column><mj-column/></mj-section>
</mj-body></mjml>"""
TABLE = """<!doctype html><html><body><!--[if mso]><table><tr><td><![endif]-->
<table><tbody><tr><td><h1>One</h1></td></tr>
<!-- two --><tr><td>Two</td><td>beside</td></tr></tbody></table>
<!--[if mso]></td></tr></table><![endif]--></body></html>"""
GHOSTS = (
    "<div><!--[if mso]><table><![endif]--><p>One</p>"
    "<p>Two</p><!--[if mso]></table><![endif]--></div>"
)


def of(body):
    return sections_of({"body": body}, EMAIL.field("body"))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (MJML, ["First", "Left"]),
        (TABLE, ["One", "Two beside"]),
        ("<h1>One</h1><p>Two <b>bold</b></p>", ["One", "Two bold"]),
        ("<p>One <b>bold</b> and <i>more</i></p>", ["One bold and more"]),
        ("<p>One<p>Two", ["One", "Two"]),
        ("Only words", ["Only words"]),
        ("<div>loose <p>One</p><p>Two</p></div>", ["loose One Two"]),
        ("", []),
        ("<p a='>'>One</p ><p>Two</p>", ["One", "Two"]),
        ("<<<p>", ["<<"]),
        ("<style>p{}</style><div><h1>One</h1><p>Two</p></div>", ["One", "Two"]),
        ("<div><h1>One</h1><style>p{}</style><p>Two</p></div>", ["One", "Two"]),
    ],
)
def test_markup_falls_into_what_stands_below_each_other(body, found):
    parts = of(body)
    assert [words(one, EMAIL.field("body")) for one in parts.pieces] == found
    if "[if" not in body:
        assert parts.only(range(len(parts.pieces))) == body


def test_the_frame_stays_around_what_is_taken():
    assert of(MJML).only([1]).count("<mj-section>") == 1
    assert of(MJML).only([1]).startswith("<mjml><mj-head>")
    assert of(MJML).only([1]).endswith("</mj-body></mjml>")
    assert "beside" not in of(TABLE).only([0])


def test_frames_for_outlook_between_sections_go():
    assert of(GHOSTS).only([1]) == "<div><p>Two</p></div>"


def test_prose_falls_into_paragraphs():
    block = WEB_BLOCK.field("body")
    parts = sections_of({"body": "# Head\n\n\nOne\nstill one\n \nTwo"}, block)
    assert parts.pieces == ("# Head", "One\nstill one", "Two")
    assert parts.only([2, 0, 9]) == "# Head\n\nTwo"


def bilingual(chinese):
    document = email_document()
    document["renditions"][0]["body"] = "<h1>Hi</h1><p>One</p><p>Two</p>"
    more = {**document["renditions"][0], "key": "zh-hans", "body": chinese}
    document["renditions"].append(more)
    return complete(document)


@pytest.mark.parametrize(
    ("chinese", "kept"),
    [("<h1>您好</h1><p>一</p><p>二</p>", ["en", "zh-hans"]), ("<p>一</p>", ["en"])],
)
def test_other_languages_come_along_where_they_have_as_many(chinese, kept):
    source, found = taken_out(Source("a", 1, bilingual(chinese)), "en", [2])
    assert found == kept
    assert source.document["renditions"][0]["body"] == "<p>Two</p>"
    assert source.document["renditions"][0]["text"] == "Two"


# --- the screen -----------------------------------------------------------------------------------

PAGE = reverse("asset-take-out", args=["onboarding-welcome", 1])


def test_sections_are_offered_by_their_words(signed_in, cast):
    said = text_of(signed_in("mei").get(PAGE))
    assert "Welcome" in said
    assert "Your account is open." in said


def test_what_was_chosen_is_what_is_written_on(signed_in, cast):
    client = signed_in("mei")
    answer = client.post(PAGE, {"text": "en", "section": ["1"], "kind": "email"})
    assert answer.status_code == 302
    document = Draft.objects.get().document
    assert document["renditions"][0]["body"] == "<p>Your account is open.</p>"
    assert document["adapted_from"] == [{"asset": "onboarding-welcome", "version": 1}]
    assert "Your account is open." in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("section", [[], ["99"], ["x"], ["-1"]])
def test_nothing_chosen_is_told(signed_in, cast, section):
    answer = signed_in("mei").post(PAGE, {"text": "en", "section": section})
    assert answer.status_code == 422
    assert "Choose at least one section." in text_of(answer)
    assert not Draft.objects.exists()


def test_a_message_of_one_piece_says_so(signed_in, cast):
    document = email_document()
    document["renditions"][0]["body"] = "<p>All of it</p>"
    asset = Asset.objects.get(pk=cast.asset.pk)
    content.services.add_version(asset=asset, document=document, actor=cast.mei)
    page = signed_in("mei").get(reverse("asset-take-out", args=[asset.key, 2]))
    assert "is one piece" in text_of(page)


def test_what_is_hidden_is_not_taken_apart(signed_in, cast):
    Asset.objects.filter(pk=cast.asset.pk).update(is_restricted=True)
    assert signed_in("zoe").get(PAGE).status_code == 404
    assert signed_in("zoe").post(PAGE, {"text": "en", "section": ["1"]}).status_code == 404


def test_each_tag_says_where_it_begins():
    assert [token.at for token in tokens("<p>a</p>\n<b>c")] == [0, 3, 4, 8, 9, 12]
