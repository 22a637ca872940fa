"""Messages to people, in their own language."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from governance.models import Notification
from governance.subjects import subject_of


def mail_for(notification: Notification) -> EmailMultiAlternatives:
    """The e-mail of a notification: subject, text and HTML in the reader's language and zone."""
    reader, change = notification.user, notification.change
    path = reverse("change-detail", args=[change.number])
    with translation.override(reader.locale), timezone.override(reader.time_zone):
        context = {
            "notification": notification,
            "reader": reader,
            "change": change,
            "subject": subject_of(change),
            "entry": notification.entry,
            "address": f"{settings.SITE_URL}{path}",
            "language": translation.get_language(),
        }
        subject = " ".join(render_to_string("governance/mail/subject.txt", context).split())
        message = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string("governance/mail/body.txt", context),
            to=[reader.email],
            # The same message keeps its id over retries, so that a mail server can drop a repeat.
            headers={"Message-ID": f"<{notification.message_id}@cjops>"},
        )
        message.attach_alternative(
            render_to_string("governance/mail/body.html", context), "text/html"
        )
    return message
