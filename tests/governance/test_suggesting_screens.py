"""The forms and cards of suggested edits."""

import pytest
from django.urls import reverse

from governance.models import Suggestion
from governance.transitions import Action
from tests.cast import rename
from tests.governance.posting import as_posted
from tests.governance.suggesting import (
    CALM,
    apply,
    in_review,
    proposed_name,
    suggest,
)
from tests.pages import text_of


@pytest.fixture
def change(cast):
    return in_review(cast)


@pytest.fixture
def suggestion(cast, change):
    return suggest(cast, change)


def address(change, *place):
    return reverse("change-suggest", args=[change.number, *(place or ("steps", "welcome-email"))])


def test_the_form_shows_what_is_proposed_and_keeps_what_differs(signed_in, change):
    client = signed_in("jun")
    page = client.get(address(change)).content.decode()
    assert 'value="A warm welcome"' in page

    sent = as_posted(page) | {"name": CALM, "comment": "Less heat"}
    answer = client.post(address(change), sent)

    assert answer.headers["Location"].endswith("#hunk-steps-welcome-email")
    suggestion = Suggestion.objects.get()
    assert (suggestion.edits, suggestion.comment) == ([rename(CALM)], "Less heat")


def test_a_form_that_changes_nothing_says_so(signed_in, change):
    client = signed_in("jun")
    sent = as_posted(client.get(address(change)).content.decode())

    answer = client.post(address(change), sent)

    assert answer.status_code == 422
    assert "This suggests nothing" in text_of(answer)


def test_a_form_without_its_digest_is_asked_again(signed_in, change):
    client = signed_in("jun")
    sent = as_posted(client.get(address(change)).content.decode()) | {"name": CALM, "digest": ""}

    assert client.post(address(change), sent).status_code == 422
    assert not Suggestion.objects.exists()


def test_a_form_sent_twice_is_one_suggestion(signed_in, change):
    client = signed_in("jun")
    sent = as_posted(client.get(address(change)).content.decode()) | {"name": CALM}

    client.post(address(change), sent)
    client.post(address(change), sent)

    assert Suggestion.objects.count() == 1


def test_the_header_has_a_form_too(signed_in, change):
    client = signed_in("jun")
    place = address(change, "header", "header")
    sent = as_posted(client.get(place).content.decode()) | {"purpose": "To the first payment"}

    client.post(place, sent)

    assert Suggestion.objects.get().element == ""


@pytest.mark.parametrize(
    ("name", "place", "status"),
    [
        ("mei", ("steps", "welcome-email"), 403),
        ("zoe", ("steps", "welcome-email"), 404),
        ("jun", ("steps", "nowhere"), 404),
        ("jun", ("nothing", "welcome-email"), 404),
    ],
)
def test_there_is_no_form_for(signed_in, change, name, place, status):
    assert signed_in(name).get(address(change, *place)).status_code == status


def test_the_card_shows_the_suggestion_and_its_author_the_buttons(signed_in, cast, change):
    suggestion = suggest(cast, change, comment="Less heat")
    where = reverse("change-detail", args=[change.number])
    button = reverse("suggestion-apply", args=[change.number, suggestion.pk])

    page = signed_in("mei").get(where)
    assert "Jun suggests" in text_of(page)
    assert "Less heat" in text_of(page)
    assert button in page.content.decode()

    others = signed_in("tom").get(where)
    assert "Jun suggests" in text_of(others)
    assert button not in others.content.decode()


def test_one_click_applies(signed_in, change, suggestion):
    client = signed_in("mei")
    button = reverse("suggestion-apply", args=[change.number, suggestion.pk])

    answer = client.post(button, {"digest": change.digest}, follow=True)

    assert "Applied" in text_of(answer)
    assert proposed_name(change) == CALM
    assert "applied a suggestion for “A calm welcome”" in text_of(
        client.get(reverse("change-detail", args=[change.number]) + "?tab=conversation")
    )


def test_a_double_click_applies_once(signed_in, change, suggestion):
    client = signed_in("mei")
    button = reverse("suggestion-apply", args=[change.number, suggestion.pk])
    sent = {"digest": change.digest, "form_token": change.digest}

    client.post(button, sent)
    answer = client.post(button, sent, follow=True)

    assert "Applied" in text_of(answer)
    assert change.ledger.filter(action=Action.APPLY).count() == 1


def test_who_made_it_takes_it_back_with_one_click(signed_in, change, suggestion):
    where = reverse("change-detail", args=[change.number])
    button = reverse("suggestion-withdraw", args=[change.number, suggestion.pk])
    for other in ("mei", "tom"):
        assert button not in signed_in(other).get(where).content.decode()
    client = signed_in("jun")
    assert button in client.get(where).content.decode()

    sent = {"form_token": change.digest}
    client.post(button, sent)
    answer = client.post(button, sent, follow=True)

    assert "Taken back by Jun" in text_of(answer)
    assert button not in answer.content.decode()
    told = text_of(client.get(where + "?tab=conversation"))
    assert "took back a suggestion for “" in told


def test_an_outdated_suggestion_says_so_and_is_refused_in_words(
    signed_in, cast, change, suggestion
):
    apply(cast, suggest(cast, change, rename("A hot welcome")))
    change.refresh_from_db()
    client = signed_in("mei")

    page = client.get(reverse("change-detail", args=[change.number]))
    assert "it cannot be applied as it is" in text_of(page)

    button = reverse("suggestion-apply", args=[change.number, suggestion.pk])
    assert button not in page.content.decode()
    answer = client.post(button, {"digest": change.digest}, follow=True)
    assert "has changed since, so it cannot be applied" in text_of(answer)


def test_declining_asks_for_words_first(signed_in, change, suggestion):
    client = signed_in("mei")
    button = reverse("suggestion-decline", args=[change.number, suggestion.pk])

    assert client.get(button).status_code == 200
    assert client.post(button, {"comment": ""}).status_code == 422
    client.post(button, {"comment": "Warm is what we want"})

    suggestion.refresh_from_db()
    assert suggestion.state == "declined"
    answer = client.get(reverse("change-detail", args=[change.number]) + "?tab=conversation")
    assert "declined a suggestion for “A warm welcome”" in text_of(answer)


def test_a_suggestion_for_what_the_change_leaves_alone_is_shown_apart(signed_in, cast, change):
    suggest(cast, change, rename("A short wait", "wait"))

    page = text_of(signed_in("mei").get(reverse("change-detail", args=[change.number])))

    assert "Suggestions for what the change does not touch" in page
    assert "Jun suggests for “Wait”" in page
