"""Do the languages say the same: numbers, dates, links and variables of one variant."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from cjops.core.wording import listing
from content.definition import said
from content.validation.amounts import Amounts, amounts
from content.validation.checked import Checked, Text
from content.validation.links import TRACKING, addresses, split

NAMED = 5
_LANGUAGE = re.compile(
    r"(?:en|zh|de|fr|es|it|pt|ja|ko|nl|pl|sc|tc|cn|hk|tw|chs|cht|gb|us)(?:[-_][a-z]{2,4})?", re.I
)
_LANGUAGE_KEYS = frozenset({"lang", "language", "locale", "hl", "l"})


def check(checked: Checked) -> None:
    """Each rendition beside the first of its variant."""
    first: dict[str, Text] = {}
    known: dict[int, Amounts] = {}
    for text in checked.texts:
        other = first.setdefault(str(said(text.rendition, "variant") or ""), text)
        if other is not text:
            check_numbers(checked, text, other, known)
            check_variables(checked, text, other)
            check_links(checked, text, other)


def check_numbers(checked: Checked, text: Text, other: Text, known: dict[int, Amounts]) -> None:
    """Numbers, percentages, days and times that only one of the two says."""
    if checked.weight_of("numbers-differ") == "off":
        return
    for one in (text, other):
        if one.number not in known:
            known[one.number] = amounts(_words(one))
    mine, theirs = known[text.number], known[other.number]
    sentences(
        checked, text, other, "numbers-differ", mine.lacking(theirs), theirs.lacking(mine),
        both=_(
            "%(language)s says %(here)s, which %(other)s does not; that says %(there)s instead. "
            "Make the numbers agree."
        ),
        here=_("%(language)s says %(here)s, which %(other)s does not. Make the numbers agree."),
        there=_("%(language)s does not say %(there)s, as %(other)s does. Make the numbers agree."),
    )  # fmt: skip


def _words(text: Text) -> str:
    moments = [text[name] for name in text.names if text.kind.field(name).input == "moment"]
    # The text part says the same again; where it does not, another check says so.
    names = [name for name in text.worded if not (name == "text" and text["body"])]
    return "\n".join([*moments, *(text.spoken(name).text for name in names)])


def check_variables(checked: Checked, text: Text, other: Text) -> None:
    """Personal values that only one of the two fills in."""
    mine, theirs = _variables(text), _variables(other)
    if text.faults or other.faults:
        return
    sentences(
        checked, text, other, "variables-differ",
        [shown for name, shown in mine.items() if name not in theirs],
        [shown for name, shown in theirs.items() if name not in mine],
        both=_(
            "%(language)s fills in %(here)s, which %(other)s does not; that fills in %(there)s "
            "instead. Make the variables agree."
        ),
        here=_("%(language)s fills in %(here)s, which %(other)s does not. Look whether it "
            "should."),
        there=_("%(language)s does not fill in %(there)s, as %(other)s does. Look whether it "
            "should."),
    )  # fmt: skip


def _variables(text: Text) -> dict[str, str]:
    templates = (text.template(field) for field in text.names)
    return {
        name: f"{{{{ {name} }}}}"
        for template in templates
        if template is not None
        for name in template.names
    }


def check_links(checked: Checked, text: Text, other: Text) -> None:
    """Pages that only one of the two leads to; the same page in another language is the same."""
    mine, theirs = dict(_pages(text)), dict(_pages(other))
    sentences(
        checked, text, other, "links-differ",
        [shown for page, shown in mine.items() if page not in theirs],
        [shown for page, shown in theirs.items() if page not in mine],
        both=_(
            "%(language)s leads to %(here)s, which %(other)s does not; that leads to %(there)s "
            "instead. Make the links agree."
        ),
        here=_("%(language)s leads to %(here)s, which %(other)s does not. Make the links agree."),
        there=_("%(language)s does not lead to %(there)s, as %(other)s does. Make the links "
            "agree."),
    )  # fmt: skip


def _pages(text: Text) -> Iterator[tuple[str, str]]:
    for one in addresses(text):
        parts = split(one.bare)
        if parts is None or not parts.scheme or not one.bare:
            continue
        path = "/".join(part for part in parts.path.split("/") if not _LANGUAGE.fullmatch(part))
        host = ".".join(part for part in parts.netloc.split(".") if not _LANGUAGE.fullmatch(part))
        query = sorted(
            (name, value)
            for name, value in _query(parts.query)
            if not TRACKING.fullmatch(name) and name.lower() not in _LANGUAGE_KEYS
        )
        yield f"{parts.scheme}://{host.lower()}{path.rstrip('/')}?{query}", one.written


def _query(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return []


def sentences(
    checked: Checked,
    text: Text,
    other: Text,
    code: str,
    mine: list[str],
    theirs: list[str],
    **messages: str,
) -> None:
    """One finding for what differs, at the later of the two."""
    if not mine and not theirs:
        return
    message = messages["both" if mine and theirs else "here" if mine else "there"]
    place = "body" if "body" in text.names else next(iter(text.names), "")
    words: dict[str, Any] = {
        "here": listing([_("“%(name)s”") % {"name": one[:60]} for one in mine], NAMED),
        "there": listing([_("“%(name)s”") % {"name": one[:60]} for one in theirs], NAMED),
        "other": other.language_name,
    }
    checked.found(code, message, *([place] if place else []), text=text, **words)
