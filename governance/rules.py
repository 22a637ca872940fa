"""Who must decide: what the policies in force ask of a change, and who could.

All policies that match add up, and each part of a change must be decided on by somebody: where a
part finds no policy, the change is blocked. Nobody decides on a change they edited or cannot see.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from django.utils.translation import gettext as _

from cjops.core.errors import Conflict
from governance import queries
from governance.gathering import Circumstances, circumstances_of, sheet_of
from governance.matching import Demand, lacking
from governance.models import Change, Requirement, SourceKind
from governance.naming import in_my_language
from governance.places import Eligible, Places, Source
from governance.proposals import Proposal
from governance.queries.ruling import Ruling
from governance.ruling.definitions import Need, Reviewers
from governance.ruling.evaluating import Asked, Sheet
from people.calendars import Calendar, Calendars


@dataclass(frozen=True, slots=True)
class Draft:
    """A requirement before it is stored: `hunks` are the digests to decide on."""

    key: str
    need: Need
    # Its name in all languages, the primary key of the policy's version, what matched of it, and
    # key and number of these.
    label: dict[str, str]
    version: int | None
    matched: tuple[dict[str, Any], ...]
    policy: str
    number: int
    hunks: tuple[str, ...]
    sources: tuple[Source, ...]
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def people(self) -> frozenset[int]:
        """Ids of all who may meet it now; those of an escalation may not yet."""
        asked = [s.people for s in self.sources if s.kind != SourceKind.ESCALATION]
        return frozenset().union(*asked)

    @property
    def signature(self) -> tuple[object, ...]:
        """What makes it another requirement where it differs."""
        need = self.need
        return (
            self.key,
            frozenset(self.hunks),
            need.quorum,
            need.round,
            need.distinct,
            need.leavers == "fall",
            self.asked_of(),
        )

    def asked_of(self, *kinds: str) -> frozenset[object]:
        """What tells its sources from others': of these kinds, or of those who are asked first."""
        wanted = kinds or (SourceKind.ASKED, SourceKind.APPOINTED)
        return frozenset(one.identity for one in self.sources if one.kind in wanted)


@dataclass(frozen=True, slots=True)
class Rulings:
    """All that the policies in force ask of a change."""

    drafts: tuple[Draft, ...]
    # Digests of the hunks that no requirement covers, and keys of requirements nobody could meet.
    uncovered: frozenset[str]
    stuck: frozenset[str]
    sheet: Sheet
    stamp: str
    # By team that is asked the calendar its time is counted on, as far as it was read.
    calendars: dict[int, Calendar | None] | None = None
    default_calendar: Calendar | None = None

    def require(self) -> None:
        """Raise `Conflict` where the change would be decided on by nobody, or never."""
        if self.uncovered or not self.drafts:
            raise Conflict(no_policy_sentence(), code="no_policy")
        if self.stuck:
            stuck = next(draft for draft in self.drafts if draft.key in self.stuck)
            raise Conflict(nobody_sentence(stuck), code="nobody_eligible", keys=sorted(self.stuck))


def rulings_on(
    change: Change,
    proposal: Proposal,
    editors: set[int],
    *,
    about: Circumstances | None = None,
    ruling: Ruling | None = None,
) -> Rulings:
    """What is asked of a change that proposes this, where `editors` may not decide."""
    ruling = ruling or queries.ruling()
    about = about or circumstances_of(change)
    sheet = sheet_of(change, proposal, about)
    return rulings_for(change, sheet, editors, ruling, about.calendars)


def rulings_for(
    change: Change,
    sheet: Sheet,
    editors: set[int],
    ruling: Ruling,
    calendars: Calendars | None = None,
) -> Rulings:
    """The same for facts that are known already."""
    asked = ruling.policies.evaluate(sheet).asked
    channels = _channels(sheet)
    wanted = [one for each in asked for one in _reviewers_of(each.need)]
    places = Places(change, Eligible(change, editors), wanted, frozenset(channels))
    appointed = {
        key: [places.named(user) for user in users]
        for key, users in queries.appointed(change).items()
    }
    drafts = [
        draft for each in asked for draft in _drafts(each, channels, places, ruling, appointed)
    ]
    drafts.sort(key=lambda draft: draft.need.round)
    given = _given(change, drafts, editors)
    covered = {digest for draft in drafts for digest in draft.hunks}
    return Rulings(
        drafts=tuple(drafts),
        uncovered=frozenset(sheet.digests) - covered,
        stuck=frozenset(lacking(_demands(drafts, given))),
        sheet=sheet,
        stamp=ruling.stamp,
        calendars=places.calendars(calendars) if calendars else None,
        default_calendar=calendars.default if calendars else None,
    )


