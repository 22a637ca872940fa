"""What the keys that policies name are called, in the reader's language."""

from functools import cached_property

from django.utils.translation import get_language

from governance.ruling.definitions import label
from governance.ruling.wording import as_written
from people.models import Channel, Role, Team, TeamKind, User


class Labels:
    """Labels of channels, teams, roles and people; each read when the first of its kind is asked
    for. Keys of subjects and tags stay keys: not everybody sees what they name."""

    def __call__(self, choices: str, key: str, /) -> str:
        """The label of a key, or the key itself where nothing is called so."""
        if choices in ("teams", "owners"):
            return self._teams.get(key) or self._people.get(key, key)
        known = {
            "channels": lambda: self._channels,
            "roles": lambda: self._roles,
            "people": lambda: self._people,
            "team_kinds": lambda: self._team_kinds,
        }
        if choices in known:
            return known[choices]().get(key, key)
        return as_written(choices, key)

    @cached_property
    def _channels(self) -> dict[str, str]:
        return {row.key: row.label for row in Channel.objects.all()}

    @cached_property
    def _teams(self) -> dict[str, str]:
        return {row.key: row.label for row in Team.objects.all()}

    @cached_property
    def _roles(self) -> dict[str, str]:
        return {row.key: row.label for row in Role.objects.all()}

    @cached_property
    def _people(self) -> dict[str, str]:
        return dict(User.objects.values_list("email", "name"))

    @cached_property
    def _team_kinds(self) -> dict[str, str]:
        return {kind.value: str(kind.label) for kind in TeamKind}


def in_my_language(names: dict[str, str]) -> str:
    """A text that is there in several languages, in the reader's."""
    return label(names, get_language() or "en")
