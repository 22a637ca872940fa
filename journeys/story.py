"""A journey as one customer lives through it: from an entry, step after step, on chosen ways. Pure.

Where ways part, the reader says which one is taken; without a word, the one that most customers
take, and among equals the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cjops.documents import Document
from journeys.durations import Duration, parse_duration

# Of a month of 30 days and a year of 365, since nobody says which month.
SECONDS = (31_536_000, 2_592_000, 604_800, 86_400, 3_600, 60, 1)
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a step. `target` names the step it leads to."""

    key: str
    condition: str
    target: str
    share: float | None
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Beat:
    """A step when the customer comes to it: `day` counts from 1, the day of the entry.

    `wait` is the ISO 8601 time that passed on the way here, "" for none. `ways` are given where
    they part; `leads_back` names the earlier step that the way taken returns to.
    """

    step: Document
    day: int
    wait: str
    ways: tuple[Way, ...]
    leads_back: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """The entry it begins with and its steps in order."""

    entry: Document | None
    beats: tuple[Beat, ...]

    @property
    def days(self) -> int:
        """How many days it takes."""
        return self.beats[-1].day if self.beats else 0


def story(document: Document, *, entry: str = "", ways: Mapping[str, str] | None = None) -> Story:
    """The story that begins at the entry with that key, or at the first.

    `ways` gives the key of the transition taken by that of the step it leaves; what it names and
    the document does not have is passed over. Ends where no way leads on, or one leads back.
    """
    steps = {step["key"]: step for step in document["steps"]}
    leaving = _by_source(document)
    begun = _entry(document, entry, steps)
    key = begun["step"] if begun else _first(document)
    beats: list[Beat] = []
    seen: set[str] = set()
    passed, wait = 0, ""
    while key in steps and key not in seen:
        seen.add(key)
        step = steps[key]
        taken = _taken(leaving.get(key, ()), (ways or {}).get(key, ""))
        parting = leaving.get(key, ()) if len(leaving.get(key, ())) > 1 else ()
        back = taken["target"] if taken and taken["target"] in seen else ""
        beats.append(
            Beat(
                step=step,
                day=passed // DAY + 1,
                wait=wait,
                ways=tuple(_way(one, one is taken) for one in parting),
                leads_back=back,
            )
        )
        if taken is None:
            break
        wait = _longer(step["wait"], taken["delay"])
        passed += seconds(step["wait"]) + seconds(taken["delay"])
        key = taken["target"]
    return Story(begun, tuple(beats))


def seconds(duration: str | None) -> int:
    """An ISO 8601 duration in seconds; 0 for none, and for what is none."""
    parsed: Duration | None = parse_duration(duration) if duration else None
    if parsed is None:
        return 0
    return int(sum(part * unit for part, unit in zip(parsed.parts, SECONDS, strict=True)))


def _longer(wait: str | None, delay: str | None) -> str:
    """What is told of the time between two steps: the larger part of it."""
    return max((wait or "", delay or ""), key=seconds)


def _by_source(document: Document) -> dict[str, tuple[Document, ...]]:
    """The ways out of each step, those first that most customers take."""
    found: dict[str, list[Document]] = {}
    for one in sorted(document["transitions"], key=lambda one: (one["rank"], one["key"])):
        found.setdefault(one["source"], []).append(one)
    return {
        source: tuple(sorted(several, key=lambda one: -(one["share"] or 0)))
        for source, several in found.items()
    }


def _taken(ways: tuple[Document, ...], wanted: str) -> Document | None:
    chosen = next((one for one in ways if one["key"] == wanted), None)
    return chosen or (ways[0] if ways else None)


def _way(transition: Document, is_taken: bool) -> Way:
    return Way(
        key=transition["key"],
        condition=transition["condition"],
        target=transition["target"],
        share=transition["share"],
        is_taken=is_taken,
    )


def _entry(document: Document, wanted: str, steps: Mapping[str, Document]) -> Document | None:
    entries = [one for one in document["entries"] if one["step"] in steps]
    return next((one for one in entries if one["key"] == wanted), entries[0] if entries else None)


def _first(document: Document) -> str:
    """Where a journey without an entry begins: a step that no way leads to, else the first."""
    targets = {one["target"] for one in document["transitions"]}
    ordered = sorted(document["steps"], key=lambda step: (step["rank"], step["key"]))
    first = next((step for step in ordered if step["key"] not in targets), None)
    return str((first or ordered[0])["key"]) if ordered else ""
