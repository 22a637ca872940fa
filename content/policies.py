"""Who may write which asset. One membership read an answer, none for superusers."""

from django.utils.translation import gettext as _

from cjops.core.verdicts import YES, Verdict, no
from content.models import Asset
from people.holding import rights_on
from people.models import Team, User

PROPOSE = "propose_asset"


def can_write(user: User, asset: Asset) -> Verdict:
    """May the person write a version of the asset? Its team may, and who was granted that."""
    verdict = can_write_for(user, asset.team)
    if not verdict and PROPOSE in rights_on(user, asset):
        return YES
    return verdict


def can_write_for(user: User, team: Team) -> Verdict:
    """May the person write assets of that team? Its members may."""
    if user.is_superuser or user.memberships.filter(team=team).exists():
        return YES
    return no(
        _("Only members of “%(team)s” write this content. Ask its lead.") % {"team": team.label}
    )
