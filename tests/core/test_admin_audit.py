"""Every edit in the administration is written down, without what was in the fields."""

import pytest
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from cjops.core import auditing
from cjops.core.admin_audit import Audited
from cjops.core.models import AuditEntry
from people.models import Channel, Team

pytestmark = pytest.mark.django_db
# Written through forms of the portal, whose services write to the ledger.
WITH_OWN_LEDGER = {"governance.policy"}


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label_lower)
def test_every_admin_writes_down_what_is_edited(model):
    its = admin.site._registry[model]
    assert isinstance(its, Audited)
    kept = ("log_addition", "log_change", "log_deletions", "construct_change_message")
    for name in (*kept, "response_action"):
        assert getattr(type(its), name) is getattr(Audited, name), name
    own = {"add_view", "change_view", "delete_view"} & vars(type(its).__mro__[2]).keys()
    assert not own or model._meta.label_lower in WITH_OWN_LEDGER


def sent(client, address, **changed):
    """The form of an address as a browser sends it, with some fields changed."""
    form = client.get(address).context["adminform"].form
    found = {name: form[name].value() for name in form.fields}
    for formset in client.get(address).context["inline_admin_formsets"]:
        for field in formset.formset.management_form:
            found[field.html_name] = field.value()
        for inline in formset.formset.initial_forms:
            for field in inline:
                found[field.html_name] = field.value()
    found = {name: "" if value is None else value for name, value in found.items()}
    return client.post(address, {**found, **changed})


def last():
    entry = AuditEntry.objects.latest("pk")
    return entry.action, entry.about, entry.about_id, entry.data


def test_adding_changing_and_deleting(client, cast):
    client.force_login(cast.omar)
    form = {"key": "fax", "name": "Fax", "icon": "phone", "position": "9", "name_zh_hans": "",
            "name_zh_hant": "", "carries_content": "on"}  # fmt: skip
    address = reverse("admin:people_channel_add")
    client.post(address, form)
    channel = Channel.objects.get(key="fax")
    action, about, pk, data = last()
    assert (action, about, pk) == ("admin.added", "people.channel", channel.pk)
    assert "name" in data["fields"]

    client.post(reverse("admin:people_channel_change", args=[channel.pk]), {**form, "name": "Tele"})
    assert last() == (
        "admin.changed", "people.channel", channel.pk,
        {"model": "people.channel", "fields": ["name"]},
    )  # fmt: skip

    client.post(reverse("admin:people_channel_delete", args=[channel.pk]), {"post": "yes"})
    assert last()[:3] == ("admin.deleted", "people.channel", channel.pk)
    assert AuditEntry.objects.latest("pk").actor == cast.omar


def test_no_values_are_kept(client, cast):
    client.force_login(cast.omar)
    address = reverse("admin:people_user_change", args=[cast.mei.pk])
    sent(client, address, name="Somebody Else", email="else@bank.example")
    entry = AuditEntry.objects.latest("pk")
    assert entry.about_id == cast.mei.pk
    assert {"email", "name"} <= set(entry.data["fields"])
    assert "else" not in entry.body.lower()


def test_rows_that_belong_to_it(client, cast):
    client.force_login(cast.omar)
    team = Team.objects.get(key="email")
    membership = team.memberships.get(user=cast.mei)
    address = reverse("admin:people_team_change", args=[team.pk])
    forms = client.get(address).context["inline_admin_formsets"][0].formset.initial_forms
    (row,) = [form for form in forms if form.instance == membership]
    sent(client, address, **{f"{row.prefix}-role": "lead"})
    assert last()[3]["inlines"] == {
        "people.membership": {
            "added": 0,
            "changed": [{"id": membership.pk, "fields": ["role"]}],
            "deleted": [],
        }
    }


def test_a_refused_edit_is_not_written_down(client, cast):
    client.force_login(cast.omar)
    before = AuditEntry.objects.count()
    client.post(reverse("admin:people_channel_add"), {"key": ""})
    client.force_login(cast.mei)
    client.post(reverse("admin:people_channel_add"), {"key": "fax", "name": "Fax"})
    assert AuditEntry.objects.count() == before


def test_an_action_on_ticked_rows(client, cast):
    client.force_login(cast.omar)
    cast.omar.is_superuser = cast.omar.is_staff = True
    cast.omar.save()
    every = IntervalSchedule.objects.create(every=1, period="days")
    task = PeriodicTask.objects.create(name="x", task="x", interval=every)
    client.post(
        reverse("admin:django_celery_beat_periodictask_changelist"),
        {"action": "disable_tasks", ACTION_CHECKBOX_NAME: [str(task.pk)]},
    )
    action, _about, _pk, data = last()
    assert (action, data["action"], data["ids"]) == ("admin.acted", "disable_tasks", [str(task.pk)])
    assert set(auditing.actions()) >= {"admin.added", "admin.acted"}
