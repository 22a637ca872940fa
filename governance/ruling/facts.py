"""What a policy can ask about a change.

To add a fact: one entry here, and one line where it is read (`governance/ruling/gathering.py`).
Form, checks, explanations and the YAML follow from the entry.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class FactType(StrEnum):
    """What a fact holds, and with it which questions can be asked of it."""

    TEXTS = "texts"
    NUMBER = "number"
    TRUTH = "truth"
    COUNTS = "counts"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known of a change.

    `of_parts`: it is also known of each single part (hunk). `choices` names where allowed or
    suggested values come from, "" where any will do.
    """

    name: str
    type: FactType
    group: Any
    label: Any
    help: Any
    of_parts: bool = False
    choices: str = ""


TEXTS, NUMBER, TRUTH, COUNTS = FactType.TEXTS, FactType.NUMBER, FactType.TRUTH, FactType.COUNTS

WHAT = _("What it is about")
TOUCHED = _("What it touches")
SIZE = _("How much it changes")
PEOPLE = _("Whose it is")
REACH = _("Whom it reaches")
CIRCUMSTANCES = _("Circumstances")

# Choices that are the same everywhere; all others are rows.
CHOICES: dict[str, dict[str, Any]] = {
    "subjects": {
        "journey": _("journeys"),
        "asset": _("content assets"),
        "taxonomy": _("taxonomies"),
    },
    "kinds": {
        "content": _("content"),
        "audience": _("audience"),
        "timing": _("timing"),
        "structure": _("structure"),
        "frequency": _("frequency"),
        "tags": _("tags"),
        "metadata": _("descriptive details"),
    },
    "importance": {
        "low": _("low"),
        "normal": _("normal"),
        "high": _("high"),
        "critical": _("critical"),
    },
}

_ALL = (
    Fact(
        "subject", TEXTS, WHAT, _("Kind of subject"),
        _("Whether a journey, a content asset or a taxonomy changes."), choices="subjects",
    ),
    Fact(
        "key", TEXTS, WHAT, _("Subject"),
        _("The key of the journey, asset or taxonomy that changes."), choices="keys",
    ),
    Fact(
        "market", TEXTS, WHAT, _("Market"),
        _("The journey's market, before and after the change."), choices="markets",
    ),
    Fact(
        "product_line", TEXTS, WHAT, _("Product line"),
        _("The journey's product line, before and after the change."), choices="product_lines",
    ),
    Fact(
        "importance", TEXTS, WHAT, _("Importance"),
        _("The journey's importance, before and after the change."), choices="importance",
    ),
    Fact(
        "parents", TEXTS, WHAT, _("Parent journeys"),
        _("The journeys that this one is part of."), choices="journeys",
    ),
    Fact(
        "journey_tags", TEXTS, WHAT, _("Tags of the whole"),
        _("The tags of the subject itself, before and after the change."), choices="tags",
    ),
    Fact(
        "kinds", TEXTS, TOUCHED, _("Kinds of edits"),
        _("Whether content, audience, timing, structure, frequency, tags or descriptive details "
          "change."),
        of_parts=True, choices="kinds",
    ),
    Fact(
        "channels", TEXTS, TOUCHED, _("Channels"),
        _("The channels of the touched steps or content."), of_parts=True, choices="channels",
    ),
    Fact(
        "stages", TEXTS, TOUCHED, _("Stages"),
        _("The keys of the touched stages and of the stages of touched steps."), of_parts=True,
    ),
    Fact("steps", TEXTS, TOUCHED, _("Steps"), _("The keys of the touched steps."), of_parts=True),
    Fact(
        "tags", TEXTS, TOUCHED, _("Tags of what is touched"),
        _("The tags of touched elements, before and after the change."),
        of_parts=True, choices="tags",
    ),
    Fact(
        "languages", TEXTS, TOUCHED, _("Languages"),
        _("Languages in which content says something else afterwards."),
        of_parts=True, choices="languages",
    ),
    Fact(
        "languages_added", TEXTS, TOUCHED, _("Languages added"),
        _("Languages in which content is there that was not there before."),
        of_parts=True, choices="languages",
    ),
    Fact(
        "languages_missing", TEXTS, TOUCHED, _("Languages lost"),
        _("Languages in which content was there and no longer is."),
        of_parts=True, choices="languages",
    ),
    Fact("step_count", NUMBER, SIZE, _("Steps touched"), _("How many steps it touches.")),
    Fact(
        "step_share", NUMBER, SIZE, _("Share of the steps, in percent"),
        _("How many of every hundred steps of the live journey it touches."),
    ),
    Fact("steps_added", NUMBER, SIZE, _("Steps added"), _("How many steps it adds.")),
    Fact("steps_removed", NUMBER, SIZE, _("Steps removed"), _("How many steps it removes.")),
    Fact("hunks", NUMBER, SIZE, _("Parts"), _("Of how many parts the change consists.")),
    Fact(
        "owners", TEXTS, PEOPLE, _("Who answers for it"),
        _("Owner teams, and the e-mail addresses of people who answer for the subject."),
        choices="owners",
    ),
    Fact(
        "teams", TEXTS, PEOPLE, _("Teams of touched steps"),
        _("The teams that own the touched steps."), of_parts=True, choices="teams",
    ),
    Fact(
        "author_teams", TEXTS, PEOPLE, _("Teams of the author"),
        _("The teams that the author belongs to."), choices="teams",
    ),
    Fact(
        "people_per_month", NUMBER, REACH, _("People a month"),
        _("How many people enter the journey in a month; 0 while that is not measured."),
    ),
    Fact(
        "messages_added", COUNTS, REACH, _("Messages added"),
        _("How many sending steps it adds, by channel."), choices="channels",
    ),
    Fact(
        "messages_removed", COUNTS, REACH, _("Messages removed"),
        _("How many sending steps it removes, by channel."), choices="channels",
    ),
    Fact(
        "weekend", TRUTH, CIRCUMSTANCES, _("Weekend"),
        _("Whether it goes live on a weekend."),
    ),
    Fact(
        "freeze", TEXTS, CIRCUMSTANCES, _("Freeze windows"),
        _("The freeze windows in force for it."), choices="freezes",
    ),
    Fact(
        "in_freeze", TRUTH, CIRCUMSTANCES, _("In a freeze"),
        _("Whether any freeze window is in force for it."),
    ),
    Fact(
        "emergency", TRUTH, CIRCUMSTANCES, _("Emergency"),
        _("Whether the author called it an emergency."),
    ),
    Fact(
        "roll_back", TRUTH, CIRCUMSTANCES, _("Plain roll-back"),
        _("Whether it takes an earlier change back and nobody edited it since."),
    ),
    Fact(
        "restores", TRUTH, CIRCUMSTANCES, _("Restores a version"),
        _("Whether it brings an earlier version back."),
    ),
    Fact(
        "first_version", TRUTH, CIRCUMSTANCES, _("First version"),
        _("Whether nothing of it was live before."),
    ),
)  # fmt: skip

# In order of display; `group` heads those that stand together.
FACTS: dict[str, Fact] = {fact.name: fact for fact in _ALL}
