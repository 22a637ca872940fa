"""The columns of an asset that lists are made of."""

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from cjops.core.errors import DocumentInvalid
from cjops.core.findings import Finding, pointer
from cjops.core.projection import Difference
from cjops.documents import Document
from content.definition import status_of
from content.facts import channel_key
from content.finding import indexing
from content.models import Asset

if TYPE_CHECKING:
    from people.models import User


@transaction.atomic(savepoint=False)
def project(*, asset: Asset, document: Document, actor: "User | None") -> None:
    """Make the asset's columns those of `document`.

    Raises `DocumentInvalid` where it is of another kind: steps are bound to it by channel.
    """
    refuse_other_kind(asset, document)
    indexing.index([(asset, document)])
    columns = {
        name: value
        for name, value in columns_of(document, asset.key).items()
        if getattr(asset, name) != value
    }
    if not columns:
        return
    for name, value in columns.items():
        setattr(asset, name, value)
    asset._history_user = actor  # type: ignore[attr-defined]
    asset.save(update_fields=[*columns, "updated_at"])


def columns_of(document: Document, key: str) -> dict[str, Any]:
    """The columns that say what the document says."""
    return {
        "name": document["name"] or key,
        "purpose": document["purpose"],
        "languages": list(dict.fromkeys(one["language"] for one in document["renditions"])),
        "status": status_of(document),
    }


def refuse_other_kind(asset: Asset, document: Document) -> None:
    """Raise `DocumentInvalid` where the document is not of the asset's kind and channel."""
    if document["kind"] != asset.kind:
        message = _("The kind of an asset never changes; make another asset instead.")
        finding = Finding("error", "kind-changed", pointer("kind"), message)
    elif channel_key(document) != asset.channel.key:
        message = _("The channel of an asset never changes; adapt it for the other channel.")
        finding = Finding("error", "channel-changed", pointer("channel"), message)
    else:
        return
    raise DocumentInvalid(message, findings=[finding])


def differences(asset: Asset) -> list[Difference]:
    """Where the columns are not those of the live version."""
    if asset.live_version is None:
        return []
    wanted = columns_of(asset.live_version.get_document(), asset.key)
    return [
        Difference("Asset", asset.key, f"{name} is {getattr(asset, name)!r}, not {value!r}")
        for name, value in wanted.items()
        if getattr(asset, name) != value
    ]
