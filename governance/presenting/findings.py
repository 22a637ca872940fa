"""Findings with where they are, in words, and where to mend them."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

import journeys.words
from cjops.core.findings import Finding
from governance.models import Change
from governance.proposals import Proposal


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding with where it is, in words, and where to mend it."""

    severity: str
    message: str
    place: str
    url: str


def finding_lines(change: Change, proposal: Proposal, may_edit: bool) -> list[FindingLine]:
    """The findings, errors first; they lead to the form of the element where it can be mended."""
    ordered = sorted(proposal.findings, key=lambda finding: finding.severity != "error")
    return [
        FindingLine(
            finding.severity,
            finding.message,
            _place(proposal, finding),
            _where(change, finding) if may_edit else "",
        )
        for finding in ordered
    ]


def _place(proposal: Proposal, finding: Finding) -> str:
    if proposal.kind != "journey" or not finding.element:
        return ""
    return _("%(element)s: %(name)s") % {
        "element": journeys.words.element_label(finding.element),
        "name": journeys.words.name_of(proposal.proposed, finding.element, finding.key),
    }


def _where(change: Change, finding: Finding) -> str:
    if change.kind != "journey" or not finding.key:
        return reverse("change-edit", args=[change.number])
    return reverse("change-edit-element", args=[change.number, finding.element, finding.key])
