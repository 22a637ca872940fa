"""Who is signing in, and what they may do everywhere."""

from collections.abc import Iterable
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group, Permission
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Concat

from people import queries
from people.models import User
from people.rights import of_kind
from people.second_factor import missing_for


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign-in by e-mail address, hashing a password once, and global permissions in one query.

    Django's own ModelBackend beside it would hash every wrong password a second time, and asks
    two queries on each request for what is one question.
    """

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session, with their global permissions: one query for each request."""
        user = User.objects.annotate(**columns_of(OuterRef("pk"))).filter(pk=user_id).first()
        if user is None or not self.user_can_authenticate(user):
            return None
        return read_with(user, user)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """The person's global permissions, "app.codename"; remembered on `user_obj`."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            permissions: set[str] = super().get_all_permissions(user_obj)
            return permissions
        if not hasattr(user_obj, "_everywhere"):
            user_obj._everywhere = permissions_of(user_obj)
        remembered: set[str] = user_obj._everywhere
        return remembered


def columns_of(person: Any) -> dict[str, Any]:
    """What a request asks about a person (a reference to one), as columns of the query that reads
    them or their token; `read_with` keeps it."""
    granted = Permission.objects.order_by()
    groups = Group.objects.filter(user=person).order_by()
    return {
        "own": _names(granted.filter(user=person)),
        "shared": _names(granted.filter(group__user=person)),
        "given": ArraySubquery(queries.codes_everywhere(person)),
        "group_ids": ArraySubquery(groups.values("pk")),
        "has_overdue": Exists(queries.overdue_grants(person)),
        "misses_second_factor": missing_for(person),
    }


def read_with(user: User, row: Any) -> User:
    """The person, knowing what the row says that was read with `columns_of`."""
    known: Any = user
    known.given, known.group_ids = row.given, row.group_ids
    known.has_overdue, known.misses_second_factor = row.has_overdue, row.misses_second_factor
    known._everywhere = {*row.own, *row.shared, *powers(row.given)}
    return user


def _names(permissions: QuerySet[Permission]) -> ArraySubquery:
    """The permissions as an array of "app.codename"."""
    name = Concat(F("content_type__app_label"), Value("."), F("codename"), output_field=TextField())
    return ArraySubquery(permissions.annotate(dotted=name).values("dotted"))


def permissions_of(user: Any) -> set[str]:
    """What the person holds by themselves or through a group, and as powers by roles.

    What roles that are granted on everything give is remembered on `user` as `given`.
    """
    names = ("content_type__app_label", "codename")
    own = Permission.objects.filter(user=user).order_by().values_list(*names)
    through_groups = Permission.objects.filter(group__user=user).order_by().values_list(*names)
    given = queries.codes_everywhere(user.pk).values_list(Value(""), "code")
    found = list(own.union(through_groups, given))
    user.given = [code for app, code in found if not app]
    return {f"{app}.{codename}" for app, codename in found if app} | powers(user.given)


def powers(codenames: Iterable[str]) -> set[str]:
    """The powers over the portal among the rights of roles, as `has_perm` takes them."""
    return {right.name for right in of_kind("portal") if right.codename in set(codenames)}
