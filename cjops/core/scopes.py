"""What a program may be allowed to do for a person, from the least to the most."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """One kind of call. A token never allows more than its person may."""

    READ = "read", _("Read")
    PROPOSE = "propose", _("Propose")
    REVIEW = "review", _("Review")
    PUBLISH = "publish", _("Publish")


def every_scope() -> list[str]:
    """All of them: what tokens could do that were made before there were scopes."""
    return list(Scope.values)
