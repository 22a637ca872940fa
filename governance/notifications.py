"""Messages to people, in their own language."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from governance import queries
from governance.models import DELEGATION, Change, Notification
from governance.subjects import subject_of
from people.calendars import zone
from people.models import User


def path_of(notification: Notification) -> str:
    """Where a message leads: to its change, to what it is about without one, or to the inbox."""
    if notification.change_id is not None:
        return reverse("change-detail", args=[notification.change_id])
    if notification.entry.kind == DELEGATION:
        return reverse("delegation-list")
    if notification.entry.kind == "asset":
        return reverse("asset-detail", args=[subject_of(notification.entry).key])
    if notification.entry.kind != "journey":
        return reverse("inbox")
    key, step = subject_of(notification.entry).key, notification.entry.data.get("step")
    where = ("step-detail", [key, step]) if step else ("journey-detail", [key])
    return reverse(where[0], args=where[1])


def mail_for(notification: Notification) -> EmailMultiAlternatives:
    """The e-mail of a notification: subject, text and HTML in the reader's language and zone."""
    # The same message keeps its id over retries, so that a mail server can drop a repeat.
    return _mail(
        notification.user,
        ("subject.txt", "body"),
        _told(notification),
        message_id=str(notification.message_id),
    )


def digest_for(
    reader: User, day: date, waiting: list[Change], news: list[Notification], most: int
) -> EmailMultiAlternatives:
    """What waits for a person and what happened, at most so many of each, as one e-mail."""
    now = timezone.now()
    lines = [
        {
            "change": change,
            "subject": subject_of(change),
            "is_overdue": bool(change.due_at and change.due_at < now),
            "address": f"{settings.SITE_URL}{reverse('change-detail', args=[change.number])}",
        }
        for change in waiting[:most]
    ]
    context = {
        "lines": lines,
        "news": [_told(one) for one in news[:most]],
        "overdue": sum(bool(line["is_overdue"]) for line in lines),
        "has_more": len(waiting) > most or len(news) > most,
        "day": day,
        "address": f"{settings.SITE_URL}{reverse('inbox')}",
        "preferences": f"{settings.SITE_URL}{reverse('preferences')}",
    }
    return _mail(
        reader,
        ("digest_subject.txt", "digest"),
        context,
        message_id=f"digest-{reader.pk}-{day.isoformat()}",
    )


def _told(notification: Notification) -> dict[str, Any]:
    """What the sentence about a message names."""
    return {
        "notification": notification,
        "change": notification.change,
        "subject": queries.concerns(notification),
        "entry": notification.entry,
        "reason": queries.reason_told(notification),
        "origin": queries.origin_told(notification),
        "address": f"{settings.SITE_URL}{path_of(notification)}",
    }


def _mail(
    reader: User, templates: tuple[str, str], context: dict[str, Any], message_id: str
) -> EmailMultiAlternatives:
    subject, body = templates
    with translation.override(reader.locale), timezone.override(zone(reader.time_zone)):
        context |= {"reader": reader, "language": translation.get_language()}
        message = EmailMultiAlternatives(
            subject=" ".join(render_to_string(f"governance/mail/{subject}", context).split()),
            body=render_to_string(f"governance/mail/{body}.txt", context),
            to=[reader.email],
            headers={"Message-ID": f"<{message_id}@cjops>"},
        )
        message.attach_alternative(
            render_to_string(f"governance/mail/{body}.html", context), "text/html"
        )
    return message
