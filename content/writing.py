"""A sheet that somebody writes on: the form, what is kept of it, and what the checks say of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _

import tags.queries
from cjops.core.errors import DomainError
from cjops.core.findings import Finding
from cjops.documents import Document
from content import drafts, queries
from content.kinds import KINDS, Kind
from content.likeness import Near, nearly_the_same
from content.media.services import upload_picture
from content.models import Asset, Draft, Picture
from content.rendition_form import RenditionsForm
from content.rulebook import rules_for
from content.rules import Rules
from content.validation import validate
from content.words import language_name
from people.models import User

# Beyond these a select is no help: the others are on the page of pictures.
MOST_PICTURES, MOST_TAGS = 200, 20
# What was pressed to have it saved; anything else only changes the form.
SAVES = frozenset({"save", "anyway", "submit", "create"})


@dataclass(frozen=True, slots=True)
class Jump:
    """A finding, and the field that it is about."""

    finding: Finding
    target: str

    @property
    def is_error(self) -> bool:
        """Whether it keeps the text from being sent."""
        return self.finding.severity == "error"


@dataclass(slots=True)
class Sheet:
    """What one person writes at one place. `draft` is what was kept of it, if anything."""

    person: User
    asset: Asset | None
    spot: str
    texts: RenditionsForm
    rules: Rules
    draft: Draft | None = None
    is_restored: bool = False
    jumps: list[Jump] = field(default_factory=list)
    # What it says, as far as that can be read.
    document: Document | None = None

    @property
    def errors(self) -> list[Jump]:
        """What keeps it from being sent."""
        return [one for one in self.jumps if one.is_error]

    @property
    def warnings(self) -> list[Jump]:
        """What those who decide are told."""
        return [one for one in self.jumps if not one.is_error]

    @property
    def variables(self) -> list[dict[str, str]]:
        """What the picker offers."""
        known = self.rules.variables or {}
        return [{"name": one.name, "label": one.label} for one in known.values()]

    @property
    def is_list_known(self) -> bool:
        """Whether an unknown variable can be told."""
        return self.rules.variables is not None


def sheet(
    *,
    person: User,
    asset: Asset | None,
    spot: str,
    document: Document,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
    seen: Sequence[str] = (),
) -> Sheet:
    """The sheet as it stands: with what was sent, else with what was kept, else as `document`."""
    rules = rules_for(document)
    draft = drafts.draft_of(person=person, asset=asset, spot=spot)
    refused: list[str] = []
    if data is not None and files and asset is not None:
        data, refused = uploaded(person, asset, data, files)
    if data is not None and data.get("fill"):
        data = filled(data, KINDS[document["kind"]])
    typed = data if data is not None else (drafts.typed_in(draft) if draft else None)
    is_saving = data is not None and data.get("do") in SAVES
    pictures = list(queries.pictures_of(asset)[:MOST_PICTURES]) if asset else []
    texts = RenditionsForm(
        data if is_saving else None,
        document=document,
        typed=typed,
        pictures=pictures,
        tags=labels_of(person, document["tags"]),
        known=rules.variables,
        seen=seen,
    )
    if is_saving:
        find_tags(person, texts)
        for sentence in texts.structure.refusals:
            texts.add_error(None, sentence)
    texts.notes += refused
    found = Sheet(person, asset, spot, texts, rules, draft, data is None and draft is not None)
    found.document, findings = read(texts, typed, rules)
    found.jumps = jumps_of(texts, found.document, findings)
    return found


def elsewhere(one: Sheet) -> list[Near]:
    """What the writer sees elsewhere that says nearly the same as the sheet does."""
    return nearly_the_same(one.person, one.texts.document(), but=one.asset, rules=one.rules)


def filled(data: Mapping[str, Any], kind: Kind) -> Mapping[str, Any]:
    """The form with the empty texts of one language taken from another."""
    changed: Any = data.copy()  # type: ignore[attr-defined]
    key = str(data.get("fill", ""))
    source = str(data.get(f"{key}.fill_from", ""))
    for one in kind.written:
        if not data.get(f"{key}.{one.name}"):
            changed[f"{key}.{one.name}"] = data.get(f"{source}.{one.name}", "")
    return changed  # type: ignore[no-any-return]


def read(
    texts: RenditionsForm, typed: Mapping[str, Any] | None, rules: Rules
) -> tuple[Document | None, list[Finding]]:
    """The document that the sheet says, as far as it can be read, and what is wrong with it."""
    document, refused = drafts.readable({**texts.document(), **head_of(typed)})
    if document is None:
        return None, refused
    shown = rules if rules.files is None else rules_for(document)
    return document, [*refused, *validate(document, shown)]


def head_of(typed: Mapping[str, Any] | None) -> dict[str, Any]:
    """What stands in the document beside the texts, as far as the form has it."""
    found = {}
    for name in ("name", "purpose", "status"):
        value = (typed or {}).get(name)
        if value is not None and (name != "status" or value in ("active", "retired")):
            found[name] = value
    return found


def keep(one: Sheet, data: Mapping[str, Any], *, is_forced: bool = False) -> Draft:
    """Keep what was sent; raises as `drafts.keep_draft` does."""
    document, found = read(one.texts, data, one.rules)
    one.document, one.jumps = document, jumps_of(one.texts, document, found)
    lists = getattr(data, "lists", None)
    pairs = [(name, value) for name, values in (lists() if lists else ()) for value in values]
    one.draft = drafts.keep_draft(
        person=one.person,
        asset=one.asset,
        spot=one.spot,
        kind=one.texts.kind.key,
        form=pairs,
        document=document,
        base=number_in(data.get("base")),
        digest=str(data.get("digest", ""))[:64],
        count=number_in(data.get("draft_count")),
        is_forced=is_forced,
    )
    return one.draft


def number_in(value: object) -> int:
    """A small number that a form sent; 0 for anything else."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def uploaded(
    person: User, asset: Asset, data: Mapping[str, Any], files: Mapping[str, Any]
) -> tuple[Mapping[str, Any], list[str]]:
    """The form with the files that came with it stored and chosen; and what was refused of them."""
    changed: Any = data.copy()  # type: ignore[attr-defined]
    refused = []
    for name, file in files.items():
        key, dot, place = str(name).partition(".upload.")
        if not dot:
            continue
        try:
            picture = stored(person, asset, file)
        except DomainError as error:
            # Too busy as well: what was typed must not be lost with a file.
            if error.status in (403, 404):
                raise
            words = _("“%(name)s” was not uploaded: %(reason)s")
            refused.append(words % {"name": file.name, "reason": error.reason})
        else:
            changed[f"{key}.file.{place}"] = picture.file.sha256
    return changed, refused


