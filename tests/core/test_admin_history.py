"""The administration shows who changed what, and every row that is edited there keeps a history."""

import pytest
from django.contrib import admin
from django.urls import reverse

import people.services
from cjops.core.admin import Window
from people.models import Team
from tests.core.test_admin_audit import sent
from tests.factories import RoleFactory

pytestmark = pytest.mark.django_db
OURS = ("people", "tags", "content", "journeys", "governance")
# What is edited in the administration and keeps no history of its own, and why.
WITHOUT = {
    "people.apitoken": "made by a command, never changed; that one is deleted is an audit entry",
    "governance.policy": "each edit is a version of its own, with an entry in the ledger",
    "people.holiday": "see people.workingcalendar",
}


def edited():
    for model, its in admin.site._registry.items():
        if model._meta.app_label in OURS and not isinstance(its, Window):
            yield from (model, *(inline.model for inline in its.inlines))


def test_what_is_edited_keeps_its_history():
    found = {m._meta.label_lower for m in edited() if not hasattr(m, "history")}
    assert found <= WITHOUT.keys()


def test_a_page_tells_who_changed_what_and_when(client, cast):
    client.force_login(cast.omar)
    team = Team.objects.get(key="email")
    sent(client, reverse("admin:people_team_change", args=[team.pk]), name="Mailroom")
    page = client.get(reverse("admin:people_team_history", args=[team.pk]))
    newest = page.context["edits"][0]
    assert newest.who == cast.omar
    assert [(before, after) for _label, before, after in newest.fields] == [(team.name, "Mailroom")]
    assert "Mailroom" in page.content.decode()
    assert "style=" not in page.content.decode()


def test_members_of_a_team_are_told_with_it(client, cast):
    client.force_login(cast.omar)
    team = Team.objects.get(key="email")
    people.services.set_membership(team=team, user=cast.zoe, role="lead", actor=cast.omar)
    edits = client.get(reverse("admin:people_team_history", args=[team.pk])).context["edits"]
    assert "Zoe" in edits[0].what or any("Zoe" in one[2] for one in edits[0].fields)


def test_who_may_not_look_is_told_nothing(client, cast):
    team = Team.objects.get(key="email")
    client.force_login(cast.mei)
    assert client.get(reverse("admin:people_team_history", args=[team.pk])).status_code in (
        302,
        403,
    )


def test_what_a_row_was_joined_with_is_told(client, cast):
    client.force_login(cast.omar)
    team = Team.objects.get(key="email")
    people.services.set_channels(team=team, channels=[], actor=cast.omar)
    edits = client.get(reverse("admin:people_team_history", args=[team.pk])).context["edits"]
    (field,) = edits[0].fields
    assert field[1:] == ("E-mail", "")


def test_lists_and_answers_are_shown_in_words(client, cast):
    client.force_login(cast.omar)
    role = RoleFactory(
        key="archivist", permissions=["view_journey", "propose_journey"], is_owner=True
    )
    edits = client.get(reverse("admin:people_role_history", args=[role.pk])).context["edits"]
    told = [after for _label, _before, after in edits[-1].fields]
    assert "view_journey, propose_journey" in told
    assert "yes" in told
