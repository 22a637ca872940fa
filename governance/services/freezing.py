"""Freeze windows: setting them up, and keeping what they hold from going live."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid
from cjops.core.moments import range_errors
from cjops.core.wording import listing
from governance import freezes
from governance.models import FreezeWindow, LedgerEntry, NotificationKind
from governance.services.recording import tell
from governance.services.steps import Step, entry_of, move
from people.models import User
from people.services import save

Errors = dict[str, list[str]]
# So many markets are named to somebody who wrote another one.
MARKETS_TOLD = 20
BREAK_GLASS = "governance.break_glass"


def when(moment: datetime) -> str:
    """A time as whoever is refused writes it."""
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT")


def freeze_errors(window: FreezeWindow) -> Errors:
    """What is wrong with a window, by field."""
    starts, ends = window.starts_at, window.ends_at
    errors: Errors = range_errors(starts_at=starts, ends_at=ends)
    if "ends_at" in errors:
        pass
    elif starts and ends and ends <= starts:
        errors["ends_at"] = [_("A freeze has to end after it begins.")]
    elif ends and ends <= timezone.now():
        errors["ends_at"] = [_("This time has passed.")]
    if sum((bool(window.market), bool(window.channel_id), bool(window.journey_id))) > 1:
        told = _("Choose a market, a channel or a journey: one at most. None: it holds everywhere.")
        errors["market"] = [told]
    elif window.market and window.market not in (known := freezes.markets_in_use()):
        told = _("No journey is in the market “%(market)s”. In use: %(known)s.")
        errors["market"] = [
            told % {"market": window.market, "known": listing(known, MARKETS_TOLD) or "–"}
        ]
    return errors


@transaction.atomic(savepoint=True)
def save_freeze(*, window: FreezeWindow, actor: User | None) -> None:
    """Store a freeze window, new or known.

    Raises `Invalid`, by field; `Conflict` for one that is over: it stays what it was.
    """
    _refuse_past(window)
    if errors := freeze_errors(window):
        sentences = [sentence for told in errors.values() for sentence in told]
        raise Invalid(" ".join(sentences), errors=errors)
    save(window, actor=actor)


@transaction.atomic(savepoint=True)
def remove_freeze(*, window: FreezeWindow, actor: User | None) -> None:
    """Lift a freeze, or take one off that is to come. Raises `Conflict` for one that is over."""
    _refuse_past(window)
    window._history_user = actor  # type: ignore[attr-defined]
    window.delete()


def _refuse_past(window: FreezeWindow) -> None:
    rows = FreezeWindow.objects.select_for_update(of=("self",), no_key=True)
    stored = rows.filter(pk=window.pk).first() if window.pk else None
    if stored is not None and stored.ends_at <= timezone.now():
        raise Conflict(_("This freeze is over. It stays as it was, so that decisions can be told."))


def frozen_by(step: Step) -> list[str]:
    """Keys of the freezes within which a change is published; for most, none.

    Raises `Conflict` ("frozen") where one is in force, unless somebody who may break glass says
    why: without words that is `Invalid`.
    """
    now = timezone.now()
    wait = freezes.wait_of(step.change, now)
    if not wait.windows:
        return []
    first = wait.windows[0]
    told = {"name": first.label, "time": when(first.ends_at)}
    if step.actor is None or not step.actor.has_perm(BREAK_GLASS):
        raise Conflict(
            _("The freeze “%(name)s” is in force until %(time)s: nothing is published.") % told,
            code="frozen",
            wait=wait,
        )
    if not step.comment:
        raise Invalid(
            _("The freeze “%(name)s” is in force until %(time)s.") % told,
            code="frozen",
            errors={"comment": [_("Say why this cannot wait until the freeze is over.")]},
        )
    return [one.key for one in wait.windows if one.starts_at <= now]


def postponed(step: Step, publish_at: datetime) -> dict[str, object]:
    """What a freeze makes of a time to publish at, for the ledger; for most, nothing.

    Raises `Invalid` where the freeze takes nothing that is scheduled.
    """
    wait = freezes.wait_of(step.change, publish_at)
    if refusing := wait.refusing:
        told = _("The freeze “%(name)s” is in force then. Choose a time after %(time)s.")
        raise Invalid(
            _("Nothing can be scheduled into this freeze."),
            code="frozen",
            errors={
                "publish_at": [told % {"name": refusing.label, "time": when(refusing.ends_at)}]
            },
        )
    if wait.until is None:
        return {}
    keys = [one.key for one in wait.windows]
    return {"frozen": keys, "waits_until": wait.until.isoformat()}


def postpone(step: Step, wait: freezes.Wait, people: set[int]) -> LedgerEntry:
    """Let a scheduled change wait until the freezes are over, as the portal; `people` are told."""
    until = wait.until
    assert until is not None  # noqa: S101  (somebody found them in the way)
    move(step, scheduled_for=until)
    entry = entry_of(step, publish_at=until.isoformat(), frozen=[one.key for one in wait.windows])
    tell(entry=entry, kind=NotificationKind.FAILED, people=people)
    return entry
