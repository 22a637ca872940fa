"""Who has signed off what changes in each language, and who is still asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from content.words import language_name
from governance import queries
from governance.matching import persons
from governance.models import Change, Requirement
from governance.policies import Standing
from governance.presenting.deciders import Decider
from governance.proposals import Proposal


@dataclass(frozen=True, slots=True)
class SignOff:
    """A decision about the parts in one language. `who` has made it, or may make it."""

    label: str
    who: str
    is_given: bool


@dataclass(frozen=True, slots=True)
class LanguageLine:
    """A language in which the change says something else, and the decisions about that."""

    key: str
    name: str
    signs: tuple[SignOff, ...]

    @property
    def is_done(self) -> bool:
        """Whether nobody is asked about it any more."""
        return all(one.is_given for one in self.signs)


def language_lines(
    standing: Standing, proposal: Proposal, lines: Sequence[Decider]
) -> list[LanguageLine]:
    """Each touched language with the decisions about it; `lines` are those of `decider_lines`.

    Nothing where the change is about one language and no policy asks for it: who decides then says
    the same.
    """
    requirements = standing.all_requirements
    if not requirements or not any("content" in facts.kinds for facts in proposal.facts):
        return []
    digests = _digests(standing.change)
    if len(digests) < 2 and not any(_asks_for_languages(one) for one in requirements):
        return []
    found = []
    for language, parts in sorted(digests.items()):
        pairs = zip(requirements, lines, strict=True)
        signs = tuple(_signs(standing, parts, pairs))
        if signs:
            found.append(LanguageLine(language, language_name(language), signs))
    return found


def _digests(change: Change) -> dict[str, set[str]]:
    """By language the parts that change content in it, as they were when people were asked.

    From the facts stored then: reading what all steps show again would take long. One query.
    """
    sheets = change.fact_sheets.filter(revision=change.revision, facts__has_key="languages")
    found: dict[str, set[str]] = {}
    for digest, facts in sheets.values_list("parts", flat=True).first() or ():
        for language in facts.get("languages", ()):
            found.setdefault(language, set()).add(digest)
    return found


def _asks_for_languages(one: Requirement) -> bool:
    return any(leaf.get("fact") == "languages" for leaf in one.matched)


def _signs(
    standing: Standing, parts: set[str], pairs: Iterable[tuple[Requirement, Decider]]
) -> Iterable[SignOff]:
    """The decisions that cover any of the parts."""
    names = {review.reviewer_id: review.reviewer.name for review in standing.verdicts}
    for requirement, line in pairs:
        about = parts & set(requirement.hunks)
        if not about:
            continue
        approved = queries.approved_hunks(requirement, standing.verdicts)
        voices = {
            voice
            for voice, hunks in approved.items()
            if about <= hunks and not standing.editors.intersection(voice)
        }
        speakers = [names[one] for one in sorted({speaker for speaker, _for in voices})]
        is_given = requirement.met_at is not None or (
            len(set(persons(voices).values())) >= requirement.quorum
        )
        who = ", ".join(speakers) if is_given and speakers else line.who
        yield SignOff(line.label or line.who, who, is_given)
