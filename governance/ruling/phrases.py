"""The sentences that conditions are told in: what is asked most has its own, the rest share some.

Each table goes by fact; a fact that is not there is told with its label.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.ruling.facts import FactType

ANY_OF: dict[str, Any] = {
    "subject": _("It is about %(values)s."),
    "key": _("It is about one of these: %(values)s."),
    "market": _("It is for the market %(values)s."),
    "product_line": _("It is for the product line %(values)s."),
    "importance": _("Its importance is or was %(values)s."),
    "parents": _("It is part of %(values)s."),
    "journey_tags": _("It is or was tagged %(values)s."),
    "kinds": _("It changes %(values)s."),
    "channels": _("It touches the channel %(values)s."),
    "stages": _("It touches the stage %(values)s."),
    "steps": _("It touches the step %(values)s."),
    "tags": _("It touches something tagged %(values)s."),
    "languages": _("It changes content in %(values)s."),
    "languages_added": _("It adds content in %(values)s."),
    "languages_missing": _("Content in %(values)s is there no longer."),
    "owners": _("%(values)s answers for it."),
    "teams": _("It touches steps of the team %(values)s."),
    "author_teams": _("Its author belongs to the team %(values)s."),
    "freeze": _("The freeze %(values)s is in force."),
}

# The sentence where it is true, and where it is false.
TRUTHS: dict[str, tuple[Any, Any]] = {
    "weekend": (_("It goes live on a weekend."), _("It does not go live on a weekend.")),
    "in_freeze": (_("A freeze is in force for it."), _("No freeze is in force for it.")),
    "emergency": (_("It is an emergency."), _("It is no emergency.")),
    "roll_back": (_("It is a plain roll-back."), _("It is no plain roll-back.")),
    "restores": (
        _("It brings an earlier version back."),
        _("It does not bring an earlier version back."),
    ),
    "first_version": (_("It is the first version."), _("It is not the first version.")),
}

# By what is asked; "not" before it where the answer was no.
GENERAL: dict[str, Any] = {
    "any_of": _("“%(fact)s” includes one of these: %(values)s."),
    "not any_of": _("“%(fact)s” includes none of these: %(values)s."),
    "all_of": _("“%(fact)s” includes all of these: %(values)s."),
    "not all_of": _("“%(fact)s” lacks one of these: %(values)s."),
    "only": _("“%(fact)s” includes nothing else than these: %(values)s."),
    "not only": _("“%(fact)s” is empty or includes something else than these: %(values)s."),
    "empty": _("“%(fact)s” is empty."),
    "not empty": _("“%(fact)s” is not empty."),
    "at_least": _("“%(fact)s” is at least %(number)s."),
    "not at_least": _("“%(fact)s” is below %(number)s."),
    "at_most": _("“%(fact)s” is at most %(number)s."),
    "not at_most": _("“%(fact)s” is above %(number)s."),
    "at_least of": _("“%(fact)s” for %(of)s is at least %(number)s."),
    "not at_least of": _("“%(fact)s” for %(of)s is below %(number)s."),
    "at_most of": _("“%(fact)s” for %(of)s is at most %(number)s."),
    "not at_most of": _("“%(fact)s” for %(of)s is above %(number)s."),
    "is": _("“%(fact)s” is true."),
    "not is": _("“%(fact)s” is not true."),
}

GROUPS: dict[str, Any] = {
    "all": _("All of these hold:"),
    "any": _("At least one of these holds:"),
    "not": _("This does not hold:"),
    "always": _("It applies to every change."),
}

# What a form offers to ask, by the type of the fact.
OP_LABELS: dict[FactType, dict[str, Any]] = {
    FactType.TEXTS: {
        "any_of": _("includes one of"),
        "all_of": _("includes all of"),
        "none_of": _("includes none of"),
        "only": _("includes nothing else than"),
        "empty": _("is empty"),
    },
    FactType.NUMBER: {"at_least": _("is at least"), "at_most": _("is at most")},
    FactType.COUNTS: {"at_least": _("is at least"), "at_most": _("is at most")},
    FactType.TRUTH: {"is": _("is")},
}

TYPE_LABELS: dict[FactType, Any] = {
    FactType.TEXTS: _("a list"),
    FactType.NUMBER: _("a number"),
    FactType.TRUTH: _("true or false"),
    FactType.COUNTS: _("numbers by channel"),
}
