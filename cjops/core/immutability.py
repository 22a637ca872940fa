"""Rows that are written once: the database refuses to alter or delete them."""

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


def immutable(table: str) -> RunSQL:
    """The trigger that keeps the rows of `table` as they were written.

    TRUNCATE stays possible: it is how a demo starts over, and how tests clean up.
    """
    return RunSQL(
        f"CREATE TRIGGER {table}_immutable BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION cjops_refuse_change()",
        f"DROP TRIGGER {table}_immutable ON {table}",
    )
