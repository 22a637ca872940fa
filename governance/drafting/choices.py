"""What the selects of a policy's form offer: each read at most once, when first shown."""

from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

import journeys.listing
from governance.drafting.controls import Control, Options
from governance.models import FreezeWindow
from governance.ruling.facts import CHOICES, FACTS
from people.models import Channel, Role, Team, TeamKind, User

# More than this are chosen from a list that scrolls, not ticked.
MOST_BOXES = 12
Pairs = list[tuple[str, Any]]

LINES_HELP: dict[str, Any] = {
    "": _("One key on each line."),
    "keys": _("Keys of journeys, content or taxonomies, one on each line."),
    "journeys": _("Keys of journeys, one on each line."),
    "tags": _("Tags such as “topics:cards”, one on each line."),
    "languages": _("Language codes such as en or zh-hans, one on each line."),
    "owners": _("Keys of teams, or e-mail addresses of people, one on each line."),
}


class Choices:
    """What there is to choose, for one reader."""

    def __init__(self, user: User) -> None:
        self.user = user
        self._pairs: dict[str, Pairs | None] = {}

    @cached_property
    def facts(self) -> Options:
        """All facts under the headings of their groups."""
        groups: dict[Any, Pairs] = {}
        for fact in FACTS.values():
            groups.setdefault(fact.group, []).append((fact.name, fact.label))
        return [("", [("", _("Choose"))]), *groups.items()]

    def pairs(self, choices: str) -> Pairs | None:
        """The values of such a name with their labels; None where any will do."""
        if choices not in self._pairs:
            self._pairs[choices] = self._read(choices)
        return self._pairs[choices]

    def _read(self, choices: str) -> Pairs | None:
        if choices in CHOICES:
            return list(CHOICES[choices].items())
        if choices in ("markets", "product_lines"):
            markets, lines = journeys.listing.places(self.user)
            found = markets if choices == "markets" else lines
            return [(one, one) for one in found] or None
        models: dict[str, Any] = {
            "channels": Channel, "teams": Team, "roles": Role, "freezes": FreezeWindow,
        }  # fmt: skip
        if choices in models:
            return [(row.key, row.label) for row in models[choices].objects.all()]
        return None

    def channels_or_all(self, chosen: str) -> Options:
        """The channels, and all of them together."""
        pairs = [("", _("all channels together")), *(self.pairs("channels") or [])]
        return [("", _with_strangers(pairs, [chosen] if chosen else []))]

    def values_control(self, name: str, choices: str, values: list[str]) -> Control:
        """Boxes, a list that scrolls, or lines to write on."""
        label = _("Values")
        pairs = self.pairs(choices)
        if pairs is None:
            help_text = LINES_HELP.get(choices, LINES_HELP[""])
            return Control(name, label, "\n".join(values), "lines", help=help_text)
        kind = "boxes" if len(pairs) <= MOST_BOXES else "many"
        return Control(name, label, values, kind, [("", _with_strangers(pairs, values))])

    @cached_property
    def reviewers(self) -> Options:
        """Everybody who can be asked to decide."""
        return [
            ("", [("", _("Choose"))]),
            (
                _("From the change"),
                [
                    ("stewards", _("leads of the teams that steward a touched channel")),
                    ("owner", _("whoever answers for it")),
                ],
            ),
            (_("With a role on it"), _as(self.pairs("roles"), "role")),
            (_("Leads of a team"), _as(self.pairs("teams"), "team")),
            (_("All members of a team"), _as(self.pairs("teams"), "members")),
            (_("Leads of all teams of a kind"), _as(list(TeamKind.choices), "team_kind")),
            (_("By name"), [("people", _("people by their e-mail addresses"))]),
        ]


# A select that is closed shows the entry without its heading.
IN_FULL: dict[str, Any] = {
    "role": _("%(name)s (role on it)"),
    "team": _("%(name)s (leads)"),
    "members": _("%(name)s (all members)"),
    "team_kind": _("%(name)s (leads of all such teams)"),
}


def _as(pairs: Pairs | None, prefix: str) -> Pairs:
    return [(f"{prefix}:{key}", IN_FULL[prefix] % {"name": label}) for key, label in pairs or ()]


def _with_strangers(pairs: Pairs, values: list[str]) -> Pairs:
    """What is chosen stays there to be taken out, also where it no longer exists."""
    there = {key for key, _label in pairs}
    return [*pairs, *((one, one) for one in values if one not in there)]
