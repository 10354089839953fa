from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0004_briefs"),
    ]

    operations = [
        migrations.AddField(
            model_name="issue",
            name="own_name_text",
            field=models.CharField(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="issue",
            name="threads",
            field=models.JSONField(default=list),
        ),
    ]
