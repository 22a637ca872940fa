"""The form for everything an asset says: its languages and variants, its rights, its tags.

The one form for a new asset, a next version, a change of an asset and content for a step. Which
fields it has, `editor.structure` says; how a page groups them, `editor.groups`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from cjops.documents import Document
from content.definition import MAX_NAMED, said
from content.editor import aside, groups
from content.editor.inputs import choice_of_channel, file_choices, line_field, written_field
from content.editor.structure import (
    SIZE,
    Spoken,
    Structure,
    listed,
    names_in,
    new_key,
    of_data,
    of_document,
)
from content.kinds import KINDS, Place
from content.models import Picture
from content.rules import Known
from content.words import language_name

LANGUAGES = {"en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文"}
VARIANT_FIELDS = ("name", "persona", "segment", "arm")
CLAIM_FIELDS = ("text", "reference", "valid_until")


class RenditionsForm(forms.Form):
    """Every part of an asset document; `document()` is the asset as the form says it.

    `typed` is what somebody wrote and did not send to be saved: the form shows it without a word
    about what is missing. Raises nothing itself: lengths and emptiness are for the schema and the
    checks to say. What was not on the page stays as the document has it.
    """

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        document: Document,
        typed: Mapping[str, Any] | None = None,
        pictures: Sequence[Picture] = (),
        tags: Sequence[tuple[str, str]] = (),
        known: Mapping[str, Known] | None = None,
        seen: Sequence[str] = (),
    ) -> None:
        super().__init__(data)
        self.before = document
        self.kind = KINDS[document["kind"]]
        self.pictures = list(pictures)
        # Sentences about what was pressed, and the concepts that were found by their names.
        self.notes: list[str] = []
        self.found_tags: list[str] = []
        self.known = known
        self.typed = data if data is not None else typed
        self.structure: Structure = (
            of_document(document)
            if self.typed is None
            else of_data(self.typed, document, self.kind)
        )
        # By rendition, the variables in its text.
        self.names_used: dict[str, list[str]] = {}
        # Origins that were looked at again: "key:version".
        self.seen = [*seen, *listed(self.typed or {}, "seen")]
        self._renditions = {one["key"]: one for one in document["renditions"]}
        for spoken in self.structure.spoken:
            self._add_rendition(spoken)
        for key in self.structure.variants:
            described = said(document, "variants").get(key, {})
            for name in VARIANT_FIELDS:
                value = described.get(name) or ""
                if name == "name" and not value and key == self.structure.named[0]:
                    value = self.structure.named[1]
                self._put(f"variant.{key}.{name}", value, line_field(name))
        self._add_whole(tags)
        self.notes += self.structure.refusals

    # --- which fields there are -----------------------------------------------------------------

    def _put(self, name: str, initial: Any, field: forms.Field) -> None:
        """A field with what was typed, else with what the document says."""
        typed = None if self.typed is None else self.typed.get(name)
        field.initial = initial if typed is None else typed
        self.fields[name] = field

    def _add_rendition(self, spoken: Spoken) -> None:
        key = spoken.key
        before = self._renditions.get(key) or self._copied(spoken)
        for one in self.kind.written:
            is_first = key == self.structure.fresh and one is self.kind.written[0]
            self._put(f"{key}.{one.name}", said(before, one.name) if before else "",
                      written_field(one, spoken.language, is_first=is_first))  # fmt: skip
        had = said(before, "files") if before else {}
        for place, _what in self._places(key):
            file = had.get(place, {})
            choices = file_choices(self.pictures, self._type_of(place), file.get("file"))
            self._put(f"{key}.file.{place}", file.get("file") or "", choices)
            self._put(f"{key}.alt.{place}", file.get("alt", ""), line_field("alt", spoken.language))
        variables = said(before, "variables") if before else {}
        for name in self._variables(spoken):
            for part in ("sample", "fallback"):
                value = variables.get(name, {}).get(part, "")
                self._put(f"{key}.var.{name}.{part}", value, line_field(part, spoken.language))
        claims = said(before, "claims") if before else {}
        # One more, so that somebody without script has where to write it.
        self.structure.claims[key].append(new_key("claim-1", self.structure.claims[key]))
        for name in self.structure.claims[key]:
            for part in CLAIM_FIELDS:
                value = claims.get(name, {}).get(part) or ""
                self._put(f"{key}.claim.{name}.{part}", value, line_field(part, spoken.language))

    def _copied(self, spoken: Spoken) -> Document | None:
        """What a new rendition starts from, where another was chosen to be copied."""
        wanted = str((self.typed or {}).get("copy_from", ""))
        if spoken.key != self.structure.fresh or not wanted:
            return None
        source = next((one for one in self.structure.spoken if one.value == wanted), None)
        if source is None or self.typed is None:
            return None
        before = self._renditions.get(source.key, {})
        copied = {**before}
        for one in self.kind.written:
            typed = self.typed.get(f"{source.key}.{one.name}")
            copied[one.name] = (
                typed if typed is not None else (said(before, one.name) if before else "")
            )
        return copied

    def _places(self, key: str) -> list[tuple[str, Place]]:
        """The places for files of a rendition, a size each where a kind has sizes."""
        found: list[tuple[str, Place]] = []
        for place in self.kind.files:
            if place.name == "sizes":
                found += [(size, place) for size in self.structure.sizes.get(key, ())]
            else:
                found.append((place.name, place))
        return found

    def _type_of(self, name: str) -> str:
        return next((one.type for one in self.kind.files if one.name == name), "picture")

    def _variables(self, spoken: Spoken) -> list[str]:
        """Those in the text first, then those of which something is said."""
        key = spoken.key
        names = [f"{key}.{one.name}" for one in self.kind.written if one.is_personal]
        used = names_in(str(self.fields[name].initial or "") for name in names)
        self.names_used[key] = used
        found = list(dict.fromkeys([*used, *self.structure.variables.get(key, ())]))[:MAX_NAMED]
        self.structure.variables[key] = found
        return found

    def _add_whole(self, tags: Sequence[tuple[str, str]]) -> None:
        if len(self.kind.channels) > 1:
            channel = said(self.before, "channel") or self.kind.channels[0]
            self._put("channel", channel, choice_of_channel(self.kind))
        rights = said(self.before, "rights")
        for name in aside.RIGHTS:
            value = rights[name]
            shown = "\n".join(value) if isinstance(value, list | tuple) else value or ""
            self._put(f"rights.{name}", shown, aside.field_of(name))
        self._put(aside.ADD_TERRITORY, "", aside.territory_field())
        present = self.before["tags"]
        labels = dict(tags)
        self.fields["tags"] = forms.MultipleChoiceField(
            label=_("Tags"),
            required=False,
            choices=[(one, labels.get(one, one)) for one in present],
            widget=forms.CheckboxSelectMultiple,
            initial=present,
        )
        self._put("add_tags", "", aside.tags_field())

    # --- what the page shows --------------------------------------------------------------------

    def languages(self) -> list[groups.RenditionGroup]:
        """The fields by language and variant, for the page."""
        return self._groups

    @cached_property
    def _groups(self) -> list[groups.RenditionGroup]:
        return [self._group(spoken) for spoken in self.structure.spoken]

    def _group(self, spoken: Spoken) -> groups.RenditionGroup:
        key = spoken.key
        name = LANGUAGES.get(key) or language_name(key)
        if spoken.variant:
            main = LANGUAGES.get(spoken.language.lower()) or language_name(spoken.language.lower())
            name = f"{main} · {self.variant_name(spoken.variant)}"
        used = self.names_used[key]
        return groups.RenditionGroup(
            key=key,
            value=spoken.value,
            tag=spoken.language,
            name=name,
            variant=spoken.variant,
            lines=[groups.Line(self[f"{key}.{one.name}"], one) for one in self.kind.written],
            files=[self._file(key, place, what) for place, what in self._places(key)],
            has_sizes=any(place.name == "sizes" for place in self.kind.files),
            variables=[
                groups.VariableGroup(
                    name=one,
                    label=self.known[one].label if self.known and one in self.known else "",
                    sample=self[f"{key}.var.{one}.sample"],
                    fallback=self[f"{key}.var.{one}.fallback"],
                    is_used=one in used,
                    is_known=not self.known or one in self.known,
                )
                for one in self.structure.variables[key]
            ],
            claims=[
                groups.ClaimGroup(
                    one, *(self[f"{key}.claim.{one}.{part}"] for part in CLAIM_FIELDS)
                )
                for one in self.structure.claims[key]
            ],
        )

    def _file(self, key: str, place: str, what: Place) -> groups.FileGroup:
        chosen = self[f"{key}.file.{place}"]
        is_size = what.name == "sizes"
        picture = next((one for one in self.pictures if one.file.sha256 == chosen.value()), None)
        return groups.FileGroup(
            place=place,
            name=groups.place_name(what, place if is_size else ""),
            type=what.type,
            chosen=chosen,
            alt=self[f"{key}.alt.{place}"],
            upload=f"{key}.upload.{place}",
            picture=picture,
            is_size=is_size,
        )

    def variant_name(self, key: str) -> str:
        """What a variant is called."""
        return str(self[f"variant.{key}.name"].value() or key)

    def variants(self) -> list[groups.VariantGroup]:
        """Who gets which variant."""
        return [
            groups.VariantGroup(
                key,
                [self[f"variant.{key}.{name}"] for name in VARIANT_FIELDS],
                self.variant_name(key),
            )
            for key in self.structure.variants
        ]

    def whole(self) -> aside.Whole:
        """What is said of the asset as a whole, beside its texts."""
        return aside.Whole.of(self)

    # --- what it says ---------------------------------------------------------------------------

    def value(self, name: str) -> str:
        """What was sent for a field; what the document says where the page did not have it."""
        if self.is_bound and name in self.data and name in self.cleaned_data:
            found = self.cleaned_data[name]
        else:
            found = self.fields[name].initial
        return str(found or "").replace("\r\n", "\n")

    def document(self) -> Document:
        """The document with what was written put in."""
        renditions = [self._rendition(spoken) for spoken in self.structure.spoken]
        if any("rank" not in one for one in renditions):
            # Ranks are made anew by the order of the list, where it has new members.
            renditions = [{k: v for k, v in one.items() if k != "rank"} for one in renditions]
        document = {**self.before, "renditions": renditions}
        document["variants"] = {
            key: {name: self.value(f"variant.{key}.{name}") for name in VARIANT_FIELDS}
            for key in self.structure.variants
        }
        document["rights"] = aside.rights_of(self)
        document["tags"] = aside.tags_of(self)
        if origins := said(self.before, "adapted_from"):
            document["adapted_from"] = [self._origin(one) for one in origins]
        if "channel" in self.fields:
            channel = self.value("channel")
            document["channel"] = None if channel == self.kind.channels[0] else channel
        return document

    def _origin(self, origin: Document) -> Document:
        """What it was made from, at the version that was looked at last."""
        numbers = [one.rpartition(":") for one in self.seen[:20]]
        for key, _colon, number in numbers:
            is_number = number.isascii() and number.isdigit() and len(number) < 7
            if key == origin["asset"] and is_number and int(number) > origin["version"]:
                return {**origin, "version": int(number)}
        return origin

    def _rendition(self, spoken: Spoken) -> Document:
        key = spoken.key
        before = self._renditions.get(key, {"key": key, "language": spoken.language})
        written = {one.name: self.value(f"{key}.{one.name}") for one in self.kind.written}
        if self.kind.key == "email":
            is_mjml = written["body"].lstrip()[:6].lower().startswith("<mjml")
            written["format"] = "mjml" if is_mjml else "html"
        found = {**before, **written}
        if spoken.variant:
            found["variant"] = spoken.variant
        has_sizes = any(place.name == "sizes" for place in self.kind.files)
        files = {
            # Sizes are what the form has; a place that the kind does not know stays to be seen.
            name: file
            for name, file in said(before, "files").items()
            if not (has_sizes and SIZE.fullmatch(name))
        }
        for place, _what in self._places(key):
            file, alt = self.value(f"{key}.file.{place}"), self.value(f"{key}.alt.{place}")
            files[place] = {"file": file or None, "alt": alt}
        kept = _what_says(files, "file", "alt")
        # A size without a picture yet is a size that is wanted.
        sizes = self.structure.sizes.get(key, ())
        found["files"] = {name: one for name, one in files.items() if name in kept or name in sizes}
        found["variables"] = _what_says(self._named(key, "var", ("sample", "fallback")),
                                        "sample", "fallback")  # fmt: skip
        found["claims"] = {
            name: {**one, "valid_until": one["valid_until"] or None}
            for name, one in _what_says(
                self._named(key, "claim", CLAIM_FIELDS), *CLAIM_FIELDS
            ).items()
        }
        return found

    def _named(self, key: str, what: str, parts: Iterable[str]) -> dict[str, dict[str, str]]:
        names = self.structure.variables if what == "var" else self.structure.claims
        return {
            name: {part: self.value(f"{key}.{what}.{name}.{part}") for part in parts}
            for name in names[key]
        }


def _what_says(found: Mapping[str, Mapping[str, Any]], *parts: str) -> dict[str, Any]:
    """Those of which any part says something."""
    return {name: dict(one) for name, one in found.items() if any(one[part] for part in parts)}
