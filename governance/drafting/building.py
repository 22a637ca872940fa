"""What becomes of the form of a policy, in the portal and in the administration alike."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, DocumentInvalid, DomainError, Forbidden
from governance.drafting.choices import Choices
from governance.drafting.drafts import Draft
from governance.drafting.telling import told_draft
from governance.models import Policy, PolicyVersion
from governance.naming import Labels
from governance.queries.policies import proposal_of, versions_of
from governance.services.ruling import propose_policy
from governance.stewardship import can_manage
from people.models import User

SAVE = "save"


@dataclass(frozen=True, slots=True)
class Built:
    """What became of a request to the form: a page, or the version that somebody proposed."""

    context: dict[str, Any]
    status: int = 200
    version: PolicyVersion | None = None


def saved_sentence(version: PolicyVersion) -> str:
    """What is said after a version was proposed."""
    return _("Version %(number)s is proposed. It counts once it is activated.") % {
        "number": version.number
    }


def built(sent: Any, policy: Policy | None, user: User) -> Built:
    """Do what the button of a form asks for, and say what to show; `sent` None opens it."""
    verdict = can_manage(user)
    if not verdict:
        return Built({"policy": policy, "verdict": verdict}, 403)
    status, based_on = 200, _newest(policy)
    if sent is None:
        draft = _begun(policy, user)
    else:
        draft = Draft.from_form(sent, policy.key if policy else "")
        based_on = _number(sent.get("based_on", ""))
        order = sent.get("do", "")
        if order == SAVE:
            version = _proposed(draft, user, policy, based_on)
            if version is not None:
                return Built({}, version=version)
            status = 422
        else:
            draft.do(order)
    draft.show(Choices(user))
    context = {
        "policy": policy,
        "verdict": verdict,
        "draft": draft,
        "told": told_draft(draft, Labels(None)),
        "based_on": based_on,
        "waiting": _anothers(policy, user),
    }
    return Built(context, status)


def _newest(policy: Policy | None) -> int:
    newest = versions_of(policy).first() if policy else None
    return newest.number if newest else 0


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _begun(policy: Policy | None, user: User) -> Draft:
    """One's own proposal to go on with, else what is in force, else what was proposed last."""
    if policy is None:
        return Draft.blank()
    proposal = proposal_of(policy)
    if proposal and proposal.author_id == user.pk and proposal.definition:
        draft = Draft.from_definition(proposal.definition)
        draft.comment = proposal.comment
        return draft
    if policy.active and policy.active.definition:
        return Draft.from_definition(policy.active.definition)
    last = versions_of(policy).filter(definition__isnull=False).first()
    assert last is not None  # noqa: S101  (a policy is made with its first definition)
    return Draft.from_definition(last.definition)


def _anothers(policy: Policy | None, user: User) -> PolicyVersion | None:
    """What somebody else has proposed: nobody writes over it."""
    proposal = proposal_of(policy) if policy else None
    return proposal if proposal and proposal.author_id != user.pk else None


def _proposed(
    draft: Draft, user: User, policy: Policy | None, based_on: int
) -> PolicyVersion | None:
    """The new version; None where it is refused, for a reason that the draft then shows."""
    try:
        return propose_policy(
            definition=draft.definition(),
            comment=draft.comment,
            actor=user,
            key_expected=policy.key if policy else None,
            is_new=policy is None,
            based_on=based_on if policy else None,
        )
    except Forbidden:
        raise
    except DocumentInvalid as error:
        draft.refuse(error.extra["problems"])
    except Conflict as error:
        place = "key" if error.code == "key_taken" else ""
        draft.errors.setdefault(place, []).append(error.message)
    except DomainError as error:
        draft.errors.setdefault("", []).append(error.message)
    return None
