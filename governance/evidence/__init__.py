"""Evidence: all that is known of a change or a version as one file, which proves itself."""

from governance.evidence.exporting import Bundle, evidence_of_change, evidence_of_version

__all__ = ["Bundle", "evidence_of_change", "evidence_of_version"]
