"""What the selects of an element form offer: only what its reader sees, and never all there is."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

import content.queries
import tags.queries
from content.models import AssetVersion
from journeys.models import Journey
from people.models import Channel, Team, User
from tags.models import Concept

Document = dict[str, Any]
Choices = list[tuple[str, Any]]

MOST_JOURNEYS, MOST_ASSETS, MOST_VERSIONS = 500, 100, 10
# More concepts than this are searched for, not ticked.
MOST_BOXES, SUGGESTED = 40, 50


@dataclass(frozen=True)
class Options:
    """What the selects of one document's forms offer."""

    user: User
    steps: Choices
    stages: Choices
    channels: Choices
    teams: Choices
    journeys: Choices
    concepts: Choices
    assets: Choices
    # Where there are too many concepts to tick: the first of those that can be searched for.
    suggestions: Choices = field(default_factory=list)

    @property
    def concepts_address(self) -> str:
        """Where further suggestions come from."""
        return reverse("concept-options")

    def find_concepts(self, texts: list[str]) -> dict[str, list[str]]:
        """For each text the concepts it names, by reference or by label: one query."""
        named = Q(pk__in=[])
        for text in texts:
            taxonomy, _colon, key = text.partition(":")
            named |= Q(label__iexact=text) | Q(taxonomy__key=taxonomy, key=key)
        rows = _active(self.user).filter(named).values_list("taxonomy__key", "key", "label")
        found: dict[str, list[str]] = {text: [] for text in texts}
        for taxonomy, key, label in rows[:SUGGESTED]:
            reference = f"{taxonomy}:{key}"
            for text in texts:
                if text == reference or text.casefold() == label.casefold():
                    found[text].append(reference)
        return {
            text: [text] if text in references else references for text, references in found.items()
        }


def options_for(
    document: Document, user: User, channel: str | None = None, used: list[str] | None = None
) -> Options:
    """Read what can be chosen; assets only of `channel`, with the newest of their versions.

    `used` are the concepts that the element has already: they are offered however many there are.
    """
    concepts = _pairs(_active(user)[: MOST_BOXES + 1])
    suggestions: Choices = []
    if len(concepts) > MOST_BOXES:
        suggestions, concepts = concepts, _labelled(user, used or [])
    return Options(
        user=user,
        steps=[(s["key"], s["name"] or s["key"]) for s in document.get("steps", ())],
        stages=[(s["key"], s["name"] or s["key"]) for s in document.get("stages", ())],
        channels=[(c.key, c.label) for c in Channel.objects.all()],
        teams=[(t.key, t.label) for t in Team.objects.all()],
        journeys=list(
            Journey.objects.visible_to(user)
            .order_by("name")
            .values_list("key", "name")[:MOST_JOURNEYS]
        ),
        concepts=concepts,
        assets=_asset_choices(user, channel) if channel else [],
        suggestions=suggestions,
    )


def suggested_concepts(user: User, text: str) -> Choices:
    """Concepts that a person may mean by what they have typed so far."""
    text = text.rpartition(",")[2].replace("\x00", "").strip()
    found = _active(user)
    if text:
        found = found.filter(Q(label__icontains=text) | Q(key__icontains=text))
    return _pairs(found[:SUGGESTED])


def _active(user: User) -> QuerySet[Concept]:
    return tags.queries.concepts(user).filter(status="active")


def _pairs(concepts: QuerySet[Concept]) -> Choices:
    rows = concepts.values_list("taxonomy__key", "key", "label")
    return [(f"{taxonomy}:{key}", label) for taxonomy, key, label in rows]


def _labelled(user: User, used: list[str]) -> Choices:
    """The concepts in use that the person sees, in their order; deprecated ones too."""
    if not used:
        return []
    labels = dict(
        _pairs(
            tags.queries.concepts(user).filter(
                taxonomy__key__in={one.partition(":")[0] for one in used},
                key__in={one.partition(":")[2] for one in used},
            )
        )
    )
    return [(one, labels[one]) for one in used if one in labels]


def _asset_choices(user: User, channel: str) -> Choices:
    assets = list(content.queries.assets_for_slot(user, channel)[:MOST_ASSETS])
    versions: dict[int, list[int]] = {asset.pk: [] for asset in assets}
    rows = AssetVersion.objects.filter(subject__in=versions).order_by("-number")
    for asset_id, number in rows.values_list("subject_id", "number"):
        versions[asset_id].append(number)
    return [
        (
            asset.name,
            [
                (f"{asset.key}@{number}", f"{asset.name} · v{number}")
                for number in versions[asset.pk][:MOST_VERSIONS]
            ],
        )
        for asset in assets
    ]
