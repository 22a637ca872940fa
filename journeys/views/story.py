"""The story tab: what one customer reads, in the order in which it reaches them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language

from cjops.documents import Document
from content import rulebook
from content.definition import spelled
from content.preview.filling import in_words
from content.preview.look import Look
from content.telling import Told, languages_of, personas_of, tell
from content.words import language_name
from journeys import reading
from journeys.durations import duration_words
from journeys.slots import SlotRow, step_slots
from journeys.story import Beat, Story, Way, story
from journeys.views.chips import chips
from people.models import User

# "at.welcome=opened": at the step "welcome" the way "opened" is taken.
WAY = "at."


@dataclass(frozen=True, slots=True)
class Piece:
    """A slot and what is read in it: None where it is empty, or not open to the reader."""

    row: SlotRow
    told: Told | None


@dataclass(frozen=True, slots=True)
class Fork:
    """A way that may be taken, with the address of the story that takes it."""

    way: Way
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A step as the page shows it."""

    beat: Beat
    is_new_day: bool
    wait: str
    pieces: tuple[Piece, ...]
    forks: tuple[Fork, ...]
    leads_back: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen in a select."""

    value: str
    label: str
    is_chosen: bool


def story_side(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the story tab needs: four choices at most, and the scenes that follow from them.

    One query for the content, whatever its size, and one for the made-up customer who reads it.
    """
    document: Document = context["document"]
    known = context["known"]
    asked = request.GET
    ways = {name.removeprefix(WAY): asked[name] for name in asked if name.startswith(WAY)}
    found = story(document, entry=asked.get("entry", ""), ways=ways)
    user = cast(User, request.user)
    bound = {
        (slot["asset"], slot["version"])
        for beat in found.beats
        for slot in beat.step["slots"].values()
        if slot["asset"] and slot["version"]
    }
    said = reading.documents_of(user, bound)
    languages = languages_of(said.values())
    language = asked.get("language", "").lower()
    if language not in languages:
        language = nearest(languages, get_language() or "en")
    persona = asked.get("persona", "")
    customer = rulebook.sample_profiles().first() if said else None
    look = Look(values=customer.values if customer else {})

    def fill(rendition: Document, text: str) -> str:
        return in_words(text, rendition, look)

    tellings = {
        place: tell(one, language=language, persona=persona, fill=fill)
        for place, one in said.items()
    }
    return {
        "story": found,
        "scenes": scenes(found, document, known, tellings, asked),
        "chips": chips(known.channels.values()),
        "languages": [
            Choice(key, language_name(key), key == language) for key in sorted(languages)
        ],
        "language": spelled(language),
        "personas": personas(document, said.values(), persona),
        "entries": [
            Choice(one["key"], one["name"] or one["key"], one is found.entry)
            for one in document["entries"]
        ],
        "ways": [(name, asked[name]) for name in asked if name.startswith(WAY)],
    }


def nearest(languages: Iterable[str], wanted: str) -> str:
    """The language itself, one of its family, or the first; "en" where there is none."""
    ordered = sorted(languages)
    family = wanted.partition("-")[0]
    for fits in (lambda one: one == wanted, lambda one: one.partition("-")[0] == family):
        if found := next(filter(fits, ordered), None):
            return found
    return ordered[0] if ordered else "en"


def personas(document: Document, said: Iterable[Document], chosen: str) -> list[Choice]:
    """Those of the journey, and those that its content has variants for."""
    names = dict.fromkeys((*document["personas"], *personas_of(said)))
    return [Choice(name, name, name == chosen) for name in names]


def scenes(
    found: Story,
    document: Document,
    known: reading.Known,
    tellings: Mapping[tuple[str, int], Told | None],
    asked: QueryDict,
) -> list[Scene]:
    """The beats with all that is said in them."""
    names = {step["key"]: step["name"] or step["key"] for step in document["steps"]}
    day, made = 0, []
    for beat in found.beats:
        made.append(
            Scene(
                beat=beat,
                is_new_day=beat.day != day,
                wait=duration_words(beat.wait) if beat.wait else "",
                pieces=tuple(
                    Piece(row, tellings.get((row.asset.key, row.version)) if row.asset else None)
                    for row in step_slots(beat.step, known)
                ),
                forks=tuple(
                    Fork(
                        way,
                        way.condition or names.get(way.target, way.target),
                        address(asked, f"{WAY}{beat.step['key']}", way.key),
                    )
                    for way in beat.ways
                ),
                leads_back=names.get(beat.leads_back, beat.leads_back),
            )
        )
        day = beat.day
    return made


def address(asked: QueryDict, name: str, value: str) -> str:
    """The address of this page with one choice made otherwise."""
    params = asked.copy()
    params[name] = value
    return f"?{params.urlencode()}#{name.removeprefix(WAY)}"
