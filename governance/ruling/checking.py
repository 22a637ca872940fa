"""Reading the members of a policy one by one, each refusal at its pointer."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cjops.core.schema.text import refused_character, tidy_line, tidy_text
from governance.ruling.problems import Problem, below, nearest, shown

LANGUAGES = ("en", "zh-hans", "zh-hant")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Keys of teams and roles are other people's: they may hold what theirs allow.
KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
EMAIL = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+")
MAX_NAMED = 50


class Checking:
    """Collects problems while it reads; what could not be read becomes a harmless stand-in."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, at: str, code: str, **params: Any) -> None:
        self.problems.append(Problem(at, code, params))

    def mapping(
        self, raw: object, at: str, known: Sequence[str], needed: Sequence[str] = ()
    ) -> Mapping[str, Any]:
        """The members of an object, those that it may have."""
        if not isinstance(raw, dict):
            self.refuse(at, "not_an_object")
            return {}
        for name in list(raw)[:MAX_NAMED]:
            if name not in known:
                text = shown(name)
                nearby = nearest(text, known)
                self.refuse(below(at, text), "unknown_member", member=text, nearest=nearby)
        for name in needed:
            if name not in raw:
                self.refuse(at, "missing_member", member=name)
        return {name: raw[name] for name in known if name in raw}

    def items(self, raw: object, at: str, low: int, high: int) -> list[Any]:
        """The items of a list."""
        if not isinstance(raw, list):
            self.refuse(at, "not_a_list")
            return []
        if not low <= len(raw) <= high:
            self.refuse(at, "how_many", low=low, high=high)
            return []
        return raw

    def text(self, raw: object, at: str, limit: int, *, lines: bool = False) -> str:
        """Text in one spelling."""
        if not isinstance(raw, str):
            self.refuse(at, "not_text")
            return ""
        if character := refused_character(raw) or ("U+0009" if "\t" in raw else ""):
            self.refuse(at, "bad_character", character=character)
            return ""
        text = tidy_text(raw) if lines else tidy_line(raw)
        if not 1 <= len(text) <= limit:
            self.refuse(at, "too_long" if text else "empty_text", limit=limit)
            return ""
        return text

    def names(self, raw: object, at: str, limit: int, *, lines: bool = False) -> dict[str, str]:
        """A text by language; a mere text is the English one."""
        if isinstance(raw, str):
            return {"en": self.text(raw, at, limit, lines=lines)}
        if not isinstance(raw, dict):
            self.refuse(at, "not_names")
            return {}
        said = self.mapping(raw, at, LANGUAGES, ("en",))
        return {
            language: self.text(text, below(at, language), limit, lines=lines)
            for language, text in said.items()
        }

    def slug(self, raw: object, at: str, limit: int) -> str:
        """A short name of small letters, digits and hyphens."""
        if not isinstance(raw, str) or len(raw) > limit or not SLUG.fullmatch(raw):
            self.refuse(at, "not_a_slug", limit=limit)
            return ""
        return raw

    def key(self, raw: object, at: str) -> str:
        """The key of a role, a team or a kind of team."""
        if not isinstance(raw, str) or len(raw) > 100 or not KEY.fullmatch(raw):
            self.refuse(at, "not_a_key")
            return ""
        return raw

    def email(self, raw: object, at: str) -> str:
        """An e-mail address, in small letters as people's are stored."""
        if (
            not isinstance(raw, str)
            or len(raw) > 254
            or refused_character(raw)
            or not EMAIL.fullmatch(raw)
        ):
            self.refuse(at, "not_an_email", value=shown(raw))
            return ""
        return raw.lower()

    def whole(self, raw: object, at: str, low: int, high: int) -> int:
        """A whole number; 3.0 is one."""
        if isinstance(raw, float) and raw.is_integer() and abs(raw) < 2**53:
            raw = int(raw)
        if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
            self.refuse(at, "not_a_whole_number", low=low, high=high)
            return low
        return raw

    def truth(self, raw: object, at: str) -> bool:
        """True or false."""
        if not isinstance(raw, bool):
            self.refuse(at, "not_true_or_false")
            return False
        return raw

    def one_of(self, raw: object, at: str, known: Sequence[str]) -> str:
        """One of a few words."""
        if not isinstance(raw, str) or raw not in known:
            text = shown(raw)
            nearby = nearest(text, known)
            self.refuse(at, "unknown_word", word=text, nearest=nearby, known=", ".join(known))
            return known[0]
        return raw

    def each(self, raw: object, at: str, high: int, read: Callable[[Any, str], Any]) -> list[Any]:
        """What `read` makes of the items of a list that holds at least one."""
        items = self.items(raw, at, 1, high)
        return [read(item, below(at, place)) for place, item in enumerate(items)]
