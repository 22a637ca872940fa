"""What the database does by itself: refusing changes of immutable rows, and holding the cache."""

from typing import Any

from django.core.management import call_command
from django.db import migrations

from cjops.core.immutability import FUNCTION

CACHE = "cache"


def create_cache(apps: Any, schema_editor: Any) -> None:
    """The table of the database cache, if the settings name one; rate limits are kept in it."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop_cache(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(f"DROP TABLE IF EXISTS {schema_editor.quote_name(CACHE)}")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [FUNCTION, migrations.RunPython(create_cache, drop_cache)]
