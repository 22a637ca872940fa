"""Why somebody holds a right on a subject: the grants that reach it, and what each gives there."""

from dataclasses import dataclass

from django.db.models import Q

from cjops.core.models import GovernedSubject
from people import deriving
from people.holding import all_rights
from people.models import Grant, Role, Scope, User
from people.rights import Kind, of_kind


@dataclass(frozen=True, slots=True)
class Held:
    """A grant to a person, or to a team of theirs; it may be over.

    `codes` is what it gives on the subject (or gave), `on_step` what on the one step it names.
    """

    grant: Grant
    codes: frozenset[str]
    on_step: frozenset[str] = frozenset()


def held_on(person: User, kind: Kind, subject: GovernedSubject) -> list[Held]:
    """All grants by which the person holds anything on a subject, or has held it: two queries."""
    given = deriving.given_on(deriving.derived()[kind].rights, subject.pk, person.pk)
    here = Q(pk__in=given) | Q(scope=Scope.EVERYTHING)
    found = Grant.objects.held_by(person).filter(here).order_by("pk")
    every = all_rights(kind)
    powers = {right.codename for right in of_kind("portal")}
    held = []
    for grant in found.select_related("role", "team", "journey"):
        role = frozenset(grant.role.permissions)
        if grant.scope == Scope.EVERYTHING:
            held.append(Held(grant, role & (every | powers)))
        elif grant.scope == Scope.STEP:
            held.append(Held(grant, given[grant.pk] & every, on_step=role & every))
        else:
            held.append(Held(grant, given[grant.pk] & every))
    return held


def roles_that_give(codename: str) -> list[Role]:
    """The roles, of those there are, that give a right."""
    return list(Role.objects.filter(permissions__contains=[codename]).order_by("position", "key"))
