"""Policies in words for people: conditions as nested sentences, requirements as a few."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.wording import listing
from governance.ruling.complaints import placed_sentence, problem_sentence
from governance.ruling.definitions import Escalation, Need, Reviewers
from governance.ruling.explaining import Explained, Found, leaf_from_json
from governance.ruling.facts import CHOICES, FACTS, FactType
from governance.ruling.nodes import Leaf, Node, Not
from governance.ruling.phrases import ANY_OF, GENERAL, GROUPS, OP_LABELS, TRUTHS, TYPE_LABELS
from governance.ruling.predicates import Predicate

__all__ = [
    "OP_LABELS",
    "TYPE_LABELS",
    "Names",
    "Said",
    "as_written",
    "explained_sentences",
    "matched_sentences",
    "need_sentences",
    "placed_sentence",
    "problem_sentence",
    "reviewers_phrase",
    "sentences",
]

# So many values stand in a sentence; the rest is a number.
SHOWN = 10


class Names(Protocol):
    """What keys are called: by the choices they come from (`Fact.choices`, or "roles", "teams",
    "team_kinds", "people")."""

    def __call__(self, choices: str, key: str, /) -> str: ...


def as_written(choices: str, key: str, /) -> str:
    """The label of what is the same everywhere; any other key as it is."""
    return str(CHOICES.get(choices, {}).get(key, key))


@dataclass(frozen=True, slots=True)
class Said:
    """One node in words. `kind` is all, any, not, always or leaf; `holds` and `found` are there
    when it was asked of a change."""

    kind: str
    text: str
    parts: tuple["Said", ...] = ()
    holds: bool | None = None
    found: str = ""


def sentences(predicate: Predicate, names: Names = as_written) -> Said:
    """The condition in words."""
    return _node(predicate.node, names)


def _node(node: Node, names: Names) -> Said:
    if isinstance(node, Leaf):
        return Said("leaf", leaf_sentence(node, names))
    if isinstance(node, Not):
        return Said("not", str(GROUPS["not"]), (_node(node.part, names),))
    kind = node.kind if node.parts else "always"
    return Said(kind, str(GROUPS[kind]), tuple(_node(part, names) for part in node.parts))


def explained_sentences(explained: Explained, names: Names = as_written) -> Said:
    """The same with the answers, and with what was found."""
    if explained.leaf is not None:
        leaf = explained.leaf
        found = found_phrase(leaf, explained.found, explained.more, names)
        return Said("leaf", leaf_sentence(leaf, names), holds=explained.holds, found=found)
    empty = explained.kind == "all" and not explained.parts
    kind = "always" if empty else explained.kind
    parts = tuple(explained_sentences(part, names) for part in explained.parts)
    return Said(kind, str(GROUPS[kind]), parts, explained.holds)


def leaf_sentence(leaf: Leaf, names: Names = as_written, *, held: bool = True) -> str:
    """What a leaf asks as a statement, or its contrary."""
    fact = FACTS[leaf.fact]
    if fact.type is FactType.TRUTH and leaf.fact in TRUTHS:
        return str(TRUTHS[leaf.fact][0 if leaf.value is held else 1])
    op, held = _plainly(leaf, held)
    if op == "any_of" and held and leaf.fact in ANY_OF:
        sentence = ANY_OF[leaf.fact]
    else:
        sentence = GENERAL[("" if held else "not ") + op + (" of" if leaf.of else "")]
    return str(sentence) % {
        "fact": fact.label,
        "values": _values(leaf.fact, leaf.value, names) if isinstance(leaf.value, tuple) else "",
        "number": leaf.value,
        "of": names(fact.choices, leaf.of) if leaf.of else "",
    }


def _plainly(leaf: Leaf, held: bool) -> tuple[str, bool]:
    """What is asked and whether it is so, in the words that are left."""
    if leaf.op == "none_of":
        return "any_of", not held
    if leaf.op in ("empty", "is"):
        return leaf.op, leaf.value is held
    return leaf.op, held


def _values(fact: str, values: Iterable[str], names: Names) -> str:
    choices = FACTS[fact].choices
    return listing([names(choices, value) for value in values], SHOWN)


def found_phrase(leaf: Leaf, found: Found | None, more: int, names: Names = as_written) -> str:
    """What a leaf looked at, as a short phrase."""
    if isinstance(found, bool):
        return _("yes") if found else _("no")
    if isinstance(found, tuple):
        text = _values(leaf.fact, found, names) if found else _("nothing")
        if not more:
            return text
        return ngettext("%(items)s and %(count)s more", "%(items)s and %(count)s more", more) % {
            "items": text,
            "count": more,
        }
    if isinstance(found, Mapping):
        choices = FACTS[leaf.fact].choices
        pairs = [
            _("%(name)s: %(number)s") % {"name": names(choices, key), "number": number}
            for key, number in found.items()
        ]
        return listing(pairs, SHOWN) if pairs else "0"
    return str(found)


def matched_sentences(matched: Iterable[Mapping[str, Any]], names: Names = as_written) -> list[str]:
    """Why a policy applies, a sentence for each leaf that `Asked.matched` holds: of several values
    only those that were found."""
    return [_matched(raw, names) for raw in matched]


def _matched(raw: Mapping[str, Any], names: Names) -> str:
    leaf, held = leaf_from_json(raw), raw["holds"]
    if leaf.op == ("any_of" if held else "none_of") and isinstance(leaf.value, tuple):
        there = tuple(value for value in leaf.value if value in raw["found"])
        leaf = Leaf(leaf.fact, leaf.op, there or leaf.value)
    return leaf_sentence(leaf, names, held=held)


def reviewers_phrase(reviewers: Sequence[Reviewers], names: Names = as_written) -> str:
    """The people, as a list within a sentence."""
    return listing([phrase for one in reviewers for phrase in _reviewers(one, names)])


def _reviewers(one: Reviewers, names: Names) -> list[str]:
    if one.source == "people":
        return [names("people", email) for email in one.people]
    if one.source == "stewards":
        return [_("leads of the teams that steward a touched channel")]
    if one.source == "owner":
        return [_("whoever answers for it")]
    if one.source == "role":
        return [_("whoever has the role “%(role)s” on it") % {"role": names("roles", one.key)}]
    if one.source == "team_kind":
        kind = names("team_kinds", one.key)
        return [_("leads of any team of the kind “%(kind)s”") % {"kind": kind}]
    team = {"team": names("teams", one.key)}
    if one.who == "members":
        return [_("members of the team “%(team)s”") % team]
    return [_("leads of the team “%(team)s”") % team]


def need_sentences(need: Need, names: Names = as_written) -> list[str]:
    """A requirement: who decides, on what, until when, and what is special about it."""
    people = {"people": reviewers_phrase(need.reviewers, names), "count": need.quorum}
    said = [
        ngettext(
            "One of these decides: %(people)s.",
            "%(count)s of these decide: %(people)s.",
            need.quorum,
        )
        % people
    ]
    if need.otherwise:
        others = reviewers_phrase(need.otherwise, names)
        said.append(_("Where none of them may decide: %(people)s.") % {"people": others})
    said.append(
        _("The decision is on the parts that meet the condition.")
        if need.scope == "parts"
        else _("The decision is on the whole change.")
    )
    said.append(
        ngettext(
            "It is due within %(count)s hour.", "It is due within %(count)s hours.", need.hours
        )
        % {"count": need.hours}
    )
    return [*said, *_extras(need, names)]


def _extras(need: Need, names: Names) -> list[str]:
    said: list[str] = []
    if need.round > 1:
        said.append(
            _("It is asked for once all earlier rounds are done; its round is %(round)s.")
            % {"round": need.round}
        )
    if need.distinct:
        said.append(
            _("Whoever decides here decides for nothing else in the group “%(group)s”.")
            % {"group": need.distinct}
        )
    if need.remind_after is not None:
        said.append(
            ngettext(
                "A reminder goes out after %(count)s hour.",
                "A reminder goes out after %(count)s hours.",
                need.remind_after,
            )
            % {"count": need.remind_after}
        )
    if need.escalate:
        said.append(_escalation(need.escalate, names))
    if need.leavers == "fall":
        said.append(_("An approval no longer counts once whoever gave it has left."))
    return said


def _escalation(escalate: Escalation, names: Names) -> str:
    people = {"people": reviewers_phrase(escalate.to, names), "count": escalate.after}
    if not escalate.after:
        return _("As soon as it is overdue, these are asked as well: %(people)s.") % people
    sentence = ngettext(
        "%(count)s hour after it was due, these are asked as well: %(people)s.",
        "%(count)s hours after it was due, these are asked as well: %(people)s.",
        escalate.after,
    )
    return sentence % people
