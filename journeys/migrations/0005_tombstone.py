"""Tombstones, and those of what is gone already."""

import django.db.models.deletion
from django.db import migrations, models

# Names as `journeys.tombstones` gives them; `rebuild_projection --check` would tell a difference.
FILL = """
INSERT INTO journeys_tombstone (journey_id, element, key, name, removed_in, at)
SELECT gone.journey_id, gone.element, gone.key,
  CASE gone.element
    WHEN 'transitions' THEN
      COALESCE(NULLIF(source.item ->> 'name', ''), found.item ->> 'source') || ' → ' ||
      COALESCE(NULLIF(target.item ->> 'name', ''), found.item ->> 'target')
    ELSE COALESCE(NULLIF(found.item ->> 'name', ''), gone.key)
  END,
  removing.number, removing.created_at
FROM (
  SELECT journey.id AS journey_id, live.number AS live, element, item ->> 'key' AS key,
    max(version.number) AS last
  FROM journeys_journey journey
  JOIN journeys_journeyversion live ON live.id = journey.live_version_id
  JOIN journeys_journeyversion version
    ON version.subject_id = journey.id AND version.number <= live.number
  CROSS JOIN unnest(ARRAY['entries', 'exits', 'stages', 'steps', 'transitions']) AS element
  CROSS JOIN LATERAL jsonb_array_elements(
    CASE jsonb_typeof(version.document -> element)
    WHEN 'array' THEN version.document -> element ELSE '[]' END
  ) AS item
  WHERE live.number > 1
  GROUP BY 1, 2, 3, 4
  HAVING max(version.number) < live.number
) gone
JOIN journeys_journeyversion holding
  ON holding.subject_id = gone.journey_id AND holding.number = gone.last
JOIN journeys_journeyversion removing
  ON removing.subject_id = gone.journey_id AND removing.number = gone.last + 1
CROSS JOIN LATERAL (
  SELECT one AS item FROM jsonb_array_elements(holding.document -> gone.element) AS one
  WHERE one ->> 'key' = gone.key LIMIT 1
) found
LEFT JOIN LATERAL (
  SELECT one AS item FROM jsonb_array_elements(holding.document -> 'steps') AS one
  WHERE one ->> 'key' = found.item ->> 'source' LIMIT 1
) source ON true
LEFT JOIN LATERAL (
  SELECT one AS item FROM jsonb_array_elements(holding.document -> 'steps') AS one
  WHERE one ->> 'key' = found.item ->> 'target' LIMIT 1
) target ON true
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0004_names_in_admin")]

    operations = [
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("element", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=80)),
                ("name", models.CharField(max_length=420)),
                ("removed_in", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tombstones",
                        to="journeys.journey",
                    ),
                ),
            ],
            options={
                "ordering": ("-removed_in", "element", "key"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("journey", "element", "key"), name="tombstone_once_per_journey"
                    )
                ],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
