"""Which rights a person holds on one governed subject."""

from typing import Any

from django.apps import apps
from django.db.models import CharField, QuerySet, Value

from cjops.core.models import GovernedSubject
from people.models import User
from people.rights import Kind, of_kind

Marked = QuerySet[Any, tuple[str, str]]


def rights_on(user: User, subject: GovernedSubject) -> frozenset[str]:
    """The codenames the person holds on a subject: one query, none for superusers."""
    kind: Any = subject._meta.model_name
    everywhere = rights_everywhere(user, kind)
    if everywhere == all_rights(kind):
        return everywhere
    by_person, by_team = rights_in(user, subject)
    return everywhere | (
        frozenset(codename for codename, _mark in by_person.union(by_team)) & all_rights(kind)
    )


def all_rights(kind: Kind) -> frozenset[str]:
    """All codenames there are for subjects of that kind."""
    return frozenset(right.codename for right in of_kind(kind))


def rights_everywhere(user: User, kind: Kind) -> frozenset[str]:
    """The codenames the person holds on all subjects of that kind; no query in a request."""
    if user.is_superuser and user.is_active:
        return all_rights(kind)
    # Read together with the permissions, see `people.backends`.
    user.has_perm("people.see_everything")
    return all_rights(kind) & set(getattr(user, "given", ()))


def rights_in(user: User, subject: GovernedSubject, mark: str = "") -> tuple[Marked, Marked]:
    """The codenames given to the person and to their teams on this subject, each beside a mark.

    The mark tells them from what else a union of queries reads.
    """
    app, model = subject._meta.app_label, type(subject).__name__
    rows: Any = apps.get_model(app, f"{model}UserObjectPermission").objects
    by_person = rows.filter(user=user, content_object=subject)
    rows = apps.get_model(app, f"{model}GroupObjectPermission").objects
    by_team = rows.filter(group__user=user, content_object=subject)
    beside = Value(mark, output_field=CharField())
    return (
        by_person.order_by().values_list("permission__codename", beside),
        by_team.order_by().values_list("permission__codename", beside),
    )
