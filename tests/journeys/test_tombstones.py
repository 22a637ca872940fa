"""What is left of what is gone: written with each version, the same when rebuilt from all."""

from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from journeys import definition, projection
from journeys.models import Journey, Tombstone
from tests.factories import JourneyFactory, journey_document, publish

pytestmark = pytest.mark.django_db
COLUMNS = ("element", "key", "name", "removed_in", "at")


def rows(journey):
    return sorted(journey.tombstones.values_list(*COLUMNS))


def shorter():
    """The small journey without its first step and what hangs on it."""
    document = journey_document()
    return document | {
        "entries": [],
        "steps": [step for step in document["steps"] if step["key"] != "welcome-email"],
        "transitions": [],
    }


@pytest.fixture
def journey():
    """Its second version is without the welcome e-mail."""
    made = JourneyFactory(key="account-opening")
    publish(made, shorter())
    return Journey.objects.get(pk=made.pk)


def test_what_a_version_takes_out_leaves_a_tombstone(journey):
    at = journey.live_version.created_at

    assert rows(journey) == [
        ("entries", "applied", "Applied", 2, at),
        ("steps", "welcome-email", "Welcome e-mail", 2, at),
        ("transitions", "to-done", "Welcome e-mail → Done", 2, at),
    ]


def test_what_comes_back_has_none(journey):
    publish(journey, journey_document())

    assert rows(journey) == []


def test_what_goes_once_more_says_when_it_went_last(journey):
    publish(journey, journey_document())
    publish(journey, shorter())

    assert {row[3] for row in rows(journey)} == {4}


def test_projecting_again_changes_nothing(journey):
    before = list(journey.tombstones.values())
    document = journey.live_version.get_document()

    projection.project(journey=journey, document=document, actor=None)
    projection.rebuild(journey=journey, document=document, actor=None)

    assert list(journey.tombstones.values()) == before


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda rows: rows.filter(element="steps").delete(), "missing row"),
        (lambda rows: rows.filter(element="steps").update(name="Hello"), "name is 'Hello'"),
        (lambda rows: rows.filter(element="steps").update(removed_in=7), "removed_in is 7"),
        (lambda rows: rows.filter(element="steps").update(key="done"), "extra row"),
    ],
)
def test_the_check_sees_what_differs_and_rebuilding_mends_it(journey, spoil, words):
    before = rows(journey)
    spoil(journey.tombstones.all())

    said = StringIO()
    with pytest.raises(CommandError):
        call_command("rebuild_projection", "--check", stdout=said)
    assert words in said.getvalue()
    call_command("rebuild_projection", stdout=StringIO())
    call_command("rebuild_projection", "--check", stdout=StringIO())

    assert rows(journey) == before


def test_a_journey_that_is_not_live_has_none(journey):
    other = JourneyFactory(is_live=False)
    Tombstone.objects.create(
        journey=other, element="steps", key="a", name="A", removed_in=2,
        at=journey.live_version.created_at,
    )  # fmt: skip

    assert [one.what for one in projection.differences(other)] == ["extra row"]
    projection.clear(journey=other, actor=None)

    assert rows(other) == []


def test_publishing_reads_one_version_more_however_many_there_are(
    journey, django_assert_num_queries
):
    document = journey.live_version.get_document()
    for _again in range(2):
        publish(journey, document)
        fresh = Journey.objects.select_related("live_version").get(pk=journey.pk)
        # Six reads of rows and the version before.
        with django_assert_num_queries(7):
            projection.project(journey=fresh, document=document, actor=None)


KEYS = ("s1", "s2", "s3")


@st.composite
def lives(draw):
    """Some versions of a journey whose steps come and go."""
    found = []
    for _version in range(draw(st.integers(1, 6))):
        steps = draw(st.lists(st.sampled_from(KEYS), unique=True))
        found.append(
            definition.complete(
                {
                    "name": "Line",
                    "stages": [{"key": "use", "name": draw(st.sampled_from(["", "Use"]))}],
                    "entries": [{"key": "in", "step": steps[0]}] if steps else [],
                    "steps": [
                        {
                            "key": key,
                            "name": draw(st.sampled_from(["", "Hello", "你好"])),
                            "kind": "action",
                            "stage": "use",
                        }
                        for key in steps
                    ],
                    "transitions": [
                        {"key": f"{a}-{b}", "source": a, "target": b} for a, b in pairwise(steps)
                    ],
                }
            )
        )
    return found


class Living(TestCase):
    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(lives())
    def test_rebuilding_makes_the_same_rows(self, versions):
        journey = JourneyFactory(document=versions[0])
        for document in versions[1:]:
            publish(journey, document)
        journey = Journey.objects.get(pk=journey.pk)
        written = rows(journey)
        assert projection.differences(journey) == []

        journey.tombstones.all().delete()
        projection.rebuild(journey=journey, document=versions[-1], actor=None)

        assert rows(journey) == written
        live = {(name, one["key"]) for name in definition.COLLECTIONS for one in versions[-1][name]}
        ever = {
            (name, one["key"])
            for document in versions
            for name in definition.COLLECTIONS
            for one in document[name]
        }
        assert {(row[0], row[1]) for row in written} == ever - live
