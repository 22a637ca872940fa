"""Who sees which change or ledger entry: whoever sees its subject."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models

if TYPE_CHECKING:
    from governance.models import Change, LedgerEntry  # noqa: F401
    from people.models import User

SUBJECTS = (
    ("journeys", "Journey", "journey"),
    ("content", "Asset", "asset"),
    ("tags", "Taxonomy", "taxonomy"),
)


def about_seen_by(user: "User") -> models.Q:
    """The condition that a row about a subject is about one the person sees."""
    if user.has_perm("people.see_everything"):
        return models.Q()
    seen = models.Q()
    for app, model, field in SUBJECTS:
        subjects = apps.get_model(app, model).objects
        seen |= models.Q(**{f"{field}__in": subjects.visible_to(user).order_by().values("pk")})
    return seen


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes, filtered by who asks."""

    def visible_to(self, user: "User") -> Self:
        """Changes of subjects the person sees."""
        return self.filter(about_seen_by(user))


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """Ledger entries, filtered by who asks."""

    def visible_to(self, user: "User") -> Self:
        """Entries about subjects the person sees."""
        return self.filter(about_seen_by(user))
