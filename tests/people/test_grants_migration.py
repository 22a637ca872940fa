"""Going back to the version before grants, and forward again."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from people.models import Grant

pytestmark = pytest.mark.django_db

BEFORE = [("journeys", "0005_tombstone")]


def migrate(targets) -> None:
    MigrationExecutor(connection).migrate(targets)


def rows(table: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, role_id, user_id, team_id, journey_id FROM {table} ORDER BY id")
        return cursor.fetchall()


def test_roles_on_journeys_survive_there_and_back(cast):
    Grant.objects.exclude(scope="journey").delete()
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    before, histories = rows("people_grant"), rows("people_historicalgrant")
    assert before
    # What is checked late would be in the way of altering tables in one transaction.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    migrate(BEFORE)
    assert rows("journeys_journeygrant") == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('journeys_journeygrant', 'id'))")
        assert cursor.fetchone()[0] > max(row[0] for row in before)
    migrate(newest)
    assert rows("people_grant") == before
    assert [row for row in histories if row[4]] == rows("people_historicalgrant")


def test_a_grant_that_is_over_stands_in_nobodys_way(cast):
    Grant.objects.exclude(scope="journey").delete()
    ended = Grant.objects.latest("pk")
    Grant.objects.filter(pk=ended.pk).update(ends_at="2020-01-01T00:00Z", is_over=True)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    migrate(BEFORE)
    assert ended.pk not in {row[0] for row in rows("journeys_journeygrant")}


def test_a_grant_that_the_version_before_cannot_hold_is_kept_by_a_refusal(cast):
    Grant.objects.filter(scope="journey").update(ends_at="2100-01-01T00:00Z")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="more than journeys"), transaction.atomic():
        migrate(BEFORE)
