"""Rights on taxonomies by grants, and who reads the restricted ones."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

READERS = """
    UPDATE tags_taxonomy s SET readers = ARRAY(
        SELECT NULL::bigint WHERE false UNION SELECT -t.group_id FROM people_team t WHERE t.id = s.team_id ORDER BY 1
    )
"""


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("people", "0020_grants"),
        ("tags", "0003_names_in_admin"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TaxonomyGroupObjectPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TaxonomyUserObjectPermission",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AlterModelOptions(
            name="taxonomy",
            options={
                "ordering": ("name",),
                "permissions": [
                    ("propose_taxonomy", "Can propose a change of the taxonomy"),
                    ("publish_taxonomy", "Can publish changes of the taxonomy"),
                    ("manage_taxonomy", "Can reject changes of the taxonomy and answers for it"),
                ],
                "verbose_name": "taxonomy",
                "verbose_name_plural": "taxonomies",
            },
        ),
        migrations.AddField(
            model_name="taxonomy",
            name="readers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, editable=False, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="taxonomy",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["readers"], name="taxonomy_by_reader"
            ),
        ),
        migrations.AddField(
            model_name="taxonomygroupobjectpermission",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="tags.taxonomy"
            ),
        ),
        migrations.AddField(
            model_name="taxonomygroupobjectpermission",
            name="group",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group"),
        ),
        migrations.AddField(
            model_name="taxonomygroupobjectpermission",
            name="permission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
            ),
        ),
        migrations.AddField(
            model_name="taxonomyuserobjectpermission",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="tags.taxonomy"
            ),
        ),
        migrations.AddField(
            model_name="taxonomyuserobjectpermission",
            name="permission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
            ),
        ),
        migrations.AddField(
            model_name="taxonomyuserobjectpermission",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterUniqueTogether(
            name="taxonomygroupobjectpermission",
            unique_together={("group", "permission", "content_object")},
        ),
        migrations.AlterUniqueTogether(
            name="taxonomyuserobjectpermission",
            unique_together={("user", "permission", "content_object")},
        ),
        migrations.RunSQL(READERS, migrations.RunSQL.noop),
    ]