def stored(person: User, asset: Asset, file: Any) -> Picture:
    """An uploaded file as a picture of the asset; raises as `upload_picture` does."""
    return upload_picture(
        asset=asset,
        file=file.file,
        name=file.name,
        declared=file.content_type or "",
        actor=person,
    )[0]


# --- tags -------------------------------------------------------------------------------------


def labels_of(person: User, references: Sequence[str]) -> list[tuple[str, str]]:
    """The concepts the person sees among those, with what they are called."""
    if not references:
        return []
    rows = tags.queries.concepts(person).filter(
        taxonomy__key__in={one.partition(":")[0] for one in references},
        key__in={one.partition(":")[2] for one in references},
    )
    return [(f"{one.taxonomy.key}:{one.key}", one.label) for one in rows]


def find_tags(person: User, texts: RenditionsForm) -> None:
    """Look up the concepts that were typed; what is not found, or several, is told at the field."""
    if not texts.is_valid():
        return
    asked = [one.strip() for one in texts.cleaned_data["add_tags"].split(",") if one.strip()]
    if len(asked) > MOST_TAGS:
        texts.add_error("add_tags", _("Add at most %(count)s at a time.") % {"count": MOST_TAGS})
        return
    named = Q(pk__in=[])
    for text in asked:
        taxonomy, _colon, key = text.partition(":")
        named |= Q(label__iexact=text) | Q(taxonomy__key=taxonomy, key=key)
    rows = list(tags.queries.concepts(person).filter(named, status="active")) if asked else []
    for text in asked:
        meant = [
            f"{one.taxonomy.key}:{one.key}"
            for one in rows
            if text == f"{one.taxonomy.key}:{one.key}" or text.casefold() == one.label.casefold()
        ]
        if len(meant) == 1:
            texts.found_tags.append(meant[0])
        elif meant:
            words = _("Several tags are called “%(text)s”. Choose one: %(keys)s")
            texts.add_error("add_tags", words % {"text": text, "keys": ", ".join(meant)})
        else:
            texts.add_error("add_tags", _("There is no tag “%(text)s”.") % {"text": text})


