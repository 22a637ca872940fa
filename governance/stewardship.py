"""Who looks after the policies, and who may put which version of one into force."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from cjops.core.verdicts import YES, Verdict, no, not_now
from cjops.core.wording import listing
from governance.models import PolicyVersion
from people.models import User
from people.queries import who_may

MANAGE = "governance.manage_policies"
SEE_EVERYTHING = "people.see_everything"
# So many names make a sentence; nobody reads more.
NAMED = 5


def can_manage(user: User) -> Verdict:
    """May the person write policies, and decide on those of others?"""
    if user.is_active and user.has_perm(MANAGE):
        return YES
    return no(_("Only governance leads may change policies. Ask an administrator for the right."))


def can_try(user: User) -> Verdict:
    """May the person try policies on changes, and see how those who decide get on?"""
    if user.is_active and (user.has_perm(MANAGE) or user.has_perm(SEE_EVERYTHING)):
        return YES
    return no(
        _(
            "Only governance leads and people who see everything may look here. Ask an "
            "administrator for the right."
        )
    )


def can_activate(user: User, version: PolicyVersion, active: PolicyVersion | None) -> Verdict:
    """May the person put `version` in place of `active`?

    Where either of the two asks for a second person, whoever wrote the version is not that one:
    nobody lowers that bar alone either.
    """
    verdict = can_manage(user)
    if not verdict:
        return verdict
    if version.state != PolicyVersion.State.PROPOSED:
        return _is_decided(version)
    if version.author_id != user.pk or not needs_second(version, active):
        return YES
    others = leads_but([user.pk])
    if not others:
        return no(
            _(
                "You wrote this version, so a second governance lead has to activate it, and there "
                "is nobody else. Ask an administrator to name one."
            )
        )
    return no(
        _("You wrote this version, so somebody else has to activate it: %(names)s.")
        % {"names": names_of(others)}
    )


def can_decline(user: User, version: PolicyVersion) -> Verdict:
    """May the person take the proposal off the table? Its author may as well."""
    if version.author_id != user.pk:
        verdict = can_manage(user)
        if not verdict:
            return verdict
    return YES if version.state == PolicyVersion.State.PROPOSED else _is_decided(version)


def _is_decided(version: PolicyVersion) -> Verdict:
    return not_now(
        _("Version %(number)s is “%(state)s”, so this cannot be done to it now.")
        % {"number": version.number, "state": version.get_state_display()}
    )


def needs_second(version: PolicyVersion, active: PolicyVersion | None) -> bool:
    """Whether either of the two asks for a second person; the end of a policy asks as it did."""
    return any(one is not None and asks_for_second(one.definition) for one in (version, active))


def asks_for_second(definition: dict[str, object] | None) -> bool:
    """Whether a definition wants to be activated by somebody else than its author."""
    return bool((definition or {}).get("second_admin"))


def leads_but(people: Iterable[int | None]) -> list[User]:
    """Everybody else who may manage policies, by name."""
    holds = Q(is_superuser=True) | Q(pk__in=who_may("manage_policies"))
    others = User.objects.filter(holds, is_active=True)
    return list(others.exclude(pk__in=[one for one in people if one]).order_by("name", "pk"))


def names_of(people: list[User]) -> str:
    """Their names, as far as a sentence holds them."""
    return listing([str(one) for one in people], NAMED)
