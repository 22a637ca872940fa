"""New content from what there is: where words go, and what is told when the original moves on."""

import pytest
from django.urls import reverse

import content.services
from cjops.core.errors import Invalid
from content import lineage
from content.adapting import Source, made_from
from content.definition import complete
from content.kinds import KINDS
from content.models import Draft
from tests.cast import email_document
from tests.content.test_views import CREATE, DETAIL, first
from tests.pages import text_of

MAIL = complete({
    "name": "Rates", "kind": "email", "tags": ["a:b"],
    "renditions": [
        {"key": "en", "subject": "New rates", "body": "<p>Hello <b>you</b></p><a href='https://b.example'>x</a>",
         "variables": {"rate": {"sample": "2"}}},
        {"key": "zh-hans", "subject": "新利率", "body": "<p>您好</p>"},
    ],
})  # fmt: skip
NOTE = complete(
    {"name": "Note", "kind": "sms", "renditions": [{"key": "en", "text": "Bye & thanks"}]}
)


def test_an_email_becomes_a_push():
    made = made_from([Source("rates", 3, MAIL)], "push")
    first_one = made["renditions"][0]
    assert first_one["title"] == "New rates"
    assert first_one["text"].startswith("Hello you")
    assert first_one["link"] == "https://b.example"
    assert first_one["variables"] == {"rate": {"sample": "2", "fallback": ""}}
    assert made["adapted_from"] == [{"asset": "rates", "version": 3}]


def test_a_text_becomes_markup_and_is_escaped():
    made = made_from([Source("note", 1, NOTE)], "email")
    assert made["renditions"][0]["body"] == "<p>Bye &amp; thanks</p>"


def test_one_language_is_taken_out():
    made = made_from([Source("rates", 1, MAIL)], "email", ["zh-hans"])
    assert [one["key"] for one in made["renditions"]] == ["zh-hans"]


def test_several_become_one_in_their_order():
    text = {"key": "en", "subject": "A", "body": "<html><body><p>One</p></body></html>"}
    page = complete({"name": "A", "kind": "email", "renditions": [text]})
    made = made_from([Source("a", 1, page), Source("rates", 2, MAIL)], "email")
    body = made["renditions"][0]["body"]
    assert body.index("One") < body.index("Hello")
    assert body.endswith("</body></html>")
    assert [one["asset"] for one in made["adapted_from"]] == ["a", "rates"]
    assert made["renditions"][0]["subject"] == "A"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("source", [MAIL, NOTE])
def test_every_kind_can_be_made_of_every_other(kind, source):
    assert made_from([Source("a", 1, source)], kind)["kind"] == kind


@pytest.mark.parametrize("count", [0, 11])
def test_nothing_and_too_much(count):
    with pytest.raises(Invalid):
        made_from([Source(f"a{n}", 1, NOTE) for n in range(count)], "sms")


@pytest.fixture
def adapted(signed_in, cast):
    """A text message that Mei made from the welcome e-mail."""
    client = signed_in("mei")
    answer = client.post(
        reverse("asset-adapt", args=["onboarding-welcome", 1]), {"kind": "push", "texts": "en"}
    )
    token = answer.headers["Location"].partition("draft=")[2]
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "adapted_from" in Draft.objects.get().document
    values = {
        "kind": "push",
        "draft": token,
        "en.title": "Hi",
        "en.text": "There",
        "draft_count": "1",
    }
    client.post(CREATE, first(do="draft") | values)
    client.post(CREATE, first(do="anyway") | values | {"draft_count": "2"})
    return client


def test_lineage_shows_on_both_pages(adapted):
    page = text_of(adapted.get("/content/rate-letter/"))
    assert "Made from" in page
    assert "Onboarding welcome" in page
    assert "Rate letter" in text_of(adapted.get(DETAIL))


def test_who_does_not_see_the_origin_is_not_told_of_it(adapted, signed_in, cast):
    cast.asset.is_restricted = True
    cast.asset.save()
    page = text_of(signed_in("zoe").get("/content/rate-letter/"))
    assert "Rate letter" in page
    assert "Onboarding welcome" not in page
    where = reverse("origin-changes", args=["rate-letter", "onboarding-welcome"])
    assert signed_in("zoe").get(where).status_code == 404
    assert signed_in("mei").get(where).status_code == 200


def test_the_origin_moves_on_and_that_is_seen(adapted, cast):
    version = content.services.add_version(
        asset=cast.asset, document=email_document("Quite another"), actor=cast.tom
    )
    assert "has changed" not in text_of(adapted.get("/content/rate-letter/"))
    content.services.make_live(bound=[("onboarding-welcome", version.number)])
    assert "has changed" in text_of(adapted.get("/content/rate-letter/"))
    page = adapted.get(reverse("origin-changes", args=["rate-letter", "onboarding-welcome"]))
    assert "another" in text_of(page)
    assert len(lineage.behind([cast.asset.pk])) == 1

    write = reverse("asset-write", args=["rate-letter"])
    seen = f"onboarding-welcome:{version.number}"
    assert seen in adapted.get(f"{write}?seen={seen}").content.decode()
    answer = adapted.post(write, first(do="anyway", base="1", seen=seen, **{"en.title": "Hi"}))
    assert answer.status_code == 302
    assert "has changed" not in text_of(adapted.get("/content/rate-letter/"))


def test_pieces_are_put_together_by_buttons(signed_in, cast):
    client, where = signed_in("mei"), reverse("asset-compose")
    page = client.get(where, {"add": "onboarding-welcome"})
    assert 'name="from" value="onboarding-welcome"' in page.content.decode()
    answer = client.post(where, {"from": ["onboarding-welcome"], "do": "compose", "kind": "sms"})
    assert "draft=" in answer.headers["Location"]
    assert Draft.objects.get().kind == "sms"


@pytest.mark.parametrize("given", [{}, {"from": "hidden"}, {"from": "\x00"}, {"from": "é"}])
def test_putting_nothing_together_is_told(signed_in, cast, given):
    answer = signed_in("mei").post(reverse("asset-compose"), {"do": "compose"} | given)
    assert answer.status_code == 422


def test_what_is_ticked_in_the_library_is_put_together(signed_in, cast):
    client = signed_in("mei")
    assert f'formaction="{reverse("asset-compose")}"' in client.get(reverse("asset-list")).text
    page = client.get(reverse("asset-compose"), {"asset": "onboarding-welcome"}).text
    assert 'name="from" value="onboarding-welcome"' in page
    assert "At most" not in page


def test_too_many_pieces_are_told(signed_in, cast):
    chosen = ["onboarding-welcome", *(f"piece-{number}" for number in range(10))]
    page = signed_in("mei").get(reverse("asset-compose"), {"asset": chosen}).text
    assert "At most 10 pieces are put together, and you chose 11" in page
