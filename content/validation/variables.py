"""Personal values: can they be filled in, are they known, and what if a customer has none?"""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from content.definition import said
from content.rules import Known
from content.validation.checked import Checked, Place, Text

# How like a name has to be, of 100, to be what was meant.
LIKE = 75
# More names than anybody lists; the search is linear in them.
NEAREST_OF = 5_000


def check(checked: Checked, text: Text) -> None:
    """The Liquid of one rendition."""
    used: set[str] = set()
    is_read = True
    for name in text.names:
        template = text.template(name)
        # To know whether it can be filled in, fill it in.
        text.filled(name)
        if name in text.faults:
            found_fault(checked, text, name)
            is_read = is_read and template is not None
        if template is None:
            continue
        used |= set(template.names)
        check_known(checked, text, name, [(one.line, one.name) for one in template.variables])
        check_fallbacks(checked, text, name, [(one.line, one.name) for one in template.bare])
    unused = [one for one in said(text.rendition, "variables") if one not in used]
    if is_read and unused:
        message = _(
            "%(language)s: a sample or fallback is given for “%(name)s”, which the text does not "
            "use. Look how it is spelled, or take it out."
        )
        for name in unused[:5]:
            checked.found("variable-unused", message, "variables", name, text=text, name=name)


def found_fault(checked: Checked, text: Text, name: str) -> None:
    """What Liquid says to a field."""
    fault = text.faults[name]
    code = "liquid-endless" if fault.is_endless else "liquid-broken"
    line = fault.line if "\n" in text[name] else 0
    message = _("%(language)s: the personal values of “%(field)s” do not work. %(reason)s")
    if line:
        message = _(
            "%(language)s: the personal values of “%(field)s” do not work, line %(line)s. "
            "%(reason)s"
        )
    label = text.kind.field(name).label
    checked.found(code, message, name, text=text, line=line, field=label, reason=fault.words)


def check_known(checked: Checked, text: Text, name: str, used: list[Place]) -> None:
    """Variables that no system which sends content can fill in."""
    known = checked.rules.variables
    if known is None:
        return
    unknown = [(line, one) for line, one in used if one not in known]
    by_name: dict[str, int] = {}
    for line, one in unknown:
        by_name.setdefault(one, line)
    for one, line in list(by_name.items())[:10]:
        like = nearest(one, known)
        message = (
            _("%(language)s: nobody knows the variable “%(name)s”. Did you mean “%(like)s”?")
            if like
            else _(
                "%(language)s: nobody knows the variable “%(name)s”. Choose one of the list, or "
                "ask an admin to add it."
            )
        )
        at = line if "\n" in text[name] else 0
        checked.found("variable-unknown", message, name, text=text, line=at, name=one, like=like)


def nearest(name: str, known: Mapping[str, Known]) -> str:
    """The known variable that is most likely meant; "" where none is like it."""
    names = list(known)[:NEAREST_OF]
    found = process.extractOne(
        name.lower(), names, scorer=fuzz.ratio, score_cutoff=LIKE, processor=None
    )
    return str(found[0]) if found else ""


def check_fallbacks(checked: Checked, text: Text, name: str, bare: list[Place]) -> None:
    """Values that some customers do not have, and nothing to say to them."""
    own = said(text.rendition, "variables")
    known = checked.rules.variables or {}
    lacking = [
        (line, one)
        for line, one in bare
        if not own.get(one, {}).get("fallback")
        and not (one in known and known[one].is_always_there)
        # What is not known at all is said by itself.
        and (checked.rules.variables is None or one in known)
    ]
    seen: dict[str, Place] = {}
    for line, one in lacking:
        seen.setdefault(one, (line, one))
    message = _(
        "%(language)s: customers without a value would read nothing here: %(names)s. Give a "
        'fallback, or write it as {{ name | default: "…" }}.'
    )
    checked.found_at("fallback-missing", message, name, text, list(seen.values()))
