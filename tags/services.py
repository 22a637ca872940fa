"""Taxonomies as subjects; their documents change only through governance."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core.errors import Invalid
from people import deriving
from people.models import Team, User, valid_key
from tags import permissions
from tags.models import Taxonomy


@transaction.atomic(savepoint=True)
def create_taxonomy(
    *, key: str, name: str, team: Team, actor: User, is_restricted: bool = False
) -> Taxonomy:
    """A taxonomy without a live version; the caller opens the change that gives it one.

    Raises `Invalid` for a key that is none, or is taken.
    """
    try:
        valid_key(key)
    except ValidationError as error:
        raise Invalid(_("The key cannot be used."), errors={"key": error.messages}) from error
    if Taxonomy.objects.filter(key=key).exists():
        message = _("There is a taxonomy with this key already.")
        raise Invalid(message, errors={"key": [message]})
    taxonomy = Taxonomy(key=key, name=name or key, team=team, is_restricted=is_restricted)
    taxonomy._history_user = actor  # type: ignore[attr-defined]
    deriving.lock_narrow()
    taxonomy.save()
    permissions.renew([taxonomy.pk])
    return taxonomy
