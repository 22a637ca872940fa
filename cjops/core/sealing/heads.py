"""Tree heads as text: what is signed of them, and how they are kept elsewhere."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from cjops.core.errors import Invalid
from cjops.core.models import TreeHead
from cjops.core.sealing.keys import Verifier
from cjops.core.sealing.sources import body_of


@dataclass(frozen=True, slots=True)
class Anchor:
    """A head as somebody kept it elsewhere."""

    size: int
    root: str
    at: datetime
    key: str
    signature: str


def signed_text(size: int, root: str, at: datetime) -> bytes:
    """What the signature of a head is over: canonical JSON of its size, root and time."""
    members = {"at": at.isoformat(timespec="microseconds"), "root": root, "size": size}
    return body_of(members).encode()


def is_signed(key: Verifier, head: Anchor | TreeHead) -> bool:
    """Whether the key signed the head."""
    try:
        signature = b64decode(head.signature, validate=True)
    except NotBase64:
        return False
    return key.holds(signature, signed_text(head.size, head.root, head.at))


def as_anchor(head: TreeHead) -> str:
    """A head as one line of JSON, to be kept elsewhere."""
    members = {
        "size": head.size,
        "root": head.root,
        "at": head.at.isoformat(timespec="microseconds"),
        "key": head.key,
        "signature": head.signature,
    }
    return json.dumps(members, sort_keys=True)


def anchor_of(line: str) -> Anchor | None:
    """The head of such a line; None where it is none."""
    try:
        raw = json.loads(line)
        at = datetime.fromisoformat(raw["at"])
        size, root = int(raw["size"]), str(raw["root"])
        return Anchor(size, root, at, str(raw["key"]), str(raw["signature"]))
    except (ValueError, TypeError, KeyError):
        return None


def read_anchors(path: str | Path) -> list[Anchor]:
    """The heads of a file with one in each line. Raises `Invalid` that names the line."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise Invalid(_("%(path)s cannot be read.") % {"path": path}) from None
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        anchor = anchor_of(line)
        if anchor is None:
            words = {"path": path, "line": number}
            raise Invalid(_("Line %(line)d of %(path)s is no tree head.") % words)
        found.append(anchor)
    if not found:
        raise Invalid(_("%(path)s holds no tree head.") % {"path": path})
    return found
