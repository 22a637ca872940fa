"""Taxonomies: what they may say, their concepts as rows, who sees them."""

import pytest
from django.contrib.auth.models import Permission

from cjops.core.errors import Conflict, DocumentInvalid, Invalid
from cjops.documents import diff, digest, hunks
from journeys.models import StepTag
from people import granting
from people.services import set_membership
from tags import definition, projection, queries, services, validation
from tags.adapter import ADAPTER
from tags.models import Concept, Taxonomy
from tests.factories import JourneyFactory, TeamFactory, UserFactory
from tests.refusing import refused


def taxonomy_document(**fields):
    concepts = [
        {"key": "borrowing", "label": "Borrowing"},
        {"key": "mortgage", "label": "Mortgage", "broader": "borrowing"},
    ]
    return definition.complete({"name": "Topic", "concepts": concepts} | fields)


def codes(document):
    return [finding.code for finding in validation.validate(document)]


def test_a_short_document_is_completed_in_the_order_given():
    document = taxonomy_document()
    assert [concept["key"] for concept in document["concepts"]] == ["borrowing", "mortgage"]
    assert document["concepts"][0]["broader"] is None
    assert definition.complete(document) == document


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {"name": 1},
        {"name": "A", "surprise": 1},
        {"name": "A\x00B"},
        {"concepts": [{"label": "no key"}]},
        {"concepts": [{"key": "a"}, {"key": "a"}]},
        {"concepts": [{"key": "Ａ"}]},
        {"concepts": [{"key": "a", "status": "retired"}]},
    ],
)
def test_what_is_no_taxonomy_is_refused_with_findings(raw):
    with pytest.raises(DocumentInvalid) as refusal:
        definition.complete(raw)
    assert refusal.value.extra["findings"]


def test_a_good_taxonomy_has_no_findings():
    assert codes(taxonomy_document()) == []


@pytest.mark.parametrize(
    ("concepts", "code"),
    [
        ([{"key": "a", "label": "A", "broader": "b"}], "broader-unknown"),
        ([{"key": "a", "label": "A", "broader": "a"}], "broader-circular"),
        ([{"key": "a"}], "label-missing"),
        ([{"key": "a", "label": "A"}, {"key": "b", "label": "a"}], "label-repeated"),
    ],
)
def test_a_concept_that_makes_no_sense_is_found(concepts, code):
    assert codes(taxonomy_document(concepts=concepts)) == [code]


def test_only_the_concepts_of_a_circle_are_reported():
    concepts = [
        {"key": key, "label": key, "broader": broader}
        for key, broader in (("a", "b"), ("b", "c"), ("c", "b"), ("d", None))
    ]
    findings = validation.validate(taxonomy_document(concepts=concepts))
    assert [finding.key for finding in findings] == ["b", "c"]


def test_a_long_chain_is_checked_without_recursion():
    concepts = [
        {"key": f"c{n}", "label": f"C{n}", "broader": f"c{n - 1}" if n else None}
        for n in range(20_000)
    ]
    assert codes(taxonomy_document(concepts=concepts)) == []


def test_a_change_is_told_in_words():
    before = taxonomy_document()
    concepts = [{"key": "mortgage", "label": "Home loan"}, {"key": "saving", "label": "Saving"}]
    after = taxonomy_document(name="Topics", concepts=concepts)
    changes = diff(before, after)
    assert ADAPTER.describe(before, after, changes) == [
        "1 concept added: “Saving”.",
        "1 concept removed: “Borrowing”.",
        "1 concept changed: “Home loan”.",
        "The name or description of the taxonomy changed.",
    ]
    facts = ADAPTER.facts(before, after, hunks(changes))
    assert {fact.kinds for fact in facts} == {frozenset({"tags"})}


def test_the_first_version_is_told_concept_by_concept():
    after = taxonomy_document()
    before = ADAPTER.nothing
    sentences = ADAPTER.describe(before, after, diff(before, after))
    assert sentences == ["2 concepts added: “Borrowing”, “Mortgage”."]


@pytest.fixture
def taxonomy(db) -> Taxonomy:
    team = TeamFactory()
    made = services.create_taxonomy(key="topic", name="Topic", team=team, actor=UserFactory())
    projection.project(taxonomy=made, document=taxonomy_document(), actor=None)
    return made


def test_concepts_are_rows(taxonomy):
    assert list(taxonomy.concepts.values_list("key", "label", "broader", "status")) == [
        ("borrowing", "Borrowing", "", "active"),
        ("mortgage", "Mortgage", "borrowing", "active"),
    ]


def test_projecting_again_writes_nothing(taxonomy, django_assert_num_queries):
    with django_assert_num_queries(1):
        projection.project(taxonomy=taxonomy, document=taxonomy_document(), actor=None)


def test_only_what_differs_is_written_with_its_history(taxonomy):
    actor = UserFactory()
    concepts = [{"key": "mortgage", "label": "Home loan"}]
    projection.project(
        taxonomy=taxonomy, document=taxonomy_document(concepts=concepts), actor=actor
    )
    assert list(taxonomy.concepts.values_list("key", "label")) == [("mortgage", "Home loan")]
    told = Concept.history.filter(history_user=actor).values_list("key", "history_type")
    assert set(told) == {("borrowing", "-"), ("mortgage", "~")}


def test_a_concept_in_use_stays(taxonomy):
    step = JourneyFactory().steps.first()
    StepTag.objects.create(step=step, concept=taxonomy.concepts.get(key="mortgage"))
    with refused(Conflict):
        projection.project(taxonomy=taxonomy, document=taxonomy_document(concepts=[]), actor=None)
    assert taxonomy.concepts.count() == 2


@pytest.mark.parametrize("key", ["Topic", "to pic", "", "-topic", "topic\n", "ｔｏｐｉｃ"])
def test_a_bad_key_is_refused(db, key):
    with refused(Invalid):
        services.create_taxonomy(key=key, name="T", team=TeamFactory(), actor=UserFactory())
    assert not Taxonomy.objects.exists()


def test_a_key_is_taken_once(taxonomy):
    with refused(Invalid):
        services.create_taxonomy(key="topic", name="T", team=taxonomy.team, actor=UserFactory())


def test_a_restricted_taxonomy_is_seen_by_its_team_and_auditors_only(taxonomy):
    taxonomy.is_restricted = True
    taxonomy.save()
    granting.renew_all()
    member, outsider, auditor = UserFactory(), UserFactory(), UserFactory()
    TeamFactory(members=[outsider])
    set_membership(team=taxonomy.team, user=member, actor=None)
    auditor.user_permissions.add(Permission.objects.get(codename="see_everything"))
    assert set(queries.concepts(member)) == set(taxonomy.concepts.all())
    assert not queries.concepts(outsider).exists()
    assert queries.taxonomies(auditor).get().concept_count == 2


def test_references_lead_to_concepts(taxonomy, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = queries.concept_ids({"topic:mortgage", "topic:none", "none:mortgage"})
    assert found == {"topic:mortgage": taxonomy.concepts.get(key="mortgage").pk}


def test_a_digest_does_not_depend_on_the_order_of_the_list():
    document = taxonomy_document()
    assert digest(document) == digest(document | {"concepts": document["concepts"][::-1]})
