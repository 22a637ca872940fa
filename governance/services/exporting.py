"""That somebody took something along is written down."""

from django.db import models, transaction

from cjops.core import auditing
from people.models import User


@transaction.atomic(durable=True)
def note_export(
    *, action: str, actor: User, about: models.Model | None = None, **said: object
) -> None:
    """Write down an export before it leaves; `said` are ids and codes, such as its filters."""
    auditing.note(action, actor=actor, about=about, data=said)
