"""Log entries of sample procedures go with them."""

from django.db import migrations

from audit.removable import sample_may_go


class Migration(migrations.Migration):
    dependencies = [
        ("procedures", "0002_stamped_by_the_database"),
        ("services", "0005_sample_items_may_go"),
        ("audit", "0003_append_only_chain"),
    ]
    operations = [sample_may_go({"procedure": "procedures_procedure"})]
