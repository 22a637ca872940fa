"""What exists outside a journey document, for its checks and for its words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Cast, Concat

from cjops.documents import Document
from content.models import Asset, AssetStatus, AssetVersion
from content.sendable import looked_at
from journeys.models import Journey
from journeys.validation import Known, Offer
from journeys.values import Names, names_in
from people.models import Channel, Team, label_here
from tags.models import Concept, Taxonomy

if TYPE_CHECKING:
    from people.models import User

# What it is, its key, a text and a number that mean what the part says.
Row = tuple[str, str, str, int]
Part = models.QuerySet[Any, Row]
KEY, NO_TEXT, NO_NUMBER = F("key"), Value(""), Value(0)
REFERENCE = Concat("taxonomy__key", Value(":"), "key", output_field=models.TextField())


def known_for(document: Document) -> Known:
    """What the checks need to know; only what the document names, and all channels.

    One query, and a second where content is bound that this process has not looked at before.

    Whether somebody sees it does not matter here: the checks must come out the same for all.
    """
    named = Named.in_documents([document])
    versions = AssetVersion.objects.filter(subject__key__in=named.assets)
    channels = Channel.objects.all()
    carries = Cast("carries_content", models.IntegerField())
    is_retired = Case(When(status=AssetStatus.RETIRED, then=1), default=0)
    rows = read(
        part("channel", channels, number=carries),
        part("team", Team.objects.filter(key__in=named.teams)) if named.teams else None,
        part("journey", Journey.objects.filter(key__in=named.journeys)) if named.journeys else None,
        part("concept", concepts_of(named.concepts), REFERENCE) if named.concepts else None,
        part("asset", versions, F("subject__key"), F("digest"), F("number"))
        if named.assets
        else None,
        part(
            "made_for",
            Asset.objects.filter(key__in=named.assets),
            text=F("channel__key"),
            number=is_retired,
        )
        if named.assets
        else None,
    )
    made_for: dict[str, str] = {}
    found: dict[str, set[str]] = defaultdict(set)
    digests: dict[str, dict[int, str]] = defaultdict(dict)
    for kind, key, text, number in rows:
        found[kind].add(key)
        if kind == "asset":
            digests[key][number] = text
        if kind == "made_for":
            made_for[key] = text
            found["retired"].update([key] if number else ())
        if kind == "channel" and number:
            found["carries"].add(key)
    looked = looked_at(bound_in(document, digests), document["market"])
    return Known(
        channels=frozenset(found["channel"]),
        channels_with_content=frozenset(found["carries"]),
        teams=frozenset(found["team"]),
        journeys=frozenset(found["journey"]),
        concepts=frozenset(found["concept"] & named.concepts),
        assets=dict(digests),
        asset_channels=made_for,
        unsendable={digest: one.errors for digest, one in looked.items() if one.errors},
        offers={
            digest: Offer(one.kind, one.languages, one.sizes) for digest, one in looked.items()
        },
        advised={digest: one.advised for digest, one in looked.items() if one.advised},
        territories={digest: one.territories for digest, one in looked.items() if one.territories},
        usable_until={digest: one.until for digest, one in looked.items() if one.until},
        retired=frozenset(found["retired"]),
    )


def bound_in(
    document: Document, digests: Mapping[str, Mapping[int, str]]
) -> dict[tuple[str, int], str]:
    """The digests of the versions that steps show, by asset and number, as far as they exist."""
    slots = [slot for step in document["steps"] for slot in step["slots"].values()]
    return {
        (slot["asset"], slot["version"]): digests[slot["asset"]][slot["version"]]
        for slot in slots
        if slot["version"] in digests.get(slot["asset"], ())
    }


def names_for(*documents: Document, reader: "User | None" = None) -> Names:
    """Display names for what the documents name, in one query.

    Without a reader they end up in summaries that everybody reads who sees the journey, so
    what is restricted keeps its key; with one, what that person does not see.
    """
    named = Named.in_documents(documents)
    assets, journeys = Asset.objects.all(), Journey.objects.all()
    taxonomies = Taxonomy.objects.all()
    if reader:
        assets, journeys = assets.visible_to(reader), journeys.visible_to(reader)
        taxonomies = taxonomies.visible_to(reader)
    else:
        open_only = {"is_restricted": False}
        assets, journeys = assets.filter(**open_only), journeys.filter(**open_only)
        taxonomies = taxonomies.filter(**open_only)
    names: dict[str, dict[str, str]] = {
        **names_in(*documents),
        **{kind: {} for kind in ("channels", "teams", "assets", "journeys", "concepts")},
    }
    sources: tuple[tuple[str, Any, set[str], Any], ...] = (
        ("channels", Channel.objects, named.channels, label_here()),
        ("teams", Team.objects, named.teams, label_here()),
        ("assets", assets, named.assets, F("name")),
        ("journeys", journeys, named.journeys, F("name")),
    )
    parts = [
        part(kind, rows.filter(key__in=keys), text=label)
        for kind, rows, keys, label in sources
        if keys
    ]
    if named.concepts:
        seen = concepts_of(named.concepts).filter(taxonomy__in=taxonomies.order_by())
        parts.append(part("concepts", seen, REFERENCE, F("label")))
    for kind, key, text, _number in read(*parts):
        if kind != "concepts" or key in named.concepts:
            names[kind][key] = text
    return names


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


def part(
    kind: str,
    rows: models.QuerySet[Any],
    key: Any = KEY,
    text: Any = NO_TEXT,
    number: Any = NO_NUMBER,
) -> Part:
    """One kind of rows as the part of a union."""
    shown = rows.order_by().annotate(
        of_kind=Value(kind, output_field=models.TextField()),
        of_key=key,
        of_text=text,
        of_number=number,
    )
    columns: Part = shown.values_list("of_kind", "of_key", "of_text", "of_number")
    return columns


def read(*parts: Part | None) -> Iterable[Row]:
    """The rows of all parts that there are, in one query; none for no parts."""
    wanted = [one for one in parts if one is not None]
    return wanted[0].union(*wanted[1:], all=True) if wanted else ()


def concepts_of(references: set[str]) -> models.QuerySet[Concept]:
    """The concepts called `taxonomy:concept`, and maybe a few of the same names more."""
    return Concept.objects.filter(
        taxonomy__key__in={reference.partition(":")[0] for reference in references},
        key__in={reference.partition(":")[2] for reference in references},
    )
