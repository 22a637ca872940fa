"""What the facets of the library and their values are called."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import tags.queries
from content.finding import facets
from content.finding.counting import Counted
from content.kinds import CHOICES
from content.models import AssetStatus, Collection
from content.words import LANGUAGES, language_name
from people.models import Channel, Team, User

# So many values stand open; some others behind "more". Nobody reads two hundred.
SHOWN, MORE = 6, 40
FACETS: Mapping[str, str | Promise] = {
    "kind": gettext_lazy("Kind"),
    "channel": gettext_lazy("Channel"),
    "team": gettext_lazy("Team"),
    "language": gettext_lazy("Language"),
    "state": gettext_lazy("Live"),
    "status": gettext_lazy("Status"),
    "tag": gettext_lazy("Tag"),
    "market": gettext_lazy("Used in market"),
    "ends": gettext_lazy("Rights and statements"),
    "collection": gettext_lazy("Collection"),
}
Labels = Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet; `count` in words."""

    value: str
    label: str
    count: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values, those of which there are most first."""

    name: str
    label: str
    values: tuple[Value, ...]

    @property
    def open_values(self) -> list[Value]:
        """The chosen ones and the first others."""
        first = {value.value for value in self.values[:SHOWN]}
        return [value for value in self.values if value.is_chosen or value.value in first]

    @property
    def more_values(self) -> list[Value]:
        """The rest."""
        shown = {value.value for value in self.open_values}
        return [value for value in self.values if value.value not in shown][:MORE]

    @property
    def is_chosen(self) -> bool:
        """Whether the list is narrowed by it."""
        return any(value.is_chosen for value in self.values)


def facets_of(user: User, counted: Counted, chosen: facets.Chosen) -> list[Facet]:
    """The facets that have values, for one reader."""
    found = []
    for name, label in FACETS.items():
        counts = counted.by_facet[name]
        if name == "language":
            wanted = {value.lower() for value in chosen.get(name, ())}
        else:
            wanted = set(chosen.get(name, ()))
        keys = {*counts, *wanted}
        if not keys:
            continue
        labels = _LABELS[name](user, keys)
        if name in ("language", "market") and not counted.is_cut:
            # Of these nothing but the assets says which there are.
            labels = {key: labels[key] for key in labels if counts[key] or key in LANGUAGES}
        spelled = {key: _spelled(name, key, chosen) for key in keys}
        values = [
            Value(spelled[key], str(labels[key]), in_words(counts[key], counted), key in wanted)
            for key in sorted(
                (key for key in keys if key in labels),
                key=lambda key: (-counts[key], str(labels[key])),
            )
        ]
        if values:
            found.append(Facet(name, str(label), tuple(values)))
    return found


def _spelled(name: str, key: str, chosen: facets.Chosen) -> str:
    """The value as the address has it: languages are spelled in more than one way."""
    if name == "language":
        return next((value for value in chosen.get(name, ()) if value.lower() == key), key)
    return key


def in_words(count: int, counted: Counted) -> str:
    """A count; "1,000+" where nobody wants to know more, "20+" where not all were counted."""
    there_may_be_more = counted.is_cut or count > facets.MOST
    said = number_format(min(count, facets.MOST), force_grouping=True)
    return f"{said}+" if there_may_be_more else said


def _channels(_user: User, _keys: set[str]) -> Labels:
    return {channel.key: channel.label for channel in Channel.objects.all()}


def _teams(_user: User, _keys: set[str]) -> Labels:
    return {team.key: team.label for team in Team.objects.all()}


def _languages(_user: User, keys: set[str]) -> Labels:
    return {
        key: language_name(key) if key in LANGUAGES else key
        for key in keys
        if len(key) <= 35 and key.replace("-", "").isalnum()
    }


def _tags(user: User, keys: set[str]) -> Labels:
    rows = tags.queries.concepts(user).filter(
        taxonomy__key__in={key.partition(":")[0] for key in keys},
        key__in={key.partition(":")[2] for key in keys},
    )
    return {f"{row.taxonomy.key}:{row.key}": row.label for row in rows}


def _markets(_user: User, keys: set[str]) -> Labels:
    return {key: key for key in keys if "\x00" not in key}


def _collections(user: User, keys: set[str]) -> Labels:
    ids = [int(key) for key in keys if key.isdecimal() and len(key) < 18]
    rows = Collection.objects.visible_to(user).filter(pk__in=ids)
    return {str(row.pk): row.name for row in rows}


def _ends(_user: User, _keys: set[str]) -> Labels:
    return {
        facets.ENDED: _("Ended"),
        "30": _("End within 30 days"),
        "90": _("End within 90 days"),
    }


_LABELS: Mapping[str, Callable[[User, set[str]], Labels]] = {
    "kind": lambda _user, _keys: dict(CHOICES),
    "channel": _channels,
    "team": _teams,
    "language": _languages,
    "state": lambda _user, _keys: {"live": _("Live"), "not-live": _("Not live")},
    "status": lambda _user, _keys: dict(AssetStatus.choices),
    "tag": _tags,
    "market": _markets,
    "ends": _ends,
    "collection": _collections,
}
