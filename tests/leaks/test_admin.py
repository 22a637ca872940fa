"""Staff of the administration see there what they see in the portal, and no more."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import models

from people.models import Role, User
from tests.leaks.addresses import of_admin, of_open_rows
from tests.leaks.looking import Looker
from tests.leaks.scene import FIRST_NUMBER, KEY

OURS = ("people", "tags", "content", "journeys", "governance")


@pytest.fixture(scope="module")
def digests(built):
    return built.digests()


@pytest.fixture
def staff(scene):
    """Jun, who may do all that the administration offers, and sees no more for it."""
    rights = Permission.objects.filter(content_type__app_label__in=OURS)
    scene.cast.jun.user_permissions.set(rights.exclude(codename="see_everything"))
    User.objects.filter(pk=scene.cast.jun.pk).update(is_staff=True)
    return User.objects.get(pk=scene.cast.jun.pk)


def hidden_rows(scene):
    """By model the rows about something hidden."""
    found = {
        "journeys_journey": [one.pk for one in scene.hidden],
        "content_asset": [scene.asset.pk],
        "content_picture": list(scene.asset.pictures.values_list("pk", flat=True)),
        "tags_taxonomy": [scene.taxonomy.pk],
    }
    subjects = {"journey": scene.hidden, "subject": scene.hidden}
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        if name == "governance_change":
            found[name] = [scene.changes["in_review"].pk]
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and (
                field.name in subjects
                and field.related_model is apps.get_model("journeys", "Journey")
            ):
                rows = model._default_manager.filter(**{f"{field.name}__in": scene.hidden})
                found.setdefault(name, list(rows.values_list("pk", flat=True)[:2]))
    return found


def open_rows(scene):
    """By model rows that anybody of the staff sees, and that have to do with something hidden."""
    return {
        "journeys_journey": [scene.child.pk],
        "people_user": [scene.cast.named(name).pk for name in ("ana", "mei", "tom", "zoe")],
        "people_team": [scene.asset.team_id],
        "people_role": [Role.objects.get(key="journey-manager").pk],
    }


def test_no_page_of_the_administration_tells(scene, staff, digests):
    looker = Looker(staff)
    rows = hidden_rows(scene)
    assert {"governance_halt", "governance_freezewindow", "governance_ledgerentry"} <= set(rows)

    for address, absent in of_admin(rows):
        looker.look(address, absent, digests)

    # Whoever looks after policies reads them whole, with the keys in them.
    wrong = [one for one in looker.wrong if not one.startswith("/admin/governance/policy/")]
    assert not wrong, "\n" + "\n".join(wrong)


def test_no_page_about_what_is_open_tells(scene, staff, digests):
    looker = Looker(staff)
    pages = [*of_open_rows(open_rows(scene))]
    assert len([one for one in pages if one.endswith(("/history/", "/switch-off/"))]) > 8

    for address in pages:
        looker.look(address, address, digests)

    assert not looker.wrong, "\n" + "\n".join(looker.wrong)


def test_a_parent_that_is_not_seen_stays(scene, staff):
    looker = Looker(staff)
    address = f"/admin/journeys/journey/{scene.child.pk}/change/"
    page = looker.client.get(address)
    assert page.status_code == 200
    assert 'name="parent"' not in page.content.decode()
    sent = {"grants-TOTAL_FORMS": 0, "grants-INITIAL_FORMS": 0, "is_restricted": ""}

    answer = looker.client.post(address, sent)

    assert answer.status_code == 302, answer.content.decode()[-2000:]
    scene.child.refresh_from_db()
    assert scene.child.parent_id == scene.hidden[0].pk


def test_nobody_names_a_parent_that_they_do_not_see(scene, staff):
    looker = Looker(staff)
    address = f"/admin/journeys/journey/{scene.cast.journey.pk}/change/"
    refused = []
    for parent in (scene.hidden[0].pk, FIRST_NUMBER):
        sent = {"grants-TOTAL_FORMS": 0, "grants-INITIAL_FORMS": 0, "parent": parent}
        answer = looker.client.post(address, sent)
        refused.append([str(one) for one in answer.context["adminform"].form.errors["parent"]])

    assert refused[0] == refused[1]
    assert KEY not in str(refused)
