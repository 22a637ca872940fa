"""Governance leads read what else happened, but not to what they do not see."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission

from cjops.core import auditing
from cjops.core.admin import Window
from cjops.core.models import AuditEntry
from governance.queries.hiding import LEADING, about_hidden
from governance.queries.ledger import Wanted, audits, ledger_page, sees_audit
from governance.visibility import SUBJECTS
from people.models import User
from tests.leaks.looking import Looker
from tests.leaks.scene import MISSING_KEY

MODELS = [apps.get_model(app, model) for app, model, _kind in SUBJECTS]


@pytest.fixture
def lead(scene):
    """Zoe looks after policies, and sees no more for it."""
    scene.cast.zoe.user_permissions.add(Permission.objects.get(codename="manage_policies"))
    user = User.objects.get(pk=scene.cast.zoe.pk)
    assert sees_audit(user)
    return user


@pytest.fixture
def taken(scene):
    """What was taken along of hidden and of open things."""
    hidden = (*scene.hidden, scene.asset, scene.taxonomy, scene.changes["published"])
    seen = (scene.cast.journey, scene.open_changes[0], *scene.delegations, scene.cast.mei)
    return [
        [
            auditing.note(
                "evidence.exported", actor=scene.cast.omar, about=one, data={"version": 1}
            )
            for one in those
        ]
        for those in (hidden, seen)
    ]


def test_what_happened_to_hidden_things_is_not_there(scene, lead, taken):
    hidden, seen = taken
    told = set(audits(lead, Wanted()).values_list("pk", flat=True))
    assert told.isdisjoint(one.pk for one in hidden)
    # Ana's stand-ins are on a hidden journey.
    assert told >= {one.pk for one in seen if one.about != "governance.delegation"}
    assert told.isdisjoint(one.pk for one in seen if one.about == "governance.delegation")


def test_auditors_read_all_of_it(scene, taken):
    told = set(audits(scene.cast.ida, Wanted()).values_list("pk", flat=True))
    assert told == set(AuditEntry.objects.values_list("pk", flat=True))


def test_grants_that_were_taken_back_are_not_there_either(scene, lead):
    ended = AuditEntry.objects.filter(action="grant.taken_back")
    hidden = ended.filter(data__journey__in=[one.pk for one in scene.hidden])
    assert hidden.exists()
    assert not audits(lead, Wanted()).filter(pk__in=hidden).exists()


def test_a_hidden_key_finds_what_a_missing_one_finds(scene, lead, taken):
    for one in (*scene.hidden, scene.asset, scene.taxonomy):
        for key in (one.key, MISSING_KEY):
            assert not audits(lead, Wanted(subject=key)).exists()
        assert audits(scene.cast.ida, Wanted(subject=one.key)).exists()
    assert audits(lead, Wanted(subject=scene.cast.journey.key)).exists()


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_no_file_tells_a_lead(scene, built, lead, taken, form):
    looker = Looker(lead)
    looker.take(f"/ledger/export/{form}/", built.digests())
    looker.look("/ledger/", "/ledger/", built.digests())
    assert not looker.wrong, looker.wrong


def test_what_exports_noted_once_tells_no_key(scene, lead):
    data = {"form": "csv", "filters": {"subject": scene.hidden[0].key, "change": 3}}
    auditing.note("ledger.exported", actor=scene.cast.ida, data=data)
    told = {
        reader: ledger_page(reader, Wanted(source="portal"), None, 1)[0].data["filters"]
        for reader in (lead, scene.cast.ida)
    }
    assert told[lead] == {"subject": True, "change": 3}
    assert told[scene.cast.ida] == data["filters"]


def test_whatever_is_edited_on_a_subject_is_known():
    known = {*map(str, MODELS), *(str(apps.get_model(label)) for label in LEADING)}
    edited = [model for model, its in admin.site._registry.items() if not isinstance(its, Window)]
    on = {
        str(model)
        for model in edited
        if any(field.related_model in MODELS for field in model._meta.fields)
    }
    assert on <= known
    assert about_hidden(User(is_superuser=True, is_active=True)).children == [("pk__in", ())]
