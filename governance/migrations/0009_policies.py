import django.contrib.postgres.fields
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0005_asset_status"),
        ("governance", "0008_side_by_side"),
        ("journeys", "0005_tombstone"),
        ("people", "0002_policies"),
        ("tags", "0003_names_in_admin"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                ("reason", models.TextField(verbose_name="reason")),
                ("created_at", models.DateTimeField(verbose_name="appointed")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appointments",
                        to="governance.change",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "appointment",
                "verbose_name_plural": "appointments",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change", "key", "user"), name="appointment_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.channel",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delegations_given",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="for",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="journeys.journey",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="delegations_taken",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who decides",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.team",
                    ),
                ),
            ],
            options={
                "verbose_name": "delegation",
                "verbose_name_plural": "delegations",
                "ordering": ("-starts_at",),
                "indexes": [
                    models.Index(fields=["taker", "ends_at"], name="delegation_by_taker"),
                    models.Index(fields=["giver", "ends_at"], name="delegation_by_giver"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="delegation_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver", models.F("taker")), _negated=True),
                        name="delegation_to_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", None), ("team", None)),
                            models.Q(("channel", None), ("journey", None)),
                            models.Q(("journey", None), ("team", None)),
                            _connector="OR",
                        ),
                        name="delegation_one_scope",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FactSheet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField(verbose_name="revision")),
                ("taken_at", models.DateTimeField(verbose_name="taken")),
                ("facts", models.JSONField(verbose_name="facts")),
                ("parts", models.JSONField(default=list, verbose_name="facts of the parts")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fact_sheets",
                        to="governance.change",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["taken_at"], name="factsheet_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("change", "revision"), name="factsheet_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="FreezeWindow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "name_zh_hans",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="name in Simplified Chinese"
                    ),
                ),
                (
                    "name_zh_hant",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="name in Traditional Chinese"
                    ),
                ),
                ("key", models.SlugField(max_length=60, unique=True, verbose_name="key")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("market", models.CharField(blank=True, max_length=200, verbose_name="market")),
                (
                    "scheduled",
                    models.CharField(
                        choices=[
                            ("waits", "waits until the freeze is over"),
                            ("refused", "is taken off the calendar"),
                        ],
                        default="waits",
                        max_length=8,
                        verbose_name="a scheduled change",
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.channel",
                        verbose_name="channel",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="journeys.journey",
                        verbose_name="journey",
                    ),
                ),
            ],
            options={
                "verbose_name": "freeze window",
                "verbose_name_plural": "freeze windows",
                "ordering": ("starts_at",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                        name="freezewindow_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("channel", None), ("market", "")),
                            models.Q(("journey", None), ("market", "")),
                            models.Q(("channel", None), ("journey", None)),
                            _connector="OR",
                        ),
                        name="freezewindow_one_scope",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Halt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(blank=True, max_length=80, verbose_name="step")),
                (
                    "kind",
                    models.CharField(
                        choices=[("pause", "Paused"), ("stop", "Stopped")],
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="since")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="until")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="halted by",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="halts",
                        to="journeys.journey",
                    ),
                ),
            ],
            options={
                "verbose_name": "halt",
                "verbose_name_plural": "halts",
                "ordering": ("-pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("journey", "step"),
                        name="halt_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalDelegation",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
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
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.channel",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="for",
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
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who decides",
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
                    ),
                ),
            ],
            options={
                "verbose_name": "historical delegation",
                "verbose_name_plural": "historical delegations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalFreezeWindow",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "name_zh_hans",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="name in Simplified Chinese"
                    ),
                ),
                (
                    "name_zh_hant",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="name in Traditional Chinese"
                    ),
                ),
                ("key", models.SlugField(max_length=60, verbose_name="key")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("market", models.CharField(blank=True, max_length=200, verbose_name="market")),
                (
                    "scheduled",
                    models.CharField(
                        choices=[
                            ("waits", "waits until the freeze is over"),
                            ("refused", "is taken off the calendar"),
                        ],
                        default="waits",
                        max_length=8,
                        verbose_name="a scheduled change",
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
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.channel",
                        verbose_name="channel",
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
            ],
            options={
                "verbose_name": "historical freeze window",
                "verbose_name_plural": "historical freeze windows",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="PickUp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField(verbose_name="until")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pick_ups",
                        to="governance.change",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("change", "user"), name="pickup_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Policy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "name_zh_hans",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="name in Simplified Chinese"
                    ),
                ),
                (
                    "name_zh_hant",
                    models.CharField(
                        blank=True, max_length=120, verbose_name="name in Traditional Chinese"
                    ),
                ),
                ("key", models.SlugField(max_length=60, unique=True, verbose_name="key")),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("updated_at", models.DateTimeField(verbose_name="updated")),
            ],
            options={
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
                "ordering": ("key",),
                "permissions": [
                    (
                        "manage_policies",
                        "Can write and activate policies, and is told what is stuck",
                    ),
                    ("break_glass", "Can publish without the approvals, and within a freeze"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PolicyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("definition", models.JSONField(null=True, verbose_name="definition")),
                ("digest", models.CharField(blank=True, max_length=64, verbose_name="digest")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("active", "Active"),
                            ("superseded", "Replaced"),
                            ("declined", "Declined"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("comment", models.TextField(blank=True, verbose_name="why")),
                ("created_at", models.DateTimeField(verbose_name="written")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="decided")),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="governance.policy",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a policy",
                "verbose_name_plural": "versions of policies",
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "number"), name="policyversion_numbered"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "proposed")),
                        fields=("policy",),
                        name="policyversion_one_proposed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")),
                        fields=("policy",),
                        name="policyversion_one_active",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Replay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("candidate", models.JSONField(verbose_name="candidate policies")),
                ("since", models.DateTimeField(verbose_name="from")),
                ("until", models.DateTimeField(verbose_name="until")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="changes")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="looked at")),
                ("summary", models.JSONField(default=dict, verbose_name="result")),
                ("error", models.TextField(blank=True, verbose_name="error")),
                ("created_at", models.DateTimeField(verbose_name="asked")),
                ("started_at", models.DateTimeField(null=True, verbose_name="started")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "replay",
                "verbose_name_plural": "replays",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="ReplayRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("gap", models.BooleanField(default=False)),
                ("deadlock", models.BooleanField(default=False)),
                ("difference", models.JSONField(default=dict)),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="governance.change",
                    ),
                ),
                (
                    "replay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="governance.replay",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(fields=("replay", "change"), name="replayrow_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="policy",
            name="active",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="governance.policyversion",
                verbose_name="active version",
            ),
        ),
        migrations.RemoveConstraint(
            model_name="ledgerentry",
            name="ledgerentry_one_subject",
        ),
        migrations.AddField(
            model_name="change",
            name="after_review_due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="after-review due"),
        ),
        migrations.AddField(
            model_name="change",
            name="is_emergency",
            field=models.BooleanField(default=False, verbose_name="emergency"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="distinct",
            field=models.CharField(blank=True, max_length=80, verbose_name="different people"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="escalate_at",
            field=models.DateTimeField(null=True, verbose_name="to be escalated"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="escalated_at",
            field=models.DateTimeField(null=True, verbose_name="escalated"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="label",
            field=models.JSONField(default=dict, verbose_name="name"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="leavers_fall",
            field=models.BooleanField(default=False, verbose_name="leavers do not count"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="matched",
            field=models.JSONField(default=list, verbose_name="why"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="opened_at",
            field=models.DateTimeField(null=True, verbose_name="asked"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="remind_at",
            field=models.DateTimeField(null=True, verbose_name="to be reminded"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="reminded_at",
            field=models.DateTimeField(null=True, verbose_name="reminded"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="round",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="round"),
        ),
        migrations.AddField(
            model_name="requirement",
            name="stuck_at",
            field=models.DateTimeField(null=True, verbose_name="nobody may decide since"),
        ),
        migrations.AddField(
            model_name="requirementsource",
            name="kind",
            field=models.CharField(
                choices=[
                    ("asked", "asked"),
                    ("escalation", "asked when it is late"),
                    ("appointed", "appointed"),
                ],
                default="asked",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="requirementsource",
            name="with_members",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="review",
            name="on_behalf_of",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="on behalf of",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="action",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("edit", "Edit"),
                    ("submit", "Submit for review"),
                    ("approve", "Approve"),
                    ("request-changes", "Request changes"),
                    ("comment", "Comment"),
                    ("reject", "Reject"),
                    ("withdraw", "Withdraw"),
                    ("schedule", "Schedule"),
                    ("unschedule", "Cancel the schedule"),
                    ("publish", "Publish now"),
                    ("roll-back", "Roll back"),
                    ("rebase", "Take the new version"),
                    ("queue", "Publish after another change"),
                    ("suggest", "Suggest an edit"),
                    ("apply", "Apply a suggestion"),
                    ("resolve", "Settle conflicts"),
                    ("outdate", "Approval outdated"),
                    ("retake", "Asked anew who decides"),
                    ("escalate", "Escalated"),
                    ("appoint", "Name somebody to decide"),
                    ("break-glass", "Break glass"),
                    ("stand-by", "Stand by it"),
                    ("object", "Object to it"),
                    ("pause", "Pause"),
                    ("stop", "Stop"),
                    ("resume", "Resume"),
                    ("propose-policy", "Propose a policy"),
                    ("activate-policy", "Activate a policy"),
                    ("decline-policy", "Decline a policy"),
                    ("delegate", "Delegate"),
                    ("end-delegation", "End a delegation"),
                ],
                max_length=20,
                verbose_name="action",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="change",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ledger",
                to="governance.change",
                verbose_name="change",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("journey", "Journey"),
                    ("asset", "Asset"),
                    ("taxonomy", "Taxonomy"),
                    ("policy", "Policy"),
                    ("delegation", "Delegation"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="ledgerentry",
            name="to_state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("draft", "Draft"),
                    ("in_review", "In review"),
                    ("changes_requested", "Changes requested"),
                    ("approved", "Approved"),
                    ("scheduled", "Scheduled"),
                    ("published", "Published"),
                    ("rejected", "Rejected"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=20,
                verbose_name="to",
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="change",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notifications",
                to="governance.change",
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="kind",
            field=models.CharField(
                choices=[
                    ("decision_wanted", "Your decision is wanted"),
                    ("changes_requested", "Changes were requested"),
                    ("approved", "Your change was approved"),
                    ("published", "Your change was published"),
                    ("rejected", "Your change was rejected"),
                    ("commented", "There is a new comment"),
                    ("ready", "A change is ready to publish"),
                    ("failed", "A scheduled change could not be published"),
                    ("live_moved", "Live has moved under your change"),
                    ("outdated", "What you approved has changed"),
                    ("unqueued", "A change no longer waits for another"),
                    ("suggested", "Somebody suggests an edit"),
                    ("retaken", "Who has to decide has changed"),
                    ("stuck", "Nobody may decide"),
                    ("appointed", "You were named to decide"),
                    ("reminder", "Your decision is still wanted"),
                    ("escalated", "A decision is late"),
                    ("after_review", "Published without approval: please look at it"),
                    ("halted", "A journey was paused or stopped"),
                    ("policy_proposed", "A policy waits for a second person"),
                    ("delegated", "You decide for somebody else"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="requirement",
            name="key",
            field=models.CharField(max_length=200, verbose_name="key"),
        ),
        migrations.AlterField(
            model_name="requirement",
            name="reason",
            field=models.CharField(default="policy", max_length=40, verbose_name="reason"),
        ),
        migrations.AlterField(
            model_name="review",
            name="covers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200), default=list, size=None
            ),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                condition=models.Q(("after_review_due_at__isnull", False)),
                fields=["after_review_due_at"],
                name="change_after_review",
            ),
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="delegation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ledger",
                to="governance.delegation",
                verbose_name="delegation",
            ),
        ),
        migrations.AddField(
            model_name="ledgerentry",
            name="policy",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ledger",
                to="governance.policy",
                verbose_name="policy",
            ),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("asset__isnull", True),
                        ("delegation__isnull", True),
                        ("journey__isnull", False),
                        ("kind", "journey"),
                        ("policy__isnull", True),
                        ("taxonomy__isnull", True),
                    ),
                    models.Q(
                        ("asset__isnull", False),
                        ("delegation__isnull", True),
                        ("journey__isnull", True),
                        ("kind", "asset"),
                        ("policy__isnull", True),
                        ("taxonomy__isnull", True),
                    ),
                    models.Q(
                        ("asset__isnull", True),
                        ("delegation__isnull", True),
                        ("journey__isnull", True),
                        ("kind", "taxonomy"),
                        ("policy__isnull", True),
                        ("taxonomy__isnull", False),
                    ),
                    models.Q(
                        ("asset__isnull", True),
                        ("delegation__isnull", True),
                        ("journey__isnull", True),
                        ("kind", "policy"),
                        ("policy__isnull", False),
                        ("taxonomy__isnull", True),
                    ),
                    models.Q(
                        ("asset__isnull", True),
                        ("delegation__isnull", False),
                        ("journey__isnull", True),
                        ("kind", "delegation"),
                        ("policy__isnull", True),
                        ("taxonomy__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="ledgerentry_one_subject",
            ),
        ),
        migrations.AddField(
            model_name="requirement",
            name="policy",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requirements",
                to="governance.policyversion",
                verbose_name="policy",
            ),
        ),
        migrations.AddIndex(
            model_name="requirement",
            index=models.Index(
                condition=models.Q(
                    ("met_at", None), ("remind_at__isnull", False), ("reminded_at", None)
                ),
                fields=["remind_at"],
                name="requirement_to_remind",
            ),
        ),
        migrations.AddIndex(
            model_name="requirement",
            index=models.Index(
                condition=models.Q(
                    ("escalate_at__isnull", False), ("escalated_at", None), ("met_at", None)
                ),
                fields=["escalate_at"],
                name="requirement_to_escalate",
            ),
        ),
    ]