def requirements_for(change: Change, proposal: Proposal, editors: set[int]) -> list[Draft]:
    """The decisions that this proposal needs; never empty.

    Raises `Conflict` where no policy asks for one, or nobody could make one of them.
    """
    found = rulings_on(change, proposal, editors)
    found.require()
    return list(found.drafts)


def _reviewers_of(need: Need) -> Iterable[Reviewers]:
    yield from need.reviewers
    yield from need.otherwise
    if need.escalate:
        yield from need.escalate.to


def _channels(sheet: Sheet) -> dict[str, frozenset[str]]:
    """By channel the digests of the hunks that touch it."""
    found: dict[str, set[str]] = {}
    for digest, part in sheet.parts:
        for channel in cast("frozenset[str]", part["channels"]):
            found.setdefault(channel, set()).add(digest)
    return {channel: frozenset(found[channel]) for channel in sorted(found)}


def _drafts(
    asked: Asked,
    channels: dict[str, frozenset[str]],
    places: Places,
    ruling: Ruling,
    appointed: dict[str, list[Source]],
) -> Iterable[Draft]:
    """One requirement; of a need that only asks stewards, one for each touched channel."""
    if [one.source for one in asked.need.reviewers] != ["stewards"]:
        yield _draft(asked, places, ruling, appointed, places.of(asked.need.reviewers))
        return
    for channel, digests in channels.items():
        hunks = tuple(digest for digest in asked.hunks if digest in digests)
        source = places.stewards_of(channel)
        if hunks and source is not None:
            yield _draft(asked, places, ruling, appointed, [source], channel, hunks)


def _draft(
    asked: Asked,
    places: Places,
    ruling: Ruling,
    appointed: dict[str, list[Source]],
    sources: list[Source],
    channel: str = "",
    hunks: tuple[str, ...] = (),
) -> Draft:
    need = asked.need
    # A policy with one decision of its own name needs no more than that.
    key = ".".join(dict.fromkeys(asked.name)) + (f":{channel}" if channel else "")
    params: dict[str, Any] = {"channel": channel} if channel else {}
    able = frozenset().union(*(source.people for source in sources))
    if need.otherwise and len(able) < need.quorum:
        # A key of its own: what somebody approved as one of the others does not count for these.
        key, params = f"{key}/otherwise", params | {"otherwise": True}
        sources = places.of(need.otherwise)
    if need.escalate:
        sources = [*sources, *places.of(need.escalate.to, SourceKind.ESCALATION)]
    return Draft(
        key=key,
        need=need,
        label=dict(need.name or asked.policy.name),
        version=ruling.versions.get((asked.policy.key, asked.version)),
        matched=asked.matched,
        policy=asked.policy.key,
        number=asked.version,
        hunks=hunks or asked.hunks,
        sources=(*sources, *appointed.get(key, ())),
        params=params,
    )


def _given(change: Change, drafts: Iterable[Draft], editors: set[int]) -> dict[str, set[int]]:
    """By key who has decided already and counts wherever they are by now."""
    reviews = queries.verdicts_on(change) if change.submitted_at is not None else []
    found: dict[str, set[int]] = {}
    for draft in drafts if reviews else ():
        if draft.need.leavers == "stand":
            asked = Requirement(key=draft.key, hunks=list(draft.hunks))
            voices = queries.voices(asked, reviews, editors)
            found[draft.key] = {principal for _speaker, principal in voices}
    return found


def _demands(drafts: Iterable[Draft], given: dict[str, set[int]]) -> dict[str, Demand]:
    return {
        draft.key: Demand(
            draft.need.quorum, draft.people | given.get(draft.key, set()), draft.need.distinct
        )
        for draft in drafts
    }


def no_policy_sentence() -> str:
    """That nobody is asked, and whom to tell."""
    leads = ", ".join(user.name for user in queries.governance_leads()[:3])
    return _(
        "No policy says who decides on all of this change, so it cannot be submitted. Tell a "
        "governance lead: %(names)s."
    ) % {"names": leads or _("nobody is named yet; ask whoever runs the portal")}


def nobody_sentence(draft: Draft) -> str:
    """That a decision could be made by nobody, and what can be done."""
    channel = next((source.channel for source in draft.sources if source.channel), None)
    what = channel.label if channel else in_my_language(draft.label)
    return _(
        "Nobody may decide about “%(what)s”: everyone who could has edited this change or does not "
        "see it, or nobody is there. Ask whoever runs that team, or a governance lead."
    ) % {"what": what}
