"""What the head of a journey's page says: purpose, goal, audience. Pure, from the document."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cjops.documents import Document
from journeys.durations import duration_words
from journeys.labels import choice_label
from journeys.values import NO_NAMES, Names


@dataclass(frozen=True, slots=True)
class Link:
    """Something with a page of its own; `key` is "" where the reader has no way to it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class WayIn:
    """How customers come in."""

    name: str
    kind: str
    rule: str
    where: str
    step: Link | None


@dataclass(frozen=True, slots=True)
class WayOut:
    """What takes customers out wherever they are, and what happens to them then."""

    name: str
    rule: str
    note: str
    ends: bool
    journey: Link | None


@dataclass(frozen=True, slots=True)
class Portrait:
    """The header of a journey in words."""

    purpose: str
    scenario: str
    goal: str
    metric: str
    target: str
    span: str
    personas: tuple[str, ...]
    tags: tuple[str, ...]
    importance: str
    entries: tuple[WayIn, ...]
    exits: tuple[WayOut, ...]
    reentry: str


def portrait(document: Document, names: Names = NO_NAMES) -> Portrait:
    """What the document's header, entries and exits say; `names` as in `values`."""
    goal = document["goal"]
    concepts = names.get("concepts", {})
    return Portrait(
        purpose=document["purpose"],
        scenario=document["scenario"],
        goal=goal["statement"],
        metric=goal["metric"],
        target=goal["target"],
        span=span_words(document["lifecycle"]),
        personas=tuple(document["personas"]),
        tags=tuple(concepts.get(tag, tag) for tag in document["tags"]),
        importance=choice_label("", ("importance",), document["importance"]),
        entries=tuple(_way_in(entry, names) for entry in _ordered(document["entries"])),
        exits=tuple(_way_out(exit_, names) for exit_ in _ordered(document["exits"])),
        reentry=reentry_words(document["reentry"]),
    )


def _ordered(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: (item["rank"], item["key"]))


def _way_in(entry: Mapping[str, Any], names: Names) -> WayIn:
    key = entry["step"]
    steps = names.get("steps", {})
    return WayIn(
        name=entry["name"] or entry["key"],
        kind=choice_label("entries", ("kind",), entry["kind"]),
        rule=entry["rule"],
        where=entry["where"],
        step=Link(key if key in steps else "", steps.get(key, key)) if key else None,
    )


def _way_out(exit_: Mapping[str, Any], names: Names) -> WayOut:
    key = exit_["journey"]
    journeys = names.get("journeys", {})
    return WayOut(
        name=exit_["name"] or exit_["key"],
        rule=exit_["rule"],
        note=exit_["note"],
        ends=exit_["outcome"] == "end",
        journey=journey_link(key, journeys) if key else None,
    )


def journey_link(key: str, journeys: Mapping[str, str]) -> Link:
    """Another journey; nothing of one the reader does not see but that there is one."""
    if key in journeys:
        return Link(key, journeys[key])
    return Link("", _("a journey that is not open to you"))


def reentry_words(reentry: Mapping[str, Any]) -> str:
    """Whether a customer may come again, as a sentence."""
    if reentry["rule"] == "never":
        return _("Once only: nobody enters a second time.")
    wait = duration_words(reentry["wait"]) if reentry["wait"] else ""
    if reentry["rule"] == "after_exit":
        if wait:
            return _("May enter again once they have left, at the earliest after %(wait)s.") % {
                "wait": wait
            }
        return _("May enter again once they have left.")
    if wait:
        return _("May enter again, even while inside, at the earliest after %(wait)s.") % {
            "wait": wait
        }
    return _("May enter again at any time, even while inside.")


def span_words(lifecycle: Mapping[str, Any]) -> str:
    """From when until when the journey takes customers in."""
    start, end = _day(lifecycle["start"]), _day(lifecycle["end"])
    if start and end:
        return _("%(start)s – %(end)s") % {"start": start, "end": end}
    if start:
        return _("from %(start)s, no end set") % {"start": start}
    if end:
        return _("until %(end)s") % {"end": end}
    return ""


def _day(value: str | None) -> str:
    return date_format(dt.date.fromisoformat(value)) if value else ""
