"""Directives that were corrected: what they said before, and which version a unit took note of."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("network", "0005_webhooks"),
    ]

    operations = [
        migrations.CreateModel(
            name="TaskVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("why", models.TextField(blank=True)),
                ("due_at", models.DateTimeField()),
                ("corrected_at", models.DateTimeField()),
                ("what_changed", models.CharField(max_length=1000)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="acknowledgement",
            name="acknowledged_once_per_round",
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="reminded_once_per_clock",
        ),
        migrations.AddField(
            model_name="acknowledgement",
            name="version",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="task",
            name="corrected_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="task",
            name="version",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddConstraint(
            model_name="acknowledgement",
            constraint=models.UniqueConstraint(
                fields=("recipient", "round", "version"), name="acknowledged_once_per_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                fields=("recipient", "round", "kind", "was_due_at"), name="reminded_once_per_hour"
            ),
        ),
        migrations.AddField(
            model_name="taskversion",
            name="corrected_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="taskversion",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="earlier", to="network.task"
            ),
        ),
        migrations.AddConstraint(
            model_name="taskversion",
            constraint=models.UniqueConstraint(fields=("task", "number"), name="task_version_once"),
        ),
    ]
