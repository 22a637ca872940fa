"""The rows of a journey are its live version, and nothing else writes them."""

from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cjops.core.errors import DocumentInvalid
from journeys import definition, projection
from journeys.models import (
    Journey,
    JourneyTag,
    SlotBinding,
    Stage,
    Step,
    StepGroupObjectPermission,
    StepTag,
    StepUserObjectPermission,
    Transition,
)
from journeys.rows import rows_of
from tags.models import Concept, Taxonomy
from tests.factories import (
    AssetFactory,
    ChannelFactory,
    JourneyFactory,
    TeamFactory,
    UserFactory,
    journey_document,
    publish,
    slot_of,
)
from tests.refusing import refused

PROJECTED = (Stage, Step, Transition, SlotBinding, StepTag, JourneyTag)
CONCEPTS = ("cards", "loans", "cards-2")


def world() -> dict:
    """What journeys may name: two channels, two teams, two assets, three concepts."""
    teams = [TeamFactory(key=key) for key in ("one", "two")]
    assets = {asset.key: asset for asset in (AssetFactory(key="a", team=teams[0]),)}
    assets["b"] = AssetFactory(key="b", kind="sms", team=teams[1], document={"renditions": []})
    taxonomy = Taxonomy.objects.create(key="topic", name="Topic", team=teams[0])
    for rank, key in enumerate(CONCEPTS):
        Concept.objects.create(
            taxonomy=taxonomy, key=key, label=key, status="active", rank=str(rank + 1)
        )
    return {"slots": [slot_of(asset.live_version) for asset in assets.values()]}


def columns(model, journey) -> list[tuple]:
    """The rows of one kind without what tells two journeys apart."""
    names = {
        Stage: ("key", "rank", "name", "description"),
        Step: (
            "key",
            "rank",
            "stage__key",
            "name",
            "kind",
            "channel__key",
            "team__key",
            "purpose",
            "touchpoint",
            "frequency_class",
        ),
        Transition: ("key", "rank", "source__key", "target__key", "condition", "delay", "share"),
        SlotBinding: ("step__key", "slot", "purpose", "asset__key", "version"),
        StepTag: ("step__key", "concept__key"),
        JourneyTag: ("concept__key",),
    }[model]
    place = "journey" if model in (Stage, Step, Transition, JourneyTag) else "step__journey"
    return sorted(model.objects.filter(**{place: journey}).values_list(*names), key=repr)


def everything(journey) -> dict:
    """All that is projected of a journey."""
    rows = {model.__name__: columns(model, journey) for model in PROJECTED}
    stored = Journey.objects.get(pk=journey.pk)
    return rows | {name: getattr(stored, name) for name in rows_of(journey_document()).header}


STEP_KEYS = ("s1", "s2", "s3", "s4", "s5")
STAGE_KEYS = ("g1", "g2", "g3")
TAGS = st.lists(st.sampled_from([f"topic:{key}" for key in CONCEPTS]), unique=True, max_size=3)
WORDS = st.sampled_from(["", "Hello", "你好", "<b>"])


@st.composite
def documents(draw, slots):
    """Any journey that names only what there is."""
    stages = draw(st.lists(st.sampled_from(STAGE_KEYS), unique=True, min_size=1))
    keys = draw(st.lists(st.sampled_from(STEP_KEYS), unique=True))
    steps = [
        {
            "key": key,
            "stage": draw(st.sampled_from(stages)),
            "name": draw(WORDS),
            "kind": draw(st.sampled_from(definition.STEP_KINDS)),
            "channel": draw(st.sampled_from([None, "email", "sms"])),
            "team": draw(st.sampled_from([None, "one", "two"])),
            "purpose": draw(WORDS),
            "frequency_class": draw(st.sampled_from(["none", "marketing"])),
            "tags": draw(TAGS),
            "slots": draw(
                st.dictionaries(
                    st.sampled_from(["body", "side"]), st.sampled_from([{}, *slots]), max_size=2
                )
            ),
        }
        for key in keys
    ]
    transitions = [
        {
            "key": f"{source}-{target}",
            "source": source,
            "target": target,
            "condition": draw(WORDS),
            "share": draw(st.sampled_from([None, 0, 0.1, 1])),
        }
        for source, target in pairwise(keys)
    ]
    return definition.complete(
        {
            "name": draw(WORDS),
            "purpose": draw(WORDS),
            "importance": draw(st.sampled_from(["low", "high"])),
            "personas": draw(st.lists(st.sampled_from(["Ann", "Bo"]), unique=True)),
            "tags": draw(TAGS),
            "stages": [{"key": key, "name": draw(WORDS)} for key in stages],
            "steps": steps,
            "transitions": transitions,
        }
    )


