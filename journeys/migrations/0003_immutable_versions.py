from django.db import migrations

from cjops.core.immutability import immutable


class Migration(migrations.Migration):
    dependencies = [("core", "0002_database_objects"), ("journeys", "0002_initial")]

    operations = [immutable("journeys_journeyversion")]
