"""Briefs, their readers, deliveries and hours."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import nhipcau.issues.models.briefs


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0003_denials_hide_issues_like_theirs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Brief",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("sequence", models.PositiveIntegerField(blank=True, null=True)),
                ("revision", models.PositiveSmallIntegerField(default=0)),
                ("reason", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=nhipcau.issues.models.briefs.brief_state_choices, default="draft", max_length=10
                    ),
                ),
                ("as_of", models.DateTimeField()),
                ("since", models.DateTimeField()),
                ("drafting_key", models.CharField(blank=True, max_length=80, null=True, unique=True)),
                ("drafted_at", models.DateTimeField()),
                ("made", models.JSONField()),
                ("made_digest", models.CharField(max_length=64)),
                ("follow_up", models.JSONField(default=list)),
                ("edits", models.JSONField(default=dict)),
                ("version", models.PositiveIntegerField(default=1)),
                ("edited_at", models.DateTimeField(blank=True, null=True)),
                ("document", models.JSONField(blank=True, null=True)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("signed_at", models.DateTimeField(blank=True, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("search_text", models.TextField(blank=True)),
                ("is_sample", models.BooleanField(default=False)),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="issues.brief",
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signed_by",
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
            name="BriefReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("name", models.CharField(blank=True, max_length=150)),
                (
                    "language",
                    models.CharField(choices=nhipcau.issues.models.briefs.brief_languages, default="vi", max_length=5),
                ),
                ("wants_pdf", models.BooleanField(default=True)),
                ("is_active", models.BooleanField(default=True)),
                ("added_at", models.DateTimeField()),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brief_readings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BriefDelivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254)),
                ("language", models.CharField(choices=nhipcau.issues.models.briefs.brief_languages, max_length=5)),
                ("has_pdf", models.BooleanField()),
                ("key", models.CharField(max_length=200, unique=True)),
                ("queued_at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(blank=True, choices=nhipcau.issues.models.briefs.outcome_choices, max_length=10),
                ),
                ("outcome_at", models.DateTimeField(blank=True, null=True)),
                (
                    "brief",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="issues.brief"
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="issues.briefreader"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BriefSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.TimeField()),
                ("days", models.JSONField(default=list)),
                ("hours", models.PositiveSmallIntegerField(default=24)),
                ("is_enabled", models.BooleanField(default=True)),
                ("enabled_at", models.DateTimeField()),
                (
                    "made_by",
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
        migrations.AddIndex(
            model_name="brief",
            index=models.Index(fields=["-as_of", "-id"], name="brief_newest"),
        ),
        migrations.AddIndex(
            model_name="brief",
            index=models.Index(fields=["state", "-signed_at"], name="brief_by_state"),
        ),
        migrations.AddConstraint(
            model_name="brief",
            constraint=models.UniqueConstraint(fields=("year", "sequence", "revision"), name="brief_number_once"),
        ),
        migrations.AddConstraint(
            model_name="brief",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects__isnull", False), models.Q(("state", "discarded"), _negated=True)),
                fields=("corrects",),
                name="brief_corrected_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="brief",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("document__isnull", True),
                        ("signed_at", None),
                        ("state__in", ["draft", "editing", "discarded"]),
                        ("year", None),
                    ),
                    models.Q(
                        ("signed_at__isnull", False),
                        ("signed_by__isnull", False),
                        ("state__in", ["signed", "sent"]),
                        ("document__isnull", False),
                        ("sequence__isnull", False),
                        ("year__isnull", False),
                        models.Q(("fingerprint", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="brief_frozen_with_its_signature",
            ),
        ),
        migrations.AddConstraint(
            model_name="brief",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sent_at__isnull", False), ("state", "sent")),
                    models.Q(models.Q(("state", "sent"), _negated=True), ("sent_at", None)),
                    _connector="OR",
                ),
                name="brief_sent_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="briefreader",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("email", ""), ("person__isnull", False)),
                    models.Q(("person", None), models.Q(("email", ""), _negated=True)),
                    _connector="OR",
                ),
                name="brief_reader_is_person_or_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="briefreader",
            constraint=models.UniqueConstraint(
                condition=models.Q(("person__isnull", False)), fields=("person",), name="brief_reader_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="briefreader",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="brief_address_once",
            ),
        ),
        migrations.AddIndex(
            model_name="briefdelivery",
            index=models.Index(condition=models.Q(("outcome", "")), fields=["id"], name="brief_on_its_way"),
        ),
        migrations.AddConstraint(
            model_name="briefdelivery",
            constraint=models.UniqueConstraint(fields=("brief", "address"), name="brief_once_an_address"),
        ),
        migrations.AddConstraint(
            model_name="briefschedule",
            constraint=models.UniqueConstraint(fields=("at",), name="brief_schedule_once_an_hour"),
        ),
    ]
