"""Content as customers see it: what the documents show, rendered and made harmless."""

from collections.abc import Iterable
from typing import Any

import content.preview
from cjops.documents import canonical, digest, normalise
from content.models import Asset, AssetVersion
from governance.evidence.packing import as_json
from people.models import User

Document = dict[str, Any]


def content_files(documents: Iterable[Document], kind: str, reader: User) -> dict[str, bytes]:
    """The versions of content that journeys show, as far as the reader sees them; of an asset its
    own renditions. Each with its document and a page for each language."""
    files: dict[str, bytes] = {}
    index = []
    for name, version, document in _shown(documents, kind, reader):
        folder = f"content/{name}"
        pages = {}
        for rendition in document["renditions"]:
            address = f"{folder}/{rendition['key']}.html"
            files[address] = content.preview.page(document, rendition["key"]).encode()
            pages[rendition["key"]] = address
        files[f"{folder}/document.json"] = canonical(normalise(document))
        index.append(
            {
                "asset": name.rpartition("/")[0] or name,
                "version": version,
                "digest": digest(document),
                "document": f"{folder}/document.json",
                "pages": pages,
            }
        )
    files["content/index.json"] = as_json(index)
    return files


def _shown(
    documents: Iterable[Document], kind: str, reader: User
) -> Iterable[tuple[str, int | None, Document]]:
    if kind == "asset":
        found = {digest(document): document for document in documents if document["renditions"]}
        return [(name[:12], None, document) for name, document in sorted(found.items())]
    slots = {
        (slot["asset"], slot["version"])
        for document in documents
        for step in document.get("steps", ())
        for slot in step["slots"].values()
        if slot["asset"] and slot["version"]
    }
    versions = AssetVersion.objects.filter(
        subject__in=Asset.objects.visible_to(reader).order_by(),
        subject__key__in={asset for asset, _version in slots},
        number__in={version for _asset, version in slots},
    ).select_related("subject")
    shown = {(one.subject.key, one.number): one.get_document() for one in versions}
    return [
        (f"{asset}/v{number}", number, shown[asset, number])
        for asset, number in sorted(shown.keys() & slots)
    ]
