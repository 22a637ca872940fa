"""Which stored files something shows, and which nothing does: reported, and never removed."""

from collections.abc import Callable, Iterable, Iterator

from django.db import connection
from django.db.models import QuerySet

from cjops.documents import Document
from content.models import Picture
from content.preview.embedding import stored_in

# Documents beside stored versions, such as those that open changes propose: apps above add theirs.
DOCUMENTS: list[Callable[[], Iterable[Document]]] = []

# Whatever reads like a hash in any version: an old one may come back.
_IN_VERSIONS = """
    SELECT DISTINCT (regexp_matches(document::text, '[0-9a-f]{64}', 'g'))[1]
    FROM content_assetversion
    WHERE document::text ~ '(/pictures/|"file")'
"""


def shown() -> set[str]:
    """Hashes of the files that a version shows, or a document under way."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_VERSIONS)
        found = {row[0] for row in cursor.fetchall()}
    for documents in DOCUMENTS:
        for document in documents():
            found |= set(_named(document))
    return found


def _named(document: Document) -> Iterator[str]:
    for rendition in document.get("renditions", ()):
        yield from stored_in(rendition.get("body", ""))
        for one in rendition.get("files", {}).values():
            if one.get("file"):
                yield one["file"]


def unused() -> QuerySet[Picture]:
    """Pictures and PDFs of assets that nothing shows, the oldest first."""
    return (
        Picture.objects.exclude(file__sha256__in=shown())
        .select_related("asset", "file", "uploaded_by")
        .order_by("uploaded_at", "pk")
    )
