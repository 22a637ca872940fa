"""Mail about one's own account: what changed, from where, and what to do if it was not oneself."""

from dataclasses import dataclass
from smtplib import SMTPException
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from people.calendars import zone
from people.models import User

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Where:
    """From where something was done, as the person may recognise it."""

    ip: str = ""
    agent: str = ""


NOWHERE = Where()

# What happened: the subject of the mail, and its sentence.
NOTICES: dict[str, tuple[Promise, Promise]] = {
    "password_changed": (
        _("Your password was changed"),
        _("The password of your account was changed. All other sign-ins were ended."),
    ),
    "password_reset": (
        _("Your password was changed"),
        _("Somebody chose a new password with the link that was mailed to you."),
    ),
    "app_added": (
        _("Two-step sign-in is on"),
        _("An authenticator app was added to your account. All other sign-ins were ended."),
    ),
    "app_removed": (
        _("Your authenticator app was removed"),
        _("The authenticator app of your account was removed. All other sign-ins were ended."),
    ),
    "passkey_added": (
        _("A passkey was added"),
        _("A passkey was added to your account. All other sign-ins were ended."),
    ),
    "passkey_removed": (
        _("A passkey was removed"),
        _("A passkey of your account was removed. All other sign-ins were ended."),
    ),
    "codes_made": (
        _("New recovery codes were made"),
        _("Recovery codes were made for your account. Those from before stopped working."),
    ),
    "taken_off": (
        _("Two-step sign-in was taken off your account"),
        _("An administrator took the second step off your account. Set it up again soon."),
    ),
    "address_changed": (
        _("The address of your account was changed"),
        _("An administrator gave your account another address. All sign-ins were ended."),
    ),
    "token_made": (
        _("An API token was made"),
        _("A program can act for you with a new API token: %(name)s."),
    ),
    "token_ended": (
        _("An API token was ended"),
        _("A program can no longer act for you with the API token: %(name)s."),
    ),
}


def tell(*, person: User, what: str, where: Where = NOWHERE, to: str = "", **words: str) -> None:
    """Mail the person once this transaction is committed; a mail server away undoes nothing.

    `to` is an address they had before, if not the one they have.
    """
    at = timezone.now()

    def send() -> None:
        subject, sentence = NOTICES[what]
        with spoken_to(person):
            context = {
                "sentence": str(sentence) % words if words else str(sentence),
                "where": where,
                "at": timezone.localtime(at),
                "address": f"{settings.SITE_URL}{reverse('preferences')}",
            }
            message = mail_to(person, str(subject), "notice", context)
        if to:
            message.to = [to]
        try:
            message.send()
        except (OSError, SMTPException):
            log.exception("notice_failed", person=person.pk, what=what)

    transaction.on_commit(send, robust=True)


class spoken_to(translation.override):  # noqa: N801  (a context manager)
    """In the language and the time zone of the person."""

    def __init__(self, person: User) -> None:
        super().__init__(person.locale)
        self.zone = timezone.override(zone(person.time_zone))

    def __enter__(self) -> None:
        super().__enter__()
        self.zone.__enter__()

    def __exit__(self, *about: Any) -> None:
        self.zone.__exit__(*about)
        super().__exit__(*about)


def mail_to(
    person: User, subject: str, template: str, context: dict[str, Any]
) -> EmailMultiAlternatives:
    """A mail of a template, as text and HTML, in the language that is active."""
    context |= {"reader": person, "language": translation.get_language()}
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"people/mail/{template}.txt", context),
        to=[person.email],
    )
    html = render_to_string(f"people/mail/{template}.html", context)
    message.attach_alternative(html, "text/html")
    return message
