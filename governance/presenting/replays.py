"""Replays in words: one sentence, what differs by change, and approvals by desk and month."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cjops.core.wording import listing
from governance.models import Change, Replay, ReplayRow
from governance.naming import Labels, in_my_language
from governance.queries.policies import definitions_in_force
from governance.subjects import subject_of
from governance.visibility import about_seen_by
from people.models import User

FILTERS: dict[str, dict[str, Any]] = {
    "gaps": {"gap": True},
    "deadlocks": {"deadlock": True},
    "extra": {"difference__extra__gt": 0},
    "saved": {"difference__saved__gt": 0},
}
SUBJECTS = ("change__journey", "change__asset", "change__taxonomy")


def rows_for(replay: Replay, reader: User, only: str = "") -> QuerySet[ReplayRow]:
    """What differs, of the changes that the reader sees."""
    rows = replay.rows.filter(about_seen_by(reader, "change__"), **FILTERS.get(only, {}))
    return rows.select_related("change", *SUBJECTS).order_by("pk")


class KeyWords:
    """What the keys of requirements are called: by the policies that were tried, and those in
    force."""

    def __init__(self, definitions: Iterable[Mapping[str, Any]]) -> None:
        self.labels = Labels(None)
        self.names: dict[str, str] = {}
        for policy in (*definitions_in_force(), *definitions):
            for need in policy["require"]:
                key = ".".join(dict.fromkeys((policy["key"], need["key"])))
                self.names[key] = in_my_language(need["name"] or policy["name"])

    def __call__(self, key: str) -> str:
        plain, _slash, otherwise = key.partition("/")
        base, _colon, channel = plain.partition(":")
        name = self.names.get(base, base)
        if channel:
            about = {"name": name, "channel": self.labels("channels", channel)}
            name = _("%(name)s, %(channel)s") % about
        return _("%(name)s (instead)") % {"name": name} if otherwise else name

    def all(self, keys: Iterable[str]) -> str:
        """Several of them as a list."""
        return listing([self(key) for key in keys])


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One change about which other things would have been asked."""

    change: Change
    subject: str
    added: str
    removed: str
    altered: str
    gap: str
    deadlock: str
    extra: float
    saved: float


def lines_of(rows: Iterable[ReplayRow], words: KeyWords) -> Iterator[DifferenceLine]:
    """The rows in words."""
    for row in rows:
        said = row.difference
        yield DifferenceLine(
            change=row.change,
            subject=subject_of(row.change).name,
            added=words.all(said["added"]),
            removed=words.all(said["removed"]),
            altered=words.all(said["altered"]),
            gap=_gap(row),
            deadlock=_("Nobody could have decided: %(keys)s") % {"keys": words.all(said["stuck"])}
            if row.deadlock
            else "",
            extra=said["extra"],
            saved=said["saved"],
        )


def _gap(row: ReplayRow) -> str:
    if not row.gap:
        return ""
    count = row.difference["uncovered"]
    if not count:
        return _("Nobody would have decided on it.")
    return ngettext(
        "Nobody would have decided on %(count)s part.",
        "Nobody would have decided on %(count)s parts.",
        count,
    ) % {"count": count}


@dataclass(frozen=True, slots=True)
class DeskLine:
    """Approvals more and fewer of one team, role or person in one month."""

    name: str
    kind: str
    month: str
    extra: float
    saved: float


def desks_of(replay: Replay) -> list[DeskLine]:
    """The table of teams and months."""
    labels = Labels(None)
    choices = {"team": "teams", "role": "roles", "person": "people"}
    kinds = {"team": _("Team"), "role": _("Role"), "person": _("Person")}
    return [
        DeskLine(labels(choices[kind], key), kinds[kind], month, extra, saved)
        for kind, key, month, extra, saved in replay.summary.get("desks", ())
    ]


def sentence(replay: Replay) -> str:
    """What came of it, in one sentence."""
    said = replay.summary
    looked, differ = said.get("changes", 0), said.get("differ", 0)
    if not looked:
        return _("No change was submitted in this period.")
    if not differ:
        return ngettext(
            "Of %(count)s change nothing else would have been asked.",
            "Of all %(count)s changes nothing else would have been asked.",
            looked,
        ) % {"count": looked}
    return ngettext(
        "%(differ)s of %(count)s change would have been decided on by others: %(gaps)s with gaps, "
        "%(deadlocks)s with decisions nobody could make, %(extra)s approvals more and %(saved)s "
        "fewer.",
        "%(differ)s of %(count)s changes would have been decided on by others: %(gaps)s with gaps, "
        "%(deadlocks)s with decisions nobody could make, %(extra)s approvals more and %(saved)s "
        "fewer.",
        looked,
    ) % {
        "differ": differ,
        "count": looked,
        "gaps": said["gaps"],
        "deadlocks": said["deadlocks"],
        "extra": number(said["extra"]),
        "saved": number(said["saved"]),
    }


def number(value: float) -> str:
    """With a decimal only where there is one."""
    return f"{value:g}"
