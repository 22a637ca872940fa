"""What the guided tour, the screens and the acceptance checks rely on in the demo."""

from collections import Counter
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection

from cjops.demo import reading, seeding
from content.models import Asset, AssetVersion, Variable, Wording
from content.rulebook import rules_for
from content.validation import validate
from governance import queries, services
from governance.clashes import clashes_of
from governance.models import Change, LedgerEntry, Notification, Review, Verdict
from governance.transitions import OPEN_STATES, Action
from journeys.models import Journey, JourneyVersion
from people.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("organisation")]


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@bank.example")


def test_everybody_and_everything_is_there():
    assert User.objects.count() == 25
    assert Journey.objects.filter(live_version__isnull=False).count() == 12
    assert Asset.objects.filter(live_version__isnull=False).count() == 75
    scripted = Counter(record["state"] for record in reading.records("changes"))
    states = Counter(Change.objects.values_list("state", flat=True))
    for state in set(scripted) - {"published"}:
        assert states[state] == scripted[state], state
    assert states["published"] > scripted["published"]


def test_rows_are_those_of_the_versions():
    out = StringIO()
    call_command("rebuild_projection", "--check", stdout=out)
    connection.check_constraints()


def test_ledger_and_numbers_follow_the_calendar():
    at = list(LedgerEntry.objects.order_by("pk").values_list("at", flat=True))
    opened = list(Change.objects.order_by("pk").values_list("created_at", flat=True))
    assert at == sorted(at)
    assert opened == sorted(opened)
    assert (at[-1] - at[0]).days > 200


def test_every_version_comes_from_a_published_change_and_names_its_parent():
    published = {
        (change.journey_id, change.published_number): change
        for change in Change.objects.filter(kind="journey", state="published")
    }
    digest = {"": ""}
    for version in JourneyVersion.objects.order_by("subject", "number"):
        change = published.pop((version.subject_id, version.number))
        assert change.published_at == version.created_at
        assert version.parent_digest == digest.get((version.subject_id, version.number - 1), "")
        digest[version.subject_id, version.number] = version.digest
    assert not published
    for version in AssetVersion.objects.filter(number__gt=1).select_related("subject"):
        before = AssetVersion.objects.get(subject=version.subject, number=version.number - 1)
        assert version.parent_digest == before.digest, version.subject.key


def test_nobody_decided_on_their_own_change():
    approvals = Review.objects.filter(verdict=Verdict.APPROVE).select_related("change")
    assert approvals.count() > 150
    for review in approvals:
        assert review.covers
        assert review.reviewer_id not in queries.editor_ids(review.change)


def test_nothing_was_mailed_and_old_messages_are_read():
    assert mail.outbox == []
    assert not Notification.objects.filter(mailed_at=None).exists()
    unread = Notification.objects.filter(read_at=None)
    assert 0 < unread.count() < Notification.objects.count() / 5


def test_wording_of_the_welcome_email_needs_the_email_leads_and_ana():
    step = Journey.objects.get(key="account-opening").steps.get(key="welcome-email")
    asset = step.slots.get(slot="body").asset
    document = asset.live_version.get_document()
    document["renditions"] = [
        {**rendition, "subject": "Welcome, once more"} for rendition in document["renditions"]
    ]
    change = services.submit_content(
        journey_key="account-opening",
        step_key="welcome-email",
        slot="body",
        actor=person("mei"),
        asset_key=asset.key,
        document=document,
        rationale="Warmer",
    )
    requirements = list(change.requirements.prefetch_related("sources"))
    able = queries.deciders(requirements, change)
    assert {r.key: {u.email.split("@")[0] for u in able[r.pk]} for r in requirements} == {
        "steward:email": {"tom", "nora"},
        "owner": {"ana"},
    }
    services.take(action=Action.APPROVE, number=change.number, actor=person("tom"))
    services.take(action=Action.APPROVE, number=change.number, actor=person("ana"))
    services.take(action=Action.PUBLISH, number=change.number, actor=person("ana"))
    step.refresh_from_db()
    assert step.slots.get(slot="body").version == asset.versions.first().number


def test_no_open_change_touches_the_welcome_email():
    open_changes = Change.objects.filter(journey__key="account-opening", state__in=OPEN_STATES)
    for change in open_changes:
        base = JourneyVersion.objects.get(subject=change.journey, number=change.base_number)
        proposed = change.revisions.get(number=change.revision).document
        slots = [
            next(s["slots"] for s in document["steps"] if s["key"] == "welcome-email")
            for document in (base.document, proposed)
        ]
        assert slots[0] == slots[1], change.number


def test_decisions_wait_for_ana_and_tom_and_for_nobody_elsewhere():
    assert queries.waiting_for(person("ana")).count() > 0
    assert queries.waiting_for(person("tom")).count() > 0
    assert queries.waiting_for(person("zoe")).count() == 0


def test_zoe_does_not_see_account_opening(client):
    client.force_login(person("zoe"), backend="people.backends.AccountBackend")
    assert client.get("/journeys/account-opening/").status_code == 404
    assert client.get("/journeys/card-activation/").status_code == 200


def test_ida_reads_everything_and_omar_opens_the_admin(client):
    client.force_login(person("ida"), backend="people.backends.AccountBackend")
    assert client.get("/journeys/account-opening/").status_code == 200
    assert client.get("/admin/").status_code != 200
    client.force_login(person("omar"), backend="people.backends.AccountBackend")
    assert client.get("/admin/").status_code == 200
    assert person("omar").check_password("demo")


def test_a_second_run_does_nothing(settings):
    settings.DEBUG = True
    before = LedgerEntry.objects.count()
    out = StringIO()
    call_command("seed_demo", stdout=out)
    assert "already there" in out.getvalue()
    assert LedgerEntry.objects.count() == before


def test_production_refuses(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("seed_demo", "--reset")
    assert seeding.is_seeded()


def test_emptying_leaves_nothing_of_it():
    # Or PostgreSQL would refuse to truncate what this transaction has just filled.
    connection.check_constraints()
    seeding.empty()
    assert not seeding.is_seeded()
    assert not any(model._default_manager.exists() for model in seeding.emptied_models())


def test_two_open_changes_clash_where_a_newcomer_can_see_it():
    change = Change.objects.get(title="Call instead of the identity e-mail")
    found = clashes_of(change, person("ana")).items
    kinds = {(clash.kind, clash.severity, clash.is_conflict) for clash in found}
    assert kinds >= {("remove", "breaks", False), ("touch", "overlaps", True)}


def test_published_content_has_no_errors_and_few_warnings():
    found = [
        finding
        for asset in Asset.objects.filter(live_version__isnull=False).select_related("live_version")
        for document in [asset.live_version.get_document()]
        for finding in validate(document, rules_for(document))
    ]
    assert [one.message for one in found if one.severity == "error"] == []
    assert 0 < len(found) < 20
    assert Variable.objects.count() > 60
    assert set(Wording.objects.values_list("language", flat=True)) == {"en", "zh-Hans", "zh-Hant"}
