"""What waits for somebody, answered by the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0004_names_in_admin")]

    operations = [
        migrations.RemoveIndex(model_name="requirement", name="requirement_waiting"),
        migrations.AddIndex(
            model_name="requirement",
            index=models.Index(
                condition=models.Q(("met_at__isnull", True)),
                fields=["change", "revision"],
                include=("id",),
                name="requirement_waiting",
            ),
        ),
    ]
