import datetime

import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Coalesce

from tasks.triggers import install, remove


def empty(apps, schema_editor):
    """Counts are made anew below, with their new column and what is not completed yet."""
    remove(schema_editor.connection)
    for name in ("TaskCount", "CompletionCount"):
        apps.get_model("tasks", name).objects.all().delete()


def make_triggers(apps, schema_editor):
    install(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ("resolutions", "0004_source_documents"),
        ("tasks", "0005_speed"),
    ]

    operations = [
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.AddField(
            model_name="taskcount",
            name="resolution",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="resolutions.resolution",
            ),
        ),
        migrations.AddIndex(
            model_name="taskcount",
            index=models.Index(fields=["resolution", "executor"], name="task_count_of_resolution"),
        ),
        migrations.RemoveIndex(model_name="taskcount", name="task_count_waiting"),
        migrations.AddIndex(
            model_name="taskcount",
            index=models.Index(
                condition=models.Q(("status", "REPORTED")),
                fields=["executor"],
                include=("resolution", "n"),
                name="task_count_waiting",
            ),
        ),
        migrations.AlterModelOptions(
            name="completioncount",
            options={
                "verbose_name": "count of tasks by month of completion",
                "verbose_name_plural": "counts of tasks by month of completion",
            },
        ),
        migrations.RemoveConstraint(model_name="completioncount", name="completion_count_unique"),
        migrations.AlterField(
            model_name="completioncount",
            name="month",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="completioncount",
            constraint=models.UniqueConstraint(
                models.F("resolution"),
                models.F("executor"),
                Coalesce("month", models.Value(datetime.date(9999, 12, 31))),
                name="completion_count_unique",
            ),
        ),
        migrations.RunPython(make_triggers, empty),
    ]
