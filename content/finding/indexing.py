"""The rows that search reads: written in the transaction that writes what they are derived of."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection, transaction

from cjops.documents import Document, digest
from content.definition import said
from content.finding import correcting, shingles
from content.finding.texts import Said, quoted, said_in
from content.finding.tokens import Vector, vector
from content.models import Asset, Deadline, SearchRow
from tags.models import Concept

# Goes up whenever the same document would be read otherwise: `rebuild_search` then writes all.
READER = 1
# Of more renditions the first ones are compared with other content.
MOST_COMPARED = 40
Row = dict[str, Any]
Due = tuple[str, str, str, str]


def stamp_of(document: Document) -> str:
    """What tells whether a row is that of the document."""
    return f"{READER}:{digest(document)}"


def derived(key: str, document: Document, labels: Iterable[str] = ()) -> tuple[Row, Vector]:
    """The columns of the row, and the vector with the words that it knows."""
    texts = said_in(document)
    tags = list(document["tags"])
    names = [(document["name"] or key, "A"), (key.replace("-", " "), "B")]
    names += [(tag.partition(":")[2].replace("-", " "), "B") for tag in tags]
    names += [(label, "B") for label in labels]
    variants = [(one["name"], "C") for one in said(document, "variants").values()]
    bodies = [(field, "D") for text in texts for field in text.fields]
    words = vector([*names, (document["purpose"], "C"), *variants, *bodies])
    row = {
        "stamp": stamp_of(document),
        "words": str(words),
        "heading": str(vector(names)),
        "text": quoted(texts),
        "tags": tags,
        "ends_on": min((due[3] for due in deadlines(document)), default=None),
        "bands": bands_of(texts),
    }
    return row, words


def bands_of(texts: Iterable[Said]) -> list[int]:
    """What the texts have in common with texts that are alike, all renditions together."""
    found: set[int] = set()
    for text in list(texts)[:MOST_COMPARED]:
        found.update(shingles.bands(shingles.shingles(shingles.comparable(text.text))))
    return sorted(found)


def deadlines(document: Document) -> list[Due]:
    """Kind, key, words and last day of what ends, once each."""
    found: dict[tuple[str, str, str], Due] = {}
    until = said(document, "rights")["valid_until"]
    if until:
        found["rights", "", until] = ("rights", "", "", until)
    for rendition in document["renditions"]:
        for key, claim in said(rendition, "claims").items():
            if claim["valid_until"]:
                due = ("claim", key, claim["text"][:200], claim["valid_until"])
                found.setdefault(("claim", key, claim["valid_until"]), due)
    return sorted(found.values())


@transaction.atomic(savepoint=False)
def index(written: Iterable[tuple[Asset, Document]]) -> None:
    """Make the rows of these assets those of the documents; the caller has locked the assets."""
    pairs = sorted(written, key=lambda pair: pair[0].pk)
    labels = labels_of(tag for _asset, document in pairs for tag in document["tags"])
    words: set[str] = set()
    rows = []
    for asset, document in pairs:
        values, read = derived(asset.key, document, _labels(document, labels))
        rows.append(SearchRow(asset_id=asset.pk, **values))
        words |= read.words
    columns = [field.name for field in SearchRow._meta.fields if not field.primary_key]
    SearchRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["asset"], update_fields=columns
    )
    Deadline.objects.filter(asset__in=[asset.pk for asset, _document in pairs]).delete()
    Deadline.objects.bulk_create(
        Deadline(asset_id=asset.pk, what=what, key=key, words=said_words, on=on)
        for asset, document in pairs
        for what, key, said_words, on in deadlines(document)
    )
    correcting.learn(words)


def labels_of(tags: Iterable[str]) -> dict[str, list[str]]:
    """What the tags are called, of taxonomies that are open to all."""
    wanted = set(tags)
    if not wanted:
        return {}
    rows = Concept.objects.filter(
        taxonomy__is_restricted=False,
        taxonomy__key__in={tag.partition(":")[0] for tag in wanted},
        key__in={tag.partition(":")[2] for tag in wanted},
    ).select_related("taxonomy")
    return {f"{row.taxonomy.key}:{row.key}": [row.label] for row in rows}


def _labels(document: Document, labels: dict[str, list[str]]) -> list[str]:
    return [label for tag in document["tags"] for label in labels.get(tag, ())]


def differs(asset: Asset, document: Document) -> bool:
    """Whether what is stored is not what would be written."""
    labels = labels_of(document["tags"])
    values, read = derived(asset.key, document, _labels(document, labels))
    wanted = [values.pop("words"), values.pop("heading")]
    # As the columns give it back.
    values["ends_on"] = values["ends_on"] and date.fromisoformat(values["ends_on"])
    row = SearchRow.objects.filter(pk=asset.pk).first()
    if row is None or any(getattr(row, name) != value for name, value in values.items()):
        return True
    with connection.cursor() as cursor:
        cursor.execute(_SAME, [*wanted, asset.pk])
        ((is_same,),) = cursor.fetchall()
    return (
        not is_same or _dues(asset) != deadlines(document) or correcting.unknown(read.words) != []
    )


_SAME = """
    SELECT words = %s::tsvector AND heading = %s::tsvector FROM content_searchrow
    WHERE asset_id = %s
"""


def _dues(asset: Asset) -> list[Due]:
    return sorted(
        (one.what, one.key, one.words, one.on.isoformat()) for one in asset.deadlines.all()
    )
