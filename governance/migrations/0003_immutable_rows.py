from django.db import migrations

from cjops.core.immutability import immutable


class Migration(migrations.Migration):
    dependencies = [("core", "0002_database_objects"), ("governance", "0002_initial")]

    operations = [immutable("governance_changerevision"), immutable("governance_ledgerentry")]
