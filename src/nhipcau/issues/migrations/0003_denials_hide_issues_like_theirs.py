"""An issue says which denial hides it: its own, or that of one which it is like."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0002_alert_rules"),
    ]

    operations = [
        migrations.AddField(
            model_name="issue",
            name="like_denied",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="hidden",
                to="issues.notanissue",
            ),
        ),
    ]
