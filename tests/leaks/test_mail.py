"""Mail that waits when somebody loses sight of a journey tells them nothing of it any more."""

from datetime import timedelta

from django.utils import timezone

from governance import schedules, tasks
from governance.models import Notification
from people.models import Mails, User
from tests.leaks.scene import FIRST_NUMBER, KEY, NUMBERS, OUTSIDERS, WORD


def told(mailoutbox):
    """What mails to people who do not see it say of it."""
    addresses = {f"{name}@bank.example" for name in OUTSIDERS}
    return [
        mail.subject
        for mail in mailoutbox
        if addresses & set(mail.recipients())
        for text in (str(mail.message()), mail.subject, mail.body, str(mail.alternatives))
        if WORD in text or KEY in text or NUMBERS.search(text)
    ]


def test_late_mail_does_not_tell(scene, mailoutbox):
    Notification.objects.update(created_at=timezone.now() - timedelta(hours=2), mailed_at=None)
    assert Notification.objects.filter(
        user__email="tom@bank.example", change__gte=FIRST_NUMBER
    ).exists()

    schedules.deliver_waiting()

    assert mailoutbox
    assert told(mailoutbox) == []


def test_digest_does_not_tell(scene, mailoutbox, monkeypatch):
    # Whatever the time is.
    monkeypatch.setattr(tasks, "DIGEST_FROM_HOUR", 0)
    Notification.objects.update(mailed_at=None)
    User.objects.update(mails=Mails.DAILY, digest_sent_on=None)

    for user in User.objects.order_by("pk"):
        tasks.send_digest(user.pk)

    assert mailoutbox
    assert told(mailoutbox) == []
