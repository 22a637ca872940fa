"""The story tab: what one customer reads, in the order in which it reaches them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cjops.documents import Document
from content.definition import spelled
from content.looking import NOBODY
from content.models import SampleProfile
from content.preview.filling import readable
from content.rulebook import sample_profiles
from content.telling import Told, languages_of, named_in, tell
from content.words import language_name
from journeys import reading
from journeys.durations import duration_words
from journeys.slots import SlotRow, step_slots
from journeys.story import Beat, Story, Way, story
from journeys.views.chips import chips
from people.models import User

# "at.welcome=opened": at the step "welcome" the way "opened" is taken.
WAY = "at."
# For whom content can have variants.
KINDS_OF_WHOM: Mapping[str, Promise] = {
    "persona": _("Personas"),
    "segment": _("Segments"),
    "arm": _("Arms of a test"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A slot and what is read in it: None where it is empty, or not open to the reader.

    `is_new` says that a proposal puts it there.
    """

    row: SlotRow
    told: Told | None
    is_new: bool = False


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


@dataclass(frozen=True, slots=True)
class Whom:
    """For whom the story is told. `value` is what the address says: what is asked for and a name,
    such as "segment:VIP"; NOBODY for anybody; "" for whoever the sample customer is."""

    value: str
    name: str = ""
    asked: str = ""

    @classmethod
    def by(cls, query: QueryDict, customer: SampleProfile | None) -> "Whom":
        """Who is chosen, else the persona of the sample customer; `persona` is of old addresses."""
        old = f"persona:{query['persona']}" if query.get("persona") else ""
        value = query.get("whom", old).replace("\x00", "")[:200]
        asked, _colon, name = value.partition(":")
        if asked in KINDS_OF_WHOM:
            return cls(value, name, asked)
        if value == NOBODY or customer is None:
            return cls(value)
        return cls("", customer.persona, "persona")

    @property
    def told(self) -> dict[str, str]:
        """The argument for `tell`."""
        return {self.asked: self.name} if self.name else {}


def story_side(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """What the story tab needs."""
    user = cast(User, request.user)
    return {"told": told(user, request.GET, context["document"], context["known"])}


def told(
    user: User,
    asked: QueryDict,
    document: Document,
    known: reading.Known,
    before: Document | None = None,
) -> dict[str, Any]:
    """The story of a document: five choices at most, and the scenes that follow from them.

    With `before` it says which content was not there. One query for the content, whatever its
    size, and one for the sample profiles.
    """
    ways = {name: str(asked[name]) for name in asked if name.startswith(WAY)}
    taken = {name.removeprefix(WAY): way for name, way in ways.items()}
    found = story(document, entry=asked.get("entry", ""), ways=taken)
    said = reading.documents_of(user, {one for beat in found.beats for one in _bound(beat.step)})
    languages = languages_of(said.values())
    language = asked.get("language", "").lower()
    if language not in languages:
        language = nearest(languages, get_language() or "en")
    profiles = list(sample_profiles())
    customer = next((one for one in profiles if one.key == asked.get("customer")), None)
    customer = customer or next(iter(profiles), None)
    whom = Whom.by(asked, customer)
    fill = readable(customer.values if customer else {})
    tellings = {
        place: tell(one, language=language, fill=fill, **whom.told) for place, one in said.items()
    }
    return {
        "story": found,
        "scenes": scenes(found, document, known, tellings, asked, before),
        "chips": chips(known.channels.values()),
        "languages": [
            Choice(key, language_name(key), key == language) for key in sorted(languages)
        ],
        "language": spelled(language),
        "whom": whom,
        "whoever": customer.persona if customer else "",
        "whoms": whoms(document, list(said.values()), whom),
        "customers": [Choice(one.key, one.name, one is customer) for one in profiles],
        "entries": [
            Choice(one["key"], one["name"] or one["key"], one is found.entry)
            for one in document["entries"]
        ],
        "ways": list(ways.items()),
    }


def _bound(step: Document) -> list[tuple[str, int]]:
    """Asset and version of each slot of a step that has both."""
    return [
        (slot["asset"], slot["version"])
        for slot in step["slots"].values()
        if slot["asset"] and slot["version"]
    ]


def nearest(languages: Iterable[str], wanted: str) -> str:
    """The language itself, one of its family, or the first; "en" where there is none."""
    ordered = sorted(languages)
    family = wanted.partition("-")[0]
    for fits in (lambda one: one == wanted, lambda one: one.partition("-")[0] == family):
        if found := next(filter(fits, ordered), None):
            return found
    return ordered[0] if ordered else "en"


def whoms(
    document: Document, said: Sequence[Document], whom: Whom
) -> list[tuple[str, list[Choice]]]:
    """The personas of the journey, and all that its content has variants for, by what they are."""
    found = []
    for asked, label in KINDS_OF_WHOM.items():
        # Of a journey that was never live nothing may be proposed yet.
        own = document.get("personas", ()) if asked == "persona" else ()
        names = dict.fromkeys((*own, *named_in(said, asked)))
        values = [(f"{asked}:{name}", name) for name in names]
        if values:
            choices = [Choice(value, name, value == whom.value) for value, name in values]
            found.append((str(label), choices))
    return found


def scenes(
    found: Story,
    document: Document,
    known: reading.Known,
    tellings: Mapping[tuple[str, int], Told | None],
    asked: QueryDict,
    before: Document | None = None,
) -> list[Scene]:
    """The beats with all that is said in them."""
    there = {step["key"]: step["slots"] for step in before["steps"]} if before else {}
    names = {step["key"]: step["name"] or step["key"] for step in document["steps"]}
    day, made = 0, []
    for beat in found.beats:
        made.append(
            Scene(
                beat=beat,
                is_new_day=beat.day != day,
                wait=duration_words(beat.wait) if beat.wait else "",
                pieces=tuple(
                    Piece(
                        row,
                        tellings.get((row.asset.key, row.version)) if row.asset else None,
                        before is not None and _differs(beat.step, row.slot, there),
                    )
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


def _differs(step: Document, slot: str, there: Mapping[str, Document]) -> bool:
    """Whether the slot showed other content before, or none."""
    old, new = there.get(step["key"], {}).get(slot), step["slots"][slot]
    return old is None or any(old[name] != new[name] for name in ("asset", "version"))


def address(asked: QueryDict, name: str, value: str) -> str:
    """The address of this page with one choice made otherwise."""
    params = asked.copy()
    params[name] = value
    return f"?{params.urlencode()}#{name}"
