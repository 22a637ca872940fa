"""What the keys that policies name are called; each kind of name is read when first met."""

from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance.freezes import freezes_seen
from governance.queries.hiding import OF_SUBJECTS, OF_TAGS, Hidden, hidden_from
from governance.ruling.definitions import label
from governance.ruling.wording import as_written
from people.models import Channel, Role, Team, TeamKind, User

MODELS: dict[str, Any] = {"channels": Channel, "teams": Team, "roles": Role}


class Labels:
    """Names in the reader's language; what has none, or no longer exists, by its key.

    Keys of subjects and tags stay keys: who reads a policy need not see what it is about. Those
    that `reader` may not know are not told at all; nothing is kept from None.
    """

    def __init__(self, reader: User | None) -> None:
        self._reader = reader
        self._known: dict[str, dict[str, str]] = {}

    def __call__(self, choices: str, key: str, /) -> str:
        if choices == "owners":
            return self("people" if "@" in key else "teams", key)
        if choices in MODELS or choices in ("people", "team_kinds", "freezes"):
            return self._labels(choices).get(key, key)
        if choices in OF_SUBJECTS and self._hidden(choices, key):
            return _("a subject you cannot see")
        if choices == OF_TAGS and self._hidden(choices, key):
            return _("a tag you cannot see")
        return as_written(choices, key)

    @cached_property
    def _hidden(self) -> Hidden:
        return hidden_from(self._reader)

    def _labels(self, choices: str) -> dict[str, str]:
        if choices not in self._known:
            self._known[choices] = self._read(choices)
        return self._known[choices]

    def _read(self, choices: str) -> dict[str, str]:
        if choices == "team_kinds":
            return {key: str(label) for key, label in TeamKind.choices}
        if choices == "people":
            return dict(User.objects.order_by().values_list("email", "name"))
        rows = freezes_seen(self._reader) if choices == "freezes" else MODELS[choices].objects.all()
        return {row.key: row.label for row in rows}


def in_my_language(names: dict[str, str]) -> str:
    """A text that is there in several languages, in the reader's."""
    return label(names, get_language() or "en")
