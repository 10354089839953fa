"""The listener says how long its rounds take, what it has in memory, and what failed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0006_beat_of_the_listener"),
    ]

    operations = [
        migrations.AddField("listenerbeat", "round_seconds", models.FloatField(default=0)),
        migrations.AddField("listenerbeat", "kept", models.BigIntegerField(default=0)),
        migrations.AddField("listenerbeat", "threads", models.BigIntegerField(default=0)),
        migrations.AddField("listenerbeat", "issues", models.BigIntegerField(default=0)),
        migrations.AddField("listenerbeat", "failed_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("listenerbeat", "failures_in_a_row", models.PositiveIntegerField(default=0)),
        migrations.AddField("listenerbeat", "error", models.CharField(blank=True, max_length=300)),
    ]
