"""A queue behind a change that not everybody sees: no page and no answer tells its number."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from governance import queries, schedules, services
from governance.models import LedgerEntry
from governance.transitions import Action, State
from people import granting
from people.models import Role
from tests.cast import propose, reach, rename, take, wait_for
from tests.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(cast):
    """A change of a restricted journey that Ana sees; Mei and Tom do not."""
    change = services.create_journey(
        key="secret", actor=cast.omar, raw={"name": "Secret"}, title="Hush", is_restricted=True
    )
    granting.give(
        on=granting.on(change.journey),
        role=Role.objects.get(key="contributor"),
        user=cast.ana,
        actor=None,
    )
    return change


@pytest.fixture
def behind(cast, secret):
    """A change of Ana's on the open journey that waits for it."""
    change = propose(cast, wait_for(3), by="ana")
    take(change, Action.QUEUE, cast.ana, after=secret.number)
    return change


def story(client, person, change):
    client.force_login(person)
    return text_of(
        client.get(reverse("change-detail", args=[change.number]), {"tab": "conversation"})
    )


def ledger(client, person, change):
    """The data and reason of what the ledger says of its queue, the newest first."""
    client.force_login(person)
    body = client.get("/api/v1/ledger/", {"change": change.number, "action": "queue"}).json()
    return [(row["data"], row["reason"]) for row in body["results"]]


def test_story_names_the_change_only_to_those_who_see_it(client, cast, secret, behind):
    assert f"let it wait for CR-{secret.number}" in story(client, cast.ana, behind)

    told = story(client, cast.mei, behind)

    assert "let it wait for another change" in told
    assert f"CR-{secret.number}" not in told


def test_ledger_gives_the_number_only_to_those_who_see_it(client, cast, secret, behind):
    assert ledger(client, cast.ana, behind) == [({"after": secret.number}, "")]
    assert ledger(client, cast.mei, behind) == [({"after": None}, "")]


def test_queue_that_ended_tells_the_number_only_to_those_who_see_it(client, cast, secret, behind):
    take(secret, Action.WITHDRAW, cast.omar)
    schedules.mind_queues()

    number = str(secret.number)
    assert f"let it wait no longer for CR-{number}" in story(client, cast.ana, behind)
    told = story(client, cast.mei, behind)
    assert "The change it waited for ended without going live." in told
    assert "let it wait for no other change" in told
    assert f"CR-{number}" not in told
    data, reason = ledger(client, cast.mei, behind)[0]
    assert data == {"after": 0, "ended": None}
    assert number not in reason
    assert ledger(client, cast.ana, behind)[0][0] == {"after": 0, "ended": secret.number}


def test_reason_that_is_kept_has_no_number(cast, secret, behind):
    take(secret, Action.WITHDRAW, cast.omar)
    schedules.mind_queues()

    entry = LedgerEntry.objects.get(change=behind, action=Action.QUEUE, actor=None)
    assert str(secret.number) not in entry.reason
    assert entry.data["ended"] == secret.number


def test_one_query_for_all_queues_of_a_page_and_none_for_none(cast, secret):
    queries.seen_in_queues(cast.ana, [{"after": 1}])  # reads what she may do
    data = [{"after": secret.number}, {"after": 0, "ended": secret.number}, {"version": 3}]

    with CaptureQueriesContext(connection) as captured:
        assert queries.seen_in_queues(cast.ana, data) == {secret.number}
    assert len(captured) == 1
    with CaptureQueriesContext(connection) as captured:
        assert queries.seen_in_queues(cast.ana, [{}, {"after": 0}]) == set()
    assert len(captured) == 0


def form(client, person, change):
    client.force_login(person)
    return client.get(reverse("change-take", args=[change.number, "queue"])).content.decode()


def answer(client, change, after):
    address = reverse("change-take", args=[change.number, "queue"])
    return client.post(address, {"after": after, "digest": change.digest})


def test_form_chooses_what_it_waits_for_also_of_another_journey(client, cast, secret, behind):
    shown = form(client, cast.ana, behind)

    assert f'<option value="{secret.number}" selected>CR-{secret.number} Hush</option>' in shown


def test_form_chooses_what_it_waits_for_beyond_the_newest(client, cast, monkeypatch):
    first, second = propose(cast), propose(cast, wait_for(3))
    take(second, Action.QUEUE, cast.mei, after=first.number)
    for number in range(3):
        propose(cast, rename(f"Welcome {number}"))
    monkeypatch.setattr("governance.views.taking.MOST_OTHERS", 2)

    shown = form(client, cast.mei, second)

    assert f'<option value="{first.number}" selected>' in shown
    assert shown.count(f'value="{first.number}"') == 1


def test_form_keeps_a_change_that_the_person_does_not_see(client, cast, secret):
    change = propose(cast, wait_for(3))
    change.queued_behind = secret
    change.save(update_fields=["queued_behind"])

    shown = form(client, cast.mei, change)

    assert '<option value="kept" selected>the change it waits for now</option>' in shown
    assert str(secret.number) not in shown.split("<select")[1].split("</select>")[0]
    assert "Hush" not in shown
    kept = answer(client, change, "kept")
    assert kept.status_code == 302
    change.refresh_from_db()
    assert change.queued_behind_id == secret.number
    assert "goes on waiting" in text_of(client.get(kept.url))


def test_what_was_not_offered_is_not_kept(client, cast):
    change = propose(cast, wait_for(3))
    client.force_login(cast.mei)

    assert answer(client, change, "kept").status_code == 422


def test_ended_change_keeps_nothing(client, cast, secret, behind):
    take(behind, Action.WITHDRAW, cast.ana)
    client.force_login(cast.mei)

    assert answer(client, behind, "kept").status_code == 409


def test_form_of_a_change_that_waits_for_none_chooses_none(client, cast):
    change = propose(cast, wait_for(3))

    assert '<option value="0" selected>no other change</option>' in form(client, cast.mei, change)


@pytest.mark.parametrize(
    ("when", "said"),
    [(None, "right after the change that it waits for"), (1, "at the time you set")],
)
def test_schedule_says_when_it_goes_live(client, cast, when, said):
    first, second = reach(cast, "approved"), reach(cast, "approved")
    take(second, Action.QUEUE, cast.mei, after=first.number)
    client.force_login(cast.ana)
    address = reverse("change-take", args=[second.number, "schedule"])
    at = f"{timezone.now() + timedelta(days=when):%Y-%m-%dT%H:%M}" if when else ""

    done = client.post(address, {"publish_at": at, "digest": second.digest}, follow=True)

    assert f"It goes live {said}." in text_of(done)
    second.refresh_from_db()
    assert second.state == State.SCHEDULED
