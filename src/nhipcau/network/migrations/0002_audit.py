"""The audit log, and the triggers that make it append-only."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from nhipcau.network.auditguard import guard, unguard


def guard_log(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guard(schema_editor.connection)


def unguard_log(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    unguard(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("network", "0001_people_and_offices"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditRecord",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
                ("action", models.CharField(max_length=60)),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("number", models.CharField(blank=True, max_length=64)),
                ("values_json", models.TextField()),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="network.office",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="auditrecord",
            index=models.Index(fields=["by", "-seq"], name="audit_by_person"),
        ),
        migrations.AddIndex(
            model_name="auditrecord",
            index=models.Index(fields=["office", "-seq"], name="audit_by_office"),
        ),
        migrations.AddIndex(
            model_name="auditrecord",
            index=models.Index(fields=["action", "-seq"], name="audit_by_action"),
        ),
        migrations.AddIndex(
            model_name="auditrecord",
            index=models.Index(fields=["kind", "number", "-seq"], name="audit_of_object"),
        ),
        migrations.RunPython(guard_log, unguard_log),
    ]
