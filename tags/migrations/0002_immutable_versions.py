from django.db import migrations

from cjops.core.immutability import immutable


class Migration(migrations.Migration):
    dependencies = [("core", "0002_database_objects"), ("tags", "0001_initial")]

    operations = [immutable("tags_taxonomyversion")]
