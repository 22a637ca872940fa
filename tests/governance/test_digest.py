"""One mail a day for those who want it so: what waits for them, and what happened since."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from governance import schedules, tasks
from governance.models import Change, Notification
from governance.transitions import Action
from people.models import Locale, Mails, User
from tests.cast import reach, take
from tests.governance.test_mail import postbox, waiting  # noqa: F401  (a fixture)


@pytest.fixture(autouse=True)
def _at_nine(monkeypatch):
    """It is nine o'clock in UTC."""
    nine = timezone.now().replace(hour=9, minute=0)
    monkeypatch.setattr(tasks.timezone, "now", lambda: nine)


@pytest.fixture
def daily(cast):
    """Tom, who wants one mail a day."""
    Notification.objects.all().delete()
    cast.tom.mails = Mails.DAILY
    cast.tom.save()
    return cast.tom


def texts(postbox, person):  # noqa: F811
    return [
        "".join(
            part.get_payload(decode=True).decode()
            for part in message.get_payload()
            if part.get_content_type() == "text/plain"
        )
        for message in postbox.received
        if message["To"] == person.email
    ]


def test_a_message_waits_for_the_digest_untouched(cast, daily, postbox, settings):  # noqa: F811
    settings.CJOPS = {**settings.CJOPS, "MAIL_RETRY_AFTER": 0}
    reach(cast, "in_review")

    tasks.deliver(notifications=waiting())
    schedules.deliver_waiting()

    assert texts(postbox, daily) == []
    kept = Notification.objects.get(user=daily)
    assert (kept.mailed_at, kept.attempts) == (None, 0)
    assert {message["To"] for message in postbox.received} == {
        "nora@bank.example",
        "ana@bank.example",
    }


def test_the_digest_names_what_waits_overdue_first_and_comes_once(cast, daily, postbox):  # noqa: F811
    later, late = reach(cast, "in_review"), reach(cast, "in_review")
    Change.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(days=1))

    schedules.send_digests()
    schedules.send_digests()

    (text,) = texts(postbox, daily)
    assert text.index(f"CR-{late.number}") < text.index(f"CR-{later.number}")
    assert "Overdue since" in text
    assert f"/changes/{late.number}/" in text
    assert not Notification.objects.filter(user=daily, mailed_at=None).exists()
    daily.refresh_from_db()
    assert daily.digest_sent_on == timezone.now().date()


def test_the_digest_tells_what_happened_to_changes_of_ones_own(cast, postbox):  # noqa: F811
    cast.mei.mails = Mails.DAILY
    cast.mei.save()
    change = reach(cast, "in_review")
    Notification.objects.all().delete()
    take(change, Action.REQUEST_CHANGES, cast.tom, comment="Shorter, please")

    schedules.send_digests()

    (text,) = texts(postbox, cast.mei)
    assert "Tom asks for changes" in text


def test_nothing_to_say_is_no_mail(daily, postbox):  # noqa: F811
    schedules.send_digests()

    assert postbox.received == []
    daily.refresh_from_db()
    assert daily.digest_sent_on is not None


@pytest.mark.parametrize(
    ("zone", "comes"),
    # At nine in UTC it is four in the morning in New York and five in the afternoon in Hong Kong.
    [("America/New_York", False), ("UTC", True), ("Asia/Hong_Kong", True)],
)
def test_it_comes_in_the_morning_of_its_reader(cast, daily, postbox, zone, comes):  # noqa: F811
    daily.time_zone = zone
    daily.save()
    reach(cast, "in_review")

    schedules.send_digests()

    assert bool(texts(postbox, daily)) is comes


def test_it_is_in_the_readers_language(cast, daily, postbox):  # noqa: F811
    daily.locale = Locale.ZH_HANT
    daily.save()
    reach(cast, "in_review")

    schedules.send_digests()

    (message,) = [one for one in postbox.received if one["To"] == daily.email]
    html = message.get_payload()[1].get_payload(decode=True).decode()
    assert 'lang="zh-hant"' in html


def test_who_left_or_lost_sight_is_told_nothing(cast, daily, postbox):  # noqa: F811
    reach(cast, "in_review")
    User.objects.filter(pk=daily.pk).update(is_active=False)

    schedules.send_digests()
    tasks.deliver(notifications=waiting())

    assert texts(postbox, daily) == []
    assert not Notification.objects.filter(user=daily, mailed_at=None).exists()


def test_a_mail_server_that_is_away_loses_nothing(cast, daily, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    reach(cast, "in_review")

    schedules.send_digests()

    daily.refresh_from_db()
    assert daily.digest_sent_on is None
    assert Notification.objects.filter(user=daily, mailed_at=None).exists()


def test_a_digest_leaves_no_trace_in_the_history_of_the_account(cast, daily, postbox):  # noqa: F811
    reach(cast, "in_review")
    before = daily.history.count()

    schedules.send_digests()

    assert daily.history.count() == before


def test_who_goes_back_to_single_mails_gets_what_waited(cast, daily, postbox):  # noqa: F811
    reach(cast, "in_review")
    daily.mails = Mails.EACH
    daily.save()

    Notification.objects.filter(user=daily).update(created_at=timezone.now() - timedelta(days=1))
    schedules.deliver_waiting()

    assert len(texts(postbox, daily)) == 1


def test_preferences_ask_for_it(signed_in, cast):
    sent = {"name": "Tom", "locale": "en", "time_zone": "UTC"}
    client = signed_in("tom")

    assert client.post(reverse("preferences"), {**sent, "mails": "hourly"}).status_code == 422
    assert client.post(reverse("preferences"), {**sent, "mails": "daily"}).status_code == 302
    cast.tom.refresh_from_db()
    assert cast.tom.mails == Mails.DAILY
    # A form that does not ask leaves it.
    assert client.post(reverse("preferences"), sent).status_code == 302
    cast.tom.refresh_from_db()
    assert cast.tom.mails == Mails.DAILY
