"""Importing on pages: the dry run first, then all or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from services.models import ConfigurationItem, ItemImport

CSV = b"key;name;type\ns-1;esx-3;server\ns-2;gw;spaceship\n"


@pytest.fixture
def send(signed_in, house):
    def upload(content=CSV, by=None):
        file = SimpleUploadedFile("items.csv", content)
        return signed_in(by or house.ines).post("/cmdb/import/", {"file": file}, follow=True)

    return upload


def test_a_file_is_checked_shown_and_written_on_demand(send, signed_in, house):
    checked = send()
    run = ItemImport.objects.get()
    ines = signed_in(house.ines)
    refused = ines.post(f"/cmdb/import/{run.pk}/application/")
    before = ConfigurationItem.objects.count()
    written = ines.post(f"/cmdb/import/{run.pk}/application/", {"skips_problems": "1"}, follow=True)

    assert [(part["count"], str(part["label"])) for part in checked.context["parts"]][:1] == [(1, "problem")]
    assert "There is no type “spaceship”." in checked.text
    assert (refused.status_code, before) == (409, 0)
    assert "Written: 1 new, 0 changed, 0 relations." in written.text
    assert list(ConfigurationItem.objects.values_list("name", flat=True)) == ["esx-3"]


def test_a_large_file_is_left_to_a_worker_and_shows_how_far_it_is(send, signed_in, house, monkeypatch):
    asked = []
    monkeypatch.setattr("itsm.configuration.views.importing.ROWS_AT_ONCE", 1)
    monkeypatch.setattr("services.tasks.work_import.delay", lambda **said: asked.append(said))

    page = send()
    run = ItemImport.objects.get()
    fragment = signed_in(house.ines).get(f"/cmdb/import/{run.pk}/", headers={"HX-Request": "true"})

    assert asked == [{"run_id": run.pk}]
    assert "0 of 2 rows checked" in page.text
    assert fragment.text.strip().startswith('<div class="stack measure" id="import-progress"')


@pytest.mark.parametrize(("content", "sentence"), [(b"", "The file is empty."), (b"color\nred\n", "names no column")])
def test_a_file_that_is_none_is_refused_at_the_field(send, content, sentence):
    answer = send(content)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert not ItemImport.objects.exists()


def test_an_import_is_put_away(send, signed_in, house):
    send()
    run = ItemImport.objects.get()

    signed_in(house.ines).post(f"/cmdb/import/{run.pk}/removal/")

    run.refresh_from_db()
    assert run.stage == "discarded"
    assert not run.lines.exists()
    assert signed_in(house.ines).get(f"/cmdb/import/{run.pk}/").status_code == 200


@pytest.mark.parametrize("who", ["tom", "aisha", "otto", "maria"])
def test_nobody_else_imports_or_reads_imports(send, signed_in, house, who):
    send()
    run = ItemImport.objects.get()
    person = signed_in(getattr(house, who))

    assert person.get(f"/cmdb/import/{run.pk}/").status_code == 403
    assert person.post(f"/cmdb/import/{run.pk}/application/", {"skips_problems": "1"}).status_code == 403
    assert not ConfigurationItem.objects.exists()
