"""May this person take this step? One answer for buttons, refusals, API and services."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

import content.policies
import governance.standing
from cjops.core.models import GovernedSubject
from cjops.core.subjects import HunkFacts
from cjops.core.verdicts import YES, Verdict, no, not_now
from governance.models import Change, Suggestion
from governance.subjects import subject_of
from governance.transitions import TRANSITIONS, Action, State, Who
from governance.visibility import sees
from people.models import User

LEADS = governance.standing.LEADS
Standing = governance.standing.Standing


def can(user: User, change: Change, action: Action) -> Verdict:
    """May `user` take `action` on `change` now?"""
    return can_take(Standing(user, change), action)


def can_take(standing: Standing, action: Action) -> Verdict:
    """The same for somebody whose standing is already being looked up: state first, then right."""
    transition = TRANSITIONS.get(action)
    change = standing.change
    if transition is None:
        return no(_("There is no such action on a change."))
    if change.state not in transition.sources:
        return not_now(
            _("This change is “%(state)s”, so this cannot be done to it now.")
            % {"state": change.get_state_display()}
        )
    verdict = ANSWERS[whose(change, action)](standing)
    if verdict and action is Action.PUBLISH:
        return _in_turn(standing)
    return verdict


def whose(change: Change, action: Action) -> Who:
    """Whose right a step of the table needs on this change."""
    if action is Action.QUEUE and change.state == State.SCHEDULED:
        # It would move when something goes live.
        return Who.PUBLISHER
    return TRANSITIONS[action].who


def _in_turn(standing: Standing) -> Verdict:
    """Whether the change that this one waits for is live."""
    ahead = standing.change.queued_behind
    if ahead is None or ahead.state == State.PUBLISHED:
        return YES
    readers = [one for one in (standing.user, standing.reader) if one is not None]
    if not all(sees(one, subject_of(ahead)) for one in readers):
        return not_now(_("It waits for another change to go live first."))
    return not_now(
        _("It waits for CR-%(number)s to go live first.") % {"number": ahead.number},
    )


def actions_for(user: User, change: Change) -> dict[Action, Verdict]:
    """The verdict on every action of the table, for the buttons of a page."""
    return actions_of(Standing(user, change))


def actions_of(standing: Standing) -> dict[Action, Verdict]:
    """The same for somebody whose standing is already being looked up."""
    return {action: can_take(standing, action) for action in TRANSITIONS}


def _author(standing: Standing) -> Verdict:
    if standing.change.author_id == standing.user.pk:
        return YES
    if not standing.change.author.is_active and "propose" in standing.rights:
        # Whoever opened it has left: somebody has to take it on.
        return YES
    return no(
        _("Only %(author)s, who opened this change, may do this.")
        % {"author": standing.change.author.name}
    )


def _editor(standing: Standing) -> Verdict:
    if standing.change.author_id == standing.user.pk or "propose" in standing.rights:
        return YES
    return no(_("Only its author, or somebody who may propose changes here, may edit it."))


def _reviewer(standing: Standing) -> Verdict:
    if standing.is_editor:
        return no(_("You edited this change, so somebody else has to decide."))
    if standing.requirements:
        return YES
    if standing.mine:
        return not_now(_("It is not your turn yet: others decide first."))
    return no(_("This change does not need a decision from you."))


def _lead(standing: Standing) -> Verdict:
    if standing.is_editor:
        return no(_("You edited this change, so somebody else has to say who decides."))
    if standing.user.has_perm("governance.manage_policies"):
        return YES
    return no(_("Only a governance lead may name somebody to decide."))


def _breaker(standing: Standing) -> Verdict:
    if standing.user.has_perm("governance.break_glass"):
        return YES
    return no(_("Only somebody who may break glass may publish without the approvals."))


def _after_reviewer(standing: Standing) -> Verdict:
    if standing.change.after_review_due_at is None:
        return not_now(_("Nothing is left to be looked at afterwards."))
    return _decider(standing)


def _decider(standing: Standing) -> Verdict:
    verdict = _reviewer(standing)
    if verdict and not standing.left:
        return not_now(_("Nothing here needs your approval any more."))
    return verdict


def _reader(_standing: Standing) -> Verdict:
    # The caller found the change through `visible_to`: whoever gets here may read it.
    return YES


def _manager(standing: Standing) -> Verdict:
    if "manage" in standing.rights or standing.is_operations:
        return YES
    return no(_("Only the journey manager or journey operations may reject a change."))


def _publisher(standing: Standing) -> Verdict:
    if "publish" in standing.rights:
        return YES
    return no(_("Only somebody who may publish here, such as the journey manager, may do this."))


ANSWERS = {
    Who.AUTHOR: _author,
    Who.EDITOR: _editor,
    Who.REVIEWER: _reviewer,
    Who.DECIDER: _decider,
    Who.READER: _reader,
    Who.MANAGER: _manager,
    Who.PUBLISHER: _publisher,
    Who.LEAD: _lead,
    Who.BREAKER: _breaker,
    Who.AFTER_REVIEWER: _after_reviewer,
}
# The right that is enough for an answer; the others hang on what somebody is to the change.
ENOUGH = {
    Who.EDITOR: "propose",
    Who.MANAGER: "manage",
    Who.PUBLISHER: "publish",
    Who.LEAD: "manage_policies",
    Who.BREAKER: "break_glass",
}


def can_open(standing: Standing) -> Verdict:
    """May the person open a change? With `propose`, on the whole or on a step, or as a member of
    a team that owns a step."""
    if "propose" in standing.rights:
        return YES
    if standing.owns_a_step:
        return YES
    if standing.steps:
        return YES
    return no(_("You may not propose changes here. Ask the owner for the contributor role."))


def can_open_on(
    user: User, kind: str, subject: GovernedSubject, held: frozenset[str] | None = None
) -> Verdict:
    """The same for a subject of that kind on which the person has no change yet.

    `held` are the codenames the person holds on a journey, where they are read already.
    """
    standing = Standing(user, Change(kind=kind, author=user, **{kind: subject}))
    if held is not None:
        standing.rights = LEADS & {codename.removesuffix("_journey") for codename in held}
    return can_open(standing)


def can_suggest(standing: Standing) -> Verdict:
    """May the person suggest an edit to the author? Anybody else who sees an open change may."""
    verdict = can_take(standing, Action.SUGGEST)
    if verdict and standing.change.author_id == standing.user.pk:
        return no(_("This change is your own: edit it instead of suggesting it to yourself."))
    return verdict


def can_take_back(standing: Standing, suggestion: Suggestion) -> Verdict:
    """May the person take a suggestion back? Whoever made it may, while the change is open."""
    verdict = can_take(standing, Action.SUGGEST)
    if verdict and suggestion.author_id != standing.user.pk:
        return no(
            _("Only %(name)s, who suggested this, may take it back.")
            % {"name": suggestion.author.name}
        )
    return verdict


def can_pick_up(standing: Standing) -> Verdict:
    """May the person tell others that they are looking at it? Whoever may decide on it may."""
    if standing.change.state != State.IN_REVIEW and not standing.change.after_review_due_at:
        return not_now(_("Nothing about this change waits for a decision."))
    return _reviewer(standing)


def can_delegate(user: User, giver: User) -> Verdict:
    """May the person hand on somebody's decisions? Their own; a governance lead, anybody's."""
    if user == giver or user.has_perm("governance.manage_policies"):
        return YES
    return no(_("Only %(name)s or a governance lead may do this.") % {"name": giver.name})


def can_edit_elements(standing: Standing, facts: Iterable[HunkFacts]) -> Verdict:
    """May the person change these elements? Without `propose` only steps that their team owns or
    that a role was granted on."""
    if "propose" in standing.rights:
        return YES
    for fact in facts:
        is_own = bool(fact.teams) and fact.teams <= standing.team_keys
        is_granted = bool(fact.steps) and fact.steps <= standing.steps
        if not is_own and not is_granted:
            return no(_("You may only change steps that your team owns."))
    return YES


def can_create_journey(user: User) -> Verdict:
    """May the person start a new journey? Anybody in a team may: nothing goes live by it."""
    if user.is_superuser or user.memberships.exists():
        return YES
    return no(_("Only members of a team may start a journey. Ask journey operations to add you."))


can_write_asset = content.policies.can_write


def needs_comment(action: Action) -> bool:
    """Whether the step has to be explained."""
    transition = TRANSITIONS.get(action)
    return bool(transition and transition.needs_comment)


def is_open(state: str) -> bool:
    """Whether a change in this state can still lead to something."""
    return state not in (State.PUBLISHED, State.REJECTED, State.WITHDRAWN)
