"""Tests that people send themselves: asked for on a page, sent by the worker, to nobody else."""

import smtplib
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core import auditing
from cjops.core.errors import NotFound, TooMany
from cjops.core.reactions import send_after_commit
from cjops.core.verdicts import YES, Verdict, no
from cjops.documents import Document
from content.composing import compose
from content.kinds import KINDS
from content.liquid import LiquidFault
from content.models import Asset, SentTest, SentTestState
from content.preview.writing import Nothing
from people.models import User

log = structlog.get_logger(__name__)
TASK = "content.tasks.send_test"
MOST_ATTEMPTS = 3
HOUR = timedelta(hours=1)
PERMANENT = 500
# Print, or forget: nobody receives anything.
NOWHERE = ("console.EmailBackend", "dummy.EmailBackend")


def way(kind: str) -> Verdict:
    """Is there a way to send a test of that kind from here?"""
    if kind != "email":
        words = _("No gateway for “%(channel)s” is set up, so only e-mails can be sent as a test.")
        return no(words % {"channel": KINDS[kind].label})
    if settings.EMAIL_BACKEND.endswith(NOWHERE):
        return no(_("No mail server is set up (EMAIL_URL), so nothing would arrive."))
    return YES


def left(user: User) -> int:
    """How many tests the person may still send within this hour."""
    since = timezone.now() - HOUR
    taken = SentTest.objects.filter(user=user, asked_at__gt=since).count()
    return max(int(settings.CJOPS["TESTS_PER_HOUR"]) - taken, 0)


@transaction.atomic(durable=True)
def ask_for_test(
    *, asset: Asset, number: int, document: Document, key: str, profile: str, actor: User
) -> SentTest:
    """Have a rendition of `document` sent to `actor`, filled in with a sample profile.

    Whoever calls has looked whether the person sees the document. Raises `Forbidden` where there
    is no way to send it, `NotFound` for a rendition that is missing, `TooMany`.
    """
    way(document["kind"]).require()
    rendition = next((one for one in document["renditions"] if one["key"] == key), None)
    if rendition is None:
        raise NotFound(_("There is no version in this language."))
    # Two clicks at once are counted one after the other.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=actor.pk)
    if not left(actor):
        raise TooMany(
            _("You have sent %(count)s tests within an hour. Wait a little, then try again.")
            % {"count": settings.CJOPS["TESTS_PER_HOUR"]}
        )
    test = SentTest.objects.create(
        user=actor,
        asset=asset,
        number=number,
        rendition=key[:100],
        profile=profile[:100],
        message={**document, "renditions": [rendition]},
        asked_at=timezone.now(),
    )
    said = {"asset": asset.pk, "version": number, "rendition": key, "channel": "email"}
    auditing.note("test.asked", actor=actor, about=test, data=said)
    send_after_commit(TASK, test=test.pk)
    return test


@transaction.atomic(durable=True)
def send_test(*, pk: int) -> bool:
    """Send one test under its row lock; False where another worker has or had it, or it failed.

    A mail server that is away is tried again; one that refuses is not.
    """
    test = (
        SentTest.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
        .select_related("user", "asset")
        .filter(pk=pk, state=SentTestState.QUEUED)
        .first()
    )
    if test is None:
        return False
    reason = _tried(test)
    test.tried_at = timezone.now()
    test.attempts += 1
    if reason == "away" and test.attempts < MOST_ATTEMPTS:
        test.reason = reason
        test.save(update_fields=["tried_at", "attempts", "reason"])
        return False
    test.state = SentTestState.FAILED if reason else SentTestState.SENT
    test.reason, test.message = reason, None
    test.save(update_fields=["tried_at", "attempts", "state", "reason", "message"])
    action, said = ("test.failed", {"reason": reason}) if reason else ("test.sent", {})
    auditing.note(action, actor=None, about=test, data=said)
    return not reason


@transaction.atomic(durable=True)
def count_failure(*, pk: int) -> None:
    """Count that sending one failed unexpectedly; after some times it is not tried any more."""
    tests = SentTest.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    test = tests.filter(pk=pk, state=SentTestState.QUEUED).first()
    if test is None:
        return
    test.attempts, test.tried_at = test.attempts + 1, timezone.now()
    if test.attempts >= MOST_ATTEMPTS:
        test.state, test.reason, test.message = SentTestState.FAILED, "broken", None
        auditing.note("test.failed", actor=None, about=test, data={"reason": test.reason})
    test.save(update_fields=["tried_at", "attempts", "state", "reason", "message"])


def _tried(test: SentTest) -> str:
    """Send it; the code of what was in the way, or nothing."""
    person = test.user
    # Rights may have changed since it was asked for.
    if not person.is_active or not _sees(person, test.asset):
        return "unseen"
    if not way("email"):
        return "no-way"
    try:
        compose(test=test, reader=person).send()
    except (LiquidFault, Nothing):
        return "unwritable"
    except (smtplib.SMTPException, OSError) as error:
        log.warning("test_failed", test=test.pk, reason=str(error)[:200])
        return "refused" if _is_final(error) else "away"
    return ""


def _sees(person: User, asset: Asset) -> bool:
    return Asset.objects.visible_to(person).filter(pk=asset.pk).exists()


def _is_final(error: Exception) -> bool:
    """Whether the server said no for good: to the address, or to the message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _said in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= PERMANENT


def reason_words(test: SentTest) -> str:
    """What was in the way, for the person who asked; "" where nothing was."""
    away = (
        _("The mail server cannot be reached. It is tried again by itself.")
        if test.state == SentTestState.QUEUED
        else _("The mail server could not be reached. Try again later, or ask an admin.")
    )
    return {
        "": "",
        "away": away,
        "refused": _("The mail server refused the message. Ask an admin why."),
        "unseen": _("You may not see this content any more."),
        "no-way": _("No mail server is set up (EMAIL_URL), so nothing would arrive."),
        "broken": _("Something unexpected went wrong several times. Tell an admin."),
        "unwritable": _(
            "The message could not be written: the preview says what is wrong with it."
        ),
    }[test.reason]
