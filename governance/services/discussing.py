"""Comments on passages of content: saying, answering, sending what was kept back, resolving."""

from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid
from governance import policies, queries
from governance.models import Change, LedgerEntry, NotificationKind, Remark
from governance.proposals import proposal_of
from governance.reviewed import reviewed
from governance.services.editing import lock_change
from governance.services.opening import clean_text
from governance.services.recording import record, tell
from governance.services.repeating import Repeat, answered, remember
from governance.transitions import Action
from people.models import User

# Of one person on one change: more nobody reads.
MOST_DRAFTS = 100


@transaction.atomic(durable=True)
def say_about(
    *,
    number: int,
    actor: User,
    place: str,
    passage: str,
    text: str,
    as_draft: bool = False,
    repeat: Repeat | None = None,
) -> Remark:
    """Say something about a passage of the content at `place`.

    With `as_draft` nobody else sees it before the person sends their review. Raises `NotFound` for
    a place that is not there or not open to them, `Invalid` for a passage that is gone and for no
    words, and what commenting on a change raises.
    """
    change = lock_change(number=number, actor=actor)
    if (said := _said_before(actor, repeat)) is not None:
        return said
    _require(change, actor)
    found = reviewed(change=change, proposal=proposal_of(change), reader=actor, place=place)
    remark = Remark.objects.create(
        change=change,
        revision=change.revision,
        asset=found.asset,
        place=place,
        passage=passage,
        quote=found.quote(passage)[:1_000],
        author=actor,
        text=_words(text),
        is_draft=_kept_back(change, actor, as_draft),
        created_at=timezone.now(),
    )
    _told(change, remark, actor, repeat)
    return remark


@transaction.atomic(durable=True)
def answer(
    *,
    number: int,
    actor: User,
    remark: int,
    text: str,
    as_draft: bool = False,
    repeat: Repeat | None = None,
) -> Remark:
    """Answer a remark, in its thread. Raises as `say_about` does."""
    change = lock_change(number=number, actor=actor)
    if (said := _said_before(actor, repeat)) is not None:
        return said
    _require(change, actor)
    found = queries.remark_of(change, actor, remark)
    first = found.thread or found
    made = Remark.objects.create(
        change=change,
        revision=change.revision,
        asset=first.asset,
        place=first.place,
        passage=first.passage,
        quote=first.quote,
        thread=first,
        author=actor,
        text=_words(text),
        is_draft=_kept_back(change, actor, as_draft),
        created_at=timezone.now(),
    )
    _told(change, made, actor, repeat)
    return made


@transaction.atomic(durable=True)
def discard(*, number: int, actor: User, remark: int) -> None:
    """Take back what nobody else has seen. Raises `Conflict` where others have."""
    change = lock_change(number=number, actor=actor)
    found = queries.remark_of(change, actor, remark)
    if not found.is_draft:
        raise Conflict(_("This has been sent: others may have read it. Answer it instead."))
    found.answers.filter(author=actor, is_draft=True).delete()
    found.delete()


@transaction.atomic(durable=True)
def resolve_thread(*, number: int, actor: User, remark: int, is_open: bool = False) -> Remark:
    """Say that a thread is settled, or with `is_open` that it is not after all.

    Whoever may comment may: who asked, who answers for the change, who decides. Nothing where it
    is so already.
    """
    change = lock_change(number=number, actor=actor)
    _require(change, actor)
    found = queries.remark_of(change, actor, remark)
    first = found.thread or found
    if first.is_draft:
        raise Conflict(_("This has not been sent yet. Discard it instead."))
    if (first.resolved_at is None) == is_open:
        return first
    first.resolved_by, first.resolved_at = (None, None) if is_open else (actor, timezone.now())
    first.save(update_fields=["resolved_by", "resolved_at"])
    _record(change, actor, {"remark": first.pk, "resolved": not is_open})
    return first


def send_drafts(*, change: Change, actor: User) -> int:
    """Let others see what the person has kept back on a change that is locked; how many that were.

    Nothing is told: the step that they are sent with is.
    """
    drafts = list(change.remarks.filter(author=actor, is_draft=True).order_by("pk"))
    for one in drafts:
        one.is_draft, one.created_at, one.revision = False, timezone.now(), change.revision
        one.save(update_fields=["is_draft", "created_at", "revision"])
        _record(change, actor, _about(one))
    return len(drafts)


def _require(change: Change, actor: User) -> None:
    policies.can_take(policies.Standing(actor, change), Action.COMMENT).require()


def _words(text: str) -> str:
    cleaned = clean_text(text, "text")
    if not cleaned:
        raise Invalid(
            _("This needs a few words."),
            errors={"text": [_("Say what you think of this passage.")]},
        )
    return cleaned


def _kept_back(change: Change, actor: User, as_draft: bool) -> bool:
    mine = change.remarks.filter(author=actor, is_draft=True)
    if as_draft and mine.count() >= MOST_DRAFTS:
        raise Conflict(
            _("You have kept back %(most)s comments. Send them first.") % {"most": MOST_DRAFTS}
        )
    return as_draft


def _told(change: Change, remark: Remark, actor: User, repeat: Repeat | None) -> None:
    """Record what was said and tell the author of the change, and who spoke in the thread."""
    if remark.is_draft:
        remember(actor, repeat, remark=remark)
        return
    entry = _record(change, actor, _about(remark))
    people = {change.author_id}
    if remark.thread is not None:
        spoke = remark.thread.answers.filter(is_draft=False).values_list("author_id", flat=True)
        people |= {remark.thread.author_id, *spoke}
    tell(entry=entry, kind=NotificationKind.COMMENTED, people=people, but=actor)
    remember(actor, repeat, entry=entry)


def _record(change: Change, actor: User, data: dict[str, object]) -> LedgerEntry:
    change.updated_at = timezone.now()
    change.save(update_fields=["updated_at"])
    return record(
        change=change,
        action=Action.COMMENT,
        actor=actor,
        from_state=change.state,
        data=data,
    )


def _about(remark: Remark) -> dict[str, object]:
    """What the ledger proves of it; the words stay with who sees the content."""
    return {
        "remark": remark.pk,
        "place": remark.place,
        "words": sha256(remark.text.encode()).hexdigest(),
    }


def _said_before(actor: User, repeat: Repeat | None) -> Remark | None:
    before = answered(actor, repeat)
    if before is None or before.entry is None:
        return before.remark if before else None
    return Remark.objects.get(pk=before.entry.data["remark"])
