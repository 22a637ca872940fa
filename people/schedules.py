"""What the beat starts: what has run out is forgotten."""

from typing import Any

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils import timezone

from people import granting


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def forget_sessions(**_: Any) -> None:
    """Delete sessions that have run out, and what was known of where they were."""
    Session.objects.filter(expire_date__lte=timezone.now()).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def end_grants(**_: Any) -> None:
    """Take away what grants gave that have come to their end."""
    granting.end_due()
