"""Ticking off the hunks of a change that somebody has looked at."""

import re
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid
from cjops.documents import Hunk
from governance import queries
from governance.models import ViewedHunk
from governance.proposals import proposal_of
from people.models import User

DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Viewed:
    """The hunk that was ticked or not, and how many of the newest revision are, of how many."""

    hunk: Hunk
    done: int
    total: int


@transaction.atomic(durable=True)
def set_viewed(*, number: int, actor: User, digest: object, is_viewed: bool) -> Viewed:
    """Tick a hunk off, or take the tick back; doing it twice changes nothing.

    Anybody may who sees the change, in whatever state it is: nobody else sees the tick.

    Raises `NotFound` (missing or invisible), `Invalid` (no digest), `Conflict` (no hunk of the
    newest revision has that digest).
    """
    change = queries.get_change_for(user=actor, number=number)
    if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise Invalid(
            _("This does not name a part of the change."),
            errors={"digest": [_("Give the digest of a part: 64 hexadecimal digits.")]},
        )
    current = {hunk.digest: hunk for hunk in proposal_of(change).hunks}
    if digest not in current:
        raise Conflict(
            _("This part of the change is no longer as you saw it. Reload to see what is new."),
            code="hunk_changed",
        )
    ticks = ViewedHunk.objects.filter(change=change, user=actor)
    if is_viewed:
        # Two clicks at once are one tick.
        row = ViewedHunk(change=change, user=actor, digest=digest)
        ViewedHunk.objects.bulk_create([row], ignore_conflicts=True)
    else:
        ticks.filter(digest=digest).delete()
    done = ticks.filter(digest__in=current).count()
    return Viewed(current[digest], done, len(current))
