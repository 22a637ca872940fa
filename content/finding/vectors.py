"""Expressions of search."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery
from django.db.models import BigIntegerField, BooleanField, F, Func, Lookup, TextField, Value


class Lexemes(SearchQuery):
    """A query whose lexemes are given as they are: no configuration takes them apart again."""

    function = None
    template = "%(expressions)s::tsquery"

    def __init__(self, query: str) -> None:
        Func.__init__(self, Value(query, TextField()), output_field=self.output_field)
        self.config: Any = None
        self.invert = False


class Among(Lookup):  # type: ignore[type-arg]
    """Whether the row's key is one of many, which go to the database as one value: written out
    one by one, thousands take longer to read than to look up."""

    lookup_name = "among"
    output_field = BooleanField()

    def __init__(self, ids: list[int], key: str = "pk") -> None:
        super().__init__(F(key), Value(ids, ArrayField(BigIntegerField())))

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """`key = ANY (array)`."""
        left, of_left = self.process_lhs(compiler, connection)
        right, of_right = self.process_rhs(compiler, connection)
        return f"{left} = ANY ({right})", [*of_left, *of_right]
