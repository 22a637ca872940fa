"""What a piece of content says to one customer: in a language, in the variant made for them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeData, mark_safe

from cjops.documents import Document
from content.definition import language_of, said
from content.kinds import KINDS
from content.reading import words_of


@dataclass(frozen=True, slots=True)
class Line:
    """A field and what it says. `name` is the field's; of a button or a link it is short."""

    name: str
    label: str
    text: str

    @property
    def parts(self) -> list[str]:
        """The text line by line; markup stays markup, of which nothing goes over a line's end."""
        found = self.text.splitlines()
        return [mark_safe(one) for one in found] if isinstance(self.text, SafeData) else found  # noqa: S308


@dataclass(frozen=True, slots=True)
class Told:
    """The rendition a customer gets. `is_wanted`: it is in the language that was asked for."""

    rendition: str
    language: str
    variant: str
    is_wanted: bool
    lines: tuple[Line, ...]
    claims: tuple[Document, ...]


def tell(
    document: Document,
    *,
    language: str,
    persona: str = "",
    segment: str = "",
    arm: str = "",
    fill: Callable[[Document, str], str] | None = None,
) -> Told | None:
    """What the asset says to a customer of that persona, segment and arm of a test; None where it
    says nothing.

    `fill` puts personal values into a text of a rendition.
    """
    rendition = rendition_for(document, language, persona, segment, arm)
    if rendition is None:
        return None
    lines = []
    for one in KINDS[document["kind"]].written:
        text = str(said(rendition, one.name))
        if one.input == "markup":
            text = words_of(text)
        if not text or one.input in ("choice", "zone") or _is_repeated(document, one.name):
            continue
        lines.append(Line(one.name, str(one.label), fill(rendition, text) if fill else text))
    return Told(
        rendition=rendition["key"],
        language=rendition["language"],
        variant=said(rendition, "variant") or "",
        is_wanted=language_of(rendition) == language.lower(),
        lines=tuple(lines),
        claims=tuple(said(rendition, "claims").values()),
    )


def _is_repeated(document: Document, name: str) -> bool:
    """The text part of an e-mail says what its body says."""
    return document["kind"] == "email" and name == "text"


def rendition_for(
    document: Document, language: str, persona: str = "", segment: str = "", arm: str = ""
) -> Document | None:
    """The rendition that the customer gets: their variant's, in their language or the nearest."""
    variants = said(document, "variants")
    customer = {"persona": persona, "segment": segment, "arm": arm}
    theirs = {
        key
        for key, one in variants.items()
        if any(value and one[name] == value for name, value in customer.items())
    }
    own = [one for one in document["renditions"] if said(one, "variant") in theirs]
    main = [one for one in document["renditions"] if not said(one, "variant")]
    return _nearest(own, language, is_strict=True) or _nearest(main or own, language)


def languages_of(documents: Iterable[Document]) -> set[str]:
    """In which languages they say anything, in lower case."""
    return {language_of(one) for document in documents for one in document["renditions"]}


def named_in(documents: Iterable[Document], name: str) -> list[str]:
    """The personas, segments or arms that they have variants for, each once."""
    found = (
        variant[name] for document in documents for variant in said(document, "variants").values()
    )
    return sorted({one for one in found if one})


def _nearest(
    renditions: Sequence[Document], language: str, *, is_strict: bool = False
) -> Document | None:
    """The one in that language, else of the same family, else the first there is."""
    wanted = language.lower()
    family = wanted.partition("-")[0]
    for one in renditions:
        if language_of(one) == wanted:
            return one
    for one in renditions:
        if language_of(one).partition("-")[0] == family:
            return one
    return None if is_strict or not renditions else renditions[0]
