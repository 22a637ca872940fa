"""Times far off are moved to the nearest that people may choose, and none is stored any more."""

from datetime import UTC, datetime, timedelta

from django.db import migrations, models
from django.db.models.functions import Greatest, Least

EARLIEST = datetime(1999, 12, 31, tzinfo=UTC)
LATEST = datetime(2201, 1, 2, tzinfo=UTC)
MODELS = (
    ("Delegation", "starts_at", "ends_at"),
    ("FreezeWindow", "starts_at", "ends_at"),
    ("Replay", "since", "until"),
)
DAY = timedelta(days=1)


def move(apps, _editor):
    """In the database alone: some of these times no program can read."""
    for name, start, end in MODELS:
        rows = apps.get_model("governance", name).objects.order_by()
        early = rows.filter(**{f"{start}__lt": EARLIEST})
        early.update(**{start: EARLIEST, end: Greatest(end, EARLIEST + DAY)})
        late = rows.filter(**{f"{end}__gte": LATEST})
        late.update(**{start: Least(start, LATEST - 2 * DAY), end: LATEST - DAY})
    people = apps.get_model("people", "User").objects.order_by()
    people.filter(acts_for_others_until__gte=LATEST).update(acts_for_others_until=LATEST - DAY)


def in_range(model, start, end):
    """No row of it lies beyond."""
    return migrations.AddConstraint(
        model_name=model.lower(),
        constraint=models.CheckConstraint(
            condition=models.Q(**{f"{start}__gte": EARLIEST, f"{end}__lt": LATEST}),
            name=f"{model.lower()}_in_range",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0012_recounted"),
        ("people", "0002_policies"),
    ]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        *(in_range(*one) for one in MODELS),
    ]
