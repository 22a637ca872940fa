"""New content from what there is: adapted to another kind, a part of it, or several in one.

What comes out is a document that nobody has saved: its writer goes on from there. Files stay with
the asset they were uploaded to.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cjops.core.errors import Invalid
from cjops.core.schema.text import cut
from cjops.documents import Document
from content.definition import complete, said
from content.kinds import KINDS, Kind
from content.reading import links_of, words_of

MOST_ORIGINS, SHORT, LONG = 10, 200, 90_000
# Where each field looks for its words, first that says something: the same field, then its like.
CARRIED: dict[str, tuple[str, ...]] = {
    "subject": ("subject", "title"),
    "title": ("title", "subject"),
    "preheader": ("preheader",),
    "sender": ("sender",),
    "text": ("text", "body"),
    "body": ("body", "text"),
    "link": ("link",),
    "action": ("action",),
    "layout": ("layout",),
    "starts": ("starts",),
    "ends": ("ends",),
    "timezone": ("timezone",),
    "place": ("place",),
}


@dataclass(frozen=True, slots=True)
class Source:
    """A version that something is made from."""

    asset: str
    number: int
    document: Document


def made_from(sources: Sequence[Source], kind: str, keys: Sequence[str] = ()) -> Document:
    """A document of that kind with the words of the sources, in their order.

    `keys` are the renditions to take, all without any. Raises `Invalid` for no source, or too many.
    """
    if not sources or len(sources) > MOST_ORIGINS:
        raise Invalid(
            _("Choose one to %(most)s pieces to make something new from.") % {"most": MOST_ORIGINS}
        )
    target = KINDS[kind]
    wanted: dict[str, Document] = {}
    for source in sources:
        before = KINDS[source.document["kind"]]
        for rendition in source.document["renditions"]:
            key = rendition["key"]
            if keys and key not in keys:
                continue
            carried = _carried(rendition, before, target)
            known = wanted.get(key)
            wanted[key] = _joined(known, carried, target) if known else carried
    first = sources[0].document
    used = {said(one, "variant") for one in wanted.values()}
    variants: dict[str, Document] = {}
    for source in sources:
        for key, value in said(source.document, "variants").items():
            if key in used:
                variants.setdefault(key, value)
    origins = {source.asset: source.number for source in sources}
    tags = dict.fromkeys(tag for source in sources for tag in source.document["tags"])
    return complete(
        {
            "name": first["name"],
            "kind": kind,
            "purpose": first["purpose"],
            "tags": list(tags)[:100],
            "rights": said(first, "rights"),
            "variants": variants,
            "adapted_from": [{"asset": key, "version": one} for key, one in origins.items()],
            "renditions": [*wanted.values()] or [{"key": "en"}],
        }
    )


def _carried(rendition: Document, before: Kind, target: Kind) -> Document:
    """One rendition with its words where the other kind has them."""
    made: Document = {"key": rendition["key"], "language": rendition["language"]}
    if said(rendition, "variant"):
        made["variant"] = said(rendition, "variant")
    for one in target.written:
        for name in CARRIED.get(one.name, ()):
            value = str(said(rendition, name)) if before.has(name) else ""
            if value:
                made[one.name] = _as_input(value, before.field(name).input, one.input, one.rows)
                break
    if target.has("link") and not made.get("link") and before.key == "email":
        made["link"] = next((one for one in links_of(rendition["body"]) if len(one) < 2000), "")
    made["variables"] = said(rendition, "variables")
    made["claims"] = said(rendition, "claims")
    if target.key == "email":
        made["format"] = rendition["format"] if before.key == "email" else "html"
    return made


def _as_input(value: str, was: str, wanted: str, rows: int) -> str:
    """A text as the other field is written: markup, several lines, or one."""
    if was == "markup" and wanted != "markup":
        value = words_of(value)
    if wanted == "markup" and was != "markup":
        paragraphs = [one for one in value.split("\n") if one.strip()]
        return "\n".join(f"<p>{html.escape(one, quote=False)}</p>" for one in paragraphs)
    if wanted == "line" or rows == 1:
        return cut(" ".join(value.split()), SHORT)
    return value if wanted in ("markup", "prose") else cut(value, LONG)


def _joined(one: Document, other: Document, kind: Kind) -> Document:
    """Two renditions of a language as one: texts behind each other, single lines of the first."""
    made = {**other, **one}
    for field in kind.written:
        mine, theirs = one.get(field.name, ""), other.get(field.name, "")
        if field.rows > 1 and mine and theirs:
            made[field.name] = (
                _markup(mine, theirs) if field.input == "markup" else (f"{mine}\n\n{theirs}")
            )
        else:
            made[field.name] = mine or theirs
    made["variables"] = {**other["variables"], **one["variables"]}
    made["claims"] = {**other["claims"], **one["claims"]}
    return made


def _markup(mine: str, theirs: str) -> str:
    """Two e-mails in one: the body of the second before the end of the first."""
    inner, lower = theirs, theirs.lower()
    for tag in ("mj-body", "body"):
        start, end = lower.find(f"<{tag}"), lower.rfind(f"</{tag}>")
        if 0 <= start < end:
            inner = theirs[theirs.find(">", start) + 1 : end].strip()
            break
    for tag in ("</mj-body>", "</body>"):
        at = mine.lower().rfind(tag)
        if at >= 0:
            return f"{mine[:at]}{inner}\n{mine[at:]}"
    return f"{mine}\n{inner}"
