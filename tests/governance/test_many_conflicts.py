"""A change with 400 conflicts: they come in pages, and each page keeps its answers."""

import re

import pytest
from django.urls import reverse

from governance.integration import integration_of
from governance.models import Change
from governance.presenting.merging import PER_PAGE
from tests.cast import go_live, propose
from tests.pages import nodes_of, text_of

pytestmark = pytest.mark.django_db

STEPS = 200
MOST_NODES = 5_000


def steps(count):
    """Edits that add so many steps in a row."""
    made = [
        {"name": f"Step {n}", "stage": "start", "kind": "wait", "wait": "P1D"} for n in range(count)
    ]
    yield from (
        {"op": "add", "element": "steps", "key": f"s-{n}", "fields": fields}
        for n, fields in enumerate(made)
    )
    ways = [("wait", f"s-{n}") for n in range(count)] + [(f"s-{n}", "end") for n in range(count)]
    for number, (source, target) in enumerate(ways):
        fields = {"source": source, "target": target}
        yield {"op": "add", "element": "transitions", "key": f"t-{number}", "fields": fields}


def said(word, count):
    """Edits of two fields of each of these steps."""
    for n in range(count):
        fields = {"name": f"{word} {n}", "purpose": word}
        yield {"op": "update", "element": "steps", "key": f"s-{n}", "fields": fields}


def clashing(cast, count):
    """A change with two conflicts in each of so many steps."""
    go_live(cast, *steps(count))
    change = propose(cast, *said("Mine", count))
    go_live(cast, *said("Theirs", count))
    return Change.objects.get(pk=change.pk)


@pytest.fixture
def few(cast):
    """Two pages of conflicts."""
    return clashing(cast, PER_PAGE - 5)


def page(client, person, change, number=1):
    client.force_login(person)
    address = reverse("change-detail", args=[change.number])
    return client.get(f"{address}?tab=conflicts&page={number}")


def choices(answer):
    """The fingerprints of the conflicts on a page, in their order."""
    return list(dict.fromkeys(re.findall(r'name="choice-(\w+)"', answer.content.decode())))


def send(client, change, answer, number=1, **more):
    form = {f"choice-{name}": "mine" for name in choices(answer)}
    form |= {"digest": change.digest, "page": number, **more}
    return client.post(reverse("change-rebase", args=[change.number]), form)


def open_now(change):
    return len(integration_of(Change.objects.get(pk=change.pk)).merge.conflicts)


def test_page_of_four_hundred_conflicts_is_small(client, cast):
    change = clashing(cast, STEPS)

    answer = page(client, cast.mei, change)

    assert nodes_of(answer) < MOST_NODES
    assert len(choices(answer)) == PER_PAGE
    assert "25 of 400 conflicts shown, 400 still open." in text_of(answer)


def test_pages_show_every_conflict_once(client, cast, few):
    found = [name for number in (1, 2) for name in choices(page(client, cast.mei, few, number))]

    expected = {one.fingerprint for one in integration_of(few).merge.conflicts}
    assert len(found) == len(expected)
    assert set(found) == expected


@pytest.mark.parametrize("number", ["0", "-1", "x", "", "9" * 30, "²"])
def test_page_that_is_none_is_the_first(client, cast, few, number):
    assert choices(page(client, cast.mei, few, number)) == choices(page(client, cast.mei, few))


def test_page_beyond_the_last_is_the_last(client, cast, few):
    last = choices(page(client, cast.mei, few, 2))

    assert last == choices(page(client, cast.mei, few, 99))


def test_page_keeps_its_choices_and_goes_on_to_open_ones(client, cast, few):
    first = page(client, cast.mei, few)
    behind = choices(page(client, cast.mei, few, 2))

    answer = send(client, few, first, keep="1")

    assert open_now(few) == len(behind)
    following = client.get(answer.url)
    assert choices(following)[: len(behind)] == behind
    assert f"{len(behind)} still open" in text_of(following)


def test_who_began_with_the_last_page_goes_on_with_the_first(client, cast, few):
    answer = send(client, few, page(client, cast.mei, few, 2), number=2, keep="1")

    assert answer.url.endswith("?tab=conflicts")


def test_new_version_is_offered_once_the_other_pages_are_settled(client, cast, few):
    first = page(client, cast.mei, few)
    assert "when nothing is open on the other pages" in text_of(first)
    assert "Take version 3 " not in text_of(first)

    following = client.get(send(client, few, first, keep="1").url)

    assert "Take version 3 " in text_of(following)


def test_stored_choices_count_when_the_version_is_taken(client, cast, few):
    following = client.get(send(client, few, page(client, cast.mei, few), keep="1").url)

    assert send(client, few, following).status_code == 302

    few.refresh_from_db()
    assert few.base_number == 3
    document = few.revisions.get(number=few.revision).document
    assert {step["purpose"] for step in document["steps"] if step["key"].startswith("s-")} == {
        "Mine"
    }


def test_refusal_shows_the_same_page_with_its_choices(client, cast, few):
    second = page(client, cast.mei, few, 2)

    answer = send(client, few, second, number=2)

    assert answer.status_code == 409
    assert choices(answer) == choices(second)
    assert answer.content.decode().count('value="mine" checked') == len(choices(second))
