"""Who must decide about a change, who may, and who did."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

from django.apps import apps
from django.db import models
from django.db.models import F, Q

from governance.matching import Demand, met, persons
from governance.models import (
    Change,
    Requirement,
    RequirementSource,
    Review,
    SourceKind,
    Verdict,
)
from governance.subjects import subject_of
from governance.visibility import who_see
from journeys.models import JourneyRole
from people.models import Channel, Membership, MembershipRole, User
from people.queries import who_may

# A person, and the team they lead, a channel it stewards or the role they hold.
Places = tuple[int | None, int | None, int | None, int | None]


def editor_ids(change: Change) -> set[int]:
    """Everybody whose work the change is: they do not decide on it.

    Who authored it or a revision of it, and who wrote content that it would make live.
    """
    revisions = change.revisions.order_by().values_list("author_id", "content_authors").distinct()
    return {
        change.author_id,
        *(person for author, writers in revisions for person in (author, *writers) if person),
        # Nobody looks afterwards at what they let through themselves.
        *({change.glass_broken_by_id} if change.glass_broken_by_id else ()),
    }


def deciders(
    requirements: list[Requirement], change: Change, editors: set[int] | None = None
) -> dict[int, list[User]]:
    """For each requirement (by id) the people who may meet it now by a place of their own, in a
    constant number of reads; `acting.stand_ins` says who acts for them.

    `requirements` come with their sources prefetched; `editors` are those of `editor_ids`, read
    here where the caller has not.
    """
    sources = [
        source
        for requirement in requirements
        for source in requirement.sources.all()
        if source.kind != SourceKind.ESCALATION or requirement.escalated_at is not None
    ]
    editors = editor_ids(change) if editors is None else editors
    channels = {source.channel_id for source in sources if source.channel_id}
    teams = {one.team_id for one in sources if one.team_id and not one.with_members}
    members = {one.team_id for one in sources if one.team_id and one.with_members}
    roles = {source.role_id for source in sources if source.role_id}
    by_channel: dict[int, set[int]] = {}
    by_team: dict[int, set[int]] = {}
    by_member: dict[int, set[int]] = {}
    by_role: dict[int, set[int]] = {}
    for person, team, channel, role in _who_leads_or_holds(change, channels, teams, roles):
        for key, people in ((team, by_team), (channel, by_channel), (role, by_role)):
            if key and person:
                people.setdefault(key, set()).add(person)
    if members:
        rows = Membership.objects.filter(team__in=members).values_list("team_id", "user_id")
        for team, person in rows:
            by_member.setdefault(team, set()).add(person)
    found: dict[int, set[int]] = {requirement.pk: set() for requirement in requirements}
    for source in sources:
        in_team = by_member if source.with_members else by_team
        found[source.requirement_id] |= (
            by_channel.get(cast(int, source.channel_id), set())
            | in_team.get(cast(int, source.team_id), set())
            | by_role.get(cast(int, source.role_id), set())
            | ({source.user_id} if source.user_id else set())
        ) - editors
    seeing = who_see(subject_of(change), {one for people in found.values() for one in people})
    everyone = User.objects.filter(is_active=True).in_bulk(seeing)
    return {
        pk: sorted((everyone[p] for p in people if p in everyone), key=lambda user: user.name)
        for pk, people in found.items()
    }


def _who_leads_or_holds(
    change: Change, channels: set[int], teams: set[int], roles: set[int]
) -> Iterable[Places]:
    """People with the team they lead, a channel it stewards, or the role they hold: one query."""
    none = models.Value(None, output_field=models.BigIntegerField())
    parts: list[models.QuerySet[Any, Places]] = []
    if channels or teams:
        led = Membership.objects.filter(role=MembershipRole.LEAD, user__is_active=True).filter(
            Q(team__in=teams) | Q(team__channels__in=channels)
        )
        parts.append(led.order_by().values_list("user_id", "team_id", "team__channels", none))
    if roles and change.journey_id:
        grants = JourneyRole.objects.filter(journey=change.journey_id, role__in=roles).order_by()
        parts += [
            grants.values_list(holder, none, none, "role_id")
            for holder in ("user_id", "team__memberships__user_id")
        ]
    return parts[0].union(*parts[1:], all=True) if parts else ()


def verdicts_on(change: Change) -> list[Review]:
    """What people decided about a change, oldest first, with the people; no mere comments."""
    decided = change.reviews.exclude(verdict=Verdict.COMMENT)
    return list(decided.select_related("reviewer", "on_behalf_of").order_by("pk"))


# Who spoke, and whose word it counts as: their own, or that of whoever they act for.
Voice = tuple[int, int]


def voices(requirement: Requirement, reviews: list[Review], editors: set[int]) -> set[Voice]:
    """The approvals that cover all hunks of the requirement.

    An approval counts for the digests it was given on, in whatever revision, as long as neither its
    giver nor whom they act for became one of the `editors`. Asking for changes takes back all
    approvals that meet the same requirement: whoever asked is not overruled by what somebody else
    said before.
    """
    wanted = set(requirement.hunks)
    approved = approved_hunks(requirement, reviews)
    found = {
        voice
        for voice, hunks in approved.items()
        if wanted <= hunks and not editors.intersection(voice)
    }
    # Whoever said it themselves needs nobody to have said it for them.
    own = {speaker for speaker, principal in found if speaker == principal}
    return {voice for voice in found if voice[0] == voice[1] or voice[1] not in own}


def approvers(requirement: Requirement, reviews: list[Review], editors: set[int]) -> set[int]:
    """Ids of the people who spoke in `voices`."""
    return {speaker for speaker, _principal in voices(requirement, reviews, editors)}


def approved_hunks(requirement: Requirement, reviews: list[Review]) -> dict[Voice, set[str]]:
    """By voice the digests approved towards a requirement, and not taken back."""
    approved: dict[Voice, set[str]] = {}
    for review in reviews:
        voice = (review.reviewer_id, review.on_behalf_of_id or review.reviewer_id)
        if review.verdict == Verdict.REQUEST_CHANGES:
            approved = {known: to for known, to in approved.items() if known[0] != voice[0]}
            if requirement.key in review.covers:
                approved.clear()
        elif requirement.key in review.covers:
            approved.setdefault(voice, set()).update(review.hunks)
    return approved


def needs_place(requirement: Requirement) -> bool:
    """Whether an approval counts only while its giver may meet the requirement."""
    return requirement.leavers_fall or requirement.is_asked_of_others


def counted(
    requirements: list[Requirement],
    reviews: list[Review],
    editors: set[int],
    able: Mapping[str, Collection[int]] | None = None,
) -> dict[str, tuple[set[Voice], bool]]:
    """By key of each requirement the voices for it, and whether they meet it.

    Of requirements that `needs_place` names, only the voices of those who are in `able` (ids, by
    key) now; what is not in `able` is not looked at. Where different people are asked for, those in
    `able` can still be heard: who spoke counts where nobody else could.
    """
    spoke = {one.key: voices(one, reviews, editors) for one in requirements}
    for one in requirements:
        if needs_place(one) and able is not None and one.key in able:
            spoke[one.key] = {voice for voice in spoke[one.key] if voice[1] in able[one.key]}
    demands = {}
    for one in requirements:
        group = [
            voice
            for other in requirements
            if other is one or (one.distinct and other.distinct == one.distinct)
            for voice in spoke[other.key]
        ]
        person = persons(group)
        people = {person[speaker] for speaker, _principal in spoke[one.key]}
        others = {person.get(who, who) for who in able.get(one.key, ())} if able else set()
        demands[one.key] = Demand(one.quorum, people, one.distinct, others)
    found = met(demands)
    return {key: (spoke[key], key in found) for key in spoke}


def appointed(change: Change) -> dict[str, list[User]]:
    """By key of a requirement the people named to meet it where nobody could."""
    found: dict[str, list[User]] = {}
    if change.submitted_at is not None:
        for row in change.appointments.select_related("user"):
            found.setdefault(row.key, []).append(row.user)
    return found


def governance_leads() -> list[User]:
    """Who may write policies and is told what is stuck; where nobody is named, superusers."""
    people = User.objects.filter(is_active=True).order_by("name", "pk")
    named = people.filter(pk__in=who_may("manage_policies"))
    return list(named) or list(people.filter(is_superuser=True))


def decided_by_places(
    changes: models.QuerySet[Change],
    *,
    teams: list[int],
    journeys: list[int],
    people: list[int],
) -> models.QuerySet[Change]:
    """Those of the changes on which these people decide, or people of these teams, or holders of
    roles on these journeys; a change that asks nobody any more is among them."""
    theirs = Membership.objects.filter(user__in=people).values_list("team", flat=True)
    held = JourneyRole.objects.filter(user__in=people).values("journey")
    teams = [*teams, *theirs]
    stewarded = Channel.objects.filter(steward_teams__in=teams).values("pk")
    sources = RequirementSource.objects.filter(
        Q(team__in=teams) | Q(channel__in=stewarded) | Q(user__in=people),
        requirement__revision=F("requirement__change__revision"),
    )
    granted = JourneyRole.objects.filter(team__in=teams).values("journey")
    return changes.filter(
        Q(pk__in=sources.order_by().values("requirement__change"))
        | Q(journey__in=journeys)
        | Q(journey__in=granted)
        | Q(journey__in=held)
        # What fell back on others may find its first people again.
        | Q(requirements__stuck_at__isnull=False)
    ).distinct()


def requirement_progress(changes: Iterable[Change]) -> dict[int, tuple[int, int]]:
    """For each change number: requirements met, and all, of the current revision."""
    rows = (
        Requirement.objects.filter(
            change__in=[change.pk for change in changes], revision=F("change__revision")
        )
        .values("change")
        .annotate(met=models.Count("met_at"), total=models.Count("pk"))
        .order_by()
    )
    return {row["change"]: (row["met"], row["total"]) for row in rows}


def publisher_ids(change: Change) -> set[int]:
    """Ids of the people who may publish on the change's subject (superusers left out)."""
    subject = subject_of(change)
    right = f"publish_{change.kind}"
    app, model = subject._meta.app_label, type(subject).__name__
    wanted = {"content_object": subject.pk, "permission__codename": right}
    by_person: Any = apps.get_model(app, f"{model}UserObjectPermission").objects.filter(**wanted)
    by_group: Any = apps.get_model(app, f"{model}GroupObjectPermission").objects.filter(**wanted)
    found = by_person.order_by().values_list("user_id", flat=True)
    others = [by_group.order_by().values_list("group__user", flat=True), who_may(right)]
    if change.kind != "journey":
        leads = Membership.objects.filter(team=subject.team_id, role=MembershipRole.LEAD)  # type: ignore[attr-defined]
        others.append(leads.order_by().values_list("user_id", flat=True))
    return {person for person in found.union(*others) if person}


def is_plain_roll_back(change: Change) -> bool:
    """Whether the change still proposes what undoing another one came to, and nothing else.

    The portal may have carried it onto a newer version, as long as nobody had to settle anything.
    """
    if change.reverts_id is None or change.resolutions.exists():
        return False
    revisions = list(
        change.revisions.order_by("number").values_list("author_id", "digest", "base_number")
    )
    # A revision by somebody may only be the same once more, as when they word its reasons anew.
    return all(
        author is None or (digest, base) == revisions[position][1:]
        for position, (author, digest, base) in enumerate(revisions[1:])
    )
