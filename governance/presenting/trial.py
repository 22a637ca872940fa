"""The test bench: what policies say of one change, why, and what was asked then."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.wording import listing
from governance import gathering, queries, rules, wording
from governance.decisions import Decision, channel_labels, would_be
from governance.models import Change, ChangeRevision, Requirement
from governance.naming import Labels, in_my_language
from governance.proposals import Proposal, proposal_of
from governance.queries.ruling import Ruling
from governance.ruling.evaluating import Sheet, Traced
from governance.ruling.facts import FACTS, Fact, FactType
from governance.ruling.wording import Said, explained_sentences
from governance.services.reasking import Difference, difference_between
from people.models import User

SHOWN = 12
FOUND = 20


@dataclass(frozen=True, slots=True)
class FactLine:
    """One fact in words."""

    label: str
    value: str
    is_nothing: bool


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Facts that stand together."""

    title: str
    lines: list[FactLine]


@dataclass(frozen=True, slots=True)
class PartFacts:
    """What is known of one part."""

    name: str
    lines: list[FactLine]


@dataclass(frozen=True, slots=True)
class TracedPart:
    """Parts that a policy sees alike, and what it found there."""

    names: str
    holds: bool
    said: Said


@dataclass(frozen=True, slots=True)
class TracedPolicy:
    """One policy, whether it asks for anything, and why. `parts` are told where they differ."""

    key: str
    name: str
    version: int
    asks: bool
    said: Said
    parts: list[TracedPart]


