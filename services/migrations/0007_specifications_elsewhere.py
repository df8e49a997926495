"""What a service is said to be has tables of its own by now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("services", "0006_suppliers"),
        ("specifications", "0002_cells_become_statements"),
    ]

    operations = [migrations.DeleteModel(name="ServiceSpecification")]
