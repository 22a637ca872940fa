from django.db import migrations, models

# What was kept in one language is shown as it is.
COPY = """
    UPDATE governance_campaignpart SET reasons = jsonb_build_array(refusal) WHERE refusal <> ''
"""
BACK = """
    UPDATE governance_campaignpart SET refusal = COALESCE(
        CASE jsonb_typeof(reasons) WHEN 'array' THEN reasons ->> 0 ELSE reasons -> 'en' ->> 0 END, ''
    )
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0020_origin_notices")]

    operations = [
        migrations.AddField(
            model_name="campaignpart",
            name="reasons",
            field=models.JSONField(
                db_default=models.Value({}, models.JSONField()),
                default=dict,
                verbose_name="why it was refused",
            ),
        ),
        migrations.RunSQL(COPY, BACK),
        migrations.RemoveField(model_name="campaignpart", name="refusal"),
    ]