@dataclass(frozen=True, slots=True)
class Then:
    """What was asked when the revision was submitted, beside what would be asked now."""

    items: list[tuple[str, str]]
    added: list[str]
    removed: list[str]
    altered: list[str]

    @property
    def is_same(self) -> bool:
        return not (self.added or self.removed or self.altered)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decision that would be asked for."""

    label: str
    why: str
    people: str
    parts: str
    quorum: int
    round: int
    is_stuck: bool
    policy: str
    version: int


@dataclass(frozen=True, slots=True)
class Trial:
    """All of it. `taken_at` says when the facts were kept; None where they were computed now."""

    change: Change
    revision: int
    revisions: list[int]
    taken_at: datetime | None
    has_kept: bool
    groups: list[FactGroup]
    parts: list[PartFacts]
    policies: list[TracedPolicy]
    outcomes: list[Outcome]
    uncovered: list[str]
    blocked: str
    then: Then | None
    found: rules.Rulings = field(repr=False)

    @property
    def is_blocked(self) -> bool:
        """Whether it could not be submitted like this."""
        return bool(self.blocked)


def find_changes(reader: User, text: str) -> list[Change]:
    """Changes by number, title or subject, past and open, that the reader sees; newest first."""
    text = text.strip().removeprefix("CR-").removeprefix("cr-")
    wanted = Q(title__icontains=text)
    for kind in ("journey", "asset", "taxonomy"):
        wanted |= Q(**{f"{kind}__name__icontains": text})
    if text.isascii() and text.isdigit() and len(text) < 16:
        wanted = Q(pk=int(text)) | wanted
    changes = Change.objects.visible_to(reader).filter(wanted)
    return list(changes.select_related("journey", "asset", "taxonomy").order_by("-pk")[:FOUND])


def trial_of(
    change: Change,
    ruling: Ruling,
    *,
    reader: User | None,
    revision: int | None = None,
    computed: bool = False,
) -> Trial:
    """What these policies say of a revision of a change: of its facts as they were kept when people
    were asked, or (`computed`) as they are now."""
    numbers = list(change.revisions.order_by("number").values_list("number", flat=True))
    number = revision if revision in numbers else change.revision
    row: ChangeRevision = change.revisions.get(number=number)
    proposal = proposal_of(change, row)
    kept = change.fact_sheets.filter(revision=number).first()
    if kept is None or computed:
        sheet, taken_at = gathering.sheet_of(change, proposal), None
    else:
        sheet, taken_at = gathering.from_row(kept), kept.taken_at
    found = rules.rulings_for(change, sheet, queries.editor_ids(change), ruling)
    labels, parts = Labels(reader), _PartNames(proposal)
    return Trial(
        change=change,
        revision=number,
        revisions=numbers,
        taken_at=taken_at,
        has_kept=kept is not None,
        groups=list(_groups(sheet.change, labels)),
        parts=[
            PartFacts(parts.name(digest), [one for one in _of_part(env, labels) if one.value])
            for digest, env in sheet.parts
        ],
        policies=[_traced(one, labels, parts) for one in ruling.policies.trace(sheet)],
        outcomes=[_outcome(one, parts) for one in would_be(found, reader)],
        uncovered=[parts.name(one) for one in sheet.digests if one in found.uncovered],
        blocked=_blocked(found, sheet),
        then=_then(change, number, found),
        found=found,
    )


def _blocked(found: rules.Rulings, sheet: Sheet) -> str:
    if not sheet.parts:
        return _("It proposes nothing that differs from what is live, so nobody is asked.")
    if found.uncovered or not found.drafts:
        return _("No policy says who decides on all of it: it could not be submitted.")
    if found.stuck:
        return _("Nobody could make one of the decisions: it could not be submitted.")
    return ""


class _PartNames:
    """What the parts of a proposal are called, by digest."""

    def __init__(self, proposal: Proposal) -> None:
        self.known: dict[str, str] = {}
        for hunk in proposal.hunks:
            document = proposal.base if hunk.op == "remove" else proposal.proposed
            self.known[hunk.digest] = wording.part_name(
                proposal.kind, document, hunk.element, hunk.key
            )

    def name(self, digest: str) -> str:
        return self.known.get(digest, digest[:12])

    def all(self, digests: Iterable[str]) -> str:
        """Several as a list; all of them in a word."""
        digests = list(digests)
        if len(digests) == len(self.known):
            return _("All parts")
        return listing([self.name(one) for one in digests], SHOWN)


def _groups(env: Mapping[str, Any], labels: Labels) -> Iterable[FactGroup]:
    groups: dict[str, list[FactLine]] = {}
    for fact in FACTS.values():
        groups.setdefault(str(fact.group), []).append(_line(fact, env[fact.name], labels))
    return [FactGroup(title, lines) for title, lines in groups.items()]


def _of_part(env: Mapping[str, Any], labels: Labels) -> Iterable[FactLine]:
    known = [fact for fact in FACTS.values() if fact.of_parts and env.get(fact.name)]
    return [_line(fact, env[fact.name], labels) for fact in known]


def _line(fact: Fact, value: Any, labels: Labels) -> FactLine:
    if fact.name == "people_per_month":
        # Zero stands for what nobody has measured.
        words = str(value) if value else _("not measured")
    elif fact.type is FactType.TEXTS:
        named = sorted(labels(fact.choices, one) for one in value)
        words = listing(named, SHOWN) if named else _("nothing")
    elif fact.type is FactType.TRUTH:
        words = _("yes") if value else _("no")
    elif fact.type is FactType.COUNTS:
        pairs = [
            _("%(name)s: %(number)s") % {"name": labels(fact.choices, key), "number": count}
            for key, count in sorted(value.items())
        ]
        words = listing(pairs, SHOWN) if pairs else "0"
    else:
        words = f"{value:g}"
    return FactLine(str(fact.label), words, is_nothing=not value)


def _traced(one: Traced, labels: Labels, parts: _PartNames) -> TracedPolicy:
    # Of the parts only what the policy asks about parts is of interest, and where they differ.
    of_parts = any(need.scope == "parts" for need in one.policy.require)
    told = one.parts if of_parts or len(one.parts) > 1 else ()
    return TracedPolicy(
        key=one.policy.key,
        name=in_my_language(dict(one.policy.name)),
        version=one.version,
        asks=bool(one.asked),
        said=explained_sentences(one.change, labels),
        parts=[
            TracedPart(parts.all(digests), part.holds, explained_sentences(part, labels))
            for part, digests in told
        ],
    )


def _outcome(one: Decision, parts: _PartNames) -> Outcome:
    return Outcome(
        label=one.label or one.key,
        why=one.why,
        people=listing([user.name for user in one.able], SHOWN),
        parts=parts.all(one.hunks),
        quorum=one.quorum,
        round=one.round,
        is_stuck=one.is_stuck,
        policy=one.policy,
        version=one.version,
    )


def _then(change: Change, revision: int, found: rules.Rulings) -> Then | None:
    """What was stored for the revision; None where it was never submitted."""
    stored = list(
        change.requirements.filter(revision=revision).prefetch_related(
            "sources__channel", "sources__team", "sources__role", "sources__user"
        )
    )
    if not stored:
        return None
    differs: Difference = difference_between(stored, found.drafts)
    drafted = [Requirement(key=one.key, params=one.params, label=one.label) for one in found.drafts]
    channels = channel_labels([*stored, *drafted])
    names = {
        one.key: wording.decision_name(one, channels.get(one.params.get("channel", ""), ""))
        for one in [*drafted, *stored]
    }
    return Then(
        items=[(names[one.key], _asked_of(one)) for one in stored],
        added=[names[key] for key in differs.added],
        removed=[names[key] for key in differs.removed],
        altered=[names[key] for key in differs.altered],
    )


def _asked_of(requirement: Requirement) -> str:
    people = listing([wording.source_label(source) for source in requirement.sources.all()], SHOWN)
    if requirement.quorum == 1:
        return people
    return ngettext(
        "%(count)s of these: %(people)s", "%(count)s of these: %(people)s", requirement.quorum
    ) % {"count": requirement.quorum, "people": people}
