"""Does the text part of an e-mail say what its HTML says? Some readers see nothing else."""

import re

from django.utils.translation import gettext as _

from content.validation.amounts import amounts
from content.validation.checked import Checked, Place, Text
from content.validation.links import addresses, split, tracking

# Of the words of the HTML so many are to stand in the text part; a short one may be put otherwise.
MIN_SHARE, MIN_WORDS = 0.5, 20
_WORD = re.compile(r"[^\W\d_\u3400-\u9fff]{3,}")
_HAN = re.compile(r"[\u3400-\u9fff]+")


def check(checked: Checked, text: Text) -> None:
    """One e-mail that has both."""
    if not text["text"] or not text.mail.source:
        return
    check_links(checked, text)
    wanted = _words(text.spoken("body").text)
    if len(wanted) >= MIN_WORDS:
        share = len(wanted & _words(text.spoken("text").text)) / len(wanted)
        if share < MIN_SHARE:
            message = _(
                "%(language)s: the text part has %(share)s %% of the words of the HTML. Let it say "
                "the same, for readers without HTML."
            )
            checked.found("text-differs", message, "text", text=text, share=round(share * 100))
            return
    check_numbers(checked, text)


def check_links(checked: Checked, text: Text) -> None:
    """Pages that readers without HTML cannot get to."""
    said = text["text"]
    lacking: list[Place] = []
    for one in addresses(text):
        if one.field != "body" or one.written in said or not one.bare.strip("#"):
            continue
        parts = split(one.written)
        if one.bare.startswith(("mailto:", "tel:")) and one.bare.partition(":")[2] in said:
            continue
        if parts is not None and tracking(parts) and f"{parts.netloc}{parts.path}" in said:
            continue
        lacking.append((one.line, one.words or one.written))
    message = _(
        "%(language)s: the text part lacks links that the HTML has: %(names)s. Write their "
        "addresses out."
    )
    # The place to mend it is the text; the lines are those of the HTML.
    names = [(0, name) for _line, name in lacking]
    checked.found_at("text-lacks-links", message, "text", text, names)


def check_numbers(checked: Checked, text: Text) -> None:
    """Amounts, days and times that the two parts do not share."""
    shown, plain = amounts(text.spoken("body").text), amounts(text.spoken("text").text)
    lacking = shown.lacking(plain)
    message = _(
        "%(language)s: the text part lacks numbers that the HTML has: %(names)s. Let it say the "
        "same."
    )
    checked.found_at("text-lacks-numbers", message, "text", text, [(0, one) for one in lacking])


def _words(text: str) -> set[str]:
    found = {word.casefold() for word in _WORD.findall(text)}
    for run in _HAN.findall(text):
        found |= {run[place : place + 2] for place in range(len(run) - 1)}
    return found
