"""Requests that may come twice: the second one leads to what the first one did."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection, transaction
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict
from content.models import AssetVersion
from governance.models import Campaign, Change, IdempotentRequest, LedgerEntry, Remark
from governance.transitions import OPEN_STATES, Action
from people.models import User

T = TypeVar("T")
# What the keys of forms begin with; those of the API are the callers' own.
FORM = "form:"


@dataclass(frozen=True, slots=True)
class Repeat:
    """The Idempotency-Key of a request and the fingerprint of what it asked for."""

    key: str
    fingerprint: str


def answered(actor: User, repeat: Repeat | None) -> IdempotentRequest | None:
    """The earlier request with this key; waits for one that is under way.

    Raises `Conflict` if the earlier one asked for something else.
    """
    if repeat is None:
        return None
    # Nothing is there to be locked before the first one is done: lock the key itself.
    seed = f"{actor.pk} {repeat.key}".encode()
    number = int.from_bytes(hashlib.sha256(seed).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
    earlier = (
        IdempotentRequest.objects.select_related("entry__change", "version__subject", "campaign")
        .filter(user=actor, key=repeat.key)
        .first()
    )
    if earlier is not None and earlier.fingerprint != repeat.fingerprint:
        raise used_before()
    return earlier


def used_before() -> Conflict:
    """What is said where a key comes again with something else."""
    return Conflict(_("This Idempotency-Key was already used for a different request."))


def remember(
    actor: User,
    repeat: Repeat | None,
    *,
    entry: LedgerEntry | None = None,
    version: AssetVersion | None = None,
    campaign: Campaign | None = None,
    remark: Remark | None = None,
) -> None:
    """Keep what the key led to, inside the transaction that did it."""
    if repeat is not None:
        IdempotentRequest.objects.create(
            user=actor,
            key=repeat.key,
            fingerprint=repeat.fingerprint,
            entry=entry,
            version=version,
            campaign=campaign,
            remark=remark,
        )


def opened_once(actor: User, repeat: Repeat | None, opens: Callable[[], Change]) -> Change:
    """The change that `opens` opens, or the one that the same request opened before."""
    earlier = answered(actor, repeat)
    if earlier is not None and earlier.entry is not None:
        before = earlier.entry.of_change
        # Who sends a form again after that change has ended means to begin anew.
        if not (repeat and repeat.key.startswith(FORM)) or before.state in OPEN_STATES:
            return before
        earlier.delete()
    change = opens()
    if repeat is not None:
        remember(actor, repeat, entry=change.ledger.get(action=Action.OPEN))
    return change


@transaction.atomic(durable=True)
def written_once(
    *, actor: User, repeat: Repeat | None, writes: Callable[[], AssetVersion]
) -> AssetVersion:
    """The version that `writes` writes, or the one that the same request wrote before."""
    earlier = answered(actor, repeat)
    if earlier is not None and earlier.version is not None:
        return earlier.version
    version = writes()
    remember(actor, repeat, version=version)
    return version
