"""What one person is to a change, and to many at once: what the verdicts are made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, CharField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

import journeys.policies
from governance import queries
from governance.models import Change, ChangeRevision, Requirement, Review
from governance.models import Verdict as ReviewVerdict
from governance.subjects import subject_id_of, subject_of
from governance.visibility import SUBJECTS, sees
from journeys.models import Step
from people.holding import all_rights, rights_everywhere, rights_on
from people.models import MembershipRole, TeamKind, User

LEADS = frozenset({"propose", "publish", "manage"})
MEMBERS = frozenset({"propose"})


@dataclass
class Standing:
    """What one person is to one change. Each answer is read once, when first asked for."""

    user: User
    change: Change
    # Who else reads the answers: they name nothing that this one does not see.
    reader: User | None = None

    @cached_property
    def rights(self) -> frozenset[str]:
        """`propose`, `publish` and `manage` as far as the person holds them on the subject."""
        return self.ranked(rights_on(self.user, subject_of(self.change)))

    def ranked(self, codenames: Iterable[str]) -> frozenset[str]:
        """The same of codenames that are read already."""
        held = {one.removesuffix(f"_{self.change.kind}") for one in codenames}
        # People of the owner team hold them by their place in it.
        owner = getattr(subject_of(self.change), "team_id", None)
        if owner is not None and not held >= LEADS and owner in self.memberships:
            held |= LEADS if self.memberships[owner] == MembershipRole.LEAD else MEMBERS
        return frozenset(held & LEADS)

    @cached_property
    def memberships(self) -> dict[int, str]:
        """The person's role by team id."""
        return dict(self.user.memberships.values_list("team_id", "role"))

    @cached_property
    def team_keys(self) -> set[str]:
        """Keys of the person's teams."""
        return set(self.user.memberships.values_list("team__key", flat=True))

    @cached_property
    def steps(self) -> set[str]:
        """Keys of live steps of the journey that the person may change by a grant on them."""
        if self.change.journey is None:
            return set()
        held = journeys.policies.steps_held(self.user, journeys.policies.PROPOSE_STEP)
        steps = self.change.journey.steps.filter(pk__in=held).order_by()
        return set(steps.values_list("key", flat=True))

    @cached_property
    def owns_a_step(self) -> bool:
        """Whether a team of the person owns a live step of the journey."""
        return self.change.kind == "journey" and queries.owns_a_step(self.user, self.change)

    @cached_property
    def editors(self) -> set[int]:
        """Ids of everybody who authored the change or a revision of it."""
        return queries.editor_ids(self.change)

    @property
    def is_editor(self) -> bool:
        """Whether the person did."""
        return self.change.author_id == self.user.pk or self.user.pk in self.editors

    @cached_property
    def is_operations(self) -> bool:
        """Whether the person leads journey operations."""
        return self.user.memberships.filter(
            role=MembershipRole.LEAD, team__kind=TeamKind.JOURNEY_OPERATIONS
        ).exists()

    @cached_property
    def all_requirements(self) -> list[Requirement]:
        """Requirements of the current revision."""
        found = queries.requirements_of(self.change, self.user)
        return list(found.select_related("policy__policy").defer("policy__definition"))

    @cached_property
    def mine(self) -> dict[int, User | None]:
        """By id of the requirements that the person may meet whom they act for: None, themselves.

        Who acts for somebody may do what that one may: nothing where they edited the change, and
        nothing where different people have to decide and the person is one of them already.
        """
        if self.is_editor:
            return {}
        found: dict[int, User | None] = {
            one.pk: None
            for one in self.all_requirements
            if one.is_mine  # type: ignore[attr-defined]
        }
        for acting in queries.acts_for(self.user):
            if acting.hands & self.editors or not sees(acting.giver, subject_of(self.change)):
                continue
            theirs = queries.requirements_of(self.change, acting.giver)
            for one in theirs.prefetch_related("sources"):
                is_theirs = one.is_mine and one.pk not in found  # type: ignore[attr-defined]
                if is_theirs and acting.covers(one, self.change) and not self._has_part(one, found):
                    found[one.pk] = acting.giver
        return found

    def _has_part(self, one: Requirement, found: Iterable[int]) -> bool:
        """Whether the person decides, or has decided, on another of the decisions that different
        people have to make; what is in `found` (ids) they may meet."""
        return bool(one.distinct) and any(
            (other.pk in found and other.met_at is None) or self.user.pk in other.approved_by
            for other in self.all_requirements
            if other.distinct == one.distinct and other.pk != one.pk
        )

    @property
    def requirements(self) -> list[Requirement]:
        """Those of them whose turn it is."""
        return [
            one
            for one in self.all_requirements
            if one.pk in self.mine and one.opened_at is not None
        ]

    @cached_property
    def reviews(self) -> list[Review]:
        """All that was said about the change, oldest first."""
        found = self.change.reviews.select_related("reviewer", "on_behalf_of")
        return list(found.order_by("pk"))

    @property
    def verdicts(self) -> list[Review]:
        """What was decided of it: no mere comments."""
        return [review for review in self.reviews if review.verdict != ReviewVerdict.COMMENT]

    @property
    def left(self) -> set[str]:
        """Digests that a requirement wants the person's approval of and does not have yet."""
        mine, left = self.requirements, set[str]()
        for one in mine:
            if one.met_at is not None:
                continue
            approved = queries.approved_hunks(one, self.verdicts)
            # What whoever they act for has said themselves need not be said for them.
            giver = self.mine[one.pk]
            us = {self.user.pk, giver.pk if giver else self.user.pk}
            given = [
                to
                for voice, to in approved.items()
                if us.intersection(voice)
                # Said for them by somebody who counts elsewhere: their own word is wanted yet.
                and (not one.distinct or giver is not None or voice[0] == self.user.pk)
            ]
            left |= set(one.hunks).difference(*given)
        return left


