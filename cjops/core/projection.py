"""Projected rows: only those that differ are written, each with its history."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models, router
from django.utils import timezone
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

K = TypeVar("K", bound=Hashable)
M = TypeVar("M", bound=models.Model)
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what the live version says; for people who check the projection."""

    model: str
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.model} {self.key}: {self.what}"


def write(
    model: type[M], rows: Mapping[K, M], wanted: Mapping[K, Values], *, actor: Any
) -> dict[K, M]:
    """Add and change rows so that each key of `wanted` has its values; all of those rows, by key.

    `rows` are the present ones; `wanted` gives the values of columns by their attribute names
    (`stage_id`, not `stage`). Rows that `wanted` does not name are left alone.
    """
    now = timezone.now()
    added: dict[K, M] = {}
    changed: list[M] = []
    columns: set[str] = set()
    for key, values in wanted.items():
        row = rows.get(key)
        if row is None:
            added[key] = model(**values)
            continue
        differing = [name for name, value in values.items() if getattr(row, name) != value]
        if differing:
            for name in differing:
                setattr(row, name, values[name])
            changed.append(row)
            columns.update(differing)
    history = {"default_user": actor, "default_date": now}
    if added:
        bulk_create_with_history(list(added.values()), model, **history)
    if changed:
        bulk_update_with_history(changed, model, field_names(model, columns), **history)
    return {key: added.get(key) or rows[key] for key in wanted}


def field_names(model: type[models.Model], columns: Iterable[str]) -> list[str]:
    """The fields behind attribute names: `stage` for `stage_id`."""
    wanted = set(columns)
    return [field.name for field in model._meta.concrete_fields if field.attname in wanted]


def remove(model: type[M], rows: Iterable[M], *, actor: Any) -> None:
    """Delete rows in one statement and record it.

    Nothing cascades: the caller removes what points at them first.
    """
    gone = list(rows)
    if not gone:
        return
    now = timezone.now()
    history = model.history.model  # type: ignore[attr-defined]
    history.objects.bulk_create(
        history(
            history_date=now,
            history_type="-",
            history_user=actor,
            **{field.attname: getattr(row, field.attname) for field in history.tracked_fields},
        )
        for row in gone
    )
    queryset = model._default_manager.filter(pk__in=[row.pk for row in gone])
    queryset._raw_delete(router.db_for_write(model))


def differences(
    model: type[M], rows: Mapping[K, M], wanted: Mapping[K, Values]
) -> list[Difference]:
    """Where the rows are not what `write` and `remove` would make of them."""
    name = model.__name__
    found = [Difference(name, str(key), "extra row") for key in rows if key not in wanted]
    for key, values in wanted.items():
        row = rows.get(key)
        if row is None:
            found.append(Difference(name, str(key), "missing row"))
            continue
        found += [
            Difference(name, str(key), f"{column} is {getattr(row, column)!r}, not {value!r}")
            for column, value in values.items()
            if getattr(row, column) != value
        ]
    return found
