"""Can an e-mail be read: contrast, and what becomes of its colours where mailboxes are dark.

Contrast after WCAG 2.2, 1.4.3: 4.5 to 1, for large letters (24 px, or 18.66 px and bold) 3 to 1.
Dark mode: mailboxes turn grounds that nobody has set, and colours that nobody has set, each as it
likes; so a colour needs its ground, and a ground its colour. What they do to a page that has both
depends on the mailbox and cannot be told beforehand.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from cjops.core.wording import cut
from content.colours import BLACK, WHITE, contrast
from content.validation.checked import Checked, Place, Text
from content.validation.mail import Mail
from content.validation.seen import LINK_COLOUR, Run, runs

ENOUGH, ENOUGH_FOR_LARGE = 4.5, 3.0
LARGE, LARGE_BOLD = 24.0, 18.66
# Smaller is meant not to be seen, as text that fills up a preheader.
SEEN_FROM = 3.0
DARK, LIGHT = 0.2, 0.5
_SCHEME = re.compile(r"color-scheme", re.IGNORECASE)
_CLEAR = re.compile(r"\.(?:png|gif|svg|webp)(?:[?#]|$)", re.IGNORECASE)
_WORD = re.compile(r"[^\s<>&{}]{3,}")


def check(checked: Checked, text: Text) -> None:
    """The colours of one e-mail."""
    codes = ("contrast-low", "dark-scheme", "dark-colours", "dark-picture")
    if all(checked.weight_of(code) == "off" for code in codes):
        return
    found = runs(text.mail)
    if not found:
        return
    check_contrast(checked, text, found)
    check_dark(checked, text, found)


def check_contrast(checked: Checked, text: Text, found: list[Run]) -> None:
    """Words that are hard to tell from their ground, each pair of colours once."""
    pairs: dict[tuple[str, str], Place] = {}
    for run in found:
        if not run.words or run.look.is_over_picture or run.look.size < SEEN_FROM:
            continue
        ground = run.look.ground or WHITE
        colour = (run.look.colour or BLACK).over(ground)
        if contrast(colour, ground) >= _enough(run):
            continue
        pair = (str(colour), str(ground))
        if pair in pairs or not any(character.isalnum() for character in run.words):
            continue
        words = _("%(words)s: %(colour)s on %(ground)s, %(ratio)s to 1") % {
            "words": cut(run.words, 20),
            "colour": pair[0],
            "ground": pair[1],
            "ratio": f"{contrast(colour, ground):.1f}",
        }
        pairs[pair] = (line_of(text.mail, run.words), words)
    message = _(
        "%(language)s: these words are hard to read, for their colour is too near to the one "
        "behind them: %(names)s. Take a darker or a lighter one, of 4.5 to 1 at least."
    )
    checked.found_at("contrast-low", message, "body", text, list(pairs.values()))


def _enough(run: Run) -> float:
    is_large = run.look.size >= LARGE or (run.look.is_bold and run.look.size >= LARGE_BOLD)
    return ENOUGH_FOR_LARGE if is_large else ENOUGH


def line_of(mail: Mail, words: str) -> int:
    """The line of the source in which the longest of the words first stands; 1 without one."""
    longest = max(_WORD.findall(words), key=len, default="")
    position = mail.source.find(longest) if longest else -1
    whole = mail.source.find(words)
    return mail.lines.of(whole if whole >= 0 else max(position, 0))


def check_dark(checked: Checked, text: Text, found: list[Run]) -> None:
    """What may vanish, and whether the e-mail says that it has thought of it."""
    mail = text.mail
    is_aware = bool(_SCHEME.search(mail.source))
    has_colours = any(
        run.look.ground or run.look.colour not in (None, LINK_COLOUR) for run in found
    )
    if not is_aware and has_colours:
        message = _(
            "%(language)s: nothing says how the e-mail looks in dark mode. Add "
            '<meta name="color-scheme" content="light dark"> to an HTML e-mail, or “:root { '
            "color-scheme: light dark }” to a style, and look at it in the dark."
        )
        checked.found("dark-scheme", message, "body", text=text)
    message = _(
        "%(language)s: these words have a dark colour and no ground of their own, so they vanish "
        "where mailboxes are dark: %(names)s. Give what is around them a background colour."
    )
    checked.found_at("dark-colours", message, "body", text, _vanishing(mail, found))
    message = _(
        "%(language)s: behind these pictures is no colour; if they are dark and have no ground of "
        "their own, they vanish in dark mode: %(names)s. Give what is around them a background "
        "colour."
    )
    places = [
        (line_of(mail, run.picture), cut(run.picture.rpartition("/")[2] or run.picture, 40))
        for run in found
        if run.picture and run.look.ground is None and _CLEAR.search(run.picture)
    ]
    checked.found_at("dark-picture", message, "body", text, places)


def _vanishing(mail: Mail, found: Iterable[Run]) -> list[Place]:
    """Each dark colour that stands on nothing, once."""
    places: dict[str, Place] = {}
    for run in found:
        colour = run.look.colour
        if not run.words or colour is None or colour == LINK_COLOUR or run.look.ground:
            continue
        if run.look.is_over_picture or colour.over(WHITE).luminance >= DARK:
            continue
        places.setdefault(
            str(colour), (line_of(mail, run.words), f"{cut(run.words, 30)}: {colour}")
        )
    return list(places.values())
