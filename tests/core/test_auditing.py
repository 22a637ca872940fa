"""What happens beside the decisions is written down once, and proved."""

import pytest
from django.db import DatabaseError, transaction
from django.utils.translation import gettext_lazy as _

from cjops.core import auditing
from cjops.core.models import AuditEntry, Leaf
from cjops.core.sealing.checking import check
from cjops.core.sealing.log import seal
from tests.core.sealing.test_log import meddle
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def knocking(monkeypatch):
    monkeypatch.setattr(auditing, "_labels", {"door.knocked": _("Knocked")})


def test_an_entry_says_who_did_what_to_which_row():
    person, other = UserFactory(), UserFactory()
    entry = auditing.note("door.knocked", actor=person, about=other, data={"n": 1}, reason="“x”")
    entry.refresh_from_db()
    assert (entry.actor, entry.about, entry.about_id) == (person, "people.user", other.pk)
    assert (entry.data, entry.reason) == ({"n": 1}, "“x”")


def test_nobody_known_is_nobody():
    entry = auditing.note("door.knocked", actor=None)
    assert (entry.actor_id, entry.about, entry.about_id) == (None, "", None)


def test_an_action_without_a_name_is_refused():
    with pytest.raises(KeyError):
        auditing.note("door.opened", actor=None)
    assert not AuditEntry.objects.exists()


def test_entries_are_sealed():
    entry = auditing.note("door.knocked", actor=UserFactory(), data={"名": [1, None, 0.5]})
    seal()
    assert Leaf.objects.get().row == entry.pk
    assert list(check()) == []


@pytest.mark.parametrize("column", ["action = 'x'", "actor_id = NULL", "data = '{}'"])
def test_an_altered_column_is_found(column):
    auditing.note("door.knocked", actor=UserFactory(), data={"n": 1})
    seal()
    meddle(f"UPDATE core_auditentry SET {column}")
    assert [one.kind for one in check()] == ["altered"]


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_keeps_entries(act):
    auditing.note("door.knocked", actor=None)
    rows = AuditEntry.objects.all()
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        rows.update(action="x") if act == "update" else rows.delete()
