from django.db import migrations, models

from cjops.core.immutability import immutable, never_emptied


class Migration(migrations.Migration):
    dependencies = [("core", "0004_audit_entry")]

    operations = [
        migrations.CreateModel(
            name="Node",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level",
                        "index",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
        ),
        immutable("core_node"),
        never_emptied("core_node"),
    ]
