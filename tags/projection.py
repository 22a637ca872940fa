"""The concepts of a live taxonomy as rows."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core import projection
from cjops.core.errors import Conflict
from cjops.core.projection import Difference
from cjops.documents import Document
from tags.models import Concept, Taxonomy

if TYPE_CHECKING:
    from people.models import User


@transaction.atomic(savepoint=False)
def project(*, taxonomy: Taxonomy, document: Document, actor: "User | None") -> None:
    """Make the rows those of `document`; only what differs is written.

    Raises `Conflict` where a concept that goes is still used: it is deprecated first.
    """
    rows = present(taxonomy)
    wanted = rows_of(document, taxonomy.pk)
    gone = [row for key, row in rows.items() if key not in wanted]
    refuse_used(gone)
    projection.remove(Concept, gone, actor=actor)
    projection.write(Concept, rows, wanted, actor=actor)
    name = document["name"] or taxonomy.key
    if taxonomy.name != name:
        taxonomy.name = name
        taxonomy._history_user = actor  # type: ignore[attr-defined]
        taxonomy.save(update_fields=["name"])


def clear(*, taxonomy: Taxonomy, actor: "User | None") -> None:
    """Remove the concepts of a taxonomy that is not live. Raises `Conflict` where one is used."""
    gone = list(present(taxonomy).values())
    refuse_used(gone)
    projection.remove(Concept, gone, actor=actor)


def rows_of(document: Document, taxonomy_id: int) -> dict[str, dict[str, Any]]:
    """The columns of each concept's row, by key."""
    return {
        concept["key"]: {
            "taxonomy_id": taxonomy_id,
            "key": concept["key"],
            "label": concept["label"] or concept["key"],
            "broader": concept["broader"] or "",
            "status": concept["status"],
            "rank": concept["rank"],
        }
        for concept in document["concepts"]
    }


def present(taxonomy: Taxonomy) -> dict[str, Concept]:
    """The rows there are, by key."""
    return {concept.key: concept for concept in taxonomy.concepts.all()}


def refuse_used(concepts: list[Concept]) -> None:
    """Raise `Conflict` where another row points at one of these concepts."""
    ids = [concept.pk for concept in concepts]
    for relation in Concept._meta.related_objects:
        if not ids:
            return
        users = relation.related_model._default_manager
        used = users.filter(**{f"{relation.field.name}__in": ids}).first()
        if used is not None:
            raise Conflict(
                _("“%(concept)s” is still used. Mark it as deprecated, or take it off first.")
                % {"concept": getattr(used, relation.field.name)}
            )


def differences(taxonomy: Taxonomy) -> list[Difference]:
    """Where the rows are not those of the live version."""
    live = taxonomy.live_version
    wanted = rows_of(live.get_document(), taxonomy.pk) if live else {}
    return projection.differences(Concept, present(taxonomy), wanted)