# --- from a finding to its field -----------------------------------------------------------------


def jumps_of(
    texts: RenditionsForm, document: Document | None, found: Iterable[Finding]
) -> list[Jump]:
    """Each finding with the place to go to."""
    keys = [one["key"] for one in document["renditions"]] if document else []
    made = []
    for one in found:
        name = field_name(one, keys)
        if name in texts.fields:
            target = texts[name].id_for_label
        elif name in ("name", "purpose", "status"):
            target = f"id_{name}"
        else:
            key = rendition_of(one, keys)
            target = f"language-{key}" if key in texts.names_used else "add-language"
        made.append(Jump(one, target))
    return sorted(made, key=lambda jump: not jump.is_error)


def rendition_of(finding: Finding, keys: Sequence[str]) -> str:
    """The key of the rendition that a finding is about; "" for the asset as a whole."""
    if finding.key:
        return finding.key
    parts = finding.pointer.split("/")
    is_number = len(parts) > 2 and parts[1] == "renditions" and parts[2].isdigit()
    if is_number and int(parts[2]) < len(keys):
        return keys[int(parts[2])]
    return ""


def field_name(finding: Finding, keys: Sequence[str] = ()) -> str:
    """What the form calls the field that a finding is about; "" for none."""
    path = [one.replace("~1", "/").replace("~0", "~") for one in finding.pointer.split("/")[1:]]
    if path[:1] == ["renditions"]:
        return _text_name(rendition_of(finding, keys), path[2:])
    heads = {"rights": "rights", "variants": "variant"}
    if path and path[0] in heads:
        return ".".join([heads[path[0]], *path[1:3]])
    return "add_tags" if path[:1] == ["tags"] else "".join(path[:1])


def _text_name(key: str, rest: Sequence[str]) -> str:
    """The same within a rendition."""
    what = rest[0] if rest else ""
    if what == "files" and len(rest) > 1:
        return f"{key}.{'alt' if rest[-1] == 'alt' else 'file'}.{rest[1]}"
    named = {"variables": ("var", "fallback"), "claims": ("claim", "text")}
    if what in named and len(rest) > 1:
        group, usual = named[what]
        return f"{key}.{group}.{rest[1]}.{rest[2] if len(rest) > 2 else usual}"
    return f"{key}.{'body' if what == 'format' else what}"


def place_findings(error: DomainError, texts: RenditionsForm, head: forms.Form | None) -> None:
    """Put what the schema refused at the fields it is about."""
    for finding in error.extra.get("findings", ()):
        name = field_name(finding)
        if name in texts.fields:
            texts.add_error(name, finding.message)
        elif head is not None and name in head.fields:
            head.add_error(name, finding.message)
        else:
            texts.add_error(None, _whole(finding))


def _whole(finding: Finding) -> str:
    return f"{language_name(finding.key)}: {finding.message}" if finding.key else finding.message
