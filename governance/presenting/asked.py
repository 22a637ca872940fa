"""What the story of a change says of who decides: asked anew, late, named, published without."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from cjops.core.wording import listing
from governance import wording
from governance.models import Change, LedgerEntry, Policy
from governance.transitions import Action
from people.models import Channel, User

# What these entries name: decisions by key, people by id.
ABOUT_DECISIONS = frozenset({Action.RETAKE, Action.ESCALATE, Action.APPOINT})
ABOUT_PEOPLE = frozenset({Action.APPOINT, Action.APPROVE, Action.STAND_BY})


@dataclass(frozen=True, slots=True)
class Names:
    """What decisions are called, by key, and people, by id."""

    decisions: dict[str, str] = field(default_factory=dict)
    people: dict[int, str] = field(default_factory=dict)

    def of(self, keys: Iterable[str]) -> str:
        """Decisions as a list within a sentence."""
        return listing(list(dict.fromkeys(self.decisions.get(key, key) for key in keys)))


def names_in(change: Change, entries: list[LedgerEntry]) -> Names:
    """What the entries name; no query for those that name nothing."""
    found = Names()
    if any(entry.action in ABOUT_DECISIONS for entry in entries):
        found.decisions.update(_decisions(change, entries))
    ids = {pk for entry in entries if entry.action in ABOUT_PEOPLE for pk in _people(entry)}
    if ids:
        found.people.update(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    return found


def _people(entry: LedgerEntry) -> set[int]:
    named = {int(pk) for pk in entry.data.get("on_behalf_of", ())}
    return named | ({entry.data["person"]} if "person" in entry.data else set())


def _decisions(change: Change, entries: list[LedgerEntry]) -> dict[str, str]:
    """The names of decisions; of those that are asked no more, that of their policy."""
    keys = {key for entry in entries for key in _keys(entry)}
    rows = change.requirements.filter(key__in=keys).order_by("pk")
    channels = {channel.key: channel.label for channel in Channel.objects.all()}
    found = {
        row.key: wording.decision_name(row, channels.get(row.params.get("channel", ""), ""))
        for row in rows
    }
    if missing := keys - found.keys():
        stems = {key: key.partition("/")[0].partition(":")[0].partition(".")[0] for key in missing}
        policies = {row.key: row.label for row in Policy.objects.filter(key__in=stems.values())}
        for key, stem in stems.items():
            channel = channels.get(key.partition("/")[0].partition(":")[2])
            name = policies.get(stem, key)
            found[key] = (
                _("%(decision)s: %(channel)s") % {"decision": name, "channel": channel}
                if channel
                else name
            )
    return found


def _keys(entry: LedgerEntry) -> list[str]:
    found = [key for name in DIFFERENCES for key in entry.data.get(name, ())]
    one = entry.data.get("requirement")
    return [*found, one] if one else found


DIFFERENCES = ("added", "removed", "altered", "stuck")


def done(entry: LedgerEntry, names: Names) -> str:
    """What such an entry says was done; "" for any other."""
    if entry.action == Action.RETAKE:
        return _retaken(entry)
    if entry.action == Action.ESCALATE:
        return _("asked others as well, since “%(name)s” is late") % {
            "name": names.of([entry.data.get("requirement", "")])
        }
    if entry.action == Action.APPOINT:
        return _("named %(person)s to decide on “%(name)s”") % {
            "person": names.people.get(entry.data.get("person", 0), ""),
            "name": names.of([entry.data.get("requirement", "")]),
        }
    if entry.action == Action.BREAK_GLASS:
        return _("broke glass: published it as version %(number)s without the approvals") % {
            "number": entry.data.get("version", "")
        }
    if entry.action == Action.STAND_BY:
        if entry.data.get("over"):
            return _("stood by it; with that, the look afterwards is over")
        return _("stood by it")
    if entry.action == Action.OBJECT:
        return _("objected to it; it stays live until somebody rolls it back")
    return _approved_for(entry, names) if entry.action == Action.APPROVE else ""


def _retaken(entry: LedgerEntry) -> str:
    if entry.data.get("refused"):
        return _("could not ask for review: nobody would decide on part of it")
    if entry.data.get("blocked"):
        return _("found no policy that says who decides on all of it any more; it waits")
    return _("asked anew who decides")


def _approved_for(entry: LedgerEntry, names: Names) -> str:
    givers = [
        name for pk in entry.data.get("on_behalf_of", ()) if (name := names.people.get(int(pk)))
    ]
    return _("approved for %(giver)s") % {"giver": listing(givers)} if givers else ""


def details(entry: LedgerEntry, names: Names) -> str:
    """What came and went where it was asked anew, a line each; else the words of the actor."""
    if entry.action != Action.RETAKE:
        return entry.reason
    sentences = {
        "added": _("Needed now: %(names)s."),
        "removed": _("No longer needed: %(names)s."),
        "altered": _("Asked differently: %(names)s."),
        "stuck": _("Nobody may decide: %(names)s."),
    }
    return "\n".join(
        sentence % {"names": names.of(entry.data[name])}
        for name, sentence in sentences.items()
        if entry.data.get(name)
    )
