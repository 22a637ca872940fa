"""Messages: to whose decision counts, in their language, once, and only after the commit."""

import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.core import mail
from django.template import TemplateSyntaxError

from governance import schedules, tasks
from governance.models import Notification, NotificationKind
from governance.transitions import Action
from people import granting
from people.models import Locale
from tests.cast import propose, reach, take


class Postbox(Message):
    """A mail server that keeps what it is given."""

    def __init__(self):
        super().__init__()
        self.received = []

    def handle_message(self, message):
        self.received.append(message)


@pytest.fixture
def postbox(settings):
    """A real SMTP server on this machine, and the portal set up to send by it."""
    box = Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield box
    controller.stop()


def waiting():
    return list(Notification.objects.filter(mailed_at=None).values_list("pk", flat=True))


def test_request_reaches_exactly_those_who_may_decide(cast, postbox):
    Notification.objects.all().delete()
    reach(cast, "in_review")

    tasks.deliver(notifications=waiting())

    assert {message["To"] for message in postbox.received} == {
        "tom@bank.example",
        "nora@bank.example",
        "ana@bank.example",
    }


def test_mail_is_in_the_readers_language(cast, postbox, settings):
    Notification.objects.all().delete()
    cast.ana.locale = Locale.ZH_HANS
    cast.ana.save()
    change = reach(cast, "in_review")

    tasks.deliver(notifications=waiting())

    by_reader = {message["To"]: message for message in postbox.received}
    html = by_reader["ana@bank.example"].get_payload()[1]
    assert 'lang="zh-hans"' in html.get_payload(decode=True).decode()
    text = by_reader["tom@bank.example"].get_payload()[0].get_payload(decode=True).decode()
    assert f"/changes/{change.number}/" in text
    assert "Hello Tom" in text


def test_second_delivery_sends_nothing(cast, postbox):
    Notification.objects.all().delete()
    reach(cast, "in_review")
    ids = waiting()

    tasks.deliver(notifications=ids)
    tasks.deliver(notifications=ids)

    assert len(postbox.received) == 3


def test_mail_that_was_never_queued_is_found_again(cast, postbox, settings):
    settings.CJOPS = {**settings.CJOPS, "MAIL_RETRY_AFTER": 0}
    Notification.objects.all().delete()
    reach(cast, "in_review")

    schedules.deliver_waiting()

    assert len(postbox.received) == 3
    assert waiting() == []


def test_mail_server_that_is_away_loses_nothing(cast, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    Notification.objects.all().delete()
    reach(cast, "in_review")

    tasks.deliver(notifications=waiting())

    assert len(waiting()) == 3
    assert set(Notification.objects.values_list("attempts", flat=True)) == {1}


def test_mail_that_cannot_be_written_counts_an_attempt_and_the_others_go_out(
    cast, postbox, monkeypatch
):
    Notification.objects.all().delete()
    reach(cast, "in_review")
    write = tasks.mail_for

    def stumble(notification):
        if notification.user == cast.tom:
            raise TemplateSyntaxError("not closed")
        return write(notification)

    monkeypatch.setattr(tasks, "mail_for", stumble)
    tasks.deliver(notifications=waiting())

    assert {message["To"] for message in postbox.received} == {
        "nora@bank.example",
        "ana@bank.example",
    }
    kept = Notification.objects.get(mailed_at=None)
    assert (kept.user, kept.attempts) == (cast.tom, 1)
    assert kept.attempted_at is not None

    monkeypatch.undo()
    tasks.deliver(notifications=waiting())
    assert [message["To"] for message in postbox.received[2:]] == ["tom@bank.example"]


def test_whoever_lost_sight_of_the_subject_gets_no_mail(cast, postbox):
    Notification.objects.all().delete()
    reach(cast, "in_review")
    granting.take_back(grant=cast.journey.grants.get(user=cast.ana), actor=None)
    cast.nora.is_active = False
    cast.nora.save(update_fields=["is_active"])

    tasks.deliver(notifications=waiting())

    assert [message["To"] for message in postbox.received] == ["tom@bank.example"]
    assert waiting() == []


def test_message_is_queued_only_after_the_commit(
    cast, monkeypatch, django_capture_on_commit_callbacks
):
    queued = []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda **options: queued.append(options))

    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        reach(cast, "in_review")
    assert queued == []
    for callback in callbacks:
        callback()

    assert len(queued) == 1


def test_broker_that_is_away_does_not_undo_the_step(
    cast, monkeypatch, django_capture_on_commit_callbacks
):
    def away(**_options):
        raise ConnectionError

    monkeypatch.setattr(tasks.deliver, "apply_async", away)

    with django_capture_on_commit_callbacks(execute=True):
        change = reach(cast, "in_review")

    assert change.state == "in_review"
    assert len(waiting()) >= 3


def test_author_hears_of_the_outcome_and_not_of_own_steps(cast):
    change = propose(cast)
    take(change, Action.SUBMIT, cast.mei)
    take(change, Action.REQUEST_CHANGES, cast.tom, comment="Shorter")

    kinds = set(change.notifications.filter(user=cast.mei).values_list("kind", flat=True))
    assert kinds == {NotificationKind.CHANGES_REQUESTED}
    assert mail.outbox == []


def test_title_cannot_forge_a_header(cast, postbox):
    Notification.objects.all().delete()
    change = reach(cast, "in_review")
    change.title = "Hello\nBcc: all@bank.example"
    change.save(update_fields=["title"])

    tasks.deliver(notifications=waiting())

    assert all(message["Bcc"] is None for message in postbox.received)
    assert len(postbox.received) == 3
