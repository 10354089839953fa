"""Files that go along with a mail."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """A list on each mail; those that are there have none."""

    dependencies = (("running", "0001_processes_and_mail"),)
    operations = (
        migrations.AddField(
            model_name="outgoingmail", name="attachments", field=models.JSONField(blank=True, default=list)
        ),
    )
