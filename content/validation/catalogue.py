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


CATALOGUE: Mapping[str, Check] = {
    "name-missing": Check("error", _("The asset has no name"), is_fixed=True),
    "no-rendition": Check("error", _("The asset has no language"), is_fixed=True),
    "language-missing": Check("warning", _("A language is missing")),
    **{
        one.empty: Check("error", _("A text that is needed is empty"), is_fixed=True)
        for kind in KINDS.values()
        for one in kind.written
        if one.empty
    },
    "field-unused": Check("warning", _("A field has no use in this kind of asset")),
    "body-too-large": Check("error", _("The e-mail is larger than 1 MB"), "email", is_fixed=True),
    "format-mismatch": Check("error", _("MJML is marked as HTML"), "email", is_fixed=True),
    "mjml-broken": Check("error", _("The MJML does not compile"), "email", is_fixed=True),
    "mjml-unknown": Check("error", _("The MJML has unknown tags"), "email", is_fixed=True),
    "mjml-unclosed": Check(
        "error", _("The MJML has tags that are never closed"), "email", is_fixed=True
    ),
    "mjml-too-many": Check("error", _("The MJML has too many tags"), "email", is_fixed=True),
    "mjml-too-deep": Check("error", _("The MJML is nested too deeply"), "email", is_fixed=True),
    "preheader-missing": Check("warning", _("The e-mail has no preheader"), "email"),
    "text-missing": Check("warning", _("The e-mail has no text part"), "email"),
    "many-segments": Check("warning", _("A text is sent as many messages"), "sms"),
    "title-long": Check("warning", _("A title is cut by phones"), "push"),
}
