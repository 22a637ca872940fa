"""Which fields a writing form has: read from a document, or from what was sent.

Names of fields: `en.subject`, `en.var.first_name.sample`, `en.claim.claim-1.text`,
`en.file.picture`, `variant.vip.name`. A rendition is named `zh-hans`, or `zh-hans/vip` in a
variant.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cjops.core.forms import made_key
from cjops.core.schema.fields import KEY_LENGTH, KEY_PATTERN, VARIABLE_PATTERN
from cjops.documents import Document
from content import liquid
from content.definition import (
    MAX_FILES,
    MAX_NAMED,
    MAX_RENDITIONS,
    MAX_VARIANTS,
    rendition_key,
    said,
    spelled,
)
from content.kinds import Kind

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}")
SIZE = re.compile(r"[1-9][0-9]{1,4}x[1-9][0-9]{1,4}")
# What is asked for most; any other size can be typed.
SIZES = ("300x250", "728x90", "320x50", "320x100", "160x600", "300x600", "970x250", "336x280")
_KEY = re.compile(KEY_PATTERN[1:-1])
_VARIABLE = re.compile(VARIABLE_PATTERN[1:-1])
_NAMED = re.compile(r"\{[{%][^{}]*?([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*)")
One = TypeVar("One")
TOO_MANY_VARIANTS = gettext_lazy(
    "An asset has at most %(most)s variants. Leave some out, or make another asset."
)
TOO_MANY_LANGUAGES = gettext_lazy(
    "An asset has at most %(most)s languages and variants. Leave some out, or make another asset."
)
_LIQUID_WORDS = {"if", "unless", "case", "for", "assign", "capture", "comment", "raw", "echo"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language, in a variant; "" is the main one."""

    language: str
    variant: str = ""

    @property
    def key(self) -> str:
        """The key of the rendition."""
        return rendition_key(self.language, self.variant)

    @property
    def value(self) -> str:
        """How forms name it."""
        return f"{self.language.lower()}/{self.variant}" if self.variant else self.language.lower()


@dataclass(slots=True)
class Structure:
    """The renditions, and of each the files, variables and claims that have fields."""

    spoken: list[Spoken]
    variants: list[str]
    sizes: dict[str, list[str]] = field(default_factory=dict)
    variables: dict[str, list[str]] = field(default_factory=dict)
    claims: dict[str, list[str]] = field(default_factory=dict)
    refusals: list[str] = field(default_factory=list)
    # The key of the rendition that was just added, where the reader goes on.
    fresh: str = ""
    # The key and the name of a variant that was just made.
    named: tuple[str, str] = ("", "")


def is_key(value: str) -> bool:
    """Whether it can name a variant or a claim."""
    return len(value) <= KEY_LENGTH and bool(_KEY.fullmatch(value))


def listed(data: Mapping[str, Any], name: str) -> list[str]:
    """All values of that name, as texts."""
    getlist = getattr(data, "getlist", None)
    return [str(one) for one in (getlist(name) if getlist else ())]


def of_document(document: Document) -> Structure:
    """What a document needs."""
    made = Structure(
        spoken=[
            Spoken(one["language"], said(one, "variant") or "") for one in document["renditions"]
        ],
        variants=list(said(document, "variants")),
    )
    for one in document["renditions"]:
        key = one["key"]
        made.sizes[key] = [name for name in said(one, "files") if SIZE.fullmatch(name)]
        made.variables[key] = list(said(one, "variables"))
        made.claims[key] = list(said(one, "claims"))
    return made


def of_data(data: Mapping[str, Any], document: Document, kind: Kind) -> Structure:
    """What a form that was sent has, and after what was pressed; `document` is what it began as."""
    made = of_document(document)
    variants = listed(data, "variant")
    if variants or "variants_shown" in data:
        kept = [one for one in dict.fromkeys(variants) if is_key(one)]
        made.variants = _at_most(kept, MAX_VARIANTS, TOO_MANY_VARIANTS, made)
    if asked := _spoken(listed(data, "language")):
        made.spoken = _at_most(asked, MAX_RENDITIONS, TOO_MANY_LANGUAGES, made)
    _press(data, made)
    by_key = _grouped(data)
    for one in made.spoken:
        key = one.key
        typed = by_key.get(key, {})
        made.claims[key] = _merged(made.claims.get(key), typed.get("claim"), MAX_NAMED)
        made.variables[key] = _merged(made.variables.get(key), typed.get("var"), MAX_NAMED)
        sizes = [one for one in listed(data, f"{key}.sizes") if SIZE.fullmatch(one)]
        had = () if f"{key}.sizes_shown" in data else made.sizes.get(key)
        made.sizes[key] = _merged(had, sizes, MAX_FILES)
        _press_size(data, key, made)
    return made


