"""What an item was called a kind of becomes its type, and what was not active is retired."""

from django.db import migrations
from django.utils.text import slugify


def types_from_kinds(apps, schema_editor):
    item_model, type_model = (apps.get_model("services", name) for name in ("ConfigurationItem", "ItemType"))
    untyped = item_model.objects.filter(type=None).exclude(kind="")
    for kind in sorted(set(untyped.values_list("kind", flat=True))):
        found = type_model.objects.filter(name__iexact=kind).first()
        if found is None:
            slug = slugify(kind)[:60] or "type"
            taken = set(type_model.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
            slug = next(each for each in (slug, *(f"{slug}-{n}" for n in range(2, 10_000))) if each not in taken)
            found = type_model.objects.create(name=kind, slug=slug)
        untyped.filter(kind=kind).update(type=found)
    item_model.objects.filter(is_active=False).update(status="retired")


class Migration(migrations.Migration):
    dependencies = [("services", "0002_items_with_types_and_relations")]

    operations = [migrations.RunPython(types_from_kinds, migrations.RunPython.noop)]
