"""Who sees a governed subject: everybody, unless it is restricted; then its readers.

`readers` stands on the row itself and is derived from the grants (`people.granting`), so that no
list has to join them: people by their id, teams by the negative id of their group.
"""

from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q, Value

if TYPE_CHECKING:
    from people.models import User

Subject = TypeVar("Subject", bound=models.Model)


def sees_all(user: "User", model: type[models.Model]) -> bool:
    """Whether the person sees all subjects of that kind, by a role granted on everything.

    Django's own permission to view them opens pages of the administration, and nothing else.
    """
    if user.has_perm("people.see_everything"):
        return True
    # Read together with the permissions, see `people.backends`.
    return f"view_{model._meta.model_name}" in getattr(user, "given", ())


def principals_of(user: "User") -> Any:
    """Under which numbers the person is among `readers`: a list where the groups were read with
    the account, as for each request; else an expression that reads them."""
    groups: list[int] | None = getattr(user, "group_ids", None)
    if groups is not None:
        return [user.pk, *(-group for group in groups)]
    numbers = ArrayField(models.BigIntegerField())
    through: Any = get_user_model().groups.through
    mine = through.objects.filter(user=user.pk).annotate(number=-F("group_id")).order_by()
    teams = ArraySubquery(mine.values("number"), output_field=numbers)
    person = Value(user.pk, output_field=models.BigIntegerField())
    return Func(teams, person, function="array_append", output_field=numbers)


class GovernedQuerySet(models.QuerySet[Subject], Generic[Subject]):
    """Subjects of one kind, filtered by who asks."""

    def visible_to(self, user: "User") -> Self:
        """Open ones, and restricted ones that the person may read."""
        if sees_all(user, self.model):
            return self
        return self.filter(self.seen_by(user))

    def seen_apart(self, user: "User") -> list[Self]:
        """The same in parts that have nothing in common: an index answers for each of them alone,
        and for none of two conditions with an `OR` between."""
        if sees_all(user, self.model):
            return [self]
        mine = Q(readers__overlap=principals_of(user))
        return [self.filter(is_restricted=False), self.filter(mine, is_restricted=True)]

    @staticmethod
    def seen_by(user: "User", subject: str = "") -> Q:
        """The same as a condition on a row from which `subject` leads to the subject; for people
        who do not see all of them."""
        mine = Q(**{f"{subject}readers__overlap": principals_of(user)})
        return Q(**{f"{subject}is_restricted": False}) | mine
