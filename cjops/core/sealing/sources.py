"""Tables whose rows the log proves, and their canonical JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Func
from django.db.models.functions import Cast

from cjops.documents import canonical


class Sealed(models.Model):
    """A row that is written once and proved by the log."""

    # RFC 8785 of all that the row says; what is hashed.
    body = models.TextField(editable=False)
    # The transaction that wrote it: the sealer knows by it which rows it may not have seen yet.
    xid = models.BigIntegerField(
        editable=False,
        db_default=Cast(
            Cast(Func(function="pg_current_xact_id"), models.TextField()), models.BigIntegerField()
        ),
    )

    class Meta:
        abstract = True


@dataclass(frozen=True, slots=True)
class Source:
    """One such table. `columns` gives for each member of the body the SQL, over the row `e`, of the
    JSON value that it has to have."""

    name: str
    model: str
    columns: Mapping[str, str]

    @property
    def table(self) -> str:
        """The table's name."""
        return str(apps.get_model(self.model)._meta.db_table)

    @property
    def body(self) -> str:
        """The SQL of what the columns of a row say, as jsonb."""
        members = ", ".join(f"'{name}', {value}" for name, value in self.columns.items())
        return f"jsonb_build_object({members})"


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let the log prove the rows of a table; for `AppConfig.ready`."""
    _sources[source.name] = source


def sources() -> tuple[Source, ...]:
    """All of them, in the order in which a round seals them."""
    return tuple(_sources[name] for name in sorted(_sources))


def moment(column: str) -> str:
    """The SQL of a point in time as bodies have it: UTC, to the microsecond."""
    return f"""to_char(e.{column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def body_of(members: Mapping[str, Any]) -> str:
    """The canonical JSON of a row. Raises `NotCanonical` for what JSON cannot say."""
    return canonical(members).decode()
