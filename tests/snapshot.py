"""Rows that many tests begin with: made once by the portal's services, then copied back in.

The services need 400 statements for the cast; copying its rows takes a tenth of the time. What the
migrations left is copied back as well, after tests that commit.
"""

from collections.abc import Callable

from django.db import connection, transaction

# Made by `migrate` and again after a flush, with other ids: not part of what a test begins with.
KEPT = frozenset(
    {"django_migrations", "django_content_type", "auth_permission", "cache", "django_site"}
)
Rows = dict[str, bytes]

# What stands in the database of this test from the start (see `tests.plugins.databases`).
standing: set[str] = set()
_taken: dict[str, tuple[object, Rows]] = {}
_migrated: Rows = {}


def rows_of(name: str, make: Callable[[], object]) -> None:
    """Fill the empty database with what `make` makes, the first time by calling it."""
    if name in standing:
        return
    state = _state()
    if _filled():
        # Something stands there already: only the services know how to go on from it.
        make()
        return
    known = _taken.get(name)
    if known is not None and known[0] == state:
        _put(known[1])
        return
    make()
    _taken[name] = (state, _take())


def remember() -> None:
    """Keep what the migrations left, before the first test."""
    _migrated.clear()
    _migrated.update(_copied(_with_rows(_tables())))


def clear() -> None:
    """Bring that back: cheaper than emptying every table and making all rights anew."""
    tables = _with_rows(_tables())
    with transaction.atomic(), connection.cursor() as cursor:
        # Some tables refuse to lose rows.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')
        _put(_migrated)


def take() -> Rows:
    """All rows but those that the migrations made for good."""
    return _copied(_with_rows(_tables()))


def put_at_rest(rows: Rows) -> None:
    """Put rows taken elsewhere in place of all that are there, and count on from them."""
    tables = _with_rows(_tables())
    with transaction.atomic(), connection.cursor() as cursor:
        # What is copied held where it was made: nothing has to be checked row by row.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')
        _put(rows)
        cursor.execute("SET LOCAL session_replication_role = origin")
        for table in rows:
            for column in connection.introspection.get_sequences(cursor, table):
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column['column']}'),"
                    f' max("{column["column"]}")) FROM "{table}"'
                )
        cursor.execute("ANALYZE")


def _state() -> object:
    """What the rows rely on beyond themselves."""
    return connection.settings_dict["NAME"], rights()


def rights() -> object:
    """The ids of rights, which other migrations give anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(p.id), max(p.id), min(c.id), max(c.id)"
            " FROM auth_permission p, django_content_type c"
        )
        return cursor.fetchone()


def _filled() -> list[str]:
    """The tables that hold rows of a test."""
    return _with_rows([name for name in _tables() if not name.startswith("django_celery_beat")])


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        names: list[str] = connection.introspection.table_names(cursor)
    return [name for name in names if name not in KEPT]


def _with_rows(tables: list[str]) -> list[str]:
    union = " UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(union)
        return [table for (table,) in cursor.fetchall()]


def _take() -> Rows:
    with connection.cursor() as cursor:
        # What is deferred is checked now, so that what is copied holds.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return _copied(_filled())


def _copied(tables: list[str]) -> Rows:
    found = {}
    for table in tables:
        with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
            found[table] = b"".join(bytes(part) for part in copy)
    return found


def _put(rows: Rows) -> None:
    # In one transaction: what points at a row may come before it.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, data in rows.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                copy.write(data)
