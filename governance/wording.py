"""Sentences about changes that more than one screen, mail or refusal needs."""

from typing import Any

from django.utils.translation import gettext as _

import journeys.words
from cjops.documents import MISSING, Conflict, DoesNotApply, EditError
from content.words import language_name
from governance.models import Requirement, RequirementSource
from governance.naming import in_my_language
from governance.ruling.wording import Names, as_written, matched_sentences

Document = dict[str, Any]


def place(kind: str, document: Document, error: DoesNotApply | Conflict) -> str:
    """Where a change no longer fits: the element and field, in words."""
    if kind != "journey":
        parts = [error.element, error.key, "/".join(error.field)]
        return " · ".join(part for part in parts if part)
    name = journeys.words.name_of(document, error.element, error.key)
    if not error.field:
        return _("“%(name)s”") % {"name": name}
    label = journeys.words.field_label(error.element, error.field)
    return _("“%(name)s”, %(field)s") % {"name": name, "field": label}


def part_name(kind: str, document: Document, element: str, key: str) -> str:
    """What a part of a document is called, by its collection and key."""
    if kind == "journey":
        if not element:
            return _("The journey itself")
        return journeys.words.name_of(document, element, key)
    if not element:
        return _("Name and purpose")
    found = next((i for i in document.get(element, ()) if i["key"] == key), None)
    if element == "renditions":
        return language_name(key)
    return str((found or {}).get("label") or key)


def conflict(found: Conflict) -> str:
    """What stands against what, in one sentence."""
    if found.kind == "remove/rewire":
        if found.pointing == "ours":
            return _("This change leads to something that is no longer live.")
        return _("Live leads to something that this change removes.")
    if found.kind == "edit/remove":
        if found.ours is MISSING:
            return _("This change removes what was edited live.")
        return _("This change edits what was removed live.")
    sentences = {
        "edit/edit": _("Both this change and live say something new here."),
        "add/add": _("Both this change and live added something under the same key."),
        "order/order": _("Both this change and live moved it, each to another place."),
    }
    return sentences[found.kind]


def reason(requirement: Requirement, channel_label: str = "", names: Names = as_written) -> str:
    """Why somebody has to decide."""
    if requirement.reason == "policy":
        return _by_policy(requirement, channel_label, names)
    if requirement.reason == "steward":
        return _("Because this change touches the channel “%(channel)s”.") % {
            "channel": channel_label or requirement.params.get("channel", "")
        }
    if requirement.reason == "operations":
        return _(
            "Because whoever answers for it edited this change, journey operations decides instead."
        )
    if requirement.reason == "roll_back":
        return _("Because a roll-back goes live only after a second person has looked at it.")
    return _("Because somebody has to answer for the whole of it.")


def _by_policy(requirement: Requirement, channel_label: str, names: Names) -> str:
    """The conditions of a policy that were met, a sentence each; those that nearly every change
    meets say nothing."""
    if requirement.params.get("otherwise"):
        return _("Because nobody who would usually decide may: they edited it, or nobody is there.")
    if channel := requirement.params.get("channel"):
        return _("Because this change touches the channel “%(channel)s”.") % {
            "channel": channel_label or channel
        }
    telling = [leaf for leaf in requirement.matched if leaf.get("fact") != "roll_back"]
    if telling:
        return " ".join(matched_sentences(telling, names))
    if any(leaf.get("value") is True for leaf in requirement.matched):
        return _("Because a roll-back goes live only after a second person has looked at it.")
    return _("Because somebody has to answer for the whole of it.")


def requirement_label(requirement: Requirement) -> str:
    """What the decision is called, such as “Legal”; "" where it has no name."""
    return in_my_language(requirement.label)


def decision_name(requirement: Requirement, channel_label: str = "") -> str:
    """The same, never empty, and with the channel where there is one for each: “Channel team:
    E-mail”."""
    name = requirement_label(requirement) or requirement.key
    channel = channel_label or requirement.params.get("channel", "")
    if not channel:
        return name
    return _("%(decision)s: %(channel)s") % {"decision": name, "channel": channel}


def source_label(source: RequirementSource) -> str:
    """As what somebody decides: lead for a channel, lead of a team, a role, or their own name."""
    if source.channel:
        return _("lead for %(channel)s") % {"channel": source.channel.label}
    if source.team and source.with_members:
        return _("member of %(team)s") % {"team": source.team.label}
    if source.team:
        return _("lead of %(team)s") % {"team": source.team.label}
    return str(source.role or source.user)


def edit_error(error: EditError) -> str:
    """A refused edit as a sentence that says what to do."""
    return edit_sentences()[error.code].format(**error.params)


def edit_sentences() -> dict[str, str]:
    """The sentence for each code of `cjops.documents.edits`, in the active language."""
    return {
        "not_a_list": _("Edits are a list."),
        "too_many": _("There are more than {limit} edits."),
        "not_an_object": _("An edit is an object."),
        "unknown_member": _("An edit has no member “{member}”."),
        "missing_member": _("The edit lacks “{member}”."),
        "unexpected_member": _("“{member}” has no meaning in an edit of this kind."),
        "wrong_type": _("“{member}” must be {expected}."),
        "unknown_op": _("An edit cannot be “{op}”: it is add, update, remove or move."),
        "unknown_element": _("The document has no collection “{element}”."),
        "header_only_update": _("The header can only be updated."),
        "key_exists": _("“{element}” already holds the key “{key}”."),
        "key_vanished": _("“{element}” no longer holds the key “{key}”."),
        "after_vanished": _(
            "“{element}” no longer holds the key “{after}”; “{key}” was to follow it."
        ),
        "after_itself": _("“{key}” cannot stand after itself."),
        "field_not_settable": _(
            "“{field}” cannot be set: a key is fixed, and a move changes the order."
        ),
        "field_is_collection": _("“{field}” is a collection: edit its elements one by one."),
        "bad_field": _("“{field}” does not name a field."),
        "field_not_object": _("“{field}” has no members."),
        "not_json": _("The value of “{field}” is not one that a document can hold ({reason})."),
    }
