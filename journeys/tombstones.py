"""What is left of elements that are gone: their keys stay taken, and links to them still open.

Like the rows of what is live these are a projection: publishing adds and removes only what the
new version takes out and brings back, `rebuild` makes the same rows from all versions.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection, models, transaction

from cjops.core.projection import Difference, Values
from cjops.documents import Document
from journeys.definition import COLLECTIONS
from journeys.models import Journey, JourneyVersion, Tombstone

Place = tuple[str, str]
COLUMNS = ("name", "removed_in", "at")


@transaction.atomic(savepoint=False)
def follow(*, journey: Journey, document: Document) -> None:
    """Bring the tombstones up to date with the live version, which says `document`.

    They are those of the version before; that one is read for what it held.
    """
    live = journey.live_version
    if live is None or live.number == 1:
        return
    before = journey.versions.filter(number=live.number - 1).first()
    held = before.get_document() if before else {}
    gone = _places(held) - _places(document)
    back = _places(document) - _places(held)
    if back:
        journey.tombstones.filter(_at(back)).delete()
    # Where a version is projected once more, its tombstones are there already.
    known = _present(journey, gone) if gone else {}
    _write(journey, known, _buried(held, gone, live))


@transaction.atomic(savepoint=False)
def rebuild(*, journey: Journey) -> None:
    """Make the rows those of all versions; only what differs is written."""
    present, wanted = _present(journey), _wanted(journey)
    extra = [row.pk for place, row in present.items() if place not in wanted]
    if extra:
        journey.tombstones.filter(pk__in=extra).delete()
    _write(journey, present, wanted)


def differences(journey: Journey) -> list[Difference]:
    """Where the rows are not what `rebuild` would make of them."""
    present, wanted = _present(journey), _wanted(journey)
    found = [
        Difference("Tombstone", _words(place), "extra row")
        for place in present
        if place not in wanted
    ]
    for place, values in wanted.items():
        row = present.get(place)
        if row is None:
            found.append(Difference("Tombstone", _words(place), "missing row"))
            continue
        found += [
            Difference(
                "Tombstone", _words(place), f"{name} is {getattr(row, name)!r}, not {value!r}"
            )
            for name, value in values.items()
            if getattr(row, name) != value
        ]
    return found


def _write(
    journey: Journey, present: Mapping[Place, Tombstone], wanted: Mapping[Place, Values]
) -> None:
    added, changed = [], []
    for (element, key), values in wanted.items():
        row = present.get((element, key))
        if row is None:
            added.append(Tombstone(journey=journey, element=element, key=key, **values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            changed.append(row)
    if added:
        Tombstone.objects.bulk_create(added)
    if changed:
        Tombstone.objects.bulk_update(changed, COLUMNS)


def _present(journey: Journey, places: set[Place] | None = None) -> dict[Place, Tombstone]:
    rows = journey.tombstones.order_by()
    if places is not None:
        rows = rows.filter(_at(places))
    return {(row.element, row.key): row for row in rows}


def _wanted(journey: Journey) -> dict[Place, Values]:
    """What the versions say: no document travels but those that last held something gone."""
    if journey.live_version is None:
        return {}
    last = _last_held(journey)
    by_number: dict[int, set[Place]] = {}
    for place, number in last.items():
        by_number.setdefault(number, set()).add(place)
    wanted: dict[Place, Values] = {}
    for number, places in sorted(by_number.items()):
        held, after = journey.versions.filter(number__in=(number, number + 1)).order_by("number")
        wanted |= _buried(held.get_document(), places, after)
    return wanted


def _last_held(journey: Journey) -> dict[Place, int]:
    """By element that no longer is live the number of the last version that held it."""
    statement = """
        SELECT name, item ->> 'key', max(version.number)
        FROM journeys_journeyversion version
        CROSS JOIN unnest(%(names)s::text[]) AS name
        CROSS JOIN LATERAL jsonb_array_elements(
            CASE jsonb_typeof(version.document -> name)
            WHEN 'array' THEN version.document -> name ELSE '[]' END
        ) AS item
        WHERE version.subject_id = %(journey)s AND version.number <= %(live)s
        GROUP BY 1, 2
        HAVING max(version.number) < %(live)s
    """
    live = journey.live_version
    values: dict[str, Any] = {
        "names": list(COLLECTIONS),
        "journey": journey.pk,
        "live": live.number if live else 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {(name, key): number for name, key, number in cursor.fetchall()}


def _buried(held: Document, gone: set[Place], by: JourneyVersion) -> dict[Place, Values]:
    """The columns of what the version `by` took out of the document `held`."""
    elements = {
        (name, item["key"]): item
        for name in COLLECTIONS
        for item in held.get(name, ())
        if (name, item["key"]) in gone
    }
    return {
        place: {
            "name": _name(held, place[0], item),
            "removed_in": by.number,
            "at": by.created_at,
        }
        for place, item in sorted(elements.items())
    }


def _name(document: Document, element: str, item: Mapping[str, Any]) -> str:
    """What it was called, in no language: the same row comes out whoever projects it."""
    if element != "transitions":
        return str(item.get("name") or item["key"])
    names = {step["key"]: step["name"] or step["key"] for step in document["steps"]}
    return " → ".join(str(names.get(item[end], item[end])) for end in ("source", "target"))


def _places(document: Document) -> set[Place]:
    return {(name, item["key"]) for name in COLLECTIONS for item in document.get(name, ())}


def _at(places: set[Place]) -> models.Q:
    condition = models.Q(pk__in=())
    for name in {element for element, _key in places}:
        keys = [key for element, key in places if element == name]
        condition |= models.Q(element=name, key__in=keys)
    return condition


def _words(place: Place) -> str:
    return "/".join(place)
