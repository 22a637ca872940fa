"""Who may write which asset. One membership read an answer, none for superusers."""

from django.utils.translation import gettext as _

from cjops.core.verdicts import YES, Verdict, no
from content.models import Asset
from people.models import Team, User


def can_write(user: User, asset: Asset) -> Verdict:
    """May the person write a version of the asset?"""
    return can_write_for(user, asset.team)


def can_write_for(user: User, team: Team) -> Verdict:
    """May the person write assets of that team? Its members may."""
    if user.is_superuser or user.memberships.filter(team=team).exists():
        return YES
    return no(
        _("Only members of “%(team)s” write this content. Ask its lead.") % {"team": team.label}
    )
