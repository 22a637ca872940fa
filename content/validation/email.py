"""E-mails: what mailboxes cut, show instead, ask for, and will not take."""

import re

from django.utils.translation import gettext as _

from cjops.core.wording import listing
from content.markup import Problem
from content.measuring import columns
from content.mjml import Compiled, DoesNotCompile
from content.validation.checked import Checked, Place, Text
from content.validation.links import LEAVING, addresses
from content.validation.mail import ACTIVE, Picture
from content.validation.seen import declarations

# What Gmail shows of a message before it cuts it off; it says so nowhere, many have measured it.
CLIPPED = 102 * 1024
# Columns of which inboxes on a computer show about so many; phones show some 40.
MAX_SUBJECT, MAX_PREHEADER = 70, 140
_ADDRESS = re.compile(r"[^\s<>@,;\"]++@[^\s<>@,;\"][^\s<>@,;\".]*+\.[^\s<>@,;\"]{2,}+")
_SENDER = re.compile(
    rf"(?:[^<>]*<\s*(?P<behind>{_ADDRESS.pattern})\s*>|(?P<alone>{_ADDRESS.pattern}))"
)
_MEASURE = re.compile(r"[1-9][0-9]*(?:\.[0-9]+)?(?:px|%)?")


def check(checked: Checked, text: Text) -> None:
    """One e-mail."""
    check_body(checked, text)
    check_header(checked, text)
    check_pictures(checked, text)
    check_active(checked, text)
    check_leaving(checked, text)
    if not text["text"]:
        message = _(
            "%(language)s: there is no text part for readers without HTML. Add one that says the "
            "same."
        )
        checked.found("text-missing", message, "text", text=text)


