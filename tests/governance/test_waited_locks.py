"""What a step reads after it had to wait for a row is what the other one wrote, joined rows too."""

import ast
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

import content.services
from content.models import Asset, Deadline
from governance.models import Change, LedgerEntry
from governance.services import expiring, halting, retiring
from governance.services.editing import lock_change
from journeys.models import Journey
from tests.cast import build, email_document, reach
from tests.sources import for_each, nodes
from tests.test_architecture import SOURCES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast():
    return build()


def after_waiting(first, second):
    """What `second` returns that had to wait until what `first` wrote was committed."""
    found = []

    def run():
        try:
            found.append(second())
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic(durable=True):
        first()
        thread.start()
        while thread.is_alive() and not _somebody_waits():
            thread.join(0.01)
    thread.join(30)
    return found[0]


def _somebody_waits():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid IN"
            " (SELECT pid FROM pg_stat_activity WHERE datname = current_database()))"
        )
        return cursor.fetchone()[0]


@pytest.fixture
def second_version(cast):
    """One more version of the asset, and how it becomes live."""
    asset = Asset.objects.get(pk=cast.asset.pk)
    document = email_document("Two")
    number = content.services.add_version(asset=asset, document=document, actor=cast.mei).number
    return lambda: content.services.make_live(bound={(asset.key, number)})


def test_content_that_moves_meanwhile_is_taken_out_of_use(cast, second_version):
    change = after_waiting(
        second_version, lambda: retiring.retire(key=cast.asset.key, actor=cast.mei)
    )
    assert change.base_number == 2
    assert change.revisions.get().document["renditions"][0]["subject"] == "Two"


def test_the_end_of_rights_is_recorded_at_the_version_that_is_live(cast, second_version):
    today = timezone.localdate()
    Deadline.objects.create(asset=cast.asset, what="rights", key="x", on=today + timedelta(days=5))
    told = after_waiting(
        lambda: (second_version(), _ends_in(cast.asset, 5)),
        lambda: expiring.tell_of_end(asset=cast.asset.pk),
    )
    assert told == 1
    assert LedgerEntry.objects.get(action="run-out").revision == 2


def _ends_in(asset, days):
    Deadline.objects.filter(asset=asset).delete()
    on = timezone.localdate() + timedelta(days=days)
    Deadline.objects.create(asset=asset, what="rights", key="x", on=on)


def test_a_journey_that_moves_meanwhile_is_halted(cast):
    live = cast.journey.live_version
    newest = type(live).objects.get(pk=live.pk)
    newest.pk, newest.number, newest.digest = None, live.number + 1, "f" * 64
    newest.parent_digest = live.digest
    newest.save(force_insert=True)

    entry = after_waiting(
        lambda: Journey.objects.filter(pk=cast.journey.pk).update(live_version=newest),
        lambda: halting.halt(journey_key=cast.journey.key, kind="pause", actor=cast.ana),
    )
    assert entry.revision == newest.number


def test_a_change_that_is_handed_over_meanwhile_is_still_there(cast):
    change = reach(cast, "draft")

    def locked():
        with transaction.atomic():
            return lock_change(number=change.number, actor=cast.mei).author

    handed = after_waiting(
        lambda: Change.objects.filter(pk=change.pk).update(author=cast.ana), locked
    )
    assert handed == cast.ana


# What of a row can be another one by the time that its lock is held.
MOVING = {"live_version", "author", "active", "queued_behind"}
# They begin with the lock on all policies: nobody waits for a row.
BEHIND_ANOTHER_LOCK = {"ruling"}


@for_each(SOURCES)
def test_no_lock_joins_what_can_move(path):
    if path.stem in BEHIND_ANOTHER_LOCK:
        return
    joined = []
    for node in nodes(path):
        if isinstance(node, ast.stmt) and not isinstance(
            node, ast.FunctionDef | ast.ClassDef | ast.If | ast.With | ast.For | ast.Try
        ):
            text = ast.unparse(node)
            if "select_for_update" in text and "select_related" in text:
                joined += [name for name in _joined(node) if name in MOVING]
    assert joined == []


def _joined(statement):
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "select_related":
            yield from (one.value for one in node.args if isinstance(one, ast.Constant))