class Projecting(TestCase):
    """Laws, over documents of any kind."""

    @classmethod
    def setUpTestData(cls):
        cls.world = world()

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_the_way_there_leaves_no_trace(self, data):
        """Through any versions to the last: the same rows as of the last on nothing."""
        versions = data.draw(st.lists(documents(self.world["slots"]), min_size=1, max_size=4))
        walked = JourneyFactory(key="same", is_live=False)
        for document in versions:
            publish(walked, document)
        assert projection.differences(Journey.objects.get(pk=walked.pk)) == []
        there = everything(walked)
        Journey.objects.filter(pk=walked.pk).update(key="other")
        fresh = JourneyFactory(key="same", is_live=False)
        publish(fresh, versions[-1])
        assert everything(fresh) == there

    @settings(max_examples=10, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_history_tells_every_state(self, data):
        """At the time of each version the history holds that version's steps."""
        journey = JourneyFactory(is_live=False)
        told = []
        for document in data.draw(st.lists(documents(self.world["slots"]), max_size=3)):
            publish(journey, document)
            told.append((timezone.now(), {step["key"]: step for step in document["steps"]}))
        for moment, steps in told:
            then = [step for step in Step.history.as_of(moment) if step.journey_id == journey.pk]
            assert {step.key: step.name for step in then} == {
                key: step["name"] or key for key, step in steps.items()
            }

    @settings(max_examples=10, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def test_projecting_again_writes_nothing(self, data):
        journey = JourneyFactory(is_live=False)
        publish(journey, data.draw(documents(self.world["slots"])))
        counts = [model.history.count() for model in (*PROJECTED, Journey)]
        document = journey.live_version.get_document()
        projection.project(journey=journey, document=document, actor=None)
        assert [model.history.count() for model in (*PROJECTED, Journey)] == counts


pytestmark = pytest.mark.django_db


@pytest.fixture
def journey():
    return JourneyFactory(key="account-opening")


def test_nothing_outside_the_projection_points_at_its_rows():
    """The projection deletes what points at a row before the row; it must know all of it."""
    pointing = {
        relation.related_model
        for model in (Stage, Step, Transition, SlotBinding, StepTag, JourneyTag)
        for relation in model._meta.related_objects
        if relation.field.db_constraint
    }
    assert pointing <= {*PROJECTED, StepUserObjectPermission, StepGroupObjectPermission}


def test_the_header_is_columns(journey):
    journey.refresh_from_db()
    assert (journey.name, journey.step_count, journey.channels) == ("Account opening", 2, [])


def test_only_what_differs_is_written_and_the_history_names_who(journey):
    actor = UserFactory()
    document = journey_document()
    document["steps"][0] = document["steps"][0] | {"name": "Hello"}
    publish(journey, document, actor)
    told = {
        (model.__name__, row.history_type)
        for model in PROJECTED
        for row in model.history.filter(history_user=actor)
    }
    assert told == {("Step", "~")}
    assert Step.history.filter(history_user=actor).get().name == "Hello"


def test_a_small_change_costs_few_queries_however_long_the_journey(django_assert_num_queries):
    def long(number, name):
        steps = [
            {"key": f"s{n}", "name": f"S{n}", "stage": "use", "kind": "action"}
            for n in range(number)
        ]
        steps[0]["name"] = name
        stages = [{"key": "use", "name": "Use"}]
        return journey_document(stages=stages, steps=steps, entries=[], transitions=[])

    for number in (5, 100):
        pk = JourneyFactory(document=long(number, "A")).pk
        journey = Journey.objects.select_related("live_version").get(pk=pk)
        # Six reads, the step and its history. (The savepoints of simple-history are not new ones.)
        with django_assert_num_queries(8):
            projection.project(journey=journey, document=long(number, "B"), actor=None)


def test_what_is_not_there_is_refused_and_nothing_written(journey):
    before = everything(journey)
    for wrong in ({"channel": "fax"}, {"team": "nobody"}, {"stage": ""}, {"tags": ["a:b"]}):
        document = journey_document()
        document["steps"][0] = document["steps"][0] | wrong
        with refused(DocumentInvalid):
            projection.project(journey=journey, document=document, actor=None)
    assert everything(journey) == before


def test_clearing_leaves_the_journey_itself(journey):
    projection.clear(journey=journey, actor=None)
    assert not Step.objects.exists()
    assert not Stage.objects.exists()
    assert Journey.objects.get().name == "Account opening"


def check() -> str:
    out = StringIO()
    call_command("rebuild_projection", "--check", stdout=out)
    return out.getvalue()


TAMPERING = {
    "a name": lambda: Step.objects.filter(key="done").update(name="X"),
    "a missing row": lambda: Transition.objects.all()._raw_delete("default"),
    "an extra row": lambda: Stage.objects.create(journey=Journey.objects.get(), key="x", rank="x"),
    "another target": lambda: Transition.objects.update(target=Step.objects.get(key=STEP)),
    "a binding": lambda: SlotBinding.objects.update(version=9),
    "the header": lambda: Journey.objects.update(market="Mars"),
    "an order": lambda: Step.objects.filter(key="done").update(rank="01"),
}
STEP = "welcome-email"


@pytest.mark.parametrize("tampering", TAMPERING)
def test_the_check_finds_tampering_and_a_rebuild_mends_it(journey, tampering):
    sound = everything(journey)
    check()
    TAMPERING[tampering]()
    with pytest.raises(CommandError) as refusal:
        check()
    assert refusal.value.returncode == 1
    assert everything(journey) != sound  # --check writes nothing
    rebuild()
    check()
    assert everything(journey) == sound


def rebuild() -> str:
    out = StringIO()
    call_command("rebuild_projection", stdout=out)
    return out.getvalue()


def test_a_rebuild_of_sound_rows_writes_nothing(journey):
    assert rebuild() == "Subjects whose rows were rebuilt: 0.\n"


def test_rows_of_a_journey_that_is_not_live_are_found_and_removed():
    journey = JourneyFactory(is_live=False)
    Stage.objects.create(journey=journey, key="use", rank="a", name="Use")
    with pytest.raises(CommandError):
        check()
    rebuild()
    assert not Stage.objects.exists()


def test_the_check_looks_at_assets_and_concepts_too():
    world()
    Journey.objects.all().delete()
    Concept.objects.filter(key="cards").update(label="X")
    asset = AssetFactory(key="c")
    type(asset).objects.filter(pk=asset.pk).update(name="X")
    with pytest.raises(CommandError):
        check()
    rebuild()
    check()
    asset.refresh_from_db()
    assert asset.name == "Welcome"
    assert not Concept.objects.exists()  # their taxonomy is not live


def test_channels_of_the_header_are_sorted_and_told_once():
    ChannelFactory(key="sms")
    ChannelFactory(key="email")
    document = journey_document()
    document["steps"] = [
        document["steps"][0] | {"channel": "sms"},
        document["steps"][1] | {"channel": "email"},
        document["steps"][1] | {"key": "again", "rank": "zz", "channel": "sms"},
    ]
    journey = JourneyFactory(document=document)
    assert Journey.objects.get(pk=journey.pk).channels == ["email", "sms"]
