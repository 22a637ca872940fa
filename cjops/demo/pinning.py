"""Which digest a slot pins: the demo's files name asset and version only."""

from dataclasses import dataclass, field
from typing import Any

from cjops.documents import Document, edit
from content.models import AssetVersion


@dataclass(slots=True)
class Pins:
    """The asset versions written so far, by asset key and number."""

    versions: dict[tuple[str, int], AssetVersion] = field(default_factory=dict)

    def add(self, version: AssetVersion) -> None:
        """Remember a version that was written."""
        self.versions[version.subject.key, version.number] = version

    def newest(self, key: str) -> AssetVersion:
        """The newest version of an asset."""
        number = max(number for asset, number in self.versions if asset == key)
        return self.versions[key, number]

    def pinned(self, document: Document) -> Document:
        """The document with the digest in every slot that names an asset version."""
        return edit(document, self._digests(document))

    def complete(self, document: Document, edits: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The edits, and after them those that fill in the digests they leave open."""
        return [*edits, *self._digests(edit(document, edits))]

    def _digests(self, document: Document) -> list[dict[str, Any]]:
        found = []
        for step in document.get("steps", []):
            digests = {
                f"slots/{name}/digest": self.versions[slot["asset"], slot["version"]].digest
                for name, slot in (step.get("slots") or {}).items()
                if slot.get("asset")
                and slot.get("version")
                and slot.get("digest") != self.versions[slot["asset"], slot["version"]].digest
            }
            if digests:
                found.append(
                    {"op": "update", "element": "steps", "key": step["key"], "fields": digests}
                )
        return found
