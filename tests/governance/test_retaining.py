"""What is old goes by its rule; what is decided, and what proves it, stays."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from cjops.core.models import AuditEntry, Leaf, TreeHead
from cjops.core.sealing.checking import check
from cjops.core.sealing.log import seal
from cjops.core.sealing.sources import sources
from governance.models import LedgerEntry, Notification
from governance.schedules import forget_old
from governance.services.retaining import forget, rules
from journeys.models import JourneyVersion, Step
from tests.cast import reach

pytestmark = pytest.mark.django_db
# Nothing in here may ever be named by a rule.
PROOF = {"core_leaf", "core_node", "core_treehead", "governance_changerevision",
         "governance_review", "governance_requirement", "journeys_journeyversion",
         "content_assetversion", "tags_taxonomyversion", "people_historicaluser",
         "people_historicalmembership", "people_historicalgrant"}  # fmt: skip


@pytest.fixture
def later():
    return timezone.now() + timedelta(days=4_000)


def test_no_rule_names_what_proves_or_what_people_edit():
    tables = {rows.model._meta.db_table for _days, rows, _column in rules().values()}
    assert not tables & (PROOF | {source.table for source in sources()})


def test_what_is_old_goes_and_the_proof_stays(cast, settings, later):
    settings.RETENTION_DAYS = {"notifications": 365, "sessions": 7, "history": 730, "drafts": 30}
    reach(cast, "published")
    seal()
    Notification.objects.update(mailed_at=timezone.now(), read_at=timezone.now())
    Session.objects.create(session_key="x", session_data="", expire_date=timezone.now())
    kept = (LedgerEntry, AuditEntry, Leaf, TreeHead, JourneyVersion, Step)
    before = [model.objects.count() for model in kept]
    assert forget() == {}
    gone = forget(now=later)
    assert {"notifications", "sessions", "history of journeys.step"} <= gone.keys()
    assert not Notification.objects.exists()
    assert not Session.objects.exists()
    assert not Step.history.exists()
    assert [model.objects.count() for model in kept] == before
    assert list(check()) == []


def test_what_was_not_read_or_mailed_stays(cast, later):
    reach(cast, "published")
    Notification.objects.update(mailed_at=timezone.now(), read_at=None)
    before = Notification.objects.count()
    forget(now=later)
    assert Notification.objects.count() == before > 0


def test_nothing_goes_where_the_rule_says_for_ever(cast, settings, later):
    settings.RETENTION_DAYS = {"notifications": 0, "sessions": 0, "history": 0, "drafts": 0}
    reach(cast, "published")
    Notification.objects.update(mailed_at=timezone.now(), read_at=timezone.now())
    assert forget(now=later) == {}


def test_the_beat_starts_it(cast):
    forget_old()
