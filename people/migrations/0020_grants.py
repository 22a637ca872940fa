"""Who holds which role on what, in one table for all kinds of subjects."""

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0005_asset_status"),
        ("journeys", "0005_tombstone"),
        ("people", "0005_requires_second_factor"),
        ("tags", "0003_names_in_admin"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalGrant",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("everything", "Everything"),
                            ("market", "All journeys of a market"),
                            ("product_line", "All journeys of a product line"),
                            ("family", "A journey and all that is part of it"),
                            ("journey", "One journey"),
                            ("step", "One step"),
                            ("asset", "One asset"),
                            ("taxonomy", "One taxonomy"),
                        ],
                        max_length=12,
                        verbose_name="on",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="market or product line"
                    ),
                ),
                ("step", models.CharField(blank=True, max_length=80, verbose_name="step")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="ends")),
                (
                    "is_over",
                    models.BooleanField(default=False, editable=False, verbose_name="over"),
                ),
                (
                    "granted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="granted"
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="content.asset",
                        verbose_name="asset",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="journeys.journey",
                        verbose_name="journey",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.role",
                        verbose_name="role",
                    ),
                ),
                (
                    "taxonomy",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="tags.taxonomy",
                        verbose_name="taxonomy",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.team",
                        verbose_name="team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical grant of a role",
                "verbose_name_plural": "historical grants of roles",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("everything", "Everything"),
                            ("market", "All journeys of a market"),
                            ("product_line", "All journeys of a product line"),
                            ("family", "A journey and all that is part of it"),
                            ("journey", "One journey"),
                            ("step", "One step"),
                            ("asset", "One asset"),
                            ("taxonomy", "One taxonomy"),
                        ],
                        max_length=12,
                        verbose_name="on",
                    ),
                ),
                (
                    "place",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="market or product line"
                    ),
                ),
                ("step", models.CharField(blank=True, max_length=80, verbose_name="step")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="ends")),
                (
                    "is_over",
                    models.BooleanField(default=False, editable=False, verbose_name="over"),
                ),
                (
                    "granted_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="granted"
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="content.asset",
                        verbose_name="asset",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="journeys.journey",
                        verbose_name="journey",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="people.role",
                        verbose_name="role",
                    ),
                ),
                (
                    "taxonomy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="tags.taxonomy",
                        verbose_name="taxonomy",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="people.team",
                        verbose_name="team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "grant of a role",
                "verbose_name_plural": "grants of roles",
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(fields=["scope", "place"], name="grant_by_place"),
                    models.Index(
                        condition=models.Q(("is_over", False)),
                        fields=["ends_at"],
                        name="grant_by_end",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("team", None), ("user__isnull", False)),
                            models.Q(("team__isnull", False), ("user", None)),
                            _connector="OR",
                        ),
                        name="grant_person_or_team",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("scope", "everything"),
                                ("journey__isnull", True),
                                ("asset__isnull", True),
                                ("taxonomy__isnull", True),
                                ("place", ""),
                                ("step", ""),
                            ),
                            models.Q(
                                ("scope__in", ("market", "product_line")),
                                ("journey__isnull", True),
                                ("asset__isnull", True),
                                ("taxonomy__isnull", True),
                                models.Q(("place", ""), _negated=True),
                                ("step", ""),
                            ),
                            models.Q(
                                ("scope__in", ("family", "journey")),
                                ("journey__isnull", False),
                                ("asset__isnull", True),
                                ("taxonomy__isnull", True),
                                ("place", ""),
                                ("step", ""),
                            ),
                            models.Q(
                                ("scope", "step"),
                                ("journey__isnull", False),
                                ("asset__isnull", True),
                                ("taxonomy__isnull", True),
                                ("place", ""),
                                models.Q(("step", ""), _negated=True),
                            ),
                            models.Q(
                                ("scope", "asset"),
                                ("journey__isnull", True),
                                ("asset__isnull", False),
                                ("taxonomy__isnull", True),
                                ("place", ""),
                                ("step", ""),
                            ),
                            models.Q(
                                ("scope", "taxonomy"),
                                ("journey__isnull", True),
                                ("asset__isnull", True),
                                ("taxonomy__isnull", False),
                                ("place", ""),
                                ("step", ""),
                            ),
                            _connector="OR",
                        ),
                        name="grant_says_on_what",
                    ),
                    models.UniqueConstraint(
                        fields=(
                            "role",
                            "user",
                            "team",
                            "scope",
                            "place",
                            "journey",
                            "step",
                            "asset",
                            "taxonomy",
                        ),
                        name="grant_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
    ]
