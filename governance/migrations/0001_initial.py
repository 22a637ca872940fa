import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("content", "0002_initial"),
        ("journeys", "0002_initial"),
        ("people", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("tags", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("journey", "Journey"),
                            ("asset", "Asset"),
                            ("taxonomy", "Taxonomy"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "number",
                    models.BigAutoField(primary_key=True, serialize=False, verbose_name="number"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("rationale", models.TextField(blank=True, verbose_name="why")),
                ("hypothesis", models.TextField(blank=True, verbose_name="what we expect")),
                (
                    "state",
                    models.CharField(
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
                        default="draft",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                (
                    "base_number",
                    models.PositiveIntegerField(default=0, verbose_name="base version"),
                ),
                ("base_digest", models.CharField(blank=True, max_length=64)),
                ("revision", models.PositiveIntegerField(default=0, verbose_name="revision")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                    ),
                ),
                ("hunk_count", models.PositiveIntegerField(default=0, verbose_name="hunks")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "scheduled_for",
                    models.DateTimeField(blank=True, null=True, verbose_name="publish at"),
                ),
                ("created_at", models.DateTimeField(verbose_name="opened")),
                ("updated_at", models.DateTimeField(verbose_name="last activity")),
                (
                    "submitted_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="submitted"),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="published"),
                ),
                (
                    "published_number",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="published as version"
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="content.asset",
                        verbose_name="asset",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="journeys.journey",
                        verbose_name="journey",
                    ),
                ),
                (
                    "reverts",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reverted_by",
                        to="governance.change",
                    ),
                ),
                (
                    "taxonomy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="tags.taxonomy",
                        verbose_name="taxonomy",
                    ),
                ),
            ],
            options={
                "verbose_name": "change",
                "verbose_name_plural": "changes",
                "ordering": ("-number",),
                "indexes": [
                    models.Index(fields=["state", "-updated_at"], name="change_by_state"),
                    models.Index(fields=["author", "state"], name="change_by_author"),
                    models.Index(
                        condition=models.Q(("state", "scheduled")),
                        fields=["scheduled_for"],
                        name="change_due_to_publish",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("asset__isnull", True),
                                ("journey__isnull", False),
                                ("kind", "journey"),
                                ("taxonomy__isnull", True),
                            ),
                            models.Q(
                                ("asset__isnull", False),
                                ("journey__isnull", True),
                                ("kind", "asset"),
                                ("taxonomy__isnull", True),
                            ),
                            models.Q(
                                ("asset__isnull", True),
                                ("journey__isnull", True),
                                ("kind", "taxonomy"),
                                ("taxonomy__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="change_one_subject",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeRevision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="revision")),
                ("document", models.JSONField(verbose_name="proposed document")),
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("created_at", models.DateTimeField(verbose_name="saved")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="revisions",
                        to="governance.change",
                    ),
                ),
            ],
            options={
                "ordering": ("-number",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change", "number"), name="changerevision_numbered_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("journey", "Journey"),
                            ("asset", "Asset"),
                            ("taxonomy", "Taxonomy"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "action",
                    models.CharField(
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
                        ],
                        max_length=20,
                        verbose_name="action",
                    ),
                ),
                ("revision", models.PositiveIntegerField(verbose_name="revision")),
                (
                    "from_state",
                    models.CharField(
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
                        verbose_name="from",
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
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
                ("digest", models.CharField(max_length=64, verbose_name="digest")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("data", models.JSONField(default=dict, verbose_name="details")),
                ("request_id", models.CharField(blank=True, max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "asset",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="content.asset",
                        verbose_name="asset",
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ledger",
                        to="governance.change",
                        verbose_name="change",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="journeys.journey",
                        verbose_name="journey",
                    ),
                ),
                (
                    "taxonomy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="tags.taxonomy",
                        verbose_name="taxonomy",
                    ),
                ),
            ],
            options={
                "verbose_name": "ledger entry",
                "verbose_name_plural": "ledger",
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("asset__isnull", True),
                                ("journey__isnull", False),
                                ("kind", "journey"),
                                ("taxonomy__isnull", True),
                            ),
                            models.Q(
                                ("asset__isnull", False),
                                ("journey__isnull", True),
                                ("kind", "asset"),
                                ("taxonomy__isnull", True),
                            ),
                            models.Q(
                                ("asset__isnull", True),
                                ("journey__isnull", True),
                                ("kind", "taxonomy"),
                                ("taxonomy__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ledgerentry_one_subject",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotentRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=200)),
                ("fingerprint", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="governance.ledgerentry",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="idempotentrequest_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("decision_wanted", "Your decision is wanted"),
                            ("changes_requested", "Changes were requested"),
                            ("approved", "Your change was approved"),
                            ("published", "Your change was published"),
                            ("rejected", "Your change was rejected"),
                            ("commented", "There is a new comment"),
                            ("ready", "A change is ready to publish"),
                            ("failed", "A scheduled change could not be published"),
                        ],
                        max_length=20,
                    ),
                ),
                ("message_id", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("attempted_at", models.DateTimeField(null=True)),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="governance.change",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to="governance.ledgerentry",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("mailed_at__isnull", True)),
                        fields=["created_at"],
                        name="notification_to_mail",
                    ),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["user"],
                        name="notification_unread",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "entry", "kind"), name="notification_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Requirement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField(verbose_name="revision")),
                ("key", models.CharField(max_length=80, verbose_name="key")),
                ("reason", models.CharField(max_length=40, verbose_name="reason")),
                ("params", models.JSONField(default=dict)),
                (
                    "hunks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                ("quorum", models.PositiveSmallIntegerField(default=1, verbose_name="quorum")),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("met_at", models.DateTimeField(null=True, verbose_name="met")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requirements",
                        to="governance.change",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [
                    models.Index(
                        condition=models.Q(("met_at__isnull", True)),
                        fields=["change", "revision"],
                        name="requirement_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("change", "revision", "key"), name="requirement_once_per_revision"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RequirementSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.channel",
                    ),
                ),
                (
                    "requirement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sources",
                        to="governance.requirement",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.role",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.team",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(
                                    ("channel__isnull", False),
                                    ("role", None),
                                    ("team", None),
                                    ("user", None),
                                ),
                                models.Q(
                                    ("channel", None),
                                    ("role", None),
                                    ("team__isnull", False),
                                    ("user", None),
                                ),
                                models.Q(
                                    ("channel", None),
                                    ("role__isnull", False),
                                    ("team", None),
                                    ("user", None),
                                ),
                                models.Q(
                                    ("channel", None),
                                    ("role", None),
                                    ("team", None),
                                    ("user__isnull", False),
                                ),
                                _connector="OR",
                            )
                        ),
                        name="requirementsource_one_kind",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveIntegerField(verbose_name="revision")),
                (
                    "verdict",
                    models.CharField(
                        choices=[
                            ("approve", "Approved"),
                            ("request_changes", "Requested changes"),
                            ("comment", "Commented"),
                        ],
                        max_length=16,
                        verbose_name="verdict",
                    ),
                ),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                (
                    "hunks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                (
                    "covers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=80), default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="decided")),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="governance.change",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [models.Index(fields=["change", "verdict"], name="review_by_verdict")],
            },
        ),
    ]