def check_body(checked: Checked, text: Text) -> None:
    """Size, format and, for MJML, whether it compiles."""
    mail = text.mail
    if mail.is_too_large:
        message = _("%(language)s: the e-mail is larger than 1 MB. Shorten it.")
        checked.found("body-too-large", message, "body", text=text)
        return
    body = text["body"]
    is_mjml = body.lstrip()[:200].lower().startswith(("<mjml", "<?xml")) and "<mjml" in body
    if text["format"] == "html" and is_mjml:
        message = _("%(language)s: the e-mail is written in MJML but marked as HTML.")
        checked.found("format-mismatch", message, "format", text=text)
    if isinstance(mail.compiled, DoesNotCompile):
        check_compiling(checked, text, mail.compiled)
    if isinstance(mail.compiled, Compiled):
        check_problems(checked, text, mail.compiled.problems)
    size = len(mail.html.encode())
    if size >= CLIPPED:
        message = _(
            "%(language)s: what is sent has %(size)s KB, and Gmail cuts e-mails off from 102 KB "
            "on. Shorten it, or take pictures out of the text."
        )
        checked.found("email-clipped", message, "body", text=text, size=-(-size // 1024))


def check_compiling(checked: Checked, text: Text, fault: DoesNotCompile) -> None:
    """Why there is nothing to send; the compiler itself knows English alone."""
    sentences = {
        "tag": _(
            "%(language)s: the MJML does not compile, because <%(name)s> cannot stand where it "
            "does. Move it, or take it out."
        ),
        "text": _(
            "%(language)s: the MJML does not compile, because there is something where only other "
            "tags of MJML can stand. Put text into mj-text."
        ),
        "root": _("%(language)s: the MJML does not compile, because it has no <mjml> around it."),
        "end": _(
            "%(language)s: the MJML does not compile, because it ends before its tags do. Close "
            "each of them."
        ),
        "unreadable": _(
            "%(language)s: the MJML does not compile, because a tag in it cannot be read. Look for "
            "an angle bracket or a quotation mark too few."
        ),
    }
    usual = _(
        "%(language)s: the MJML does not compile. The compiler says in English: “%(reason)s”."
    )
    code = "text" if fault.code == "tag" and not fault.name else fault.code
    line = text.mail.lines.of(fault.at) if fault.at is not None else 0
    checked.found(
        "mjml-broken", sentences.get(code, usual), "body", text=text, line=line, name=fault.name,
        reason=str(fault)[:200],
    )  # fmt: skip


def check_problems(checked: Checked, text: Text, problems: tuple[Problem, ...]) -> None:
    """What the compiler would have let through."""
    by_code: dict[str, list[Place]] = {}
    for problem in problems:
        place = (text.mail.lines.of(problem.at), f"<{problem.name[:40]}>")
        code = "mjml-include" if problem.name == "mj-include" else f"mjml-{problem.code}"
        by_code.setdefault(code, []).append(place)
    sentences = {
        "mjml-unknown": _(
            "%(language)s: MJML does not know these tags: %(names)s. Look how they are spelled, "
            "or take them out."
        ),
        "mjml-include": _(
            "%(language)s: nothing can be included from elsewhere: %(names)s. Put in what it is "
            "to say."
        ),
        "mjml-unclosed": _(
            "%(language)s: these tags are opened and never closed: %(names)s. Close each of them."
        ),
        "mjml-too-many": _("%(language)s: the MJML has more tags than any mailbox would show."),
        "mjml-too-deep": _("%(language)s: these tags are nested too deeply: %(names)s."),
    }
    for code, places in by_code.items():
        checked.found_at(code, sentences[code], "body", text, places)


def check_header(checked: Checked, text: Text) -> None:
    """What inboxes show: subject, preheader and sender."""
    width = columns(text.filled("subject"))
    if width > MAX_SUBJECT:
        message = _(
            "%(language)s: the subject is %(width)s columns wide, and inboxes cut it after about "
            "%(limit)s (a Chinese character takes two). Shorten it, or say what matters first."
        )
        checked.found("subject-long", message, "subject", text=text, width=width, limit=MAX_SUBJECT)
    preheader = text["preheader"]
    if not preheader:
        message = _(
            "%(language)s: there is no preheader, so inboxes show how the e-mail begins. Write "
            "what is to stand after the subject."
        )
        checked.found("preheader-missing", message, "preheader", text=text)
    elif (width := columns(text.filled("preheader"))) > MAX_PREHEADER:
        message = _(
            "%(language)s: the preheader is %(width)s columns wide, and inboxes cut it after "
            "%(limit)s at the latest. Shorten it."
        )
        checked.found(
            "preheader-long", message, "preheader", text=text, width=width, limit=MAX_PREHEADER
        )
    elif preheader.casefold() == text["subject"].casefold():
        message = _("%(language)s: the preheader says the same as the subject. Say something more.")
        checked.found("preheader-same", message, "preheader", text=text)
    check_sender(checked, text)


def check_sender(checked: Checked, text: Text) -> None:
    """A name people know, and an address that is one."""
    sender = text["sender"]
    if not sender:
        message = _(
            "%(language)s: nobody is named as the sender. Write a name and an address, such as "
            "“Bank <hello@bank.example>”."
        )
        checked.found("sender-missing", message, "sender", text=text)
    elif not _SENDER.fullmatch(text.filled("sender").strip()):
        message = _(
            "%(language)s: the sender has no e-mail address. Write it behind the name, such as "
            "“Bank <hello@bank.example>”."
        )
        checked.found("sender-address", message, "sender", text=text)


def check_pictures(checked: Checked, text: Text) -> None:
    """Pictures that say nothing where they are not loaded, or that shift all below them."""
    pictures = text.mail.pictures
    without_alt = [one for one in pictures if _lacks_words(one)]
    message = _(
        "%(language)s: these pictures say nothing where they are not shown: %(names)s. Describe "
        'each in alt="…", or write alt="" where one is mere ornament and no link.'
    )
    checked.found_at("image-without-alt", message, "body", text, _places(without_alt))
    without_size = [one for one in pictures if one.tag == "img" and not _has_size(one)]
    message = _(
        "%(language)s: these pictures do not say how large they are, so the e-mail jumps while "
        "they load: %(names)s. Give each a width and a height."
    )
    checked.found_at("image-without-size", message, "body", text, _places(without_size))
    embedded = [one for one in pictures if one.source[:5].lower() == "data:"]
    message = _(
        "%(language)s: these pictures are part of the text, which Gmail and Outlook do not show: "
        "%(names)s. Upload them and name their address."
    )
    checked.found_at("image-embedded", message, "body", text, _places(embedded))
    insecure = [one for one in pictures if one.source[:5].lower() == "http:"]
    message = _(
        "%(language)s: these pictures are not fetched over https, so many mailboxes leave them "
        "out: %(names)s."
    )
    checked.found_at("image-insecure", message, "body", text, _places(insecure))


def _places(pictures: list[Picture]) -> list[Place]:
    return [(one.line, _name(one)) for one in pictures]


def _name(picture: Picture) -> str:
    if picture.source[:5].lower() == "data:":
        return picture.source[:20]
    return picture.source.partition("?")[0].rpartition("/")[2] or picture.source or picture.tag


def _lacks_words(picture: Picture) -> bool:
    if "alt" not in picture.given:
        return True
    return picture.is_linked and not picture.given["alt"].strip()


def _has_size(picture: Picture) -> bool:
    styled = declarations(picture.given.get("style", ""))
    wide = _MEASURE.fullmatch(picture.given.get("width", "").strip())
    high = _MEASURE.fullmatch(picture.given.get("height", "").strip())
    return bool((wide or "width" in styled) and (high or "height" in styled))


def check_active(checked: Checked, text: Text) -> None:
    """Scripts, forms and what else mailboxes throw out, or throw the e-mail out for."""
    found: list[Place] = []
    for token, given in text.mail.opened:
        handlers = [name for name in given if name.startswith("on")]
        if token.name in ACTIVE:
            found.append((text.mail.lines.of(token.at), f"<{token.name}>"))
        elif handlers:
            found.append((text.mail.lines.of(token.at), handlers[0]))
    message = _(
        "%(language)s: mailboxes neither run nor show these, and many take them for an attack: "
        "%(names)s. Take them out; lead to a page instead."
    )
    checked.found_at("html-active", message, "body", text, found)


def check_leaving(checked: Checked, text: Text) -> None:
    """A way to receive no more of these."""
    if not text.mail.source or checked.topics & checked.rules.service_tags:
        return
    if any(one.is_leaving for one in addresses(text) if one.field == "body"):
        return
    template = text.template("body")
    if template is not None and any(LEAVING.search(name) for name in template.names):
        return
    message = _(
        "%(language)s: there is no link to unsubscribe. Add one, or the variable that the sending "
        "system fills in for it. What has to be sent whatever people want is tagged as %(tags)s."
    )
    if not checked.rules.service_tags:
        message = _(
            "%(language)s: there is no link to unsubscribe. Add one, or the variable that the "
            "sending system fills in for it."
        )
    tags = listing(sorted(checked.rules.service_tags)[-2:])
    checked.found("unsubscribe-missing", message, "body", text=text, tags=tags)
