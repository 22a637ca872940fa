"""What follows from grants, written for many subjects at once: guardian's rows, and who reads what.

In SQL, since a grant on a market reaches thousands of journeys; each statement deletes what nothing
grants any more and inserts what is missing, so that running it again changes nothing.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from people.models import Grant, User

# Two kinds of transaction must not run beside each other: one that changes what a wide grant
# (on everything, a market ...) reaches, and one that creates or moves subjects.
LOCK = 7_267_482
IN_FORCE = "NOT g.is_over AND (g.ends_at IS NULL OR g.ends_at > %(now)s)"


def lock_wide() -> None:
    """Before a wide grant or a role changes: wait for all who create or move subjects."""
    _hold("pg_advisory_xact_lock")


def lock_narrow() -> None:
    """Before a subject is created or moved, and before its row is locked: wait for wide ones."""
    _hold("pg_advisory_xact_lock_shared")


@dataclass(frozen=True, slots=True)
class Derived:
    """How an app derives what its subjects need.

    `reached` gives the ids of the subjects that grants reach; `renew` makes what is derived of
    subjects right again, and gives the ids of those of which it was not. `rights` say which grants
    reach a subject, for those who ask why (`people.explaining`).
    """

    model: type[models.Model]
    rights: "Rights"
    reached: Callable[[Iterable[Grant]], Collection[int]]
    renew: Callable[[Collection[int]], set[int]]


_derived: dict[str, Derived] = {}


def register(kind: str, derived: Derived) -> None:
    """For `AppConfig.ready` of the app that has subjects of that kind."""
    _derived[kind] = derived


def derived() -> dict[str, Derived]:
    """By kind of subject."""
    return dict(_derived)


@dataclass(frozen=True, slots=True)
class Rights:
    """Rights on the rows of one model, in guardian's two tables for it.

    `held` is SQL that gives the ids of subjects (as `subject`) among `%(ids)s` and of grants that
    reach them (as `holding`). `codename` is the SQL of the permission for a `code` of the role.
    """

    model: str
    held: str
    codename: str = "code"

    @property
    def label(self) -> tuple[str, str]:
        """App and model as content types have them."""
        app, _dot, name = self.model.lower().partition(".")
        return app, name

    def table(self, suffix: str = "") -> str:
        """The table of the model, or that of its rows about people or groups."""
        return str(apps.get_model(f"{self.model}{suffix}")._meta.db_table)


def renew_rights(rights: Rights, ids: Collection[int]) -> set[int]:
    """Make guardian's rows of these subjects the union of all grants that reach them; the ids of
    those of which they were not."""
    app, name = rights.label
    changed: set[int] = set()
    for suffix, holder, column in (
        ("UserObjectPermission", "g.user_id", "user_id"),
        ("GroupObjectPermission", "t.group_id", "group_id"),
    ):
        rows = rights.table(suffix)
        # The names of tables and columns are our own.
        changed |= run(
            f"""
            WITH held AS ({rights.held}),
            wanted AS (
                SELECT DISTINCT held.subject, {holder} AS holder, p.id AS permission
                FROM held
                JOIN people_grant g ON g.id = held.holding AND {IN_FORCE}
                JOIN people_role r ON r.id = g.role_id
                LEFT JOIN people_team t ON t.id = g.team_id
                CROSS JOIN LATERAL unnest(r.permissions) AS code
                JOIN auth_permission p ON p.codename = {rights.codename}
                JOIN django_content_type c ON c.id = p.content_type_id
                    AND c.app_label = %(app)s AND c.model = %(name)s
                WHERE {holder} IS NOT NULL
            ),
            gone AS (
                DELETE FROM {rows} o WHERE o.content_object_id = ANY(%(ids)s) AND NOT EXISTS (
                    SELECT 1 FROM wanted w WHERE w.subject = o.content_object_id
                        AND w.holder = o.{column} AND w.permission = o.permission_id)
                RETURNING o.content_object_id
            ),
            added AS (
                INSERT INTO {rows} ({column}, permission_id, content_object_id)
                SELECT w.holder, w.permission, w.subject FROM wanted w WHERE NOT EXISTS (
                    SELECT 1 FROM {rows} o WHERE w.subject = o.content_object_id
                        AND w.holder = o.{column} AND w.permission = o.permission_id)
                ORDER BY w.subject, w.holder, w.permission
                RETURNING content_object_id
            )
            SELECT content_object_id FROM gone UNION SELECT content_object_id FROM added
            """,  # noqa: S608
            ids=list(ids),
            now=timezone.now(),
            app=app,
            name=name,
        )
    return changed


def renew_readers(rights: Rights, ids: Collection[int], *, has_team: bool = False) -> set[int]:
    """Write on each subject who may read it while it is restricted (`GovernedSubject.readers`).

    From guardian's rows, which have to be up to date; with `has_team` the owner team as well. The
    ids of those on which something else was written.
    """
    app, name = rights.label
    owner = "UNION SELECT -t.group_id FROM people_team t WHERE t.id = s.team_id" if has_team else ""
    return run(
        f"""
        UPDATE {rights.table()} changed SET readers = found.readers FROM (
            SELECT s.id, ARRAY(
                SELECT u.user_id FROM {rights.table("UserObjectPermission")} u
                WHERE u.content_object_id = s.id AND u.permission_id = p.id
                UNION
                SELECT -g.group_id FROM {rights.table("GroupObjectPermission")} g
                WHERE g.content_object_id = s.id AND g.permission_id = p.id
                {owner}
                ORDER BY 1
            )::bigint[] AS readers
            FROM {rights.table()} s
            JOIN auth_permission p ON p.codename = %(view)s
            JOIN django_content_type c ON c.id = p.content_type_id
                AND c.app_label = %(app)s AND c.model = %(name)s
            WHERE s.id = ANY(%(ids)s)
        ) found
        WHERE changed.id = found.id AND changed.readers IS DISTINCT FROM found.readers
        RETURNING changed.id
        """,  # noqa: S608
        ids=list(ids),
        app=app,
        name=name,
        view=f"view_{name}",
    )


def renew_groups() -> set[int]:
    """Make the group of each team its members; the ids of the teams of which it was not."""
    groups: Any = User.groups.through
    held = groups._meta.db_table
    # The name of the table is our own.
    return run(
        f"""
        WITH gone AS (
            DELETE FROM {held} h USING people_team t WHERE t.group_id = h.group_id AND NOT EXISTS (
                SELECT 1 FROM people_membership m WHERE m.team_id = t.id AND m.user_id = h.user_id)
            RETURNING t.id
        ),
        added AS (
            INSERT INTO {held} (user_id, group_id)
            SELECT m.user_id, t.group_id FROM people_membership m
            JOIN people_team t ON t.id = m.team_id
            WHERE NOT EXISTS (
                SELECT 1 FROM {held} h WHERE h.group_id = t.group_id AND h.user_id = m.user_id)
            ORDER BY m.user_id, t.group_id
            ON CONFLICT DO NOTHING
            RETURNING group_id
        )
        SELECT id FROM gone
        UNION SELECT t.id FROM added JOIN people_team t ON t.group_id = added.group_id
        """  # noqa: S608
    )


def given_on(rights: Rights, subject: int, user: int) -> dict[int, frozenset[str]]:
    """By id of each grant to a person, or to a team of theirs, that reaches a subject: the
    codenames that it gives there, or gave before its end."""
    # The names of tables and columns are our own.
    statement = f"""
        WITH held AS ({rights.held})
        SELECT g.id, array_agg(DISTINCT {rights.codename}) FROM held
        JOIN people_grant g ON g.id = held.holding
        JOIN people_role r ON r.id = g.role_id
        LEFT JOIN LATERAL unnest(r.permissions) AS code ON true
        WHERE g.user_id = %(user)s
            OR g.team_id IN (SELECT team_id FROM people_membership WHERE user_id = %(user)s)
        GROUP BY g.id
        """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, {"ids": [subject], "user": user})
        return {grant: frozenset(filter(None, codes)) for grant, codes in cursor.fetchall()}


def run(statement: str, **values: Any) -> set[int]:
    """Execute a statement of a module that derives; the ids that it gives back."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return {pk for (pk,) in cursor.fetchall()}


def _hold(function: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])
