"""What the words of Journey Builder mean here."""

from collections.abc import Mapping
from typing import Final, Literal

from journeys.importers.building import line

Family = Literal["message", "wait", "decision", "action"]

CHANNELS: Final[Mapping[str, str]] = {
    "EMAIL": "email",
    "EMAILV2": "email",
    "SMS": "sms",
    "SMSSYNC": "sms",
    "PUSH": "push",
    "PUSHNOTIFICATIONACTIVITY": "push",
    "PUSHINBOXACTIVITY": "push",
    "INAPPSYNCACTIVITY": "in-app",
}
_UNITS: Final[Mapping[str, str]] = {
    "MINUTES": "PT{}M",
    "HOURS": "PT{}H",
    "DAYS": "P{}D",
    "WEEKS": "P{}W",
    "MONTHS": "P{}M",
    "YEARS": "P{}Y",
}
REENTRY: Final[Mapping[str, str]] = {
    "OnceAndDone": "never",
    "SingleEntryAcrossAllVersions": "after_exit",
    "MultipleEntries": "always",
}
# Ids, schemas and icons: of no meaning outside the platform. A note sums them up.
INTERNAL: Final = frozenset(
    [
        "id",
        "key",
        "type",
        "name",
        "outcomes",
        "arguments",
        "metaData",
        "schema",
        "applicationExtensionKey",
        "isModified",
        "emailId",
        "triggeredSend",
        "triggeredSendId",
        "triggeredSendKey",
        "r__triggeredSend_key",
        "created",
        "modified",
        "schemaVersionId",
    ]
)


def family(activity_type: str, outcomes: int) -> Family:
    """Which kind of step an activity becomes; one of unknown type may still be seen to decide."""
    name = activity_type.upper()
    if name in CHANNELS:
        return "message"
    if name.endswith("WAIT") or name.startswith("WAIT"):
        return "wait"
    if "DECISION" in name or "SPLIT" in name or "OPTIMIZER" in name:
        return "decision"
    return "decision" if outcomes > 1 else "action"


def is_known(activity_type: str) -> bool:
    """Whether the type of an activity says by itself what kind of step it is."""
    return family(activity_type, 0) != "action"


def duration(amount: object, unit: object) -> str | None:
    """A wait as an ISO 8601 duration; None where it is not given as an amount and a unit."""
    number, form = line(amount), _UNITS.get(line(unit).upper())
    if form is None or not number.isascii() or not number.isdigit() or int(number) == 0:
        return None
    return form.format(int(number)) if len(number) <= 6 else None


def entry_kind(trigger_type: str) -> str:
    """How a trigger lets customers in."""
    name = trigger_type.lower()
    if "audience" in name or "extension" in name:
        return "segment"
    return "schedule" if "date" in name or "schedule" in name else "event"
