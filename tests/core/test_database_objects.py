"""What the database does by itself."""

import pytest
from django.apps import apps
from django.core.cache import caches
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from cjops.core.models import DocumentVersion

pytestmark = pytest.mark.django_db


def test_every_table_of_versions_refuses_changes():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgtype FROM pg_trigger "
            "JOIN pg_proc ON pg_proc.oid = tgfoid WHERE proname = 'cjops_refuse_change'"
        )
        kinds = dict(cursor.fetchall())
    versions = [model for model in apps.get_models() if issubclass(model, DocumentVersion)]
    assert len(versions) >= 3
    for model in versions:
        # Row, before, delete, update.
        assert kinds[model._meta.db_table] == 0b11011


def test_the_cache_of_production_has_its_table(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "cache",
        }
    }
    caches["default"].set("key", [1.5, "value"], 60)
    assert caches["default"].get("key") == [1.5, "value"]


def test_migrations_say_what_the_models_say():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_migration_can_be_taken_back():
    loader = MigrationLoader(connection)
    ours = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}
    for (label, name), migration in loader.disk_migrations.items():
        if label in ours:
            assert all(operation.reversible for operation in migration.operations), (label, name)


@pytest.mark.parametrize(
    "table",
    [
        "governance_changerevision",
        "governance_ledgerentry",
        "journeys_journeyversion",
        "content_assetversion",
    ],
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET digest = 'x'", "DELETE FROM {}"])
def test_database_refuses_to_alter_what_is_immutable(cast, table, statement):
    refused = pytest.raises(DatabaseError, match="immutable")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
