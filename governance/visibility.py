"""Who sees which change or ledger entry: whoever sees its subject."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models

from cjops.core.models import GovernedSubject
from cjops.core.visibility import GovernedQuerySet, sees_all
from people.queries import who_may
from people.rights import Kind

if TYPE_CHECKING:
    from governance.models import Change, LedgerEntry  # noqa: F401
    from people.models import User

SUBJECTS: tuple[tuple[str, str, Kind], ...] = (
    ("journeys", "Journey", "journey"),
    ("content", "Asset", "asset"),
    ("tags", "Taxonomy", "taxonomy"),
)

# So many subjects are few: their rows are read by an index sooner than all rows are asked.
FEW = 200


def about_seen_by(user: "User", about: str = "") -> models.Q:
    """The condition that a row about a subject is about one the person sees.

    `about` leads to that row from another one ("change__"). Asked of the joined subject: the ids
    of all that somebody sees would be most of the portal.
    """
    if user.has_perm("people.see_everything"):
        return models.Q()
    # Pages ask several times, and putting the condition together takes longer than checking it.
    known: dict[str, models.Q] = user.__dict__.setdefault("_about_seen", {})
    if about not in known:
        seen = models.Q()
        for app, model, field in SUBJECTS:
            subjects = apps.get_model(app, model)
            if sees_all(user, subjects):
                seen |= models.Q(**{f"{about}{field}__isnull": False})
            else:
                seen |= GovernedQuerySet.seen_by(user, f"{about}{field}__")
        known[about] = seen
    return known[about]


def among_few(user: "User") -> models.Q:
    """For who sees few subjects, that a row is about one of them by its id; nothing for others.

    Only narrows what `about_seen_by` lets through: a list then reads the rows of these subjects by
    an index, instead of asking all rows for the few that are seen. One query, remembered with the
    person for this request.
    """
    if user.has_perm("people.see_everything"):
        return models.Q()
    if "_among_few" not in user.__dict__:
        user.__dict__["_among_few"] = _among_few(user)
    found: models.Q = user.__dict__["_among_few"]
    return found


def _among_few(user: "User") -> models.Q:
    each = []
    for app, model, field in SUBJECTS:
        rows: Any = apps.get_model(app, model)._default_manager
        seen = rows.visible_to(user).order_by()
        named = models.Value(field, output_field=models.CharField())
        each.append(seen.values_list(named, "pk")[: FEW + 1])
    found = list(each[0].union(*each[1:], all=True)[: FEW + 1])
    if len(found) > FEW:
        return models.Q()
    narrow = models.Q()
    for _app, _model, field in SUBJECTS:
        narrow |= models.Q(**{f"{field}__in": [pk for kind, pk in found if kind == field]})
    return narrow


def sees(user: "User", subject: GovernedSubject) -> bool:
    """Whether the person sees a subject; no query for one that is open to all."""
    if not subject.is_restricted:
        return True
    subjects: Any = type(subject)._default_manager
    return bool(subjects.visible_to(user).filter(pk=subject.pk).exists())


def who_see(subject: GovernedSubject, people: Iterable[int]) -> set[int]:
    """Ids of those among `people` who see a subject: `sees` for many, in one query at most."""
    wanted = set(people)
    if not wanted or not subject.is_restricted:
        return wanted
    # As stored: grants are derived past the instance that the caller holds.
    rows = type(subject)._default_manager.filter(pk=subject.pk).order_by()
    readers = rows.annotate(reader=models.Func("readers", function="unnest"))
    groups = rows.annotate(reader=models.Func("readers", template="-unnest(%(expressions)s)"))
    seen = models.Q(is_superuser=True) | models.Q(pk__in=see_all_of(type(subject)))
    seen |= models.Q(pk__in=readers.values("reader")) | models.Q(groups__in=groups.values("reader"))
    users = get_user_model()._default_manager
    found = users.filter(seen, pk__in=wanted).order_by().values_list("pk", flat=True)
    return set(found)


def see_all_of(model: type[models.Model]) -> models.QuerySet[Any, Any]:
    """Ids of the people who see all subjects of a kind by a right held everywhere."""
    return who_may("see_everything", f"view_{model._meta.model_name}")


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes, filtered by who asks."""

    def visible_to(self, user: "User") -> Self:
        """Changes of subjects the person sees."""
        return self.filter(about_seen_by(user))

    def listed_for(self, user: "User") -> Self:
        """The same for lists of all of them: see `among_few`."""
        return self.visible_to(user).filter(among_few(user))


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """Ledger entries, filtered by who asks."""

    def visible_to(self, user: "User") -> Self:
        """Entries about subjects the person sees."""
        return self.filter(about_seen_by(user))

    def listed_for(self, user: "User") -> Self:
        """The same for lists of all of them: see `among_few`."""
        return self.visible_to(user).filter(among_few(user))
