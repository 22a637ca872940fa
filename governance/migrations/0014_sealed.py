"""Ledger entries carry their canonical JSON, those that are there already as well."""

import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from cjops.core.immutability import never_emptied
from governance.entries import entry_body

AT_A_TIME = 2_000
TABLE = "governance_ledgerentry"


def fill(apps, editor):
    """What the rows say is theirs already: the guard sleeps while it is written down."""
    entries = apps.get_model("governance", "LedgerEntry").objects.order_by("pk").filter(body="")
    editor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER {TABLE}_immutable")
    while found := list(entries[:AT_A_TIME]):
        for entry in found:
            columns = {one.attname: getattr(entry, one.attname) for one in entry._meta.fields}
            entry.body = entry_body(columns)
        entries.model.objects.bulk_update(found, ["body"], batch_size=500)
    editor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER {TABLE}_immutable")


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0005_asset_status"),
        ("core", "0003_sealed"),
        ("governance", "0013_times_in_range"),
        ("journeys", "0005_tombstone"),
        ("tags", "0003_names_in_admin"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="ledgerentry",
            name="body",
            field=models.TextField(default="", editable=False),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddField(
            model_name="ledgerentry",
            name="xid",
            field=models.BigIntegerField(
                db_default=django.db.models.functions.comparison.Cast(
                    django.db.models.functions.comparison.Cast(
                        models.Func(function="pg_current_xact_id"), models.TextField()
                    ),
                    models.BigIntegerField(),
                ),
                editable=False,
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["xid"], name="ledgerentry_by_xid"),
        ),
        never_emptied(TABLE),
    ]
