"""Freezes: what they hold, who may pass and how, and what becomes of what is scheduled."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from cjops.core.errors import Conflict, Invalid
from governance import freezes, schedules, services
from governance.models import Change, FreezeWindow, Notification, NotificationKind
from governance.transitions import Action, State
from people.models import Channel, User
from tests.cast import propose, reach, take
from tests.factories import JourneyFactory, journey_document
from tests.governance.posting import as_posted

HOUR = timedelta(hours=1)


def freeze(key="peak", start=-1, end=24, **fields):
    """A window from so many hours from now until so many."""
    now = timezone.now()
    window = FreezeWindow(
        **{
            "key": key,
            "name": key.capitalize(),
            "starts_at": now + start * HOUR,
            "ends_at": now + end * HOUR,
        }
        | fields
    )
    services.save_freeze(window=window, actor=None)
    return window


def over(key="past"):
    """One that has ended: no service makes it."""
    now = timezone.now()
    return FreezeWindow.objects.create(
        key=key, name=key.capitalize(), starts_at=now - 2 * HOUR, ends_at=now - HOUR
    )


def may_break(user):
    user.user_permissions.add(Permission.objects.get(codename="break_glass"))
    return User.objects.get(pk=user.pk)


# --- what holds -------------------------------------------------------------------------------


def test_a_window_holds_for_what_it_names(cast, django_assert_num_queries):
    elsewhere = JourneyFactory()
    everywhere = freeze("everywhere")
    market = freeze("market", market=cast.journey.market)
    email = freeze("email", channel=Channel.objects.get(key="email"))
    freeze("sms", channel=Channel.objects.get(key="sms"))
    own = freeze("own", journey=cast.journey)
    freeze("other", journey=elsewhere)
    freeze("later", start=2)
    over()

    with django_assert_num_queries(1):
        found = freezes.in_force(subject=cast.journey, channels=["email"], at=timezone.now())

    assert {one.key for one in found} == {"everywhere", "market", "email", "own"}
    assert set(found) == {everywhere, market, email, own}
    assert [one.key for one in freezes.in_force(
        subject=cast.asset, channels=[], at=timezone.now()
    )] == ["everywhere"]  # fmt: skip


def test_the_market_that_a_change_proposes_counts_too(cast):
    JourneyFactory(document=journey_document(market="corporate"))
    freeze(market="corporate")
    change = propose(
        cast, {"op": "update", "element": "", "key": "", "fields": {"market": "corporate"}}
    )

    assert freezes.wait_of(change, timezone.now()).windows
    assert not freezes.wait_of(propose(cast), timezone.now()).windows


def test_windows_one_after_the_other_are_one_wait(cast):
    freeze("one", end=5)
    second = freeze("two", start=4, end=9)
    freeze("much-later", start=20, end=30)

    assert freezes.wait_of(propose(cast), timezone.now()).until == second.ends_at


# --- publishing -------------------------------------------------------------------------------


def test_nothing_is_published_within_a_freeze(cast):
    change = reach(cast, "approved")
    window = freeze()

    with pytest.raises(Conflict) as refused:
        take(change, Action.PUBLISH, cast.ana, comment="Please")

    assert refused.value.code == "frozen"
    assert window.name in refused.value.message
    change.refresh_from_db()
    assert change.state == State.APPROVED
    assert not change.ledger.filter(action=Action.PUBLISH).exists()


def test_another_channels_freeze_is_in_nobodys_way(cast):
    change = reach(cast, "approved")
    freeze(channel=Channel.objects.get(key="sms"))

    take(change, Action.PUBLISH, cast.ana)

    assert change.state == State.PUBLISHED


def test_who_may_break_glass_says_why(cast):
    change = reach(cast, "approved")
    freeze()
    ana = may_break(cast.ana)

    with pytest.raises(Invalid) as refused:
        take(change, Action.PUBLISH, ana)
    assert "comment" in refused.value.errors
    entry = take(change, Action.PUBLISH, ana, comment="The rate on it is wrong")

    assert entry.data["frozen"] == ["peak"]
    assert entry.reason == "The rate on it is wrong"


def test_a_superuser_says_why_as_well(cast):
    change = reach(cast, "approved")
    freeze()

    with pytest.raises(Invalid):
        take(change, Action.PUBLISH, cast.omar)
    take(change, Action.PUBLISH, cast.omar, comment="Now")


def test_the_right_to_break_glass_is_none_to_publish(cast):
    change = reach(cast, "approved")
    freeze()

    with pytest.raises(Exception, match="publish"):
        take(change, Action.PUBLISH, may_break(cast.mei), comment="Now")


# --- what is scheduled ------------------------------------------------------------------------


def due(change):
    Change.objects.filter(pk=change.pk).update(scheduled_for=timezone.now() - timedelta(seconds=1))


def test_a_scheduled_change_waits_for_the_end_and_people_hear_once(cast):
    change = reach(cast, "scheduled")
    window = freeze()
    due(change)
    Notification.objects.all().delete()

    schedules.publish_due()
    schedules.publish_due()

    change.refresh_from_db()
    assert (change.state, change.scheduled_for) == (State.SCHEDULED, window.ends_at)
    entry = change.ledger.filter(action=Action.SCHEDULE).latest("pk")
    assert (entry.actor, entry.data["frozen"]) == (None, ["peak"])
    told = Notification.objects.filter(change=change)
    assert {one.user for one in told} == {cast.mei, cast.ana}
    assert told.count() == 2


def test_it_goes_live_when_the_freeze_is_over(cast):
    change = reach(cast, "scheduled")
    window = freeze()
    due(change)
    schedules.publish_due()

    services.remove_freeze(window=window, actor=cast.omar)
    due(change)
    schedules.publish_due()

    change.refresh_from_db()
    assert change.state == State.PUBLISHED
    entry = change.ledger.get(action=Action.PUBLISH)
    assert entry.data["scheduled_by"] == cast.ana.pk


def test_a_freeze_that_refuses_takes_it_off_the_calendar(cast):
    change = reach(cast, "scheduled")
    freeze(scheduled=FreezeWindow.Scheduled.REFUSED)
    due(change)

    schedules.publish_due()

    change.refresh_from_db()
    assert (change.state, change.scheduled_for) == (State.APPROVED, None)
    assert "Peak" in change.ledger.latest("pk").reason
    assert change.notifications.filter(kind=NotificationKind.FAILED, user=cast.ana).exists()


def test_scheduling_into_a_freeze_tells_when_it_goes_live(cast):
    change = reach(cast, "approved")
    window = freeze(start=1)

    entry = take(change, Action.SCHEDULE, cast.ana, publish_at=timezone.now() + 2 * HOUR)

    assert entry.data["waits_until"] == window.ends_at.isoformat()
    assert change.state == State.SCHEDULED


def test_scheduling_into_a_freeze_that_refuses_is_refused(cast):
    change = reach(cast, "approved")
    freeze(start=1, scheduled=FreezeWindow.Scheduled.REFUSED)

    with pytest.raises(Invalid) as refused:
        take(change, Action.SCHEDULE, cast.ana, publish_at=timezone.now() + 2 * HOUR)

    assert "Peak" in refused.value.errors["publish_at"][0]
    take(change, Action.SCHEDULE, cast.ana, publish_at=timezone.now() + 30 * HOUR)


# --- setting them up --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"end": -0.5}, "ends_at"),
        ({"start": 5, "end": 4}, "ends_at"),
        ({"market": "Atlantis"}, "market"),
        ({"key": "Not a key"}, "key"),
        ({"name": ""}, "name"),
        ({"scheduled": "maybe"}, "scheduled"),
    ],
)
def test_a_window_that_makes_no_sense_is_refused_at_its_field(cast, fields, field):
    with pytest.raises(Invalid) as refused:
        freeze(**fields)

    assert field in refused.value.errors
    assert not FreezeWindow.objects.exists()


def test_an_unknown_market_is_answered_with_those_in_use(cast):
    with pytest.raises(Invalid) as refused:
        freeze(market="Atlantis")

    assert "private" in refused.value.errors["market"][0]


def test_a_window_has_one_scope_at_most(cast):
    with pytest.raises(Invalid) as refused:
        freeze(journey=cast.journey, channel=Channel.objects.get(key="sms"))

    assert "market" in refused.value.errors


def test_the_key_is_unique(cast):
    freeze()
    with pytest.raises(Invalid) as refused:
        freeze()
    assert "key" in refused.value.errors


def test_what_is_over_stays_as_it_was(cast):
    window = over()
    window.ends_at = timezone.now() + HOUR

    with pytest.raises(Conflict):
        services.save_freeze(window=window, actor=cast.omar)
    with pytest.raises(Conflict):
        services.remove_freeze(window=window, actor=cast.omar)
    assert FreezeWindow.objects.filter(pk=window.pk).exists()


def test_the_history_says_who_planned_it(cast):
    window = freeze()
    window.reason = "Tax season"
    services.save_freeze(window=window, actor=cast.omar)
    services.remove_freeze(window=window, actor=cast.omar)

    assert [row.history_user for row in FreezeWindow.history.order_by("history_id")] == [
        None,
        cast.omar,
        cast.omar,
    ]


ADD = "admin:governance_freezewindow_add"


def posted(client, **changes):
    page = as_posted(client.get(reverse(ADD)).content.decode())
    day = timezone.now() + timedelta(days=2)
    times = {
        "starts_at_0": f"{timezone.now():%Y-%m-%d}",
        "starts_at_1": "00:00:00",
        "ends_at_0": f"{day:%Y-%m-%d}",
        "ends_at_1": "00:00:00",
    }
    return {**page, "key": "peak", "name": "Peak", **times, **changes}


def test_an_admin_plans_a_freeze(signed_in):
    client = signed_in("omar")

    answer = client.post(reverse(ADD), posted(client))

    assert answer.status_code == 302, answer.context["errors"]
    window = FreezeWindow.objects.get()
    assert window.history.get().history_user.email == "omar@bank.example"
    change = reverse("admin:governance_freezewindow_change", args=[window.pk])
    assert client.get(change).status_code == 200
    delete = reverse("admin:governance_freezewindow_delete", args=[window.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert not FreezeWindow.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ends_at_0": "2020-01-01"}, "end after it begins"),
        ({"starts_at_0": "2019-01-01", "ends_at_0": "2020-01-01"}, "has passed"),
        ({"market": "Atlantis"}, "In use"),
        ({"ends_at_0": "never"}, "valid date"),
        ({"journey": "999999"}, "valid choice"),
        ({"key": ""}, "required"),
    ],
)
def test_the_page_says_what_is_wrong(signed_in, changes, said):
    client = signed_in("omar")

    answer = client.post(reverse(ADD), posted(client, **changes))

    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not FreezeWindow.objects.exists()


def test_what_is_over_is_only_shown(signed_in):
    window = over()
    client = signed_in("omar")
    change = reverse("admin:governance_freezewindow_change", args=[window.pk])

    assert 'name="ends_at_0"' not in client.get(change).content.decode()
    assert client.post(change, posted(client)).status_code == 403


# --- what people see --------------------------------------------------------------------------


def text(answer):
    return answer.content.decode()


def test_the_list_shows_what_is_coming_and_hides_journeys_of_others(signed_in, cast):
    freeze("now")
    freeze("soon", start=5)
    over()
    freeze("secret", journey=cast.journey)

    page = text(signed_in("mei").get(reverse("freeze-list")))
    assert all(name in page for name in ("Now", "Soon", "Past", "Secret"))
    assert "Secret" not in text(signed_in("zoe").get(reverse("freeze-list")))


def test_pages_say_that_a_freeze_is_in_force(signed_in, cast):
    change = reach(cast, "approved")
    client = signed_in("ana")
    pages = [
        reverse("journey-detail", args=[cast.journey.key]),
        reverse("change-detail", args=[change.number]),
    ]
    assert not any("Freeze “Peak”" in text(client.get(page)) for page in pages)
    freeze()

    assert all("Freeze “Peak”" in text(client.get(page)) for page in pages)
    asked = text(client.get(reverse("change-take", args=[change.number, "publish"])))
    assert "nothing is published" in asked
    asked = text(client.get(reverse("change-take", args=[change.number, "schedule"])))
    assert "waits until the freeze “Peak” is over" in asked


def test_the_refusal_of_a_publication_reads_well_on_the_page(signed_in, cast):
    change = reach(cast, "approved")
    freeze()
    address = reverse("change-take", args=[change.number, "publish"])

    answer = signed_in("ana").post(address, {"digest": change.digest})
    assert answer.status_code == 409
    assert "The freeze “Peak” is in force" in text(answer)

    answer = signed_in("omar").post(address, {"digest": change.digest})
    assert answer.status_code == 400
    assert "Say why this cannot wait" in text(answer)
    sent = {"digest": change.digest, "comment": "Wrong rate"}
    assert signed_in("omar").post(address, sent).status_code == 302
    story = text(signed_in("omar").get(f"/changes/{change.number}/?tab=conversation"))
    assert "within a freeze" in story


def test_the_form_of_a_time_says_what_becomes_of_it(signed_in, cast):
    change = reach(cast, "approved")
    freeze(start=1)
    address = reverse("change-take", args=[change.number, "schedule"])
    at = f"{timezone.now() + 2 * HOUR:%Y-%m-%dT%H:%M}"

    answer = signed_in("ana").post(
        address, {"digest": change.digest, "publish_at": at}, follow=True
    )

    assert "It goes live after it" in text(answer)


def test_a_working_calendar_says_what_a_weekend_is(cast):
    saturday = timezone.now().replace(year=2026, month=11, day=21, hour=12)

    assert freezes.is_weekend(saturday)
    assert not freezes.is_weekend(saturday + timedelta(days=2))
