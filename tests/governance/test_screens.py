"""What the screens of changes say: why a row is mine, how many wait, content before and after."""

from importlib import import_module

import pytest
from django.urls import reverse

from governance import queries
from governance.presenting.rows import folded
from governance.services import edit_change, open_change
from governance.transitions import Action
from tests.cast import reach, take

WARMER = "<h1>A warm welcome</h1><p>Your account is open.</p>"


@pytest.fixture
def wording(cast):
    """A change of the welcome e-mail itself, in review."""
    change = open_change(
        kind="asset", key="onboarding-welcome", title="Warmer words", actor=cast.mei
    )
    reworded = {"op": "update", "element": "renditions", "key": "en", "fields": {"body": WARMER}}
    edit_change(number=change.number, actor=cast.mei, edits=[reworded])
    take(change, Action.SUBMIT, cast.mei)
    return change


def page(client, user, name, *arguments):
    """The page that this person sees at the address of that name."""
    client.force_login(user)
    return client.get(reverse(name, args=arguments)).content.decode()


def test_inbox_says_as_what_the_reader_decides(client, cast):
    reach(cast, "in_review")

    assert "you decide as Journey manager" in page(client, cast.ana, "inbox")
    assert "you decide as lead for E-mail" in page(client, cast.tom, "inbox")
    assert "you decide as" not in page(client, cast.mei, "inbox")


def test_change_with_two_questions_for_a_person_waits_once(client, cast, wording):
    """Tom leads both the channel's team and the team that owns the asset."""
    assert queries.open_requirements(cast.tom).count() == 2

    assert queries.count_waiting(cast.tom) == 1
    assert "you decide as lead for E-mail, lead of Email" in page(client, cast.tom, "inbox")


def test_outline_moves_and_removes_each_element(client, cast):
    change = reach(cast, "draft")

    outline = page(client, cast.mei, "change-edit", change.number)

    assert "Remove Courtesy call" in outline
    assert "Move Courtesy call down" in outline
    assert "Move Courtesy call up" not in outline


def test_change_of_content_shows_it_before_and_after(client, cast, wording):
    shown = page(client, cast.tom, "change-detail", wording.number)

    for side, words in (("before", "<h1>Welcome</h1>"), ("after", "<h1>A warm welcome</h1>")):
        assert reverse("change-preview", args=[wording.number, side]) in shown
        assert words in page(client, cast.tom, "change-preview", wording.number, side)


@pytest.mark.parametrize("side", ["neither", "proposed"])
def test_preview_has_two_sides(client, cast, wording, side):
    client.force_login(cast.tom)

    answer = client.get(reverse("change-preview", args=[wording.number, side]))

    assert answer.status_code == 404


def test_long_stretches_that_stay_the_same_are_left_out():
    lines = "\n".join(str(number) for number in range(20))

    pieces = folded((("equal", lines + "\n"), ("insert", "new"), ("equal", "\n" + lines)))

    assert pieces == (
        ("fold", "18 lines unchanged"),
        ("equal", "18\n19\n"),
        ("insert", "new"),
        ("equal", "\n0\n1"),
        ("fold", "18 lines unchanged"),
    )


def test_short_texts_stay_whole():
    pieces = (("equal", "a\nb\n"), ("insert", "new"), ("equal", "\nc\nd"))

    assert folded(pieces) == pieces


def test_an_inbox_that_is_cut_says_so_and_leads_to_the_rest(cast, client, monkeypatch):
    monkeypatch.setattr(import_module("governance.views.inbox"), "SHOWN", 1)
    first, second = reach(cast, "in_review"), reach(cast, "in_review")
    client.force_login(cast.tom)
    page = client.get("/").content.decode()
    assert "More than 1 decisions wait for you." in page
    assert 'href="/changes/?mine=decide"' in page
    listed = client.get("/changes/?mine=decide").content.decode()
    assert all(f"CR-{change.number}" in listed for change in (first, second))
    client.force_login(cast.mei)
    none = client.get("/changes/?mine=decide").content.decode()
    assert not any(f"CR-{change.number}" in none for change in (first, second))
    assert 'href="/changes/?mine=author"' in client.get("/").content.decode()
