"""What is said: words that are forbidden or required, what cannot be seen, claims."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import gettext as _

from content.definition import said
from content.markets import all_folded, folded
from content.rules import Phrase
from content.validation.checked import Checked, Text
from content.validation.spoken import Spoken

ZERO_WIDTH = "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
# What turns the order of what follows around; documents refuse it, character references do not.
DIRECTING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_ODD = re.compile(f"[{ZERO_WIDTH}{DIRECTING}\uff01-\uff5e\u3000\u00a0\ufb00-\ufb06]")
_DIRECTING = re.compile(f"[{DIRECTING}]")
# Between letters it splits a word for programs and for nobody else. Joiners belong into the
# scripts of India, Persia and Arabia, and between the parts of an emoji.
_WITHIN = re.compile(
    "[A-Za-z0-9\u4e00-\u9fff][\u00ad\u200b\u200c\u200d\u2060\ufeff]+[A-Za-z0-9\u4e00-\u9fff]"
)
_TAGGED = re.compile("[\U000e0000-\U000e007f]")


class Plain:
    """A text as words are looked for in it: nothing invisible, no wide letters, one blank."""

    def __init__(self, spoken: Spoken) -> None:
        self.spoken = spoken
        self.places: list[int] | None = None
        self.text = spoken.text
        if _ODD.search(self.text):
            self._simplify(self.text)
        self.folded = self.text.casefold()

    def _simplify(self, text: str) -> None:
        parts: list[str] = []
        places: list[int] = []
        hidden = ZERO_WIDTH + DIRECTING
        for position, character in enumerate(text):
            if character in hidden:
                continue
            simple = unicodedata.normalize("NFKC", character) if character > "\x7f" else character
            parts.append(simple)
            places += [position] * len(simple)
        self.text, self.places = "".join(parts), places

    def line_of(self, position: int) -> int:
        """The line in the source."""
        if self.places is not None:
            position = self.places[min(position, len(self.places) - 1)] if self.places else 0
        return self.spoken.line_of(position)


class Sought:
    """Words that are looked for: Latin ones only whole, Chinese ones anywhere, in any case."""

    def __init__(self, words: re.Pattern[str], part: str) -> None:
        self.words = words
        # Where this does not stand, the words do not: told in a fraction of the time.
        self.part = part

    def search(self, text: str) -> re.Match[str] | None:
        """Where they first stand in `text`."""
        return self.words.search(text)

    def in_plain(self, plain: Plain) -> re.Match[str] | None:
        """The same of a text that is looked through for many words."""
        return self.words.search(plain.text) if self.part in plain.folded else None


@lru_cache(maxsize=4096)
def pattern(words: str) -> Sought | None:
    """What finds the words; None where there is nothing to look for."""
    simple = unicodedata.normalize("NFKC", words)
    simple = "".join(one for one in simple if one not in ZERO_WIDTH + DIRECTING).strip()
    if not simple:
        return None
    inner = r"\s+".join(re.escape(part) for part in simple.split())
    before = r"(?<![^\W_])" if _is_bordered(simple[0]) else ""
    after = r"(?![^\W_])" if _is_bordered(simple[-1]) else ""
    part = max(simple.casefold().split(), key=len)
    return Sought(re.compile(before + inner + after, re.IGNORECASE), part)


def _is_bordered(character: str) -> bool:
    """Whether words of its script have blanks between them."""
    return character.isalnum() and unicodedata.east_asian_width(character) not in "WF"


def applies(phrase: Phrase, checked: Checked, text: Text) -> bool:
    """Whether a rule is about this rendition: its kind, language, and where it may be used."""
    if phrase.kinds and checked.kind.key not in phrase.kinds:
        return False
    language = phrase.language.lower()
    if language and text.language != language and not text.language.startswith(f"{language}-"):
        return False
    if not phrase.market:
        return True
    return is_market_asked(phrase.market, checked)


def is_market_asked(market: str, checked: Checked) -> bool:
    """Whether the rules of a market hold for what the asset says of itself."""
    territories = said(checked.document, "rights").get("territories") or ()
    return not territories or folded(market) in all_folded([*territories, *checked.topics])


def check(checked: Checked, text: Text) -> None:
    """The words of one rendition."""
    plain = plain_of(text)
    check_phrases(checked, text, plain)
    check_hidden(checked, text, plain)
    check_claims(checked, text, plain)


def plain_of(text: Text) -> dict[str, Plain]:
    """The texts of a rendition as words are looked for in them, by field."""
    return {name: Plain(text.spoken(name)) for name in text.worded}


def check_phrases(checked: Checked, text: Text, plain: dict[str, Plain]) -> None:
    """The words that must not be said, and those that must."""
    rules = [one for one in checked.rules.phrases if applies(one, checked, text)]
    if rules:
        alts = [file.get("alt", "") for file in said(text.rendition, "files").values()]
        for phrase in rules:
            look_for = pattern(phrase.words)
            if look_for is None:
                continue
            if phrase.use == "forbidden":
                check_forbidden(checked, text, phrase, look_for, plain)
            elif plain and not is_said(look_for, plain, alts):
                check_required(checked, text, phrase)


def is_said(look_for: Sought, plain: dict[str, Plain], alts: Iterable[str] = ()) -> bool:
    """Whether the words stand anywhere."""
    return any(look_for.in_plain(one) for one in plain.values()) or any(
        look_for.search(one) for one in alts
    )


def check_forbidden(
    checked: Checked, text: Text, phrase: Phrase, look_for: Sought, plain: dict[str, Plain]
) -> None:
    """Each field in which the words stand, at the first place."""
    for name, one in plain.items():
        found = look_for.in_plain(one)
        if found is None:
            continue
        line = one.line_of(found.start()) if "\n" in text[name] else 0
        checked.found(
            "word-forbidden", _forbidden(phrase), name, text=text, line=line,
            severity=phrase.weight, words=found.group(), instead=phrase.instead,
            reason=phrase.reason,
        )  # fmt: skip


def _forbidden(phrase: Phrase) -> str:
    """What is said of a forbidden word, by what its rule says beside it."""
    if phrase.instead and phrase.reason:
        return _(
            "%(language)s: “%(words)s” must not be said. Write “%(instead)s” instead. The rule "
            "gives this reason: “%(reason)s”"
        )
    if phrase.instead:
        return _("%(language)s: “%(words)s” must not be said. Write “%(instead)s” instead.")
    if phrase.reason:
        return _(
            "%(language)s: “%(words)s” must not be said. The rule gives this reason: “%(reason)s”"
        )
    return _("%(language)s: “%(words)s” must not be said.")


def check_required(checked: Checked, text: Text, phrase: Phrase) -> None:
    """That the words stand nowhere."""
    message = (
        _(
            "%(language)s: “%(words)s” has to be said somewhere. Add it. The rule gives this "
            "reason: “%(reason)s”"
        )
        if phrase.reason
        else _("%(language)s: “%(words)s” has to be said somewhere. Add it.")
    )
    place = next((name for name in ("body", "text") if name in text.names), text.worded[0])
    checked.found(
        "word-required", message, place, text=text, severity=phrase.weight,
        words=phrase.words, reason=phrase.reason,
    )  # fmt: skip


def check_hidden(checked: Checked, text: Text, plain: dict[str, Plain]) -> None:
    """Characters that nobody sees, within words or turning them around."""
    for name, one in plain.items():
        said_words = one.spoken.text
        line = 0
        directing = _DIRECTING.search(said_words) or _TAGGED.search(said_words)
        if directing is not None:
            line = one.spoken.line_of(directing.start()) if "\n" in text[name] else 0
            message = _(
                "%(language)s: the invisible character %(character)s changes the order in which "
                "the text is read, so people see something else than what is written. Delete it."
            )
            point = f"U+{ord(directing.group()):04X}"
            checked.found(
                "direction-override", message, name, text=text, line=line, character=point
            )
        within = _WITHIN.search(said_words) if one.places is not None else None
        if within is not None:
            line = one.spoken.line_of(within.start()) if "\n" in text[name] else 0
            message = _(
                "%(language)s: there is an invisible character %(character)s within the word at "
                "“%(words)s”. Delete it: searches and screen readers stumble over it."
            )
            point = f"U+{ord(within.group()[1]):04X}"
            words = within.group()[0] + within.group()[-1]
            checked.found(
                "character-hidden", message, name, text=text, line=line, character=point,
                words=words,
            )  # fmt: skip


def check_claims(checked: Checked, text: Text, plain: dict[str, Plain]) -> None:
    """Statements with a legal reference: said as they stand there, founded, and still true."""
    for key, claim in said(text.rendition, "claims").items():
        place = ("claims", key)
        if not claim["reference"]:
            message = _(
                "%(language)s: the statement “%(key)s” has no legal reference. Say what it rests "
                "on: a law, a ruling, a figure with its source."
            )
            checked.found("claim-unfounded", message, *place, "reference", text=text, key=key)
        until = claim["valid_until"]
        if until and checked.rules.today and until < checked.rules.today.isoformat():
            message = _(
                "%(language)s: the statement “%(key)s” was true until %(until)s. Have it checked, "
                "or take it out."
            )
            checked.found(
                "claim-expired", message, *place, "valid_until", text=text, key=key, until=until
            )
        look_for = pattern(claim["text"])
        if look_for is None or not is_said(look_for, plain):
            message = _(
                "%(language)s: the statement “%(key)s” does not stand in the text as it is quoted. "
                "Quote it word for word, or take it out of the list."
            )
            checked.found("claim-absent", message, *place, "text", text=text, key=key)
