"""What a change of an asset says, in words."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cjops.core.wording import cut, listing
from cjops.documents import MISSING, Change, Document, Hunk, hunks

FIELDS = {
    "subject": gettext_lazy("subject"),
    "preheader": gettext_lazy("preheader"),
    "format": gettext_lazy("format"),
    "body": gettext_lazy("message"),
    "text": gettext_lazy("text"),
    "sender": gettext_lazy("sender"),
    "title": gettext_lazy("title"),
    "link": gettext_lazy("link"),
    "action": gettext_lazy("call to action"),
    "layout": gettext_lazy("layout"),
    "starts": gettext_lazy("beginning"),
    "ends": gettext_lazy("end"),
    "timezone": gettext_lazy("time zone"),
    "place": gettext_lazy("place"),
    "files": gettext_lazy("files"),
    "variables": gettext_lazy("variables"),
    "claims": gettext_lazy("claims"),
    "variant": gettext_lazy("variant"),
    "language": gettext_lazy("language"),
    "rank": gettext_lazy("order"),
}
HEADER_FIELDS = {
    "name": gettext_lazy("name"),
    "purpose": gettext_lazy("purpose"),
    "tags": gettext_lazy("tags"),
    "kind": gettext_lazy("kind"),
    "status": gettext_lazy("status"),
    "channel": gettext_lazy("channel"),
    "rights": gettext_lazy("rights"),
    "adapted_from": gettext_lazy("origin"),
    "variants": gettext_lazy("variants"),
}
STATUSES = {"active": gettext_lazy("In use"), "retired": gettext_lazy("Retired")}
LANGUAGES = {
    "en": gettext_lazy("English"),
    "zh-hans": gettext_lazy("Simplified Chinese"),
    "zh-hant": gettext_lazy("Traditional Chinese"),
}
SHORT = 80
# Fields short enough to be quoted when they are all that changed.
QUOTED = ("subject", "preheader", "title", "sender")


def summarise(changes: Sequence[Change], before: Document, after: Document) -> list[str]:
    """What `changes`, which lead from `before` to `after`, come to: whole sentences."""
    if not before.get("schema"):
        languages = [language_name(rendition["key"]) for rendition in after["renditions"]]
        return [
            _("The first version, in these languages: %(languages)s.")
            % {"languages": listing(languages)}
            if languages
            else _("The first version, without any text yet.")
        ]
    return [said for hunk in hunks(changes) for said in sentences(hunk)]


def sentences(hunk: Hunk) -> list[str]:
    """One hunk in a sentence, or two."""
    return [sentence(hunk)] if hunk.element else header(hunk)


def header(hunk: Hunk) -> list[str]:
    """What changed about the asset; that it goes out of use, or comes back, stands first."""
    said = []
    fields = {change.field[0]: change for change in hunk.changes}
    if status := fields.pop("status", None):
        said.append(
            _("Retired: no step is to show it any more.")
            if status.after == "retired"
            else _("Back in use: steps may show it again.")
        )
    if fields:
        names = sorted(str(HEADER_FIELDS.get(name, name)) for name in fields)
        said.append(_("Changed about the asset: %(fields)s.") % {"fields": listing(names)})
    return said


def status_label(value: object) -> str:
    """What a status is called; an asset that says none is in use."""
    return str(STATUSES["active" if value is MISSING else str(value)])


def sentence(hunk: Hunk) -> str:
    """One hunk about a language in a sentence."""
    words: dict[str, Callable[[], str]] = {
        "add": lambda: _("%(language)s added."),
        "remove": lambda: _("%(language)s removed."),
        "move": lambda: _("%(language)s moved."),
    }
    if hunk.op in words:
        return words[hunk.op]() % {"language": language_name(hunk.key)}
    return edited(hunk)


def edited(hunk: Hunk) -> str:
    """What changed in one language; a short text that alone changed is quoted."""
    language = language_name(hunk.key)
    change = hunk.changes[0]
    if len(hunk.changes) == 1 and change.field[0] in QUOTED and change.before and change.after:
        return _("%(language)s: %(field)s changed from “%(before)s” to “%(after)s”.") % {
            "language": language,
            "field": FIELDS[change.field[0]],
            "before": cut(change.before, SHORT),
            "after": cut(change.after, SHORT),
        }
    changed = dict.fromkeys(change.field[0] for change in hunk.changes)
    fields = [str(FIELDS.get(name, name)) for name in changed]
    return _("%(language)s: changed %(fields)s.") % {
        "language": language,
        "fields": listing(fields),
    }


def language_name(key: str) -> str:
    """A rendition's language in the reader's, or its tag; the variant behind it."""
    language = key
    while language not in LANGUAGES and "-" in language:
        language = language.rpartition("-")[0]
    if language not in LANGUAGES:
        return key
    variant = key.removeprefix(language).lstrip("-")
    name = str(LANGUAGES[language])
    if not variant:
        return name
    return _("%(language)s, variant “%(variant)s”") % {"language": name, "variant": variant}
