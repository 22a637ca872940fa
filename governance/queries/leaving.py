"""What a person has in governance, before their account is switched off."""

from django.utils import timezone
from django.utils.translation import gettext as _

from governance.models import Change, Delegation
from governance.transitions import OPEN_STATES
from people.leaving import Holding
from people.models import Grant, User

# Names that are told of each kind.
MOST_NAMES = 5


def holdings(person: User, reader: User) -> list[Holding]:
    """Open changes, roles and teams, and delegations of either side: all are counted, and named
    are those that the reader sees."""
    changes = Change.objects.filter(author=person, state__in=OPEN_STATES).order_by("pk")
    named = changes.visible_to(reader)
    grants = (
        Grant.objects.in_force()
        .filter(user=person)
        .select_related("journey", "asset", "taxonomy", "role")
        .order_by("journey__key", "pk")
    )
    teams = person.memberships.select_related("team").order_by("team__key")
    now = timezone.now()
    given = Delegation.objects.filter(giver=person, ends_at__gt=now).count()
    taken = Delegation.objects.filter(taker=person, ends_at__gt=now).count()
    successor = _("They go to whoever takes over.")
    return [
        Holding(
            _("Open changes"),
            changes.count(),
            _("They go to whoever takes over, where that person may propose changes."),
            tuple(f"CR-{one.number} {one.title}" for one in named[:MOST_NAMES]),
        ),
        Holding(
            _("Roles"),
            grants.count(),
            successor,
            tuple(f"{one.reach}: {one.role}" for one in grants.visible_to(reader)[:MOST_NAMES]),
        ),
        Holding(
            _("Places in teams"),
            teams.count(),
            successor,
            tuple(str(one.team) for one in teams[:MOST_NAMES]),
        ),
        Holding(_("Delegations"), given + taken, _("They end.")),
    ]
