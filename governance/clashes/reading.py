"""The claims of other open changes and these changes themselves, in one query."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS
from django.db.models import Case, IntegerField, Model, Value, When

import cjops.core.subjects
from cjops.core.subjects import ClaimKind
from content.models import Asset
from governance.clashes.opposing import Theirs
from governance.models import Change, Claim, SubjectKind
from governance.transitions import OPEN_STATES, State
from governance.visibility import about_seen_by
from journeys.models import Journey
from people.models import User
from tags.models import Taxonomy

M = TypeVar("M", bound=Model)
# What goes live first stands first.
RANKS = {
    State.SCHEDULED: 0,
    State.APPROVED: 0,
    State.IN_REVIEW: 1,
    State.CHANGES_REQUESTED: 2,
    State.DRAFT: 3,
}
SUBJECTS: dict[str, type[Model]] = {"journey": Journey, "asset": Asset, "taxonomy": Taxonomy}
# As much of the other changes as anybody is told.
OF_CHANGE = (
    *("number", "kind", "title", "state", "author_id", "queued_behind_id", "reverts_id"),
    *(f"{kind}_id" for kind in SubjectKind.values),
)
OF_AUTHOR, OF_SUBJECT = ("id", "email", "name"), ("id", "key", "name", "is_restricted")
COLUMNS = (
    *("kind", "name", "detail"),
    *(f"change__{name}" for name in OF_CHANGE),
    *(f"change__author__{name}" for name in OF_AUTHOR),
    *(f"change__{kind}__{name}" for kind in SubjectKind.values for name in OF_SUBJECT),
)


def claims_of_others(
    change: Change, user: User, names: Iterable[str], most: int
) -> tuple[list[Theirs], dict[int, Change]]:
    """Claims of these names that open changes have which the person sees, and these changes.

    The worst come first, and no more than `most`.
    """
    found = (
        Claim.objects.filter(name__in=sorted(names), change__state__in=OPEN_STATES)
        .filter(about_seen_by(user, "change__"))
        # What takes this one back, or what this one takes back, does not go live beside it.
        .exclude(change__in=[pk for pk in (change.pk, change.reverts_id) if pk])
        .exclude(change__reverts=change.pk)
        .order_by(Case(When(kind="touch", then=1), default=0), _ranked(), "change", "name", "kind")
        .values(*COLUMNS)[:most]
    )
    claims, changes = [], dict[int, Change]()
    for row in found:
        number = row["change__number"]
        if number not in changes:
            changes[number] = _change(row)
        kind: ClaimKind = row["kind"]
        claim = cjops.core.subjects.Claim(kind, row["name"], row["detail"])
        claims.append(Theirs(number, row["change__state"], row["change__journey_id"], claim))
    return claims, changes


def _ranked() -> Case:
    whens = [When(change__state=state, then=Value(rank)) for state, rank in RANKS.items()]
    return Case(*whens, default=Value(len(RANKS)), output_field=IntegerField())


def _change(row: dict[str, Any]) -> Change:
    """The change of a row; whatever else is asked of it is read then."""
    change = _part(Change, OF_CHANGE, row, "change__")
    change.author = _part(User, OF_AUTHOR, row, "change__author__")
    kind = row["change__kind"]
    setattr(change, kind, _part(SUBJECTS[kind], OF_SUBJECT, row, f"change__{kind}__"))
    return change


def _part(model: type[M], names: tuple[str, ...], row: dict[str, Any], prefix: str) -> M:
    columns = [field.attname for field in model._meta.concrete_fields if field.attname in names]
    return model.from_db(DEFAULT_DB_ALIAS, columns, [row[f"{prefix}{name}"] for name in columns])