def _spoken(values: Iterable[str]) -> list[Spoken]:
    """The renditions those values name, once each and in their order."""
    found: dict[str, Spoken] = {}
    for value in values:
        language, _slash, variant = value[: 2 * KEY_LENGTH].lower().partition("/")
        is_right = LANGUAGE.fullmatch(language) and (not variant or is_key(variant))
        if is_right and len(language) < KEY_LENGTH:
            one = Spoken(spelled(language), variant)
            found.setdefault(one.key, one)
    return list(found.values())


def _at_most(found: list[One], most: int, words: Promise, made: Structure) -> list[One]:
    """The first of them; that some are left out is told."""
    if len(found) > most:
        made.refusals.append(str(words) % {"most": most})
    return found[:most]


def _merged(had: Iterable[str] | None, typed: Iterable[str] | None, most: int) -> list[str]:
    return list(dict.fromkeys([*(had or ()), *(typed or ())]))[:most]


def _grouped(data: Mapping[str, Any]) -> dict[str, dict[str, dict[str, None]]]:
    """By rendition, the names of its claims and variables for which something was sent."""
    found: dict[str, dict[str, dict[str, None]]] = {}
    for name in data:
        key, _dot, rest = str(name).partition(".")
        what, _dot, rest = rest.partition(".")
        inner, _dot, _field = rest.rpartition(".")
        if what == "claim" and is_key(inner) and str(data.get(name, "")).strip():
            found.setdefault(key, {}).setdefault("claim", {})[inner] = None
        elif what == "var" and len(inner) <= KEY_LENGTH and _VARIABLE.fullmatch(inner):
            found.setdefault(key, {}).setdefault("var", {})[inner] = None
    return found


def _press(data: Mapping[str, Any], made: Structure) -> None:
    """One rendition more, or one fewer."""
    if data.get("do") == "add":
        _add(data, made)
    removed = str(data.get("remove", ""))
    if removed and len(made.spoken) > 1:
        made.spoken = [one for one in made.spoken if removed not in (one.key, one.value)]
    dropped = str(data.get("remove_variant", ""))
    if dropped in made.variants:
        made.variants.remove(dropped)
        made.spoken = [one for one in made.spoken if one.variant != dropped] or [
            Spoken(made.spoken[0].language)
        ]
    # A rendition whose variant nobody described gets one without words.
    for one in made.spoken:
        if one.variant and one.variant not in made.variants and len(made.variants) < MAX_VARIANTS:
            made.variants.append(one.variant)


def _add(data: Mapping[str, Any], made: Structure) -> None:
    name = str(data.get("add_variant_name", ""))[:200].strip()
    variant = str(data.get("add_variant", ""))
    if name:
        variant = new_key(made_key(name)[:40].strip("-") or "variant", made.variants)
        made.named = (variant, name)
    if variant and not is_key(variant):
        return
    asked = _spoken([f"{data.get('add_language', '')}/{variant}".rstrip("/")])
    if not asked:
        return
    one = asked[0]
    if any(other.key == one.key for other in made.spoken):
        made.refusals.append(_("This language and variant is there already."))
    elif len(made.spoken) >= MAX_RENDITIONS or (name and len(made.variants) >= MAX_VARIANTS):
        made.refusals.append(_("There is no room for more languages or variants in this asset."))
    else:
        made.spoken.append(one)
        made.fresh = one.key


def new_key(wanted: str, taken: Iterable[str]) -> str:
    """That key, with a number where it is taken."""
    present = set(taken)
    if wanted not in present:
        return wanted
    return next(
        f"{wanted}-{number}"
        for number in range(2, len(present) + 3)
        if f"{wanted}-{number}" not in present
    )


def _press_size(data: Mapping[str, Any], key: str, made: Structure) -> None:
    removed = str(data.get("remove_size", ""))
    if removed.startswith(f"{key}/"):
        size = removed.removeprefix(f"{key}/")
        made.sizes[key] = [one for one in made.sizes[key] if one != size]
    if data.get("add_size") != key:
        return
    size = (str(data.get(f"{key}.own_size", "")) or str(data.get(f"{key}.size", ""))).strip()
    size = size.lower().replace("×", "x").replace(" ", "")
    if not SIZE.fullmatch(size):
        made.refusals.append(_("Write a size as width x height in pixels, such as 300x250."))
    elif size not in made.sizes[key] and len(made.sizes[key]) < MAX_FILES:
        made.sizes[key].append(size)


def names_in(texts: Iterable[str]) -> list[str]:
    """The variables in those texts, once each; where one cannot be read, those that it shows."""
    found: dict[str, None] = {}
    for text in texts:
        if not liquid.holds_liquid(text):
            continue
        try:
            names = liquid.parse(text).names
        except liquid.LiquidFault:
            names = tuple(name for name in _NAMED.findall(text) if name not in _LIQUID_WORDS)
        found |= dict.fromkeys(
            name for name in names if len(name) <= KEY_LENGTH and _VARIABLE.fullmatch(name)
        )
    return list(found)[:MAX_NAMED]
