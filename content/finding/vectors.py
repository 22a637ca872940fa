"""Expressions of search."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db import connection, transaction
from django.db.models import BigIntegerField, BooleanField, F, Func, Lookup, TextField, Value


class Lexemes(SearchQuery):
    """A query whose lexemes are given as they are: no configuration takes them apart again."""

    function = None
    template = "%(expressions)s::tsquery"

    def __init__(self, query: str) -> None:
        Func.__init__(self, Value(query, TextField()), output_field=self.output_field)
        self.config: Any = None
        self.invert = False


class Among(Lookup):
    """Whether the row's key is one of many, which go to the database as one value: written out
    one by one, thousands take longer to read than to look up."""

    lookup_name = "among"
    output_field = BooleanField()

    def __init__(self, ids: list[int] | ArraySubquery, key: str = "pk") -> None:
        many = Value(ids, ArrayField(BigIntegerField())) if isinstance(ids, list) else ids
        super().__init__(F(key), many)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """`key = ANY (array)`, which is hashed where the array is known; what is only looked up
        then would be compared one by one, and is therefore read as rows."""
        left, of_left = self.process_lhs(compiler, connection)
        right, of_right = self.process_rhs(compiler, connection)
        form = "{} = ANY ({})" if isinstance(self.rhs, Value) else "{} IN (SELECT unnest({}))"
        return form.format(left, right), (*of_left, *of_right)


@contextmanager
def by_index() -> Iterator[None]:
    """Within it the database looks into indexes wherever it can.

    Vectors stand beside their rows, and what reading them takes is not in its reckoning: of a word
    that many assets have, or that it knows nothing of, it would read them all.
    """
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")
        yield
        cursor.execute("SET LOCAL enable_seqscan TO DEFAULT")
