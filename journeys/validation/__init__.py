"""Does a journey make sense? Everything a journey manager should hear before it goes live.

The document must have the right shape (`journeys.definition.complete`). An error means customers
could be lost, stuck or sent nothing: it blocks submission. A warning means that something
descriptive is still missing.
"""

from typing import Any

from cjops.core.findings import Finding
from journeys.fitting import Offer
from journeys.validation.elements import check_elements
from journeys.validation.found import Found, Known
from journeys.validation.header import check_header
from journeys.validation.structure import ShareFault, check_structure, share_fault

__all__ = ["NOTHING_KNOWN", "Known", "Offer", "ShareFault", "share_fault", "validate"]

NOTHING_KNOWN = Known()


def validate(
    document: dict[str, Any],
    known: Known = NOTHING_KNOWN,
    before: dict[str, Any] | None = None,
) -> list[Finding]:
    """What is wrong or doubtful: errors before warnings, each in the order of the document.

    `known` says which channels, teams, assets ... exist outside the document; what it leaves out
    is not checked. `before` is the document that this one is to replace: some of what stands in it
    already is only told, and blocks who brings it in anew. Takes time linear in the document.
    """
    found = Found(document, before)
    check_header(found, known)
    check_elements(found, known)
    check_structure(found)
    return found.sorted()
