"""The listener says how it is doing."""

from django.db import migrations, models

import nhipcau.issues.models.listening


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0005_own_names_and_threads"),
    ]

    operations = [
        migrations.CreateModel(
            name="ListenerBeat",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("beat_at", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                (
                    "doing",
                    models.CharField(
                        choices=nhipcau.issues.models.listening.doing_choices, default="starting", max_length=15
                    ),
                ),
                ("seq", models.BigIntegerField(default=0)),
                ("waiting", models.BigIntegerField(default=0)),
                ("waiting_since", models.DateTimeField(blank=True, null=True)),
            ],
        ),
    ]
