from django.db import migrations, models

from organizations.searching import searchable
from organizations.sorting import natural_key

BATCH = 500


def fill(apps, schema_editor):
    """Fill the sort key, and the column for search anew: now it has lemmas and numbers."""
    database = schema_editor.connection.alias
    model = apps.get_model("organizations", "Organization")
    rows = []
    for row in model.objects.using(database).order_by("pk").iterator(BATCH):
        row.search = searchable(row.name, row.short_name, row.code, row.inn, row.ogrn)
        row.sort_key = natural_key(row.short_name or row.name)
        rows.append(row)
    model.objects.using(database).bulk_update(rows, ["search", "sort_key"], batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [
        ("organizations", "0001_initial"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="organization",
            options={
                "ordering": ["sort_key", "pk"],
                "verbose_name": "organization",
                "verbose_name_plural": "organizations",
            },
        ),
        migrations.AddField(
            model_name="organization",
            name="sort_key",
            field=models.CharField(default="", editable=False, max_length=300),
        ),
        migrations.AddIndex(
            model_name="organization",
            index=models.Index(fields=["sort_key"], name="organization_sort_key"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
