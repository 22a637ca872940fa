"""Can an asset be sent as it is?"""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.findings import Finding, Severity, pointer
from cjops.core.wording import listing
from cjops.documents import Document
from content.markup import Problem
from content.mjml import DoesNotCompile, compile_mjml
from content.words import language_name

MAX_BODY = 1_000_000
MAX_SEGMENTS = 3
PUSH_TITLE = 65

# GSM 03.38: the alphabet a text message fits 160 of, and the characters that take two places.
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = set("^{}\\[~]|€\f")


def validate(document: Document) -> list[Finding]:
    """What is wrong or doubtful in a document that fits the schema: errors first."""
    check = Check(document)
    return sorted(check.findings(), key=lambda finding: finding.severity)


class Check:
    """One document under examination."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def findings(self) -> Iterator[Finding]:
        """All findings, in the order of the document."""
        # An asset that was never live starts without a header, and so without languages.
        if not self.document.get("name"):
            message = _("Give the asset a name.")
            yield Finding("error", "name-missing", pointer("name"), message)
        if not self.document["renditions"]:
            message = _("The asset says nothing yet: add a language.")
            yield Finding("error", "no-rendition", pointer("renditions"), message)
            return
        self.kind: str = self.document["kind"]
        yield from self.languages()
        check = {"email": self.email, "sms": self.sms, "push": self.push}[self.kind]
        for number, rendition in enumerate(self.document["renditions"]):
            yield from check(number, rendition)
            yield from self.unused(number, rendition)

    def languages(self) -> Iterator[Finding]:
        """Some customers read English, some Chinese."""
        keys = {rendition["key"].split("-")[0] for rendition in self.document["renditions"]}
        for language, message in (
            ("en", _("There is no English version.")),
            ("zh", _("There is no Chinese version.")),
        ):
            if language not in keys:
                yield Finding("warning", "language-missing", pointer("renditions"), message)

    def email(self, number: int, rendition: Document) -> Iterator[Finding]:
        """An e-mail needs a subject and a message."""
        for field, message in (
            ("subject", _("%(language)s: the e-mail has no subject.")),
            ("body", _("%(language)s: the e-mail is empty.")),
        ):
            if not rendition[field]:
                yield found("error", f"{field}-empty", number, rendition, field, message)
        yield from self.body(number, rendition)
        for field, message in (
            (
                "preheader",
                _("%(language)s: there is no preheader, so inboxes show how the e-mail begins."),
            ),
            ("text", _("%(language)s: there is no text part for readers without HTML.")),
        ):
            if not rendition[field]:
                yield found("warning", f"{field}-missing", number, rendition, field, message)

    def body(self, number: int, rendition: Document) -> Iterator[Finding]:
        """Size, format and, for MJML, whether it compiles."""
        body: str = rendition["body"]
        if len(body.encode()) > MAX_BODY:
            message = _("%(language)s: the e-mail is larger than 1 MB.")
            yield found("error", "body-too-large", number, rendition, "body", message)
            return
        is_mjml = body.lstrip()[:200].lower().startswith(("<mjml", "<?xml")) and "<mjml" in body
        if rendition["format"] == "html" and is_mjml:
            message = _("%(language)s: the e-mail is written in MJML but marked as HTML.")
            yield found("error", "format-mismatch", number, rendition, "format", message)
        if rendition["format"] == "mjml" and body:
            yield from mjml(number, rendition)

    def sms(self, number: int, rendition: Document) -> Iterator[Finding]:
        """A text message needs text, not too much of it."""
        if not rendition["text"]:
            message = _("%(language)s: the text message is empty.")
            yield found("error", "text-empty", number, rendition, "text", message)
        count = segments(rendition["text"])
        if count > MAX_SEGMENTS:
            message = ngettext(
                "%(language)s: the text is sent as %(count)s message.",
                "%(language)s: the text is sent as %(count)s messages.",
                count,
            )
            yield found("warning", "many-segments", number, rendition, "text", message, count=count)

    def push(self, number: int, rendition: Document) -> Iterator[Finding]:
        """A push message needs a title and text."""
        for field, message in (
            ("title", _("%(language)s: the push message has no title.")),
            ("text", _("%(language)s: the push message has no text.")),
        ):
            if not rendition[field]:
                yield found("error", f"{field}-empty", number, rendition, field, message)
        if len(rendition["title"]) > PUSH_TITLE:
            message = _("%(language)s: phones cut titles of more than %(limit)s characters.")
            yield found(
                "warning", "title-long", number, rendition, "title", message, limit=PUSH_TITLE
            )

    def unused(self, number: int, rendition: Document) -> Iterator[Finding]:
        """Fields that this kind of asset has no use for."""
        for field in UNUSED[self.kind]:
            if rendition[field]:
                message = _("%(language)s: the field “%(name)s” has no use in this kind of asset.")
                yield found(
                    "warning", "field-unused", number, rendition, field, message, name=field
                )


UNUSED = {
    "email": ("title", "link"),
    "sms": ("subject", "preheader", "body", "sender", "title", "link"),
    "push": ("subject", "preheader", "body", "sender"),
}


def mjml(number: int, rendition: Document) -> Iterator[Finding]:
    """What the compiler says, and what it would have let through."""
    try:
        compiled = compile_mjml(rendition["body"])
    except DoesNotCompile as error:
        message = _("%(language)s: the MJML does not compile (%(reason)s).")
        yield found(
            "error", "mjml-broken", number, rendition, "body", message, reason=str(error)[:200]
        )
        return
    by_code: dict[str, list[Problem]] = {}
    for problem in compiled.problems:
        by_code.setdefault(problem.code, []).append(problem)
    sentences = {
        "unknown": _("%(language)s: MJML does not know these tags: %(names)s."),
        "unclosed": _("%(language)s: these tags are opened and never closed: %(names)s."),
        "too-many": _("%(language)s: the MJML has more tags than any mailbox would show."),
        "too-deep": _("%(language)s: these tags are nested too deeply: %(names)s."),
    }
    for code, problems in by_code.items():
        names = listing([problem.name[:40] for problem in problems], 5)
        message = sentences[code]
        yield found("error", f"mjml-{code}", number, rendition, "body", message, names=names)


def found(
    severity: Severity,
    code: str,
    number: int,
    rendition: Document,
    field: str,
    message: str,
    **words: object,
) -> Finding:
    """A finding about a field of one language; `message` names the language and `words`."""
    words["language"] = language_name(rendition["key"])
    place = pointer("renditions", number, field)
    return Finding(severity, code, place, message % words, "renditions", rendition["key"])


def segments(text: str) -> int:
    """How many text messages `text` is sent as: 160 characters of GSM 03.38 or 70 of UCS-2 in one,
    153 or 67 in each of several."""
    if all(character in GSM or character in GSM_DOUBLE for character in text):
        length = sum(2 if character in GSM_DOUBLE else 1 for character in text)
        single, several = 160, 153
    else:
        length = len(text.encode("utf-16-be")) // 2
        single, several = 70, 67
    if length <= single:
        return min(length, 1)
    return -(-length // several)
