"""What exists outside a journey document, for its checks and for its words."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from cjops.documents import Document
from content.models import Asset, AssetVersion
from journeys.models import Journey
from journeys.validation import Known
from journeys.values import Names, names_in
from people.models import Channel, Team
from tags.models import Concept


def known_for(document: Document) -> Known:
    """What the checks need to know, in five queries at most; only what the document names.

    Whether somebody sees it does not matter here: the checks must come out the same for all.
    """
    named = Named.in_documents([document])
    channels = dict(Channel.objects.order_by().values_list("key", "carries_content"))
    return Known(
        channels=frozenset(channels),
        channels_with_content=frozenset(key for key, carries in channels.items() if carries),
        teams=keys_of(Team, named.teams),
        journeys=keys_of(Journey, named.journeys),
        concepts=frozenset(labels_of_concepts(named.concepts)),
        assets=digests_of(named.assets),
    )


def names_for(*documents: Document) -> Names:
    """Display names for what the documents name, in five queries at most.

    They end up in summaries that everybody reads who sees the journey, so restricted assets and
    journeys keep their keys.
    """
    named = Named.in_documents(documents)
    return {
        **names_in(*documents),
        "channels": {row.key: row.label for row in rows_of(Channel, named.channels)},
        "teams": {row.key: row.label for row in rows_of(Team, named.teams)},
        "assets": {
            row.key: row.name for row in rows_of(Asset, named.assets) if not row.is_restricted
        },
        "journeys": {
            row.key: row.name for row in rows_of(Journey, named.journeys) if not row.is_restricted
        },
        "concepts": labels_of_concepts(named.concepts),
    }


class Named:
    """The keys that documents name, by what they are keys of."""

    def __init__(self) -> None:
        self.channels: set[str] = set()
        self.teams: set[str] = set()
        self.assets: set[str] = set()
        self.journeys: set[str] = set()
        self.concepts: set[str] = set()

    @classmethod
    def in_documents(cls, documents: Iterable[Document]) -> "Named":
        """All the documents name together."""
        named = cls()
        for document in documents:
            # What a journey is before its first version has no header.
            named.concepts.update(document.get("tags", ()))
            named.journeys.update(rule["journey"] for rule in document["exits"] if rule["journey"])
            for step in document["steps"]:
                named.add(step)
        return named

    def add(self, step: Document) -> None:
        """What one step names."""
        self.channels.update([step["channel"]] if step["channel"] else ())
        self.teams.update([step["team"]] if step["team"] else (), step["support_teams"])
        self.journeys.update([step["journey"]] if step["journey"] else ())
        self.concepts.update(step["tags"])
        self.assets.update(slot["asset"] for slot in step["slots"].values() if slot["asset"])


def rows_of(model: Any, keys: set[str]) -> Iterable[Any]:
    """The rows with these keys; no query for none."""
    return model.objects.filter(key__in=keys).order_by() if keys else ()


def keys_of(model: Any, keys: set[str]) -> frozenset[str]:
    """Those of the keys that exist."""
    if not keys:
        return frozenset()
    return frozenset(model.objects.filter(key__in=keys).order_by().values_list("key", flat=True))


def digests_of(assets: set[str]) -> dict[str, dict[int, str]]:
    """For each asset that exists, the digests of its versions by number: one query."""
    found: dict[str, dict[int, str]] = defaultdict(dict)
    if not assets:
        return found
    rows = (
        AssetVersion.objects.filter(subject__key__in=assets)
        .order_by()
        .values_list("subject__key", "number", "digest")
    )
    for key, number, digest in rows:
        found[key][number] = digest
    return dict(found)


def labels_of_concepts(references: set[str]) -> dict[str, str]:
    """The labels of those concepts that exist, by `taxonomy:concept`: one query."""
    if not references:
        return {}
    rows = (
        Concept.objects.filter(
            taxonomy__key__in={reference.partition(":")[0] for reference in references},
            key__in={reference.partition(":")[2] for reference in references},
        )
        .order_by()
        .values_list("taxonomy__key", "key", "label")
    )
    labels = {f"{taxonomy}:{key}": label for taxonomy, key, label in rows}
    return {reference: labels[reference] for reference in references if reference in labels}
