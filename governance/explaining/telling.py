"""Grants in words, for a reader who need not see everything that they are on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from cjops.core.models import GovernedSubject
from cjops.core.wording import listing
from journeys.models import Journey
from people.explaining import Held
from people.models import Grant, Scope, User
from people.rights import RIGHTS


@dataclass(frozen=True, slots=True)
class GrantLine:
    """One grant: `role` on `reach`, held as `holder` says, and `term`, from when until when."""

    pk: int
    role: str
    reach: str
    holder: str
    term: str
    gives: str
    is_in_force: bool

    def __str__(self) -> str:
        return " · ".join((self.role, self.reach, self.holder, self.term))


class Told:
    """What grants on one subject are called; nothing is kept from the reader None."""

    def __init__(self, held: Iterable[Held], subject: GovernedSubject, reader: User | None) -> None:
        self._subject = subject
        above = {one.grant.journey_id for one in held if one.grant.scope == Scope.FAMILY}
        named = [pk for pk in above if pk and pk != subject.pk]
        rows = Journey.objects.filter(pk__in=named)
        if reader is not None:
            rows = rows.visible_to(reader)
        # A restricted journey above an open one is not told of.
        self._names = dict(rows.values_list("pk", "name")) if named else {}

    def line(self, held: Held) -> GrantLine:
        """One of them."""
        grant = held.grant
        codes = held.codes | held.on_step
        return GrantLine(
            pk=grant.pk,
            role=grant.role.label,
            reach=self._reach(grant),
            holder=_("through the team “%(team)s”") % {"team": grant.team.label}
            if grant.team
            else _("to the person"),
            term=_term(grant),
            gives=listing([str(one.label) for one in RIGHTS if one.codename in codes], len(RIGHTS)),
            is_in_force=grant.is_in_force,
        )

    def _reach(self, grant: Grant) -> str:
        if grant.scope == Scope.EVERYTHING:
            return _("on everything")
        if grant.scope == Scope.MARKET:
            return _("on all journeys of the market “%(name)s”") % {"name": grant.place}
        if grant.scope == Scope.PRODUCT_LINE:
            return _("on all journeys of the product line “%(name)s”") % {"name": grant.place}
        if grant.scope == Scope.STEP:
            return _("on its step “%(step)s” alone") % {"step": grant.step}
        if grant.scope == Scope.FAMILY:
            return self._family(grant)
        return _("on this one")

    def _family(self, grant: Grant) -> str:
        if grant.journey_id == self._subject.pk:
            return _("on it and all that is part of it")
        if grant.journey_id not in self._names:
            return _("on a journey you cannot see, of which it is part")
        name = self._names[grant.journey_id]
        return _("on “%(name)s”, of which it is part") % {"name": name}


def _term(grant: Grant) -> str:
    start = _day(grant.granted_at)
    if grant.ends_at is None:
        return _("since %(day)s") % {"day": start}
    end = _day(grant.ends_at)
    if not grant.is_in_force:
        return _("since %(day)s, ended on %(end)s") % {"day": start, "end": end}
    return _("since %(day)s, ends on %(end)s") % {"day": start, "end": end}


def _day(moment: datetime) -> str:
    return formats.date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")
