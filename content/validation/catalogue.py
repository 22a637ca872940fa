"""Every check by its code: how grave it is unless an admin says otherwise, and its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cjops.core.findings import Severity
from content.kinds import KINDS

Group = Literal["all", "email", "sms", "push", "picture"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at. `is_fixed`: nobody may turn it down."""

    severity: Severity
    label: str | Promise
    group: Group = "all"
    is_fixed: bool = False


def _error(label: str | Promise, group: Group = "all") -> Check:
    return Check("error", label, group)


def _warning(label: str | Promise, group: Group = "all") -> Check:
    return Check("warning", label, group)


def _fixed(label: str | Promise, group: Group = "all") -> Check:
    """An error that stays one: what cannot be sent, or would harm whoever gets it."""
    return Check("error", label, group, is_fixed=True)


def _told(label: str | Promise, group: Group = "all") -> Check:
    """A warning that stays one."""
    return Check("warning", label, group, is_fixed=True)


CATALOGUE: Mapping[str, Check] = {
    "name-missing": _fixed(_("The asset has no name")),
    "no-rendition": _fixed(_("The asset has no language")),
    "language-missing": _warning(_("A language is missing")),
    **{
        one.empty: _fixed(_("A text that is needed is empty"))
        for kind in KINDS.values()
        for one in kind.written
        if one.empty
    },
    "field-unused": _warning(_("A field has no use in this kind of asset")),
    "prose-too-long": _fixed(_("A text is longer than anybody reads")),
    "nearly-the-same": _warning(_("It says nearly the same as other content")),
    # Personal values
    "liquid-broken": _fixed(_("Personal values cannot be filled in")),
    "liquid-endless": _fixed(_("Personal values take too long or are nested too deeply")),
    "variable-unknown": _error(_("A variable is unknown or misspelled")),
    "variable-unused": _warning(_("A sample or fallback is given for a variable that is not used")),
    "fallback-missing": _warning(_("A personal value has no fallback")),
    # Rights
    "rights-reversed": _error(_("The rights end before they begin")),
    "rights-expired": _error(_("The rights have ended")),
    "rights-not-begun": _warning(_("The rights have not begun")),
    "rights-ending": _warning(_("The rights end within 30 days")),
    # In journeys, which look at what they show: always told, never more.
    "content-other-market": _told(_("Content is shown in a market that it does not name")),
    "content-market-words": _told(_("Content says what a word rule of the market advises against")),
    # Words
    "word-forbidden": _error(_("Words that must not be said")),
    "word-required": _error(_("Words that have to be said are missing")),
    "direction-override": _fixed(_("Invisible characters turn the text around")),
    "character-hidden": _warning(_("An invisible character splits a word")),
    "hard-to-read": _warning(_("A text is hard to read")),
    "claim-unfounded": _error(_("A statement has no legal reference")),
    "claim-expired": _error(_("A statement is no longer true")),
    "claim-absent": _warning(_("A statement does not stand in the text")),
    # Languages beside each other
    "numbers-differ": _warning(_("Languages say different numbers or dates")),
    "variables-differ": _warning(_("Languages fill in different values")),
    "links-differ": _warning(_("Languages lead to different pages")),
    # Links
    "link-dangerous": _fixed(_("A link runs something or opens a file")),
    "link-broken": _error(_("A link cannot work")),
    "link-placeholder": _error(_("A link leads nowhere yet")),
    "link-insecure": _warning(_("A link is not encrypted")),
    "link-untracked": _warning(_("A link lacks tracking parameters")),
    "link-tracking-doubled": _warning(_("A link says a tracking parameter twice")),
    # E-mail
    "body-too-large": _fixed(_("The e-mail is larger than 1 MB"), "email"),
    "email-clipped": _warning(_("The e-mail is cut off by Gmail"), "email"),
    "format-mismatch": _fixed(_("MJML is marked as HTML"), "email"),
    "mjml-broken": _fixed(_("The MJML does not compile"), "email"),
    "mjml-unknown": _fixed(_("The MJML has unknown tags"), "email"),
    "mjml-include": _fixed(_("The MJML includes something from elsewhere"), "email"),
    "mjml-unclosed": _fixed(_("The MJML has tags that are never closed"), "email"),
    "mjml-too-many": _fixed(_("The MJML has too many tags"), "email"),
    "mjml-too-deep": _fixed(_("The MJML is nested too deeply"), "email"),
    "html-active": _error(_("Scripts, forms and other things that mailboxes throw out"), "email"),
    "subject-long": _warning(_("The subject is cut by inboxes"), "email"),
    "preheader-missing": _warning(_("The e-mail has no preheader"), "email"),
    "preheader-long": _warning(_("The preheader is cut by inboxes"), "email"),
    "preheader-same": _warning(_("The preheader repeats the subject"), "email"),
    "sender-missing": _warning(_("The e-mail has no sender"), "email"),
    "sender-address": _warning(_("The sender has no address"), "email"),
    "unsubscribe-missing": _warning(_("The e-mail has no link to unsubscribe"), "email"),
    "image-without-alt": _warning(_("A picture is not described"), "email"),
    "image-without-size": _warning(_("A picture does not say how large it is"), "email"),
    "image-embedded": _warning(_("A picture is part of the text"), "email"),
    "image-insecure": _warning(_("A picture is not fetched over https"), "email"),
    "contrast-low": _warning(_("Words are hard to tell from what is behind them"), "email"),
    "dark-scheme": _warning(_("Nothing says how the e-mail looks in dark mode"), "email"),
    "dark-colours": _warning(_("Words vanish in dark mode"), "email"),
    "dark-picture": _warning(_("A picture may vanish in dark mode"), "email"),
    "text-missing": _warning(_("The e-mail has no text part"), "email"),
    "text-differs": _warning(_("The text part says something else"), "email"),
    "text-lacks-links": _warning(_("The text part lacks links"), "email"),
    "text-lacks-numbers": _warning(_("The text part lacks numbers"), "email"),
    # SMS
    "many-segments": _warning(_("A text is sent as many messages"), "sms"),
    "sms-unicode": _warning(_("Single characters force Unicode"), "sms"),
    "opt-out-missing": _warning(_("A promotion does not say how to opt out"), "sms"),
    # Push
    "title-long": _warning(_("A title is cut by phones"), "push"),
    "text-long": _warning(_("A text is cut by phones"), "push"),
    "push-too-large": _error(_("A push message is too large to be carried"), "push"),
    # Files, buttons and times of the other kinds
    "file-missing": _error(_("A file that is needed is missing"), "picture"),
    "file-unused": _warning(_("A file has no place in this kind of asset"), "picture"),
    "file-unknown": _error(_("A file is not stored"), "picture"),
    "file-type": _error(_("A file is of the wrong type"), "picture"),
    "alt-missing": _warning(_("An uploaded picture is not described"), "picture"),
    "picture-size": _error(_("A picture has other pixels than its place"), "picture"),
    "picture-heavy": _warning(_("A picture loads for too long"), "picture"),
    "picture-much-text": _warning(_("A banner has much text"), "picture"),
    "action-without-link": _error(_("A button leads nowhere")),
    "link-without-action": _warning(_("A link has no button")),
    "timezone-unknown": _error(_("The time zone is unknown")),
    "event-reversed": _error(_("The event ends before it begins")),
    "event-past": _warning(_("The event is over")),
}
