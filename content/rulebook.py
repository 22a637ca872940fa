"""The rules that admins have set, read in one query."""

import hashlib
import json
from typing import Any

from django.db import connection, models
from django.utils import timezone

from cjops.documents import Document
from content.models import SampleProfile
from content.rules import LANGUAGES, PROMOTING_TAGS, SERVICE_TAGS, Known, Phrase, Rules, Stored

# One answer for all tables, as JSON: checks run on every page of a change.
_READ = """
    SELECT
        (SELECT coalesce(json_agg(json_build_array(code, weight)), '[]') FROM content_severity),
        (SELECT coalesce(json_agg(json_build_array(
            words, use, weight, market, language, kind, instead, reason) ORDER BY id), '[]')
         FROM content_wording),
        (SELECT coalesce(json_agg(json_build_array(
            name, label, is_always_there) ORDER BY name), '[]')
         FROM content_variable),
        (SELECT coalesce(json_agg(json_build_array(
            sha256, media_type, width, height, size)), '[]')
         FROM content_mediafile WHERE sha256 = ANY(%s)),
        (SELECT json_build_array(languages, service_tags, promoting_tags)
         FROM content_libraryrule ORDER BY id LIMIT 1)
"""


def rules_for(*documents: Document) -> Rules:
    """The rules as they are now, with what is stored of the files these documents show."""
    digests = sorted(set().union(*(files_in(document) for document in documents)))
    with connection.cursor() as cursor:
        cursor.execute(_READ, [digests])
        severities, phrases, variables, files, library = map(_value, cursor.fetchone())
    languages, service, promoting = library or (LANGUAGES, SERVICE_TAGS, PROMOTING_TAGS)
    known = {name: Known(name, label, always) for name, label, always in variables}
    return Rules(
        severities=dict(severities),
        phrases=tuple(_phrase(row) for row in phrases),
        variables=known or None,
        today=timezone.localdate(),
        files={digest: Stored(*facts) for digest, *facts in files},
        languages=tuple(tag.lower() for tag in languages),
        service_tags=frozenset(service),
        promoting_tags=frozenset(promoting),
        fingerprint=fingerprint(
            *(severities, phrases, variables, library), timezone.localdate().isoformat()
        ),
    )


def fingerprint(*values: Any) -> str:
    """What findings that were worked out under these rules are kept by."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def files_in(document: Document) -> set[str]:
    """The digests of the files that its renditions show."""
    return {
        one["file"]
        for rendition in document["renditions"]
        for one in rendition.get("files", {}).values()
        if one["file"]
    }


def sample_profiles() -> models.QuerySet[SampleProfile]:
    """The made-up customers, the first being who previews show unasked."""
    return SampleProfile.objects.all()


def _phrase(row: list[str]) -> Phrase:
    words, use, weight, market, language, kind, instead, reason = row
    return Phrase(
        words=words,
        use=use,  # type: ignore[arg-type]
        weight=weight,  # type: ignore[arg-type]
        market=market,
        language=language,
        kinds=(kind,) if kind else (),
        instead=instead,
        reason=reason,
    )


def _value(found: Any) -> Any:
    """The driver gives JSON as a value or as text, as the database is set up."""
    return json.loads(found) if isinstance(found, str) else found
