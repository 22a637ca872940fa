"""Who reads restricted assets, on their rows."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

READERS = """
    UPDATE content_asset s SET readers = ARRAY(
        SELECT NULL::bigint WHERE false UNION SELECT u.user_id FROM content_assetuserobjectpermission u JOIN auth_permission p ON p.id = u.permission_id
                WHERE u.content_object_id = s.id AND p.codename = 'view_asset'
            UNION SELECT -g.group_id FROM content_assetgroupobjectpermission g JOIN auth_permission p ON p.id = g.permission_id
                WHERE g.content_object_id = s.id AND p.codename = 'view_asset'
            UNION SELECT -t.group_id FROM people_team t WHERE t.id = s.team_id ORDER BY 1
    )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0005_asset_status"),
        ("people", "0020_grants"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="asset",
            options={
                "ordering": ("name",),
                "permissions": [
                    ("propose_asset", "Can propose a change of the asset"),
                    ("publish_asset", "Can publish changes of the asset"),
                    ("manage_asset", "Can reject changes of the asset and answers for it"),
                ],
                "verbose_name": "asset",
                "verbose_name_plural": "assets",
            },
        ),
        migrations.AddField(
            model_name="asset",
            name="readers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, editable=False, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="asset",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["readers"], name="asset_by_reader"
            ),
        ),
        migrations.RunSQL(READERS, migrations.RunSQL.noop),
    ]
