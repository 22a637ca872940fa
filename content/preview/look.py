"""How somebody looks at content: as which customer, on which screen, by day or in the dark."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from content.stylesheets import DESKTOP, Screen

Width = Literal["desktop", "mobile"]
Part = Literal["message", "text"]

PHONE = Screen(width=390, height=844, scale=3, is_touched=True)
# What the pictures of one page may have together, in bytes of their addresses.
MOST_EMBEDDED = 6 * 1024 * 1024

Values = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Look:
    """Everything that a preview depends on beside the document.

    `values` are those of a sample profile, by language and variable. `pictures` are addresses that
    a page may hold, by the SHA-256 of the stored file; of a PDF `pages` has one for each page.
    `waits` are files whose pictures are still being drawn.
    """

    values: Values = field(default_factory=dict)
    is_dark: bool = False
    width: Width = "desktop"
    part: Part = "message"
    pictures: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    waits: frozenset[str] = frozenset()

    @property
    def screen(self) -> Screen:
        """What media queries ask about."""
        at = PHONE if self.width == "mobile" else DESKTOP
        return Screen(at.width, at.height, self.is_dark, at.scale, at.is_touched)

    def values_in(self, language: str) -> Mapping[str, str]:
        """The customer's values in that language, or in the nearest there is."""
        wanted = language.lower()
        if wanted in self.values:
            return self.values[wanted]
        family = wanted.partition("-")[0]
        near = (values for key, values in self.values.items() if key.partition("-")[0] == family)
        return next(near, self.values.get("en", {}))
