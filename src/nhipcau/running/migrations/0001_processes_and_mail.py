"""Beats of workers, runs of jobs, outgoing mail."""

from __future__ import annotations

from django.db import migrations, models

import nhipcau.running.models


class Migration(migrations.Migration):
    """The first tables of this room."""

    initial = True
    dependencies = ()
    operations = (
        migrations.CreateModel(
            name="WorkerBeat",
            fields=[
                ("name", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("version", models.CharField(max_length=40)),
                ("started_at", models.DateTimeField()),
                ("beat_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="JobRun",
            fields=[
                ("job", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("every_seconds", models.FloatField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("failed_at", models.DateTimeField(null=True)),
                ("failures_in_a_row", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True, default="")),
            ],
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200, unique=True)),
                ("to", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("html", models.TextField(blank=True, default="")),
                (
                    "state",
                    models.CharField(choices=nhipcau.running.models.mail_states, default="queued", max_length=20),
                ),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True, default="")),
            ],
            options={"indexes": [models.Index(fields=["state", "due_at"], name="running_mail_queue")]},
        ),
    )
