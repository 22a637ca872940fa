"""What the beat starts, and services by name: publishing what is due, marks, queues, lost mail."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import structlog
from celery import shared_task
from django.conf import settings
from django.db.models import F, QuerySet
from django.utils import timezone

from governance import queries, services, tasks
from governance.models import Change, IdempotentRequest, Notification, SubjectKind
from governance.services import campaigning, expiring, following, replaying, retaining
from people import leaving
from people.models import Mails, User

log = structlog.get_logger(__name__)
MOST_ATTEMPTS = 12
# A client that repeats a call does so within minutes; a form may stay open over a weekend.
REQUESTS_KEPT = timedelta(days=4)
FORGOTTEN_AT_ONCE = 10_000
LEFT_OF_LATE = timedelta(days=7)
# Well below the time after which a task is ended.
AT_A_TIME = 120.0


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def publish_due(**_: Any) -> None:
    """Publish every scheduled change whose time has come; each in its own transaction."""
    due = queries.due_to_publish().order_by("scheduled_for", "pk")
    _each("publish_failed", services.publish_scheduled, due)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def mind_queues(**_: Any) -> None:
    """Let no change wait for one that ended without going live."""
    _each("queue_failed", services.leave_queue, queries.waits_in_vain().order_by("pk"))


def _each(failed: str, do: Callable[..., object], changes: QuerySet[Change]) -> None:
    """Do something with the number of each; what breaks is logged and tried on the next round."""
    for number in list(changes.values_list("pk", flat=True)):
        try:
            do(number=number)
        except Exception:
            log.exception(failed, change=number)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def retake_all(**_: Any) -> None:
    """Ask anew who decides on every change under way: the policies are others now.

    The beat does it too, and so finds what a lost task left as it was.
    """
    under_way = Change.objects.filter(state__in=services.UNDER_WAY)
    _each("reask_failed", services.reask, under_way.order_by("pk"))
    _mind_after_reviews()


def _mind_after_reviews() -> None:
    """Where nobody is left who could look at what went live without approval, ask others."""
    open_ones = Change.objects.filter(after_review_due_at__isnull=False)
    _each("after_review_failed", services.mind_after_review, open_ones.order_by("pk"))


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def mind_places(
    *,
    teams: list[int] | None = None,
    journeys: list[int] | None = None,
    people: list[int] | None = None,
    **_: Any,
) -> None:
    """The same for the changes that these people decide on, or people of these teams, or holders
    of roles on these journeys."""
    under_way = Change.objects.filter(state__in=services.UNDER_WAY)
    touched = queries.decided_by_places(
        under_way, teams=teams or [], journeys=journeys or [], people=people or []
    )
    _each("reask_failed", services.reask, touched.order_by("pk"))
    _mind_after_reviews()


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def hand_over(
    *, person: int, successor: int | None = None, actor: int | None = None, **_: Any
) -> None:
    """Hand on what somebody owned whose account was switched off."""
    handed = services.hand_over(person=person, successor=successor, actor=actor)
    log.info("handed_over", person=person, changes=handed.changes, kept=handed.kept)
    mind_places(people=[person] if successor is None else [person, successor])


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def mind_leavers(**_: Any) -> None:
    """The same for all who left of late: finds what a lost task left with them."""
    for left in leaving.left_since(timezone.now() - LEFT_OF_LATE):
        try:
            if services.hand_over(**asdict(left)).changed_hands:
                mind_places(people=[left.person, left.successor])
        except Exception:
            log.exception("hand_over_failed", person=left.person)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def remind_and_escalate(**_: Any) -> None:
    """Remind those who were asked long ago, and ask others where a decision is late."""
    for failed, rows, do in (
        ("remind_failed", services.to_remind(), services.remind),
        ("escalate_failed", services.to_escalate(), services.escalate),
    ):
        for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
            try:
                do(requirement=pk)
            except Exception:
                log.exception(failed, requirement=pk)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def mark_moved(*, kind: str, subject: int, entry: int | None = None, **_: Any) -> None:
    """Mark the open changes of a subject whose live version is another one now."""
    count = services.mark_moved(kind=kind, subject=subject, entry=entry)
    if count:
        log.info("changes_marked", kind=kind, subject=subject, count=count)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def mark_all_moved(**_: Any) -> None:
    """The same for all subjects: finds what a lost task left unmarked."""
    for kind in SubjectKind.values:
        found = queries.to_be_marked(kind=kind).order_by().values_list(kind, flat=True)
        for subject in list(found.distinct()):
            mark_moved(kind=kind, subject=subject)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def deliver_waiting(**_: Any) -> None:
    """Mail what should have gone out long ago: its task was lost, or the mail server was away."""
    now = timezone.now()
    late = now - timedelta(seconds=settings.CJOPS["MAIL_RETRY_AFTER"])
    waiting = Notification.objects.filter(
        ~tasks.IN_DIGEST, mailed_at=None, created_at__lt=late, attempts__lt=MOST_ATTEMPTS
    ).order_by(F("attempted_at").asc(nulls_first=True), "pk")
    ids = [
        pk
        for pk, attempts, attempted_at in waiting.values_list("pk", "attempts", "attempted_at")[
            :500
        ]
        # A failed message waits longer each time: 1, 4, 9 ... minutes.
        if attempted_at is None or attempted_at < now - timedelta(minutes=attempts**2)
    ]
    if ids:
        log.info("mail_redelivered", count=len(ids))
        tasks.deliver(notifications=ids)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def send_digests(**_: Any) -> None:
    """Send each person who wants one mail a day the digest of theirs, once it is late enough."""
    now = timezone.now()
    people = User.objects.filter(is_active=True, mails=Mails.DAILY).order_by("pk")
    for user in people.only("time_zone", "digest_sent_on"):
        if not tasks.digest_is_due(user, now):
            continue
        try:
            tasks.send_digest(user.pk)
        except Exception:
            # Nothing was marked: the next round tries again.
            log.exception("digest_failed", user=user.pk)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def replay(*, id: int, **_: Any) -> None:
    """Try policies on the changes of a period; goes on where an earlier worker was lost."""
    replaying.run_replay(id=id, seconds=AT_A_TIME)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def mind_replays(**_: Any) -> None:
    """Go on with replays whose task was lost, or whose worker is silent."""
    for pk in replaying.stalled(timezone.now()):
        replay.delay(id=pk)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def carry_out_campaign(*, id: int, **_: Any) -> None:
    """Open the changes of a campaign that still wait; may run twice."""
    campaigning.carry_out(campaign=id)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def mind_campaigns(**_: Any) -> None:
    """Go on with campaigns whose task was lost."""
    for pk in campaigning.stalled(timezone.now()):
        carry_out_campaign.delay(id=pk)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def tell_what_ends(**_: Any) -> None:
    """Tell of content whose rights or statements run out soon; each asset by itself."""
    today = timezone.localdate()
    for pk in expiring.ending(today):
        try:
            expiring.tell_of_end(asset=pk, today=today)
        except Exception:
            log.exception("tell_of_end_failed", asset=pk)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def tell_of_origins(*, origins: list[int] | None = None, **_: Any) -> None:
    """Tell the owners of content that was made from content which is live anew.

    The beat names none, and so finds what a lost task left untold.
    """
    for pk in following.untold(origins):
        try:
            following.tell_of_origin(descent=pk)
        except Exception:
            log.exception("tell_of_origin_failed", descent=pk)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def forget_requests(**_: Any) -> None:
    """Delete what was kept of calls and forms so old that nobody repeats them."""
    old = IdempotentRequest.objects.filter(created_at__lt=timezone.now() - REQUESTS_KEPT)
    ids = list(old.order_by("created_at").values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE])
    count, _by_model = IdempotentRequest.objects.filter(pk__in=ids).delete()
    if count:
        log.info("requests_forgotten", count=count)


@shared_task(ignore_result=True)  # type: ignore[untyped-decorator]
def forget_old(**_: Any) -> None:
    """Delete what is older than its rule of retention says."""
    retaining.forget()
