"""Rows of a comparison: a field before and after, texts letter by letter where that helps."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.text_diff import text_pieces

# What is longer is shown in part, and says so, with a way to the whole.
SHOWN_CHARACTERS = 40_000

# Of what stays the same, so many lines are shown beside what does not.
LINES_AROUND = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a hunk: before and after in words, or the pieces of a text compared."""

    label: str
    before: str = ""
    after: str = ""
    pieces: tuple[tuple[str, str], ...] = ()
    note: str = ""
    url: str = ""
    link: str = ""
    # The language of the text, where it is not the reader's.
    lang: str = ""


def compared(
    label: str, before: str, after: str, *, whole: str, lang: str = "", note: str = ""
) -> Row:
    """Two texts side by side, or one of them alone; `whole` is the address of both in full."""
    is_cut = max(len(before), len(after)) > SHOWN_CHARACTERS
    if is_cut:
        note = _(
            "Only the first %(count)s characters are compared here. "
            "Read the rest before you decide."
        ) % {"count": number_format(SHOWN_CHARACTERS, force_grouping=True)}
    before, after = before[:SHOWN_CHARACTERS], after[:SHOWN_CHARACTERS]
    both = bool(before and after)
    return Row(
        label,
        before="" if both else before,
        after="" if both else after,
        pieces=folded(text_pieces(before, after)) if both else (),
        note=note,
        url=whole if is_cut else "",
        link=_("Read both texts in full") if is_cut else "",
        lang=lang,
    )


def folded(pieces: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The pieces with long stretches of unchanged lines left out: a "fold" says how many."""
    found: list[tuple[str, str]] = []
    last = len(pieces) - 1
    for position, (kind, text) in enumerate(pieces):
        lines = text.split("\n")
        head = LINES_AROUND + 1 if position else 0
        tail = LINES_AROUND + 1 if position < last else 0
        left_out = len(lines) - head - tail
        if kind != "equal" or len(pieces) == 1 or left_out < 2 * LINES_AROUND:
            found.append((kind, text))
            continue
        words = ngettext("%(count)s line unchanged", "%(count)s lines unchanged", left_out)
        found += [
            ("equal", "\n".join(lines[:head])),
            ("fold", words % {"count": left_out}),
            ("equal", "\n".join(lines[len(lines) - tail :])),
        ]
    return tuple(piece for piece in found if piece[1])
