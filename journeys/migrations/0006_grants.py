"""Roles on journeys are derived from grants, which took the place of their own table."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

READERS = """
    UPDATE journeys_journey s SET readers = ARRAY(
        SELECT NULL::bigint WHERE false UNION SELECT u.user_id FROM journeys_journeyuserobjectpermission u JOIN auth_permission p ON p.id = u.permission_id
                WHERE u.content_object_id = s.id AND p.codename = 'view_journey'
            UNION SELECT -g.group_id FROM journeys_journeygroupobjectpermission g JOIN auth_permission p ON p.id = g.permission_id
                WHERE g.content_object_id = s.id AND p.codename = 'view_journey'
             ORDER BY 1
    )
"""

GRANTS = """
    INSERT INTO people_grant (id, role_id, user_id, team_id, scope, place, journey_id, step, is_over, granted_at)
    SELECT id, role_id, user_id, team_id, 'journey', '', journey_id, '', false, granted_at
    FROM journeys_journeygrant;
    INSERT INTO people_historicalgrant (
        id, role_id, user_id, team_id, scope, place, journey_id, step, is_over, granted_at,
        history_date, history_change_reason, history_type, history_user_id)
    SELECT id, role_id, user_id, team_id, 'journey', '', journey_id, '', false, granted_at,
        history_date, history_change_reason, history_type, history_user_id
    FROM journeys_historicaljourneygrant ORDER BY history_id;
    SELECT setval(pg_get_serial_sequence('people_grant', 'id'), greatest(max(id), 1)) FROM people_historicalgrant;
    INSERT INTO journeys_journeyrole (journey_id, role_id, user_id, team_id)
    SELECT journey_id, role_id, user_id, team_id FROM people_grant ORDER BY journey_id, id;
"""
# The other way: refused where grants in force say more than the tables before them could hold.
# Nobody gives one meanwhile. What is over is not kept, nor is the history of what is not on a journey.
BACK = """
    LOCK TABLE people_grant IN ACCESS EXCLUSIVE MODE;
    DO $$ BEGIN
        IF EXISTS (SELECT FROM people_grant WHERE NOT is_over AND (scope <> 'journey' OR ends_at IS NOT NULL)) THEN
            RAISE EXCEPTION 'There are grants on more than journeys, or with an end.'
                USING HINT = 'Take them back in the portal first: the version before cannot keep them.';
        END IF;
    END $$;
    INSERT INTO journeys_journeygrant (id, role_id, user_id, team_id, journey_id, granted_at)
    SELECT id, role_id, user_id, team_id, journey_id, granted_at FROM people_grant WHERE NOT is_over;
    INSERT INTO journeys_historicaljourneygrant (
        id, role_id, user_id, team_id, journey_id, granted_at,
        history_date, history_change_reason, history_type, history_user_id)
    SELECT id, role_id, user_id, team_id, journey_id, granted_at,
        history_date, history_change_reason, history_type, history_user_id
    FROM people_historicalgrant WHERE scope = 'journey' ORDER BY history_id;
    SELECT setval(pg_get_serial_sequence('journeys_journeygrant', 'id'), greatest(
        (SELECT max(id) FROM people_grant), (SELECT max(id) FROM people_historicalgrant), 1));
    DELETE FROM people_grant;
    DELETE FROM people_historicalgrant;
"""
# Foreign keys are checked now, so that the tables can be altered in the same transaction.
NOW, LATER = "SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("journeys", "0005_tombstone"),
        ("people", "0020_grants"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="JourneyRole",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "role on a journey",
                "verbose_name_plural": "roles on journeys",
            },
        ),
        migrations.CreateModel(
            name="StepGroupObjectPermission",
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
            name="StepUserObjectPermission",
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
            name="step",
            options={
                "ordering": ("rank", "key"),
                "permissions": [
                    ("propose_step", "Can propose a change of the step"),
                    ("manage_step", "Can halt the step"),
                ],
            },
        ),
        migrations.AddField(
            model_name="journey",
            name="readers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, editable=False, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["readers"], name="journey_by_reader"
            ),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(fields=["market"], name="journey_by_market"),
        ),
        migrations.AddIndex(
            model_name="journey",
            index=models.Index(fields=["product_line"], name="journey_by_product_line"),
        ),
        migrations.AddField(
            model_name="journeyrole",
            name="journey",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="roles",
                to="journeys.journey",
                verbose_name="journey",
            ),
        ),
        migrations.AddField(
            model_name="journeyrole",
            name="role",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="journey_roles",
                to="people.role",
                verbose_name="role",
            ),
        ),
        migrations.AddField(
            model_name="journeyrole",
            name="team",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="journey_roles",
                to="people.team",
                verbose_name="team",
            ),
        ),
        migrations.AddField(
            model_name="journeyrole",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="journey_roles",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="stepgroupobjectpermission",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="journeys.step"
            ),
        ),
        migrations.AddField(
            model_name="stepgroupobjectpermission",
            name="group",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group"),
        ),
        migrations.AddField(
            model_name="stepgroupobjectpermission",
            name="permission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
            ),
        ),
        migrations.AddField(
            model_name="stepuserobjectpermission",
            name="content_object",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="journeys.step"
            ),
        ),
        migrations.AddField(
            model_name="stepuserobjectpermission",
            name="permission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to="auth.permission"
            ),
        ),
        migrations.AddField(
            model_name="stepuserobjectpermission",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="journeyrole",
            constraint=models.UniqueConstraint(
                fields=("journey", "role", "user", "team"),
                name="journeyrole_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AlterUniqueTogether(
            name="stepgroupobjectpermission",
            unique_together={("group", "permission", "content_object")},
        ),
        migrations.AlterUniqueTogether(
            name="stepuserobjectpermission",
            unique_together={("user", "permission", "content_object")},
        ),
        migrations.RunSQL(GRANTS, [BACK, NOW, LATER]),
        migrations.RunSQL(READERS, migrations.RunSQL.noop),
        migrations.RunSQL([NOW, LATER], migrations.RunSQL.noop),
        migrations.DeleteModel(
            name="HistoricalJourneyGrant",
        ),
        migrations.DeleteModel(
            name="JourneyGrant",
        ),
    ]
