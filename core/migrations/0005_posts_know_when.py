from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_when_what_was_known"),
    ]

    operations = [
        migrations.AlterField(
            model_name="post",
            name="recorded_at",
            field=models.DateTimeField(verbose_name="recorded at"),
        ),
    ]
