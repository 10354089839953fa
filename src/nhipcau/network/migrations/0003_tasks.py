"""Directives, their recipients, evidence, clocks and mail."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import nhipcau.network.models.task_clocks
import nhipcau.network.models.task_files
import nhipcau.network.models.task_mail
import nhipcau.network.models.tasks


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0002_audit"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80, unique=True)),
                ("original_name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=120)),
                ("size_bytes", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored_at", models.DateTimeField()),
                (
                    "stored_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("why", models.TextField(blank=True)),
                ("due_at", models.DateTimeField()),
                ("is_urgent", models.BooleanField(default=False)),
                ("acknowledge_minutes", models.PositiveIntegerField()),
                (
                    "origin_kind",
                    models.CharField(
                        choices=nhipcau.network.models.tasks.origin_choices, default="free", max_length=20
                    ),
                ),
                ("origin_ref", models.CharField(blank=True, max_length=200)),
                ("sent_at", models.DateTimeField()),
                ("idempotency_key", models.CharField(max_length=64)),
                ("fingerprint", models.CharField(max_length=64)),
                ("is_sample", models.BooleanField(default=False)),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issued_tasks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "issuing_office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="issued_tasks", to="network.office"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskAttachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachment", to="network.storedfile"
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="network.task"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("addressed_role", models.CharField(blank=True, max_length=20)),
                (
                    "state",
                    models.CharField(choices=nhipcau.network.models.tasks.state_choices, default="sent", max_length=20),
                ),
                ("state_at", models.DateTimeField()),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("due_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.office",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="received_tasks", to="network.office"
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="recipients", to="network.task"
                    ),
                ),
                (
                    "verified_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("kind", models.CharField(choices=nhipcau.network.models.task_mail.mail_kind_choices, max_length=20)),
                ("address", models.EmailField(max_length=254)),
                ("queued_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        blank=True, choices=nhipcau.network.models.task_mail.mail_outcome_choices, max_length=10
                    ),
                ),
                ("outcome_at", models.DateTimeField(blank=True, null=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mails", to="network.taskrecipient"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TaskClock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(choices=nhipcau.network.models.task_clocks.clock_kind_choices, max_length=30),
                ),
                ("rings_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=nhipcau.network.models.task_clocks.clock_state_choices, default="waiting", max_length=10
                    ),
                ),
                ("left", models.DurationField(blank=True, null=True)),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="clocks", to="network.taskrecipient"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(choices=nhipcau.network.models.task_clocks.clock_kind_choices, max_length=30),
                ),
                ("was_due_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="network.taskrecipient",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecipientEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "from_state",
                    models.CharField(blank=True, choices=nhipcau.network.models.tasks.state_choices, max_length=20),
                ),
                ("to_state", models.CharField(choices=nhipcau.network.models.tasks.state_choices, max_length=20)),
                ("name", models.CharField(blank=True, max_length=150)),
                ("route", models.CharField(choices=nhipcau.network.models.tasks.route_choices, max_length=10)),
                ("reason", models.TextField(blank=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="network.task"
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="network.taskrecipient"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OneTimeLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=43, unique=True)),
                ("round", models.PositiveSmallIntegerField()),
                ("address", models.EmailField(max_length=254)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="links", to="network.taskrecipient"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=nhipcau.network.models.task_files.evidence_kind_choices, max_length=10),
                ),
                ("url", models.URLField(blank=True, max_length=500)),
                ("count", models.PositiveIntegerField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="network.storedfile",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="evidence", to="network.taskrecipient"
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "evidence",
            },
        ),
        migrations.CreateModel(
            name="ClockPause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.CharField(max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="pauses", to="network.taskrecipient"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("round", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                ("route", models.CharField(choices=nhipcau.network.models.tasks.route_choices, max_length=10)),
                ("name", models.CharField(max_length=150)),
                ("note", models.CharField(blank=True, max_length=300)),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="network.office"
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgements",
                        to="network.taskrecipient",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["-sent_at", "-id"], name="task_newest"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["issuing_office", "-sent_at"], name="task_by_office"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(fields=("issued_by", "idempotency_key"), name="task_once_per_key"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gt", models.F("sent_at"))), name="task_due_after_sending"
            ),
        ),
        migrations.AddIndex(
            model_name="taskrecipient",
            index=models.Index(fields=["task", "state"], name="recipient_by_state"),
        ),
        migrations.AddIndex(
            model_name="taskrecipient",
            index=models.Index(fields=["office", "-id"], name="recipient_of_office"),
        ),
        migrations.AddIndex(
            model_name="taskrecipient",
            index=models.Index(
                condition=models.Q(("settled_at", None)), fields=["office", "due_at"], name="recipient_open_of_office"
            ),
        ),
        migrations.AddIndex(
            model_name="taskrecipient",
            index=models.Index(
                condition=models.Q(("settled_at", None)), fields=["area", "due_at"], name="recipient_open_of_area"
            ),
        ),
        migrations.AddIndex(
            model_name="taskrecipient",
            index=models.Index(
                condition=models.Q(("settled_at", None)), fields=["state", "due_at"], name="recipient_open_by_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="taskrecipient",
            constraint=models.UniqueConstraint(fields=("task", "office"), name="recipient_once_per_task"),
        ),
        migrations.AddConstraint(
            model_name="taskrecipient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("verified_by__isnull", True),
                    models.Q(("verified_by", models.F("submitted_by")), _negated=True),
                    _connector="OR",
                ),
                name="recipient_verified_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="taskrecipient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at__isnull", False), ("state__in", ["closed", "withdrawn"])),
                    models.Q(
                        ("settled_at__isnull", True), models.Q(("state__in", ["closed", "withdrawn"]), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="recipient_settled_with_its_state",
            ),
        ),
        migrations.AddIndex(
            model_name="taskmail",
            index=models.Index(condition=models.Q(("outcome", "")), fields=["id"], name="mail_on_its_way"),
        ),
        migrations.AddIndex(
            model_name="taskclock",
            index=models.Index(condition=models.Q(("state", "waiting")), fields=["rings_at"], name="clock_waiting"),
        ),
        migrations.AddConstraint(
            model_name="taskclock",
            constraint=models.UniqueConstraint(fields=("recipient", "round", "kind"), name="clock_once_per_kind"),
        ),
        migrations.AddConstraint(
            model_name="taskclock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("left__isnull", False), ("state", "paused")),
                    models.Q(models.Q(("state", "paused"), _negated=True), ("left__isnull", True)),
                    _connector="OR",
                ),
                name="clock_paused_knows_what_is_left",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("recipient", "round", "kind"), name="reminded_once_per_clock"),
        ),
        migrations.AddIndex(
            model_name="recipientevent",
            index=models.Index(fields=["task", "id"], name="event_of_task"),
        ),
        migrations.AddConstraint(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("count__isnull", True),
                        ("file__isnull", False),
                        ("kind__in", ["photo", "document"]),
                        ("url", ""),
                    ),
                    models.Q(
                        ("count__isnull", True),
                        ("file__isnull", True),
                        ("kind", "link"),
                        models.Q(("url", ""), _negated=True),
                    ),
                    models.Q(("count__isnull", False), ("file__isnull", True), ("kind", "count"), ("url", "")),
                    _connector="OR",
                ),
                name="evidence_holds_what_its_kind_says",
            ),
        ),
        migrations.AddConstraint(
            model_name="clockpause",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until_at__isnull", True)), fields=("recipient",), name="one_pause_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.UniqueConstraint(fields=("recipient", "round"), name="acknowledged_once_per_round"),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("route", "proxy"), _negated=True), ("recorded_by__isnull", False), _connector="OR"
                ),
                name="proxy_acknowledgement_names_proxy",
            ),
        ),
    ]
