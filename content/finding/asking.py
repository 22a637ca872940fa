"""What somebody typed, as a query for PostgreSQL: words, "phrases", and -words left out.

Whatever is typed becomes a query or none: letters and digits are all that is left of it.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from content.finding.folding import shown
from content.finding.tokens import Run, lexemes, runs, stem

MOST_TERMS = 16
MOST_LETTERS = 200
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"'))
_PARTS = re.compile(r'(?P<minus>(?<!\S)[-−–](?=\S))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """Words that have to stand together, or must not stand there at all."""

    runs: tuple[Run, ...]
    is_excluded: bool = False
    is_quoted: bool = False


@dataclass(frozen=True)
class Asked:
    """A query in its parts; `text` is what was typed, tidied."""

    text: str
    terms: tuple[Term, ...]

    @cached_property
    def tsquery(self) -> str:
        """As PostgreSQL reads it; "" where nothing is asked for."""
        found = []
        for number, term in enumerate(self.terms):
            is_last = number == len(self.terms) - 1
            # Whoever is still typing has not ended the last word.
            phrase = _phrase(term, is_open=is_last and not (term.is_quoted or term.is_excluded))
            found.append(f"!({phrase})" if term.is_excluded else f"({phrase})")
        return " & ".join(found)

    @property
    def leaves_out(self) -> bool:
        """Whether something must not stand there."""
        return any(term.is_excluded for term in self.terms)

    @property
    def needles(self) -> list[str]:
        """Folded words that are marked where they stand in a text, longest first."""
        found = {run.text: None for term in self.terms if not term.is_excluded for run in term.runs}
        found |= {stem(text): None for text in list(found) if text.isascii()}
        return sorted((text for text in found if text), key=len, reverse=True)

    def words(self) -> list[str]:
        """The words that may be mistyped: of scripts with spaces, not left out, not quoted."""
        return [
            run.text
            for term in self.terms
            if not (term.is_excluded or term.is_quoted)
            for run in term.runs
            if not run.is_unspaced and len(run.text) > 3
        ]

    def with_words(self, instead: dict[str, str]) -> "Asked":
        """The same with other words in the places of these."""
        return asked(
            " ".join(
                ("-" if term.is_excluded else "") + _said(term, instead) for term in self.terms
            )
        )


def _said(term: Term, instead: dict[str, str]) -> str:
    words = " ".join(
        run.text if term.is_quoted else instead.get(run.text, run.text) for run in term.runs
    )
    return f'"{words}"' if term.is_quoted else words


def asked(typed: str) -> Asked:
    """The query that was typed, whatever it is."""
    text = " ".join(shown(typed[:MOST_LETTERS]).split())
    terms: list[Term] = []
    for part in _PARTS.finditer(text.translate(_QUOTES)):
        is_quoted = part["phrase"] is not None
        found = tuple(runs(part["phrase"] if is_quoted else part["word"]))
        if found:
            terms.append(Term(found, bool(part["minus"]), is_quoted))
    return Asked(text, tuple(terms[:MOST_TERMS]))


def _phrase(term: Term, *, is_open: bool) -> str:
    """Its lexemes one after the other."""
    places: list[str] = []
    for number, run in enumerate(term.runs):
        ends = is_open and number == len(term.runs) - 1
        places += _places(run, is_open=ends, is_whole=number == len(term.runs) - 1)
    return " <-> ".join(places)


def _places(run: Run, *, is_open: bool, is_whole: bool) -> list[str]:
    if run.is_unspaced:
        found = [f"'{one}'" for (one,) in lexemes(run)]
        # A single character begins pairs; of a longer run the last pair says it all, unless more
        # follows, which then stands behind that character.
        if len(found) == 1:
            return [f"{found[0]}:*"]
        return found[:-1] if is_whole else found
    short = stem(run.text)
    return [f"('{short}' | '{run.text}':*)" if is_open else f"'{short}'"]
