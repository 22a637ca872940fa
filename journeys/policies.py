"""Who may do what to a journey. Ask `rights_on` once and pass what it says along."""

from django.utils.translation import gettext as _

from cjops.core.verdicts import YES, Verdict, no
from journeys.models import Journey, JourneyGroupObjectPermission, JourneyUserObjectPermission
from people.models import User

VIEW, PROPOSE, PUBLISH, MANAGE = (
    "view_journey",
    "propose_journey",
    "publish_journey",
    "manage_journey",
)
CODENAMES = frozenset({VIEW, PROPOSE, PUBLISH, MANAGE})


def rights_on(user: User, journey: Journey) -> frozenset[str]:
    """The codenames the person holds on the journey, by themselves or through a team: one query."""
    if user.is_superuser and user.is_active:
        return CODENAMES
    by_person = JourneyUserObjectPermission.objects.filter(user=user, content_object=journey)
    by_team = JourneyGroupObjectPermission.objects.filter(group__user=user, content_object=journey)
    held = (
        by_person.order_by()
        .values_list("permission__codename", flat=True)
        .union(by_team.order_by().values_list("permission__codename", flat=True))
    )
    return frozenset(held) & CODENAMES


def can_view(user: User, journey: Journey, rights: frozenset[str] | None = None) -> Verdict:
    """May the person see that the journey exists? Lists ask `Journey.objects.visible_to`."""
    if not journey.is_restricted or user.has_perm("people.see_everything"):
        return YES
    return _holds(user, journey, rights, VIEW, _("This journey is restricted."))


def can_propose(user: User, journey: Journey, rights: frozenset[str] | None = None) -> Verdict:
    """May the person propose changes of any part of it?"""
    reason = _("You may not propose changes of this journey. Ask its journey manager.")
    return _holds(user, journey, rights, PROPOSE, reason)


def can_publish(user: User, journey: Journey, rights: frozenset[str] | None = None) -> Verdict:
    """May the person publish approved changes of it?"""
    reason = _("Only those who answer for this journey publish its changes.")
    return _holds(user, journey, rights, PUBLISH, reason)


def can_manage(user: User, journey: Journey, rights: frozenset[str] | None = None) -> Verdict:
    """Does the person answer for it?"""
    reason = _("Only the journey manager may do this.")
    return _holds(user, journey, rights, MANAGE, reason)


def _holds(
    user: User, journey: Journey, rights: frozenset[str] | None, codename: str, reason: str
) -> Verdict:
    held = rights_on(user, journey) if rights is None else rights
    return YES if codename in held else no(reason)
