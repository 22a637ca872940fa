"""Reads for the pages about one journey: a constant number of queries, whatever its size."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _

import tags.queries
from cjops.core.errors import NotFound
from cjops.documents import Document
from content.models import Asset, AssetStatus, AssetVersion
from journeys.models import (
    Journey,
    JourneyRole,
    JourneyVersion,
    SlotBinding,
    Step,
    Tombstone,
)
from journeys.queries import Named
from journeys.values import Names, names_in
from people.models import Channel, Role, Team
from tags.models import Concept

if TYPE_CHECKING:
    from people.models import User

# A list on a page about something else shows this many.
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Known:
    """Everything a page about a document names: rows by key, and their names for `values`."""

    names: Names
    channels: dict[str, Channel]
    teams: dict[str, Team]
    assets: dict[str, Asset]
    concepts: list[Concept]


def get_journey(user: "User", key: str) -> Journey:
    """The journey of that key with its live version; `NotFound` where missing or invisible."""
    journey = (
        Journey.objects.visible_to(user)
        .select_related("live_version__created_by", "parent")
        .filter(key=key)
        .first()
    )
    if journey is None:
        raise NotFound(_("There is nothing at this address that you can see."))
    return journey


def get_version(journey: Journey, number: int) -> JourneyVersion:
    """One version of a journey that the person sees; raises `NotFound`."""
    version = journey.versions.select_related("created_by").filter(number=number).first()
    if version is None:
        raise NotFound(_("This journey has no version %(number)s.") % {"number": number})
    return version


def known_in(user: "User", document: Document, step: Document | None = None) -> Known:
    """What a document refers to, as far as the person may see it: five queries at most.

    With `step` only what that step refers to; all steps and stages have names all the same.
    """
    named = Named.in_documents([] if step else [document])
    if step:
        named.add(step)
    channels = {channel.key: channel for channel in Channel.objects.all()}
    teams = _by_key(Team.objects.all(), named.teams)
    assets = _by_key(Asset.objects.visible_to(user), named.assets)
    journeys = _by_key(Journey.objects.visible_to(user).only("key", "name"), named.journeys)
    concepts = _concepts(user, named.concepts)
    names = {
        **names_in(document),
        "channels": {key: channel.label for key, channel in channels.items()},
        "teams": {key: team.label for key, team in teams.items()},
        "assets": {key: asset.name for key, asset in assets.items()},
        "journeys": {key: journey.name for key, journey in journeys.items()},
        "concepts": {
            f"{concept.taxonomy.key}:{concept.key}": concept.label for concept in concepts
        },
    }
    return Known(names, channels, teams, assets, concepts)


def documents_of(
    user: "User", bound: Collection[tuple[str, int]]
) -> dict[tuple[str, int], Document]:
    """What versions of assets say, each given as (key, number), as far as the person sees it."""
    if not bound:
        return {}
    versions = AssetVersion.objects.filter(
        subject__in=Asset.objects.visible_to(user).order_by(),
        subject__key__in={key for key, _number in bound},
        number__in={number for _key, number in bound},
    ).select_related("subject")
    return {
        (version.subject.key, version.number): version.get_document()
        for version in versions
        if (version.subject.key, version.number) in bound
    }


def _by_key(rows: Any, keys: set[str]) -> dict[str, Any]:
    return {row.key: row for row in rows.filter(key__in=keys)} if keys else {}


def _concepts(user: "User", references: set[str]) -> list[Concept]:
    if not references:
        return []
    found = tags.queries.concepts(user).filter(
        taxonomy__key__in={reference.partition(":")[0] for reference in references},
        key__in={reference.partition(":")[2] for reference in references},
    )
    return list(found)


def sees(user: "User", journey: Journey | None) -> bool:
    """Whether the person sees the journey; no query for none, or for one that is open."""
    if journey is None:
        return False
    if not journey.is_restricted:
        return True
    return Journey.objects.visible_to(user).filter(pk=journey.pk).exists()


def grants_on(journey: Journey) -> list[JourneyRole]:
    """All roles held on a journey, by role, people before teams."""
    return list(
        journey.roles.select_related("role", "user", "team").order_by(
            "role__position", models.F("user__name").asc(nulls_last=True), "team__name"
        )
    )


def owner_roles() -> list[Role]:
    """The roles a journey should have filled, in their order."""
    return list(Role.objects.filter(is_owner=True))


def versions_of(journey: Journey) -> models.QuerySet[JourneyVersion]:
    """The versions of a journey without their documents, newest first."""
    return journey.versions.select_related("created_by").defer("document").order_by("-number")


def tombstone_of(journey: Journey, element: str, key: str) -> Tombstone | None:
    """What is left of an element that was live once and is no more."""
    return journey.tombstones.filter(element=element, key=key).first()


def versions_around(journey: Journey, number: int) -> tuple[JourneyVersion, JourneyVersion]:
    """The version before version `number`, and that one without its document."""
    return (
        journey.versions.get(number=number - 1),
        journey.versions.select_related("created_by").defer("document").get(number=number),
    )


def get_step_row(journey: Journey, key: str) -> Step | None:
    """The row of a live step, whose history tells what became of it."""
    return journey.steps.select_related("stage").filter(key=key).first()


def stewards_of(channel: str | None) -> list[Team]:
    """The teams that look after a channel; none for a step without one."""
    return list(Team.objects.filter(channels__key=channel).order_by("name")) if channel else []


def steps_of(user: "User", team: Team) -> models.QuerySet[Step]:
    """The live steps a team owns, in journeys the person sees, journey by journey."""
    return (
        Step.objects.filter(team=team, journey__in=_seen(user))
        .select_related("journey", "channel")
        .order_by("journey__name", "journey_id", "rank", "key")
    )


def uses_of(user: "User", asset: Asset) -> models.QuerySet[SlotBinding]:
    """The slots an asset fills, in journeys the person sees."""
    return (
        SlotBinding.objects.filter(asset=asset, step__journey__in=_seen(user))
        .select_related("step__journey", "step__channel")
        .order_by("step__journey__name", "step__journey_id", "step__rank", "slot")
    )


def journeys_showing(user: "User", asset_ids: list[int]) -> dict[int, list[Journey]]:
    """The journeys the person sees whose live steps show each asset, by name."""
    rows = (
        SlotBinding.objects.filter(asset__in=asset_ids, step__journey__in=_seen(user))
        .select_related("step__journey")
        .order_by("step__journey__name", "step__journey_id")
    )
    found: dict[int, dict[int, Journey]] = {}
    for row in rows:
        if row.asset_id is not None:
            found.setdefault(row.asset_id, {})[row.step.journey_id] = row.step.journey
    return {asset: list(by_id.values()) for asset, by_id in found.items()}


def unused(user: "User", since: datetime) -> models.QuerySet[Asset]:
    """The assets in use, made before `since`, that no live step shows, nor showed since then.

    As far as the person sees steps: one that they do not see counts for nothing.
    """
    steps = Step.objects.filter(journey__in=_seen(user)).order_by()
    shown = SlotBinding.objects.filter(asset=models.OuterRef("pk"), step__in=steps.values("pk"))
    history = SlotBinding.history.model
    lately = history.objects.filter(
        asset_id=models.OuterRef("pk"), history_date__gte=since, step_id__in=steps.values("pk")
    )
    return (
        Asset.objects.visible_to(user)
        .filter(~models.Exists(shown), ~models.Exists(lately.order_by()))
        .filter(created_at__lt=since, status=AssetStatus.ACTIVE)
        .order_by("name", "pk")
    )


def use_counts(user: "User", asset_ids: list[int]) -> dict[int, int]:
    """In how many steps of journeys the person sees each asset is used; not those in none."""
    rows = (
        SlotBinding.objects.filter(asset__in=asset_ids, step__journey__in=_seen(user))
        .values("asset")
        .annotate(count=models.Count("step", distinct=True))
        .order_by()
    )
    return {row["asset"]: row["count"] for row in rows}


def _seen(user: "User") -> models.QuerySet[Journey]:
    return Journey.objects.visible_to(user).order_by().only("pk")
