"""What keys in policies are called; each kind of name is read at most once, when first met."""

from typing import Any

from django.utils.translation import gettext as _

from governance.discretion import OF_SUBJECTS
from governance.models import FreezeWindow
from governance.ruling.wording import as_written
from people.models import Channel, Role, Team, TeamKind, User

MODELS: dict[str, Any] = {
    "channels": Channel,
    "teams": Team,
    "roles": Role,
    "freezes": FreezeWindow,
}


class Labels:
    """Names in the reader's language; what has none, or no longer exists, by its key.

    Keys of journeys and content stay keys: who reads a policy need not see what it is about. Those
    that are `hidden` from the reader are not told at all.
    """

    def __init__(self, hidden: frozenset[str] = frozenset()) -> None:
        self._hidden = hidden
        self._known: dict[str, dict[str, str]] = {}

    def __call__(self, choices: str, key: str, /) -> str:
        if choices == "owners":
            return self("people" if "@" in key else "teams", key)
        if choices in MODELS or choices in ("people", "team_kinds"):
            return self._labels(choices).get(key, key)
        if choices in OF_SUBJECTS and key in self._hidden:
            return _("a subject you cannot see")
        return as_written(choices, key)

    def _labels(self, choices: str) -> dict[str, str]:
        if choices not in self._known:
            self._known[choices] = _read(choices)
        return self._known[choices]


def _read(choices: str) -> dict[str, str]:
    if choices == "team_kinds":
        return {key: str(label) for key, label in TeamKind.choices}
    if choices == "people":
        return dict(User.objects.order_by().values_list("email", "name"))
    return {row.key: row.label for row in MODELS[choices].objects.all()}
