"""Letting a new person in: a mail with a link to choose a password, good once and for some days."""

from smtplib import SMTPException

import structlog
from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from cjops.core import auditing
from cjops.core.errors import Conflict, NotFound
from people import events, notices
from people.models import User

log = structlog.get_logger(__name__)


def invite(*, person: int, actor: User) -> User:
    """Mail the person a link to choose a password; asked for again, another one.

    All links stop working once a password is chosen with one of them. Raises `NotFound`, `Conflict`
    for whoever has a password or is switched off, or when the mail cannot be sent.
    """
    with transaction.atomic(durable=True):
        rows = User.objects.select_for_update(of=("self",), no_key=True)
        found = rows.filter(pk=person).first()
        if found is None:
            raise NotFound(_("There is nothing at this address that you can see."))
        if not found.is_active:
            raise Conflict(_("This account is switched off. Switch it on first."))
        if found.has_usable_password():
            raise Conflict(
                _("This person has a password. With “Forgot your password?” they get another.")
            )
        auditing.note(events.INVITED, actor=actor, about=found)
    # After the commit, and not by the worker: whoever invites hears at once that it went wrong.
    with notices.spoken_to(found):
        context = {
            "link": link_of(found),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
            "host": settings.SITE_URL,
        }
        message = notices.mail_to(found, _("Your account on CJOps"), "invitation", context)
    try:
        message.send()
    except (OSError, SMTPException) as error:
        log.exception("invitation_failed", person=found.pk)
        raise Conflict(
            _("The mail could not be sent. Look at the mail server, then invite once more.")
        ) from error
    return found


def link_of(person: User) -> str:
    """Where a password is chosen. The key holds the time, and the password there is: none yet."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    where = {"uidb36": user_pk_to_url_str(person), "key": key}
    return f"{settings.SITE_URL}{reverse('account_reset_password_from_key', kwargs=where)}"
