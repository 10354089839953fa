"""Issues and threads that were put elsewhere know their latest voices, so that they are found when numbers change.

The listener also says how many issues wait for their words to be read again.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0007_health_of_the_listener"),
    ]

    operations = [
        migrations.AddField("issue", "anchors", models.JSONField(default=list)),
        migrations.AddField("threadplace", "anchors", models.JSONField(default=list)),
        migrations.AddField("listenerbeat", "to_describe", models.PositiveIntegerField(default=0)),
        migrations.AddField("picture", "grouping", models.CharField(blank=True, max_length=32)),
    ]
