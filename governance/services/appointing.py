"""Naming somebody to decide where nobody may."""

from django.utils import timezone
from django.utils.translation import gettext as _

from cjops.core.errors import Conflict, Invalid
from governance import queries
from governance.models import (
    Appointment,
    Change,
    LedgerEntry,
    NotificationKind,
    Requirement,
    RequirementSource,
    SourceKind,
)
from governance.services.recording import tell
from governance.services.steps import Step, entry_of, move
from governance.subjects import subject_of
from governance.visibility import sees
from people.models import User


def appoint(step: Step) -> LedgerEntry:
    """Let the person named decide, since nobody else may; nobody names themselves.

    Raises `Conflict` for a decision that somebody may make, `Invalid` for a person who may not
    decide on this change.
    """
    assert step.actor is not None  # noqa: S101
    change = step.change
    requirement = _requirement(change, step.requirement)
    person = _person(change, step.person, step.actor)
    Appointment.objects.get_or_create(
        change=change,
        key=requirement.key,
        user=person,
        defaults={"by": step.actor, "reason": step.comment, "created_at": timezone.now()},
    )
    RequirementSource.objects.create(
        requirement=requirement, kind=SourceKind.APPOINTED, user=person
    )
    requirement.stuck_at = None
    requirement.save(update_fields=["stuck_at"])
    move(step)
    entry = entry_of(step, requirement=requirement.key, person=person.pk)
    tell(entry=entry, kind=NotificationKind.APPOINTED, people=[person.pk])
    return entry


def _requirement(change: Change, key: str) -> Requirement:
    rows = change.requirements.filter(revision=change.revision, key=key, met_at=None)
    found = rows.prefetch_related("sources").first()
    if found is None:
        raise _refused("requirement", _("This change waits for no such decision."))
    able = queries.deciders([found], change)[found.pk]
    if found.stuck_at is None and len(able) >= found.quorum:
        names = ", ".join(user.name for user in able)
        raise Conflict(
            _("Somebody may decide already: %(names)s. Nobody else is named.") % {"names": names},
            code="not_stuck",
        )
    return found


def _person(change: Change, email: str, actor: User) -> User:
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        raise _refused("person", _("There is nobody with this address."))
    if person == actor:
        raise _refused("person", _("Name somebody else: nobody names themselves."))
    if person.pk in queries.editor_ids(change):
        raise _refused("person", _("They edited this change, so they cannot decide on it."))
    if not sees(person, subject_of(change)):
        raise _refused("person", _("They do not see it. Give them a role on it first."))
    return person


def _refused(field: str, sentence: str) -> Invalid:
    return Invalid(_("Nobody was named."), errors={field: [sentence]})
