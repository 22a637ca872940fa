"""The generator of the large size, at a size that fits into a test."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

import people.services
from cjops.demo import mass
from cjops.demo.mass.copying import Copier
from cjops.documents import digest
from content.models import Asset, AssetVersion
from governance import gathering, queries
from governance.models import (
    Change,
    ChangeRevision,
    LedgerEntry,
    Notification,
    Requirement,
    Review,
)
from governance.proposals import Proposal, proposal_of
from governance.rules import rulings_on
from governance.services.reasking import difference_between
from governance.subjects import adapter_for
from journeys import permissions
from journeys.models import Journey, JourneyUserObjectPermission, JourneyVersion, Step
from people.models import Team, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("portal")]
SIZE = mass.Size(journeys=30, steps=600, users=60, teams=22, changes=300)


@pytest.fixture(scope="module")
def portal(django_db_setup, django_db_blocker):
    """Filled inside a transaction that is rolled back after the module's last test."""
    with django_db_blocker.unblock():
        block = transaction.atomic()
        block._from_testcase = True
        with block:
            people.services.add_defaults()
            mass.generate(SIZE)
            connection.check_constraints()
            yield
            transaction.set_rollback(True)


def test_as_many_as_were_asked_for():
    counts = [model.objects.count() for model in (Journey, Step, User, Team, Change)]
    assert counts == [SIZE.journeys, SIZE.steps, SIZE.users, SIZE.teams, SIZE.changes]
    assert len(Counter(Change.objects.values_list("state", flat=True))) == 8


def test_documents_are_whole_and_hold():
    for version in [*JourneyVersion.objects.all(), *AssetVersion.objects.all()]:
        adapter = adapter_for("journey" if isinstance(version, JourneyVersion) else "asset")
        document = version.get_document()
        assert adapter.load(document) == document
        assert digest(document) == version.digest
        assert [f for f in adapter.validate(document) if f.severity == "error"] == []


def test_versions_follow_each_other_and_come_from_changes():
    for journey in Journey.objects.select_related("live_version"):
        versions = list(journey.versions.order_by("number"))
        assert [version.number for version in versions] == list(range(1, len(versions) + 1))
        parents = ["", *(version.digest for version in versions)]
        assert [version.parent_digest for version in versions] == parents[:-1]
        assert journey.live_version == versions[-1]
        published = journey.change_set.filter(state="published")
        found = published.values_list("published_number", "digest", "published_at")
        assert sorted(found) == [(v.number, v.digest, v.created_at) for v in versions]


def test_rows_are_those_of_the_versions():
    call_command("rebuild_projection", "--check", stdout=StringIO())


def test_open_changes_claim_what_they_lay_hands_on():
    call_command("rebuild_claims", "--check", stdout=StringIO())


def test_changes_are_what_the_engine_says():
    for change in Change.objects.select_related("journey", "asset"):
        proposal: Proposal = proposal_of(change)
        assert digest(proposal.proposed) == change.digest
        assert (change.hunk_count, change.channels) == (len(proposal.hunks), proposal.channels)
        for requirement in change.requirements.all():
            assert set(requirement.hunks) <= proposal.digests
    assert not ChangeRevision.objects.exclude(change__revision__gte=1).exists()


def test_decisions_were_made_by_those_who_may():
    for requirement in Requirement.objects.select_related("change").prefetch_related("sources"):
        able = {
            user.pk for user in queries.deciders([requirement], requirement.change)[requirement.pk]
        }
        assert able, requirement.change
        reviews = Review.objects.filter(
            change=requirement.change, covers__contains=[requirement.key]
        )
        assert {review.reviewer_id for review in reviews} <= able
        approved = [review for review in reviews if review.verdict == "approve"]
        assert bool(approved) == (requirement.met_at is not None)


def test_nothing_is_asked_that_the_policies_do_not_ask():
    for change in Change.objects.filter(state="in_review").select_related("journey", "author"):
        found = rulings_on(change, proposal_of(change), queries.editor_ids(change))
        stored = change.requirements.prefetch_related("sources")
        assert not difference_between(list(stored), found.drafts), change
        assert change.policy_stamp == found.stamp
        row = change.fact_sheets.get()
        kept = gathering.from_row(row)
        assert kept.parts == found.sheet.parts
        differs = {k for k in kept.change if kept.change[k] != found.sheet.change[k]}
        assert differs <= {"weekend"}, change


def test_deciders_see_what_waits_for_them():
    for change in Change.objects.filter(state="in_review"):
        unmet = change.requirements.filter(met_at=None).prefetch_related("sources")
        able = queries.deciders(list(unmet), change)
        for people_able in able.values():
            waiting = [person for person in people_able if change in queries.waiting_for(person)]
            assert waiting, change


def test_the_ledger_follows_the_calendar():
    entries = LedgerEntry.objects.filter(change__isnull=False).order_by("pk")
    at = list(entries.values_list("at", flat=True))
    opened = list(Change.objects.order_by("pk").values_list("created_at", flat=True))
    assert at == sorted(at)
    assert opened == sorted(opened)
    assert at[-1] < timezone.now()
    states = dict(entries.values_list("change_id", "to_state"))
    assert states == dict(Change.objects.values_list("pk", "state"))
    for message in Notification.objects.select_related("entry"):
        assert message.created_at == message.entry.at
        assert message.change_id == message.entry.change_id


def test_a_row_that_points_at_nothing_is_found():
    copier = Copier()
    before = Step.objects.count()
    with copier.unchecked():
        copier.add(User.groups.through, {"user_id": 10_000_000, "group_id": 10_000_000})
        copier.finish()
    with pytest.raises(IntegrityError, match="points at nothing"):
        copier.check()
    assert Step.objects.count() == before


def test_rights_are_those_of_the_grants():
    before = set(JourneyUserObjectPermission.objects.values_list("pk", flat=True))
    permissions.renew(Journey.objects.values_list("pk", flat=True))
    assert before == set(JourneyUserObjectPermission.objects.values_list("pk", flat=True))


def test_the_keys_go_on_where_the_rows_end():
    person = people.services.create_person(email="next@bank.example", name="Next", actor=None)
    assert person.pk == User.objects.latest("pk").pk
    assert person.history.count() == 1
    assert Asset.objects.get(key="asset-00001").history.count() == 1
