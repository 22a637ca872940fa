"""Policies in words: when they apply and who then decides, and how two versions differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from governance.drafting.drafts import Draft
from governance.naming import Labels
from governance.ruling.definitions import Policy, complete, label, load
from governance.ruling.predicates import parse
from governance.ruling.problems import Malformed
from governance.ruling.wording import Said, need_sentences, sentences


@dataclass(frozen=True, slots=True)
class ToldNeed:
    """A requirement in words."""

    key: str
    name: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A policy in words. `is_whole`: nothing is missing; of a draft only what can be said is."""

    name: str = ""
    description: str = ""
    when: Said | None = None
    needs: tuple[ToldNeed, ...] = ()
    second_admin: bool = False
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """One line of what differs between two versions."""

    label: Any
    before: str = ""
    after: str = ""


def tell(definition: Mapping[str, Any], labels: Labels) -> Told:
    """A complete definition in the reader's language."""
    return _told(load(definition), labels)


def told_draft(draft: Draft, labels: Labels) -> Told:
    """What a draft says so far."""
    raw = draft.definition()
    try:
        return _told(load(complete(raw)), labels)
    except Malformed:
        return Told(when=_condition(raw["when"], labels), is_whole=False)


def _condition(raw: object, labels: Labels) -> Said | None:
    try:
        return sentences(parse(raw), labels)
    except Malformed:
        return None


def _told(policy: Policy, labels: Labels) -> Told:
    language = translation.get_language() or "en"
    return Told(
        name=label(policy.name, language),
        description=label(policy.description, language),
        when=sentences(policy.when, labels),
        needs=tuple(
            ToldNeed(
                need.key,
                label(need.name, language) or need.key,
                tuple(need_sentences(need, labels)),
            )
            for need in policy.require
        ),
        second_admin=policy.second_admin,
    )


def differences(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, labels: Labels
) -> list[Difference]:
    """What differs between two complete definitions, field by field, in words."""
    old, new = _rows(before, labels), _rows(after, labels)
    return [
        Difference(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys([*new, *old])
        if old.get(name, "") != new.get(name, "")
    ]


def _rows(definition: Mapping[str, Any] | None, labels: Labels) -> dict[str, str]:
    """Everything that a definition says, by its label."""
    if definition is None:
        return {}
    policy = load(definition)
    rows = {
        _("Name"): policy.name.get("en", ""),
        _("Name in Simplified Chinese"): policy.name.get("zh-hans", ""),
        _("Name in Traditional Chinese"): policy.name.get("zh-hant", ""),
        _("Description"): policy.description.get("en", ""),
        _("Description in Simplified Chinese"): policy.description.get("zh-hans", ""),
        _("Description in Traditional Chinese"): policy.description.get("zh-hant", ""),
        _("When it applies"): "\n".join(_lines(sentences(policy.when, labels))),
        _("Second person"): _("A second person activates it.") if policy.second_admin else "",
    }
    language = translation.get_language() or "en"
    for need in policy.require:
        name = label(need.name, language) or need.key
        heading = _("Who decides: %(name)s (%(key)s)") % {"name": name, "key": need.key}
        rows[heading] = "\n".join(need_sentences(need, labels))
    return rows


def _lines(said: Said, depth: int = 0) -> list[str]:
    """A condition as lines, what is within a group further in."""
    found = ["\u2003" * depth + said.text]
    for part in said.parts:
        found += _lines(part, depth + 1)
    return found
