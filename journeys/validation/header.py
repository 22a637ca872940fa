"""The journey as a whole: name, goal, lifecycle, re-entry, tags."""

from django.utils.translation import gettext as _

from journeys.durations import parse_duration
from journeys.validation.found import Found, Known


def check_header(found: Found, known: Known) -> None:
    """Find what is missing or wrong in the header."""
    document = found.document
    if not document["name"]:
        found.warning("name-missing", _("The journey has no name yet."), "name")
    if not document["goal"]["statement"]:
        found.warning(
            "goal-missing",
            _("The journey has no goal yet. Say what it is to achieve."),
            "goal",
            "statement",
        )
    _check_lifecycle(found)
    wait = document["reentry"]["wait"]
    if wait is not None and parse_duration(wait) is None:
        found.error(
            "duration-malformed",
            _("The wait before re-entry, “%(value)s”, is not a duration such as P30D.")
            % {"value": wait},
            "reentry",
            "wait",
        )
    for number, tag in enumerate(document["tags"]):
        if known.concepts is not None and tag not in known.concepts:
            found.error(
                "concept-unknown",
                _("The journey is tagged with “%(tag)s”, which is in no taxonomy.") % {"tag": tag},
                "tags",
                str(number),
            )


def _check_lifecycle(found: Found) -> None:
    start, end = found.document["lifecycle"]["start"], found.document["lifecycle"]["end"]
    # ISO dates sort as text.
    if start and end and end < start:
        found.error(
            "lifecycle-reversed",
            _("The journey ends on %(end)s, before it starts on %(start)s.")
            % {"start": start, "end": end},
            "lifecycle",
            "end",
        )
