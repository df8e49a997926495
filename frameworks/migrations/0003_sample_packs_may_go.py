"""Log entries of sample packs, and of the signals of their practices, go with them."""

from django.db import migrations

from audit.removable import sample_may_go


class Migration(migrations.Migration):
    dependencies = [
        ("frameworks", "0002_certificates_stay"),
        ("services", "0005_sample_items_may_go"),
        ("audit", "0003_append_only_chain"),
    ]
    operations = [sample_may_go({"framework_pack": "frameworks_pack", "practice_signal": "frameworks_signal"})]
