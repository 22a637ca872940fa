from django.db import migrations, models


class Migration(migrations.Migration):
    """Assets can be retired; documents from before say nothing of it and are in use."""

    dependencies = [
        ("content", "0004_names_in_admin"),
    ]

    operations = [
        migrations.AddField(
            model_name=name,
            name="status",
            field=models.CharField(
                choices=[("active", "In use"), ("retired", "Retired")],
                default="active",
                max_length=10,
                verbose_name="status",
            ),
        )
        for name in ("asset", "historicalasset")
    ]
