from django.db import migrations, models

from organizations.searching import searchable

BATCH = 500


def fill(apps, schema_editor):
    """Fill the columns for search: the first time for recommendations, with lemmas for both."""
    for name, texts in (
        ("Resolution", lambda row: (row.title, row.event_kind, row.place, row.number)),
        (
            "Recommendation",
            lambda row: (
                row.printed_number, row.text, *row.subitems, row.theme, row.responsible
            ),
        ),
    ):
        model = apps.get_model("resolutions", name)
        rows = []
        for row in model.objects.using(schema_editor.connection.alias).iterator(BATCH):
            row.search = searchable(*texts(row))
            rows.append(row)
        model.objects.using(schema_editor.connection.alias).bulk_update(
            rows, ["search"], batch_size=BATCH
        )


class Migration(migrations.Migration):

    dependencies = [
        ("resolutions", "0002_cancelled_recommendation"),
    ]

    operations = [
        migrations.AddField(
            model_name="recommendation",
            name="search",
            field=models.TextField(default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
