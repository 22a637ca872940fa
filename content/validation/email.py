"""E-mails: format, size, what inboxes show."""

from django.utils.translation import gettext as _

from cjops.core.wording import listing
from content.markup import MAX_BODY, Problem
from content.mjml import DoesNotCompile, compile_mjml
from content.validation.checked import Checked, Text


def check(checked: Checked, text: Text) -> None:
    """One e-mail."""
    check_body(checked, text)
    if not text["preheader"]:
        message = _("%(language)s: there is no preheader, so inboxes show how the e-mail begins.")
        checked.found("preheader-missing", message, "preheader", text=text)
    if not text["text"]:
        message = _("%(language)s: there is no text part for readers without HTML.")
        checked.found("text-missing", message, "text", text=text)


def check_body(checked: Checked, text: Text) -> None:
    """Size, format and, for MJML, whether it compiles."""
    body = text["body"]
    if len(body.encode()) > MAX_BODY:
        message = _("%(language)s: the e-mail is larger than 1 MB.")
        checked.found("body-too-large", message, "body", text=text)
        return
    is_mjml = body.lstrip()[:200].lower().startswith(("<mjml", "<?xml")) and "<mjml" in body
    if text["format"] == "html" and is_mjml:
        message = _("%(language)s: the e-mail is written in MJML but marked as HTML.")
        checked.found("format-mismatch", message, "format", text=text)
    if text["format"] == "mjml" and body:
        check_mjml(checked, text)


def check_mjml(checked: Checked, text: Text) -> None:
    """What the compiler says, and what it would have let through."""
    try:
        compiled = compile_mjml(text["body"])
    except DoesNotCompile as error:
        message = _("%(language)s: the MJML does not compile (%(reason)s).")
        checked.found("mjml-broken", message, "body", text=text, reason=str(error)[:200])
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
        checked.found(f"mjml-{code}", sentences[code], "body", text=text, names=names)
