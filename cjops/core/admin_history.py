"""How a row came to be what it is, for its page in the administration."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as having
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import ObjectDoesNotExist
from django.forms.models import _get_foreign_key
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

# Newest first; nobody reads more.
SHOWN = 200
UNSEEN = _("a subject you cannot see")
DID = {"+": _("added"), "~": _("changed"), "-": _("deleted")}


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit: of what, by whom, why, and each field before and after."""

    at: datetime
    who: Any
    did: Any
    what: str
    reason: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class _Eyes:
    """What the reader sees of what rows lead to; each is asked for once."""

    reader: Any
    known: dict[tuple[Any, Any], bool] = having(default_factory=dict)

    def miss(self, model: Any, key: Any) -> bool:
        """Whether that row is there, and hidden from the reader. What is gone is not."""
        rows = model._default_manager.filter(pk=key).order_by()
        if not hasattr(rows, "visible_to"):
            return False
        if (model, key) not in self.known:
            is_seen = rows.visible_to(self.reader).exists()
            self.known[model, key] = not is_seen and rows.exists()
        return self.known[model, key]


def edits_of(its: admin.ModelAdmin, row: Any, reader: Any) -> list[Edit]:
    """The history of a row and of the rows that are edited with it, such as the members of a team.
    The newest first; nothing for what keeps none, and no name of what the reader does not see."""
    eyes = _Eyes(reader)
    found = list(_told(_records(its.model, pk=row.pk), eyes))
    for inline in its.inlines:
        key = _get_foreign_key(its.model, inline.model)
        found += _told(_records(inline.model, **{key.name: row.pk}), eyes)
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN]


def _records(model: Any, **of: Any) -> Iterable[Any]:
    """Historical rows, the oldest first."""
    if not hasattr(model, "history"):
        return ()
    rows = model.history.filter(**{"id" if name == "pk" else name: key for name, key in of.items()})
    newest = list(rows.select_related("history_user").order_by("-history_date", "-history_id"))
    return newest[:SHOWN][::-1]


def _told(records: Iterable[Any], eyes: _Eyes) -> Iterator[Edit]:
    before: dict[Any, Any] = {}
    for record in records:
        old = before.get(record.id)
        before[record.id] = record
        yield Edit(
            at=record.history_date,
            who=record.history_user,
            did=DID.get(record.history_type, record.history_type),
            what=_name_of(record, eyes),
            reason=record.history_change_reason or "",
            fields=tuple(_fields(record, old, eyes)),
        )


def _name_of(record: Any, eyes: _Eyes) -> str:
    label = str(record.instance_type._meta.verbose_name)
    # What leads to something hidden is named after it.
    if any(_is_hidden(record, one, eyes) for one in record.tracked_fields):
        return f"{label} {record.id}"
    try:
        return f"{label}: {record.instance}"
    except ObjectDoesNotExist:
        # It leads to what is gone.
        return f"{label} {record.id}"


def _is_hidden(record: Any, field: Any, eyes: _Eyes) -> bool:
    key = getattr(record, field.attname)
    return bool(field.is_relation and key is not None and eyes.miss(field.related_model, key))


def _fields(record: Any, old: Any, eyes: _Eyes) -> Iterator[tuple[str, str, str]]:
    for field in record.tracked_fields:
        values = [getattr(one, field.attname) if one else None for one in (old, record)]
        if values[0] == values[1] or field.primary_key:
            continue
        before, after = (_value(one, field, eyes) if one else "" for one in (old, record))
        if before or after:
            yield str(field.verbose_name), before, after
    for field in record._history_m2m_fields:
        before, after = (_names(one, field, eyes) if one else "" for one in (old, record))
        if before != after:
            yield str(field.verbose_name), before, after


def _names(record: Any, field: Any, eyes: _Eyes) -> str:
    """What a row was joined with."""
    rows = getattr(record, field.name).all()
    name = field.m2m_reverse_field_name()
    key = rows.model._meta.get_field(name)
    shown = (UNSEEN if _is_hidden(row, key, eyes) else getattr(row, name) for row in rows)
    return ", ".join(sorted(str(one) for one in shown))


def _value(record: Any, field: Any, eyes: _Eyes) -> str:
    if _is_hidden(record, field, eyes):
        return str(UNSEEN)
    if field.choices:
        return str(getattr(record, f"get_{field.name}_display")())
    try:
        value = getattr(record, field.name)
    except ObjectDoesNotExist:
        value = getattr(record, field.attname)
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)