def standings_of(user: User, changes: Sequence[Change]) -> list[Standing]:
    """The person's standing to each of these changes, in three queries however many.

    The changes come with subject and author; one that is not opened yet stands for its subject.
    """
    known = _known(user, changes)
    reviews: dict[int, list[Review]] = {}
    wanted: dict[int, list[Requirement]] = {}
    opened = [change.pk for change in changes if change.pk]
    if opened:
        for one in queries.requirements_of_each(opened, user):
            wanted.setdefault(one.change_id, []).append(one)
        found = Review.objects.filter(change__in=opened)
        for review in found.select_related("reviewer", "on_behalf_of").order_by("pk"):
            reviews.setdefault(review.change_id, []).append(review)
    standings = []
    for change in changes:
        standing = Standing(user, change)
        _fill(standing, known)
        if change.pk:
            standing.all_requirements = wanted.get(change.pk, [])
            standing.reviews = reviews.get(change.pk, [])
        standings.append(standing)
    return standings


# By mark and number what is known: of a kind of subject codenames, of a change its editors ...
Known = dict[tuple[str, int], set[str]]
PLACE, EDITOR, STEP, OWNED = "place", "editor", "step", "owned"


def _fill(standing: Standing, known: Known) -> None:
    change, user = standing.change, standing.user
    places = {team: next(iter(said)) for (mark, team), said in known.items() if mark == PLACE}
    split = {team: said.split(":", 2) for team, said in places.items()}
    standing.memberships = {team: role for team, (role, _kind, _key) in split.items()}
    standing.team_keys = {key for _role, _kind, key in split.values()}
    standing.is_operations = any(
        role == MembershipRole.LEAD and kind == TeamKind.JOURNEY_OPERATIONS
        for role, kind, _key in split.values()
    )
    kind: Any = change.kind
    subject = subject_id_of(change)
    held = known.get((kind, subject), set()) & all_rights(kind)
    standing.rights = standing.ranked(rights_everywhere(user, kind) | held)
    standing.steps = known.get((STEP, subject), set()) if kind == "journey" else set()
    standing.owns_a_step = kind == "journey" and (OWNED, subject) in known
    if change.pk:
        others = {change.author_id, change.glass_broken_by_id}
        edited = {int(one) for one in known.get((EDITOR, change.pk), ())}
        standing.editors = {one for one in others | edited if one}


def _known(user: User, changes: Sequence[Change]) -> Known:
    """Rights, places in teams, editors and steps: rows of a mark, a number and a text, at once."""
    places = user.memberships.order_by()
    said = Concat(
        "role", Value(":"), "team__kind", Value(":"), "team__key", output_field=TextField()
    )
    parts = [_marked(places, PLACE, "team_id", said)]
    for app, model, kind in SUBJECTS:
        ids = {subject_id_of(change) for change in changes if change.kind == kind}
        if ids and rights_everywhere(user, kind) != all_rights(kind):
            for holder, mine in (("User", {"user": user}), ("Group", {"group__user": user})):
                rows: Any = apps.get_model(app, f"{model}{holder}ObjectPermission").objects
                there = rows.filter(content_object__in=ids, **mine).order_by()
                codename = F("permission__codename")
                parts.append(_marked(there, kind, "content_object_id", codename))
    opened = [change.pk for change in changes if change.pk]
    revisions = ChangeRevision.objects.filter(change__in=opened).order_by()
    parts.append(_marked(revisions, EDITOR, "change_id", F("author_id")))
    writers = Func("content_authors", function="unnest", output_field=BigIntegerField())
    parts.append(_marked(revisions, EDITOR, "change_id", writers))
    journeys_ = {change.journey_id for change in changes if change.journey_id}
    steps = Step.objects.filter(journey__in=journeys_).order_by()
    held = journeys.policies.steps_held(user, journeys.policies.PROPOSE_STEP)
    parts.append(_marked(steps.filter(pk__in=held), STEP, "journey_id", F("key")))
    owned = steps.filter(team__memberships__user=user)
    parts.append(_marked(owned, OWNED, "journey_id", Value("")))
    known: Known = {}
    for mark, number, text in parts[0].union(*parts[1:]):
        known.setdefault((mark, number), set()).add(text)
    return known


def _marked(rows: QuerySet[Any], mark: str, number: str, text: Any) -> QuerySet[Any, Any]:
    return rows.values_list(
        Value(mark, output_field=CharField()),
        Cast(number, BigIntegerField()),
        Cast(text, TextField()),
    )
