"""Until when the material may be used."""

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from content.definition import said
from content.validation.checked import Checked

# Long enough to renew a licence or to make something else.
SOON = 30


def check(checked: Checked) -> None:
    """The rights of the whole asset, as they stand today."""
    rights = said(checked.document, "rights")
    begins, ends = day(rights.get("valid_from")), day(rights.get("valid_until"))
    if begins and ends and ends < begins:
        message = _(
            "The rights end on %(end)s, before they begin on %(begin)s. Correct one of the dates."
        )
        words: dict[str, Any] = {"begin": shown(begins), "end": shown(ends)}
        checked.found("rights-reversed", message, "rights", "valid_until", **words)
        return
    today = checked.rules.today
    if today is None:
        return
    if ends and ends < today:
        message = _("The rights ended on %(end)s. Renew them, or use other material.")
        checked.found("rights-expired", message, "rights", "valid_until", end=shown(ends))
    elif ends and (ends - today).days <= SOON:
        days = (ends - today).days
        message = ngettext(
            "The rights end on %(end)s, in %(days)s day. Renew them in time.",
            "The rights end on %(end)s, in %(days)s days. Renew them in time.",
            days,
        )
        checked.found("rights-ending", message, "rights", "valid_until", end=shown(ends), days=days)
    if begins and begins > today:
        message = _("The rights begin only on %(begin)s. Send nothing of it before.")
        checked.found("rights-not-begun", message, "rights", "valid_from", begin=shown(begins))


def day(written: object) -> dt.date | None:
    """A day of the document; None where it says none."""
    return dt.date.fromisoformat(written) if isinstance(written, str) and written else None


def shown(date: dt.date) -> str:
    """A day as the reader writes it."""
    return str(date_format(date, "DATE_FORMAT"))
