"""Who may ask about whom, and what can be asked about."""

import re
from dataclasses import dataclass
from typing import Any, cast

from django.utils.translation import gettext as _

from cjops.core.errors import NotFound
from cjops.core.models import GovernedSubject
from cjops.core.verdicts import YES, Verdict, no
from governance import queries
from governance.models import Change
from governance.stewardship import can_try
from governance.subjects import ADAPTERS, adapter_for, get_subject_for, subject_of
from people.models import User
from people.rights import Kind

# A number that a bigint does not hold is of no change.
NUMBER = re.compile(r"(?:change:|cr-)?(\d{1,18})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class About:
    """What is asked about: a subject, or a change of it."""

    kind: Kind
    subject: GovernedSubject
    change: Change | None = None

    @property
    def called(self) -> str:
        """As it is asked for."""
        if self.change is not None:
            return f"CR-{self.change.number}"
        return f"{self.kind}:{self.subject.key}"


def can_ask(asker: User, person: User) -> Verdict:
    """May somebody ask what `person` may do, and why?"""
    if asker == person or can_try(asker):
        return YES
    if asker.is_active and asker.is_staff and asker.has_perm("people.view_grant"):
        return YES
    return no(
        _("You may ask this about yourself. About others ask governance leads and administrators.")
    )


def can_ask_about_others(asker: User) -> bool:
    """Whether there is anybody else whom they may ask about."""
    return bool(can_ask(asker, User()))


def find_person(address: str) -> User:
    """Whoever signs in with this address, switched off or not; raises `NotFound`."""
    found = User.objects.filter(email=address.strip().lower()).first()
    if found is None:
        raise NotFound(_("There is nobody with this address."))
    return found


def find(named: str, *, reader: User | None) -> About:
    """What somebody names as `journey:account-opening`, `asset:…`, `taxonomy:…`, `CR-12` or 12; a
    key alone is that of a journey.

    Raises `NotFound` for what `reader` does not see; None, who runs the portal, sees all.
    """
    named = named.strip()
    if number := NUMBER.fullmatch(named):
        change = _change(int(number[1]), reader)
        return About(cast(Kind, change.kind), subject_of(change), change)
    kind, colon, key = named.rpartition(":")
    if not colon:
        kind = "journey"
    if kind not in ADAPTERS:
        raise nothing()
    return About(cast(Kind, kind), _subject(kind, key, reader))


def _subject(kind: str, key: str, reader: User | None) -> GovernedSubject:
    if reader is not None:
        try:
            return get_subject_for(user=reader, kind=kind, key=key)
        except NotFound:
            raise nothing() from None
    rows: Any = adapter_for(kind).model._default_manager
    found = rows.select_related("live_version").filter(key=key).first()
    if found is None:
        raise nothing()
    return cast(GovernedSubject, found)


def _change(number: int, reader: User | None) -> Change:
    if reader is not None:
        try:
            return queries.get_change_for(user=reader, number=number)
        except NotFound:
            raise nothing() from None
    related = ("author", "journey", "asset", "taxonomy")
    found = Change.objects.select_related(*related).filter(pk=number).first()
    if found is None:
        raise nothing()
    return found


def nothing() -> NotFound:
    """The same sentence for what there is not and for what is hidden."""
    return NotFound(_("There is nothing of this name that you can see."))
