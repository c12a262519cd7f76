import datetime as dt

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def leave_the_end_to_the_head(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Open steps of standing down are for whoever heads the agency, as those made from now on."""
    rows = apps.get_model("workflows", "TaskAssignment").objects.filter(codename="stand_down_crisis")
    rows.filter(task__finished__isnull=True).update(role="head")


def keep_late_offices_open(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    """An office closes after it opens: one that opens when others close is open to the end of the day."""
    rows = apps.get_model("workflows", "CrisisSetting").objects.filter(office_opens__gte=dt.time(17, 0))
    rows.update(office_closes=dt.time(23, 59))


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0005_crises"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="is_anew",
            field=models.BooleanField(
                default=False, verbose_name="the paragraph alone, anew while the playbook ran"
            ),
        ),
        migrations.AddField(
            model_name="crisissetting",
            name="office_closes",
            field=models.TimeField(default=dt.time(17, 0), verbose_name="the office closes at"),
        ),
        migrations.RunPython(keep_late_offices_open, migrations.RunPython.noop),
        migrations.RunPython(leave_the_end_to_the_head, migrations.RunPython.noop),
    ]
