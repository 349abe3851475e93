import django.db.models.deletion
from django.db import migrations, models

from tasks.triggers import install, remove


def empty(apps, schema_editor):
    """Counts are made anew below, with their new column."""
    remove(schema_editor.connection)
    apps.get_model("tasks", "TaskCount").objects.all().delete()


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
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="resolutions.resolution",
            ),
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
        migrations.RunPython(make_triggers, empty),
    ]
