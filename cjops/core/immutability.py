"""Rows that are written once: the database refuses to alter or delete them."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.migrations import RunSQL

FUNCTION = RunSQL(
    """
    CREATE FUNCTION cjops_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'A row of % is immutable: % refused.', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'restrict_violation';
    END
    $$
    """,
    "DROP FUNCTION cjops_refuse_change()",
)


@contextmanager
def at_rest() -> Iterator[None]:
    """Within the block, inside a transaction, the guards sleep; for superusers alone.

    So a demo starts over and tests clean up. The role of a portal in production may not do it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def immutable(table: str) -> RunSQL:
    """The trigger that keeps the rows of `table` as they were written."""
    return RunSQL(
        f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION cjops_refuse_change()",
        f"DROP TRIGGER {table}_immutable ON {table}",
    )


def never_emptied(table: str) -> RunSQL:
    """The trigger that keeps `table` from being emptied at once."""
    return RunSQL(
        f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION cjops_refuse_change()",
        f"DROP TRIGGER {table}_kept ON {table}",
    )
